# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the buttons of clients and leads that open other records."""

from odoo import fields
from odoo.tests import tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestClientButtons(LeadApiCase):
    """A button of a client opens the records of that client alone."""

    def _assert_opens(self, action, record, other, **context):
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(record, found)
        self.assertNotIn(other, found)
        self.assertEqual(action["context"], context)

    def test_requests(self):
        requests = self.env["crm.lead.api.request"].create(
            [
                {"client_id": client.id, "date": fields.Datetime.now(), "state": "done"}
                for client in (self.client, self._new_client("khac"))
            ]
        )
        action = self.client.action_open_requests()
        context = {"search_default_counted": True, "search_default_real": False}
        self._assert_opens(action, *requests, **context)

    def test_tokens(self):
        default = {"default_client_id": self.client.id}
        action = self.client.action_new_token()
        self.assertEqual((action["target"], action["context"]), ("new", default))
        action = self.client.action_new_test_token()
        default |= {"default_is_test": True, "default_name": "Test"}
        self.assertEqual((action["target"], action["context"]), ("new", default))

    def test_documentation(self):
        self.assertEqual(
            self.client.action_open_documentation(),
            {"type": "ir.actions.act_url", "url": "/api/v1/docs", "target": "new"},
        )

    def test_codes(self):
        codes = self.env["crm.lead.api.code"].create(
            [
                {"client_id": client.id, "attribute": "country_id", "code": "84"}
                for client in (self.client, self._new_client("khac"))
            ]
        )
        action = self.client.action_open_codes()
        self._assert_opens(action, *codes, default_client_id=self.client.id)

    def test_events(self):
        events = self.env["crm.lead.api.event"].create(
            [
                {
                    "client_id": client.id,
                    "date": fields.Datetime.now(),
                    "type": "lead.won",
                    "message_ref": client.name,
                    "state": "waiting",
                }
                for client in (self.client, self._new_client("khac"))
            ]
        )
        events[0].is_test = True  # counted, and shown
        self.assertEqual(self.client.waiting_event_count, 1)
        action = self.client.action_open_events()
        self._assert_opens(action, *events, search_default_waiting=1)
        events[0].state = "delivered"
        action = self.client.action_open_events()
        self._assert_opens(action, *events, search_default_live=1)

    def test_event_of_a_test(self):
        self.client.webhook_url = "https://tickets.example.com/events"
        action = self.client.action_send_test_event()
        shown = [action[name] for name in ("type", "res_model", "res_id")]
        event = self.client.event_ids
        self.assertEqual(shown, ["ir.actions.act_window", event._name, event.id])
        self.assertEqual([kind for _id, kind in action["views"]], ["form"])

    def test_requests_of_a_lead(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=2)
        requests = self.env["crm.lead.api.request"].create(
            [
                {
                    "client_id": self.client.id,
                    "date": fields.Datetime.now(),
                    "state": "done",
                    "lead_id": each.id,
                }
                for each in (lead, other)
            ]
        )
        action = lead.action_open_lead_api_requests()
        self._assert_opens(action, *requests)
        self.assertEqual(action["context"], {}, "No filter hides a request of a test")
