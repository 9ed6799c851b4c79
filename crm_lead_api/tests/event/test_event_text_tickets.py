# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the events of clients whose tickets are texts."""

import json

from odoo.tests import tagged

from ..common import LeadApiCase, LeadApiHttpCase
from .common import URL, EventData


@tagged("post_install", "-at_install")
class TestEventTextTickets(EventData, LeadApiCase):
    def test_digits_are_a_text(self):
        lead = self.create_lead(ticket_id=4711)
        for has_texts, told in ((False, 4711), (True, "4711"), (False, 4711)):
            self.client.has_text_tickets = has_texts
            event = self.assertHappens(
                ["lead.assigned"], lead.write, {"user_id": self._other(lead).id}
            )
            self.assertEqual(event["data"]["ticket_id"], told)
            self.assertIs(type(event["data"]["ticket_id"]), type(told))

    def _other(self, lead):
        return (self.agent | self.colleague) - lead.user_id


@tagged("post_install", "-at_install")
class TestEventsOfSentTexts(EventData, LeadApiHttpCase):
    def send(self, ticket, token=None):
        payload = {**self.payload, "ticket_id": ticket}
        return self.assertSuccess(self.post(payload, token))

    def get_told(self, lead, client, event_type):
        """Return the data of the newest event that a client gets."""
        event = self.events.search(
            [
                ("lead_id", "=", lead.id),
                ("client_id", "=", client.id),
                ("type", "=", event_type),
            ],
            limit=1,
        )
        return event, json.loads(event.body)["data"]

    def test_ticket_as_it_was_sent(self):
        self.client.has_text_tickets = True
        for ticket in ("TCK-100", "0042", "Phiếu “7” 🎫", 4711):
            lead = self.send(ticket)
            event, data = self.get_told(lead, self.client, "lead.assigned")
            self.assertEqual(data["ticket_id"], str(ticket))
            self.assertEqual(event.ticket_ref, str(ticket))

    def test_merged_leads_of_a_client_with_texts_and_one_with_numbers(self):
        self.client.has_text_tickets = True
        other = self._new_client("web-form", webhook_url=URL)
        text = self.send("42")
        gone = self.send("T-1")
        number = self.send(42, self._new_token(other))
        text.probability = 90
        self.happen((text + gone + number).with_user(self.agent).merge_opportunity)
        _event, data = self.get_told(text, self.client, "lead.merged")
        self.assertEqual(data["ticket_id"], "T-1")
        self.assertEqual(data["merged_into"], {"id_lead": text.id, "ticket_id": "42"})
        _event, data = self.get_told(text, other, "lead.merged")
        self.assertEqual(data["ticket_id"], 42)
        self.assertEqual(data["merged_into"], {"id_lead": text.id, "ticket_id": None})
        event = self.assertHappens(["lead.won"], text.action_set_won)
        self.assertEqual(event["data"]["ticket_id"], "42")
