# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the attempts to send an event that fail: pauses, alerts, the last one."""

import itertools
import socket
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.event import crm_lead_api_event, crm_lead_api_retry_mixin
from ..receiver import Receiver
from .common import DAY, SendingCase


@tagged("post_install", "-at_install")
class TestEventFailures(SendingCase):
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
        self.client.action_end_webhook_pause()
        self.assertFalse(self.client.activity_ids)

    def test_why_a_due_event_waits(self):
        self.receiver.answers = [(500, {})]
        first = self.happen(self.create_lead)
        events = first + self.queue(lead=first.lead_id) + self.queue()
        self.assertFalse(events[2].waiting_reason, "It is sent within a minute")
        self.send()
        earlier = "An earlier event of the lead is sent first."
        silent = "The client's address does not take events: one a minute is tried."
        silent += " (HTTP 500)"
        self.assertEqual(events.mapped("waiting_reason"), [False, earlier, silent])
        self.client.is_webhook_paused = True
        paused = "The client's events are paused."
        self.assertEqual(events.mapped("waiting_reason"), [paused] * 3)
        self.client.is_webhook_paused = False
        self.send()
        self.assertEqual(events.mapped("waiting_reason"), [False] * 3)

    def test_the_owner_hears_in_time_where_many_wait(self):
        """A receiver that fails gets one event in each run, not all that wait."""
        self.receiver.answers = [(500, {})] * 99
        pauses = (timedelta(minutes=2),) * 10
        events = self.events.union(*(self.queue() for _number in range(30)))
        with (
            patch.object(crm_lead_api_event, "PAUSES", pauses),
            patch.object(crm_lead_api_retry_mixin, "PAUSES", pauses),
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
            # The days without success are counted anew.
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
        # Both events are sent at once: each needs a receiver of its own.
        self.listen(other, self.enterContext(Receiver.run()))
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
        post = crm_lead_api_event.post
        # Read here: events are posted by threads, which must not use this cursor.
        wrong_secret = self.client.webhook_secret

        def fail(url, secret, *args):
            if secret == wrong_secret:
                raise ZeroDivisionError(secret)
            return post(url, secret, *args)

        with (
            patch.object(crm_lead_api_event, "post", fail),
            self.assertLogs(crm_lead_api_event.__name__, "ERROR") as logs,
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

    def test_after_a_pause_an_event_has_all_attempts(self):
        self.receiver.answers = [(502, {})]
        event = self.queue()
        event.attempts = len(crm_lead_api_retry_mixin.PAUSES)
        self.client.is_webhook_paused = True
        self.client.is_webhook_paused = False
        self.send()
        self.assertRecordValues(event, [{"state": "waiting", "attempts": 1}])
        self.assertFalse(self.client.is_webhook_paused)

    def test_an_attempt_goes_on_while_the_address_changes(self):
        event = self.queue()
        claim = event._claim_next([], ())
        self.client.webhook_url += "new"
        event._write_outcome(claim, crm_lead_api_event.Answer(502))
        soon = fields.Datetime.now() + timedelta(minutes=1)
        self.assertLess(event.next_date, soon)

    def test_the_receiver_asks_for_a_pause(self):
        for seconds, pause in {"1": 10, "600": 600, "999999": 8 * 60 * 60}.items():
            self.receiver.answers = [(429, {"Retry-After": seconds})]
            event = self.queue()
            self.send()
            left = event.next_date - fields.Datetime.now()
            self.assertAlmostEqual(left.total_seconds(), pause, delta=5)

    def test_texts_are_in_the_language_of_the_owner(self):
        self.receiver.answers = [(302, {})]
        event = self.queue()
        with patch.object(
            type(crm_lead_api_event.REDIRECTED),
            "_translate",
            lambda text, lang: lang,
        ):
            self.send()
        self.assertEqual(event.error, self.client.owner_id.lang)
