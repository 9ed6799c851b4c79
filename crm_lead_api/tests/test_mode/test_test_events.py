# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the events about test leads."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..event.common import EventData
from ..receiver import Receiver
from .common import TestTokenCase


@tagged("post_install", "-at_install")
class TestTestEvents(EventData, TestTokenCase):
    def win_both(self):
        for lead in (self.make_test_lead(), self.assertSuccess(self.post())):
            lead.action_set_won()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env["crm.lead.api.event"].search([("type", "=", "lead.won")])

    def test_without_a_test_address_there_are_no_events_of_tests(self):
        [event] = self.win_both()
        self.assertFalse(event.is_test)

    def test_events_of_tests_go_to_the_test_address(self):
        live = self.enterContext(Receiver.run())
        test = self.enterContext(Receiver.run())
        self.client.write(
            {
                "webhook_allow_private": True,
                "webhook_url": live.url,
                "webhook_test_url": test.url,
            }
        )
        events = self.win_both()
        of_tests = events.filtered("is_test")
        self.assertEqual(len(events), 2)
        self.send()
        self.assertIn(of_tests.message_ref, test.refs)
        self.assertNotIn(of_tests.message_ref, live.refs)
        self.assertIn((events - of_tests).message_ref, live.refs)
        self.assertNotIn((events - of_tests).message_ref, test.refs)

    def test_a_dead_test_address_holds_up_no_live_events(self):
        live, test = (self.enterContext(Receiver.run()) for _ in range(2))
        self.client.write(
            {
                "webhook_allow_private": True,
                "webhook_url": live.url,
                "webhook_test_url": test.url,
            }
        )
        test.answers = [(410, {})]
        events = self.win_both()
        self.send()
        self.assertEqual(len(test.refs), 1)
        self.assertEqual(events.mapped("state"), ["delivered", "waiting"])
        of_tests = self.events.search([("is_test", "=", True)])
        of_tests.date_tried = fields.Datetime.now() - timedelta(days=2)
        event = self.queue()
        self.assertFalse(event.waiting_reason)
        live.answers = [(500, {})]
        self.send()
        self.assertEqual(event.status, 500)
        self.assertFalse(self.client.is_webhook_paused)
        self.assertFalse(self.client.activity_ids)

    def test_an_address_for_tests_alone(self):
        client = self._new_client("chi-thu")
        client.webhook_test_url = "https://tickets.example.com/events/test"
        self.assertTrue(client.webhook_secret)
        # Other addons add their events to the set.
        self.assertEqual(client._get_webhook_events(), frozenset())
        self.assertIn("lead.won", client._get_webhook_events(is_test=True))
        with self.assertRaises(ValidationError):
            client.webhook_test_url = "ftp://tickets.example.com/events"
