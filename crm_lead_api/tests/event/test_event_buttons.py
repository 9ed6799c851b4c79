# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the buttons that send events: an event again, or a test."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import RecordCapturer, tagged

from ..data import MANAGER_GROUP
from .common import SendingCase


@tagged("post_install", "-at_install")
class TestEventButtons(SendingCase):
    def test_sent_again(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        event, waiting = self.queue(), self.queue()
        waiting.next_date += timedelta(days=1)
        self.send()
        event.write({"state": "failed", "attempts": 11})
        with self.assertRaises(AccessError):
            event.with_user(self.agent).action_send_again()
        both = (event + waiting).with_user(manager)
        with self.cr.savepoint() as savepoint:
            self.client.is_webhook_paused = True
            notice = both.action_send_again()["params"]["message"]
            self.assertIn("not paused", notice)
            savepoint.rollback()
        self.env.invalidate_all()
        notice = both.action_send_again()["params"]["message"]
        self.assertIn("within a minute", notice)
        self.assertFalse(event.status)
        self.assertTrue(event.date_delivered, "the first delivery is forgotten")
        self.assertGreater(waiting.next_date, fields.Datetime.now())
        self.send()
        self.assertEqual(self.receiver.refs, [event.message_ref] * 2)
        self.assertRecordValues(event, [{"state": "delivered", "attempts": 1}])
        with self.assertRaises(UserError):
            waiting.with_user(manager).action_send_again()
        self.client.webhook_url = False
        with self.assertRaises(UserError):
            event.with_user(manager).action_send_again()

    def test_sent_again_to_an_address_that_takes_nothing(self):
        event = self.queue()
        self.send()
        self.receiver.answers = [(500, {})]
        self.queue()
        self.send()
        manager = self._new_user("manager", MANAGER_GROUP)
        notice = event.with_user(manager).action_send_again()["params"]["message"]
        self.assertIn("does not take events", notice)
        self.assertIn("HTTP 500", notice)

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
