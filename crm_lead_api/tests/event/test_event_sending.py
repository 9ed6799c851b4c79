# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the sending of events: to where, when, in which order."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.event import crm_lead_api_event
from ...tools.webhook import sign
from ..receiver import Receiver
from .common import SendingCase


@tagged("post_install", "-at_install")
class TestSending(SendingCase):
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

    def test_paused(self):
        self.client.is_webhook_paused = True
        lead = self.create_lead()
        lead.action_set_won()
        self.send()
        self.assertEqual(self.receiver.calls, [])
        events = self.events.search([])
        self.assertEqual(events.mapped("is_held"), [True, True])
        self.assertFalse(self.queue(event_type="ping").is_held)
        self.client.is_webhook_paused = False
        self.assertEqual(events.mapped("is_held"), [False, False])
        self.send()
        self.assertEqual(self.receiver.types, ["lead.assigned", "lead.won", "ping"])
        self.client.is_webhook_paused = True
        self.assertEqual(events.mapped("is_held"), [False, False])

    def make_due(self):
        """Let the pauses be over."""
        waiting = self.events.search([("state", "=", "waiting")])
        waiting.next_date = fields.Datetime.now()

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
        with patch.object(crm_lead_api_event, "CLIENT_SECONDS", 0):
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
