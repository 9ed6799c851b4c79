# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the claims of events: what happens to an event while a server sends it."""

from unittest.mock import patch

from odoo.tests import tagged

from ...models.event import crm_lead_api_event
from ...tools.webhook import Answer
from .common import SendingCase


@tagged("post_install", "-at_install")
class TestEventClaims(SendingCase):
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
        values = {"reason": crm_lead_api_event.REDIRECTED, "milliseconds": 5}
        good, bad = Answer(204, **values), Answer(500, **values)
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
                self.events._write_outcome(claim, answer)
                self.env.invalidate_all()
                self.assertRecordValues(
                    event, [{**expected, "claimed_until": False, "duration": 5}]
                )
                event.unlink()
                self.client.is_webhook_paused = False
                # The event may be gone, or claimed by another run.
                self.events._write_outcome(claim, answer)

    def test_a_claim_that_is_over(self):
        """A server that was asked to send it meanwhile says what came of it."""
        event = self.queue()
        with self.passing_time() as wait:
            late = self.claim(event)
            wait(minutes=2)
            claim = self.claim(event)
        self.events._write_outcome(late, Answer(500))
        self.assertEqual(event.status, 0)
        self.events._write_outcome(claim, Answer(204))
        self.assertRecordValues(event, [{"state": "delivered", "attempts": 2}])

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
            self.assertLogs(crm_lead_api_event.__name__, "ERROR"),
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
