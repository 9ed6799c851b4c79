# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the sending of events: attempts, pauses, failures."""

import itertools
import socket
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import RecordCapturer, tagged

from ...models.event import (
    crm_lead_api_event_outcome,
    crm_lead_api_event_sending,
)
from ...models.event.crm_lead_api_event_outcome import Outcome
from ...tools.webhook import Answer, sign
from ..common import MANAGER_GROUP, LeadApiCase, LeadApiHttpCase
from ..receiver import Receiver
from .common import DAY, EventData


@tagged("post_install", "-at_install")
class TestSending(EventData, LeadApiCase):
    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(Receiver.run())
        self.listen(self.client, self.receiver)

    def listen(self, client, receiver):
        client.write({"webhook_allow_private": True, "webhook_url": receiver.url})

    def make_due(self):
        """Let the pauses be over."""
        waiting = self.events.search([("state", "=", "waiting")])
        waiting.next_date = fields.Datetime.now()

    def get_triggers(self):
        cron = self.env.ref("crm_lead_api.ir_cron_send_events")
        return (
            self.env["ir.cron.trigger"]
            .search([("cron_id", "=", cron.id)])
            .mapped("call_at")
        )

    def test_delivered(self):
        self.create_lead()
        self.send()
        event = self.events.search([])
        [(path, headers, body)] = self.receiver.calls
        self.assertEqual((path, body), ("/events?from=crm", event.body))
        self.assertEqual(headers["webhook-id"], event.message_ref)
        self.assertEqual(
            headers["webhook-signature"],
            sign(
                self.client.webhook_secret,
                event.message_ref,
                headers["webhook-timestamp"],
                body,
            ),
        )
        self.assertRecordValues(
            event,
            [{"state": "delivered", "status": 204, "attempts": 1, "error": False}],
        )
        self.assertTrue(event.date_delivered)
        self.send()
        self.assertEqual(len(self.receiver.calls), 1)

    def test_it_is_sent_at_once(self):
        before = len(self.get_triggers())
        self.happen(self.create_lead)
        now = fields.Datetime.now()
        self.assertEqual(len(self.get_triggers()), before + 1)
        self.assertLessEqual(self.get_triggers()[-1], now)
        lead = self.events.search([], limit=1).lead_id
        self.happen(lead.write, {"stage_id": self.appointed.id})
        self.assertEqual(len(self.get_triggers()), before + 1, "Nothing to send")

    def test_private_addresses_are_refused(self):
        # The constraint cannot know where this leads to.
        url = f"http://127.1:{self.receiver.port}/"
        self.client.write({"webhook_url": url, "webhook_allow_private": False})
        event = self.queue()
        self.send()
        self.assertEqual(self.receiver.calls, [])
        self.assertRecordValues(event, [{"state": "waiting", "status": 0}])
        self.assertIn("127.0.0.1 is not on the public internet", event.error)

    def test_redirects_are_not_followed(self):
        self.receiver.answers = [(302, {"Location": self.receiver.url})]
        event = self.queue()
        self.send()
        self.assertEqual(len(self.receiver.calls), 1)
        self.assertRecordValues(event, [{"state": "waiting", "status": 302}])
        self.assertIn("The address redirects", event.error)

    def test_pauses_grow_until_it_has_failed(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
        self.client.webhook_url = f"http://127.0.0.1:{port}/"
        event, other = self.queue(), self.queue()
        other.next_date += timedelta(days=2)
        pauses = []
        while True:
            event.next_date = fields.Datetime.now()
            self.send()
            if event.state == "failed":
                break
            pauses.append((event.next_date - fields.Datetime.now()).total_seconds())
            self.assertIn(event.next_date, self.get_triggers())
        for pause, longer in itertools.pairwise(pauses):
            self.assertLess(pause * 0.95, longer)
        self.assertAlmostEqual(pauses[0], 10, delta=3)
        self.assertAlmostEqual(sum(pauses), DAY, delta=0.05 * DAY)
        self.assertEqual(event.attempts, len(pauses) + 1)
        self.assertIn("Connection refused", event.error)
        self.assertTrue(self.client.is_webhook_paused)
        activity = self.client.activity_ids
        self.assertEqual(activity.user_id, self.client.owner_id)
        self.assertIn("events are paused", activity.summary)
        self.assertIn("Connection refused", activity.summary)
        self.assertEqual(other.state, "waiting")

    @contextmanager
    def passing_time(self):
        """Return a function that lets time pass: fields know of no other."""
        now = fields.Datetime.now()

        def wait(**duration):
            nonlocal now
            now += timedelta(**duration)

        with patch.object(fields.Datetime, "now", lambda: now):
            yield wait

    def test_it_has_failed_after_a_day_however_often_it_was_tried(self):
        self.receiver.answers = [(503, {"Retry-After": str(DAY)})] * 9
        event = self.queue()
        with self.passing_time() as wait:
            for _third in range(3):
                self.send()
                self.assertEqual(event.state, "waiting")
                wait(hours=8)
            self.send()
        self.assertRecordValues(event, [{"state": "failed", "attempts": 4}])
        self.assertTrue(self.client.is_webhook_paused)
        self.assertIn("answer 503 for a day", self.client.activity_ids.summary)
        event.action_send_again()
        self.assertFalse(event.date_tried)

    def test_the_owner_hears_in_time_where_many_wait(self):
        """Only one of them is tried in each run."""
        self.receiver.answers = [(500, {})] * 99
        pauses = (timedelta(minutes=2),) * 10
        events = self.events.union(*(self.queue() for _number in range(30)))
        with (
            patch.object(crm_lead_api_event_outcome, "PAUSES", pauses),
            self.passing_time() as wait,
        ):
            for _minute in range(20):
                self.send()
                wait(minutes=1)
            self.assertFalse(self.client.is_webhook_paused)
            self.send()
            self.assertTrue(self.client.is_webhook_paused)
            self.assertTrue(self.client.activity_ids)
            self.assertEqual(set(events.mapped("state")), {"waiting"})
            # It begins anew.
            self.client.is_webhook_paused = False
            wait(minutes=1)
            self.send()
            self.assertFalse(self.client.is_webhook_paused)
            self.receiver.answers.clear()
            wait(minutes=3)
            self.send()
        self.assertEqual(set(events.mapped("state")), {"delivered"})

    def test_no_event_holds_up_those_of_others(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        date = "Mon, 01 Jan 2026 00:00:00 +99999999999999"
        self.receiver.answers = [(503, {"Retry-After": date})]
        event, others = self.queue(), self.queue(other)
        self.send()
        self.assertRecordValues(
            event + others,
            [
                {"state": "waiting", "attempts": 1, "status": 503},
                {"state": "delivered", "attempts": 1, "status": 204},
            ],
        )
        self.assertGreater(event.next_date, fields.Datetime.now())

    def test_what_nobody_has_thought_of_is_a_failed_attempt(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        event, others = self.queue(), self.queue(other)
        post = crm_lead_api_event_outcome.post
        # Read here: events are posted by threads, which must not use this cursor.
        wrong_secret = self.client.webhook_secret

        def fail(url, secret, *args):
            if secret == wrong_secret:
                raise ZeroDivisionError(secret)
            return post(url, secret, *args)

        with (
            patch.object(crm_lead_api_event_outcome, "post", fail),
            self.assertLogs(crm_lead_api_event_outcome.__name__, "ERROR") as logs,
        ):
            self.send()
        self.assertRecordValues(
            event + others,
            [
                {"state": "waiting", "attempts": 1, "status": 0},
                {"state": "delivered", "attempts": 1, "status": 204},
            ],
        )
        self.assertEqual(event.error, "It could not be sent: ZeroDivisionError")
        self.assertGreater(event.next_date, fields.Datetime.now())
        [line] = logs.output
        self.assertIn("ZeroDivisionError", line)
        self.assertNotIn("whsec_", line)

    def test_an_outcome_that_another_addon_refuses(self):
        """The events of others go on, and it is not sent again and again."""
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        event, others = self.queue(), self.queue(other)
        write = self.registry[event._name].write

        def refuse(records, values):
            if event in records:
                raise ZeroDivisionError
            return write(records, values)

        with (
            self.passing_time() as wait,
            patch.object(self.registry[event._name], "write", refuse),
            self.assertLogs(crm_lead_api_event_outcome.__name__, "ERROR"),
        ):
            for _minute in range(60):
                self.send()
                wait(minutes=1)
        self.assertEqual(others.state, "delivered")
        refs = self.receiver.refs
        self.assertEqual(refs.count(others.message_ref), 1)
        self.assertIn(refs.count(event.message_ref), range(3, 7))
        with self.passing_time() as wait:
            wait(hours=3)
            self.send()
        self.assertEqual(event.state, "delivered")

    def claim(self, event):
        """Claim an event as another server does, and return the claim."""
        claim = self.events._claim_next(set(), set())
        self.assertEqual(claim.event_id, event.id)
        self.env.flush_all()
        self.env.invalidate_all()
        return claim

    def test_the_claim_of_a_server_that_died(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        event = self.queue()
        with self.passing_time() as wait:
            self.claim(event)
            later, others = self.queue(), self.queue(other)
            self.send()
            self.assertEqual(self.receiver.refs, [others.message_ref])
            self.receiver.calls.clear()
            wait(minutes=1)
            self.send()
        self.assertEqual(self.receiver.refs, [later.message_ref, event.message_ref])
        self.assertRecordValues(
            event, [{"state": "delivered", "attempts": 2, "claimed_until": False}]
        )

    def test_what_happens_to_an_event_while_it_is_sent(self):
        good, bad = Answer(204), Answer(500)
        body = {"state": "cancelled", "body": False, "error": False}
        lead, survivor = self.create_lead(), self.create_lead(ticket_id=4712)
        self.events.search([]).unlink()
        for case, change, answer, expected in (
            ("nothing", lambda e: None, bad, {"state": "waiting", "status": 500}),
            ("cancelled", lambda e: e._cancel(), bad, {"state": "cancelled"}),
            (
                "cancelled, but there",
                lambda e: e._cancel(),
                good,
                {"state": "delivered"},
            ),
            ("erased", lambda e: e.write(body), bad, {**body, "status": 500}),
            (
                "merged",
                lambda e: e.write({"lead_id": survivor.id}),
                good,
                {"state": "delivered", "lead_id": survivor.id},
            ),
            (
                "paused",
                lambda e: self.client.write({"is_webhook_paused": True}),
                bad,
                {"state": "waiting", "status": 500},
            ),
        ):
            with self.subTest(case):
                event = self.queue(lead=lead)
                claim = self.claim(event)
                change(event)
                outcome = Outcome(answer, crm_lead_api_event_outcome.REDIRECTED, 5)
                self.events._write_outcome(claim, outcome)
                self.env.invalidate_all()
                self.assertRecordValues(
                    event, [{**expected, "claimed_until": False, "duration": 5}]
                )
                event.unlink()
                self.client.is_webhook_paused = False
                # It may be gone altogether, or another run's.
                self.events._write_outcome(claim, outcome)

    def test_a_claim_that_is_over(self):
        """A server that was asked to send it meanwhile says what came of it."""
        event = self.queue()
        with self.passing_time() as wait:
            late = self.claim(event)
            wait(minutes=2)
            claim = self.claim(event)
        self.events._write_outcome(late, Outcome(Answer(500), None, 5))
        self.assertEqual(event.status, 0)
        self.events._write_outcome(claim, Outcome(Answer(204), None, 5))
        self.assertRecordValues(event, [{"state": "delivered", "attempts": 2}])

    def test_paused(self):
        self.client.is_webhook_paused = True
        lead = self.create_lead()
        lead.action_set_won()
        self.send()
        self.assertEqual(self.receiver.calls, [])
        self.client.is_webhook_paused = False
        self.send()
        self.assertEqual(self.receiver.types, ["lead.assigned", "lead.won"])

    def test_gone(self):
        self.receiver.answers = [(410, {})]
        event = self.queue()
        self.send()
        self.assertTrue(self.client.is_webhook_paused)
        self.assertIn("410", self.client.activity_ids.summary)
        self.assertEqual(event.state, "waiting")
        self.client.is_webhook_paused = False
        self.send()
        self.assertEqual(event.state, "delivered")

    def test_the_receiver_asks_for_a_pause(self):
        for seconds, pause in {"1": 10, "600": 600, "999999": 8 * 60 * 60}.items():
            self.receiver.answers = [(429, {"Retry-After": seconds})]
            event = self.queue()
            self.send()
            left = event.next_date - fields.Datetime.now()
            self.assertAlmostEqual(left.total_seconds(), pause, delta=5)

    def test_those_of_a_lead_go_out_in_their_order(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=4712)
        self.send()
        self.receiver.calls.clear()
        self.receiver.answers = [(500, {})]
        first, second = self.queue(lead=lead), self.queue(lead=lead)
        self.queue(lead=other)
        refs = []
        for _run in range(4):
            self.send()
            refs += self.receiver.refs
            self.receiver.calls.clear()
            if _run == 1:
                self.assertEqual(second.attempts, 0, "It waits for the first")
                self.make_due()
        self.assertEqual(refs.count(first.message_ref), 2)
        self.assertLess(
            len(refs) - refs[::-1].index(first.message_ref),
            refs.index(second.message_ref) + 1,
        )
        self.assertEqual(set(self.events.search([]).mapped("state")), {"delivered"})

    def test_who_does_not_answer_waits_for_the_next_run(self):
        other = self._new_client("khac")
        receiver = self.enterContext(Receiver.run())
        self.listen(other, receiver)
        for _number in range(3):
            self.queue()
            self.queue(other)
        self.receiver.answers = [(500, {})] * 9
        self.send()
        self.assertEqual(len(self.receiver.calls), 1)
        self.assertEqual(len(receiver.calls), 3)

    def test_who_takes_long_lets_others_go_first(self):
        other = self._new_client("khac")
        self.listen(other, self.receiver)
        slow = [self.queue() for _number in range(3)]
        quick = self.queue(other)
        with patch.object(crm_lead_api_event_sending, "CLIENT_SECONDS", 0):
            self.send()
        refs = self.receiver.refs
        # In this order or, for they are sent at the same time, in the other one
        self.assertCountEqual(refs, [slow[0].message_ref, quick.message_ref])
        # The rest is not left to the next minute.
        self.assertTrue(
            any(date <= fields.Datetime.now() for date in self.get_triggers())
        )
        self.send()
        self.assertEqual(len(self.receiver.calls), 4)

    def test_sent_again(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        event, waiting = self.queue(), self.queue()
        waiting.next_date += timedelta(days=1)
        self.send()
        event.write({"state": "failed", "attempts": 11})
        with self.assertRaises(AccessError):
            event.with_user(self.agent).action_send_again()
        (event + waiting).with_user(manager).action_send_again()
        self.assertGreater(waiting.next_date, fields.Datetime.now())
        self.send()
        self.assertEqual(self.receiver.refs, [event.message_ref] * 2)
        self.assertRecordValues(event, [{"state": "delivered", "attempts": 1}])
        with self.assertRaises(UserError):
            waiting.with_user(manager).action_send_again()
        self.client.webhook_url = False
        with self.assertRaises(UserError):
            event.with_user(manager).action_send_again()

    def test_sent_again_by_those_of_all_companies(self):
        event = self.queue()
        event.write({"state": "failed", "company_id": self.company.id})
        self.client.company_ids += self.other_company
        event = event.with_user(self._new_user("manager", MANAGER_GROUP))
        self.assertTrue(event.has_access("read"))
        with self.assertRaises(AccessError):
            event.action_send_again()

    def test_a_test(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self.client.with_user(manager)
        client.is_webhook_paused = True
        event = self.events.browse(client.action_send_test_event()["res_id"])
        self.send()
        self.assertEqual(event.state, "delivered")
        self.assertEqual(self.receiver.types, ["ping"])
        self.assertEqual(self.receiver.bodies[0]["data"], {})
        self.receiver.answers = [(500, {})]
        event = self.events.browse(client.action_send_test_event()["res_id"])
        self.send()
        self.assertRecordValues(event, [{"state": "failed", "status": 500}])
        self.assertFalse(client.activity_ids)

    def test_a_test_that_would_go_nowhere(self):
        for login, values in {
            "moi": {"webhook_url": False},
            "xua": {"active": False},
        }.items():
            client = self._new_client(login)
            self.listen(client, self.receiver)
            client.write(values)
            with (
                self.subTest(values),
                RecordCapturer(self.events, []) as capture,
                self.assertRaisesRegex(UserError, "Write an address"),
            ):
                client.action_send_test_event()
            self.assertFalse(capture.records)

    def test_an_event_that_was_being_sent_while_its_client_was_archived(self):
        other = self._new_client("khac")
        for client, values in (
            (self.client, {"active": False}),
            (other, {"webhook_url": False}),
        ):
            self.listen(client, self.receiver)
            events = self.queue(client) + self.queue(client)
            # Its row is locked, and left as it is.
            with patch.object(
                self.registry[events._name],
                "try_lock_for_update",
                lambda self, **kwargs: self.browse(),
            ):
                client.write(values)
            self.assertEqual(set(events.mapped("state")), {"waiting"})
            self.send()
            with self.subTest(values):
                self.assertEqual(set(events.mapped("state")), {"cancelled"})
                self.assertEqual(self.receiver.calls, [])

    def test_texts_are_in_the_language_of_the_owner(self):
        self.receiver.answers = [(302, {})]
        event = self.queue()
        with patch.object(
            type(crm_lead_api_event_outcome.REDIRECTED),
            "_translate",
            lambda text, lang: lang,
        ):
            self.send()
        self.assertEqual(event.error, self.client.owner_id.lang)


@tagged("post_install", "-at_install")
class TestCalls(EventData, LeadApiHttpCase):
    def test_a_call_tells_of_its_lead_and_one_that_failed_of_nothing(self):
        with RecordCapturer(self.events, []) as capture:
            self.assertErrors(
                self.post({**self.payload, "gender": "x"}), [("gender", "choice")]
            )
        self.assertFalse(capture.records)
        with RecordCapturer(self.events, []) as capture:
            lead = self.assertSuccess(self.post())
        self.assertEqual(capture.records.lead_id, lead)
        self.assertEqual(capture.records.type, "lead.assigned")
