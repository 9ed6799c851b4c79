# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the events of leads that are merged."""

import json

from odoo.tests import tagged

from ..common import LeadApiCase
from .common import URL, EventData


@tagged("post_install", "-at_install")
class TestEventMerge(EventData, LeadApiCase):
    def test_merged_leads(self):
        survivor, *others = (
            self.create_lead(ticket_id=ticket) for ticket in (30, 10, 20)
        )
        survivor.probability = 90
        leads = survivor.concat(*others)
        self.env.cr.flush()
        waiting = self.events.search([("lead_id", "=", others[0].id)])
        events = self.happen(leads.with_user(self.agent).merge_opportunity)
        self.assertEqual(events.mapped("type"), ["lead.merged"] * 2)
        self.env.invalidate_all()
        for event in waiting + events:
            self.assertEqual(event.lead_id, survivor)
        told = {json.loads(event.body)["data"]["ticket_id"]: event for event in events}
        self.assertEqual(set(told), {10, 20})
        data = json.loads(told[10].body)["data"]
        self.assertEqual(data["id_lead"], others[0].id)
        self.assertEqual(data["merged_into"], {"id_lead": survivor.id, "ticket_id": 30})
        self.assertEqual(data["link_lead_detail"], survivor._get_staff_url())
        # Later events of the lead have its own ticket.
        data = self.assertHappens(["lead.won"], survivor.action_set_won)["data"]
        self.assertEqual((data["id_lead"], data["ticket_id"]), (survivor.id, 30))

    def test_merged_into_a_lead_with_a_ticket_of_staff(self):
        sent = self.create_lead(ticket_id=4711)
        kept = sent.create({"name": "Thảo", "ticket_ref": "77", "probability": 90})
        kept.company_id = self.company
        self.happen((sent + kept).merge_opportunity)
        self.assertEqual(kept.exists().ticket_ref, "77, 4711")
        data = self.assertHappens(["lead.won"], kept.action_set_won)["data"]
        self.assertEqual(data["ticket_id"], 4711)

    def test_merged_with_a_ticket_of_another_client(self):
        kept, others = self.create_lead(ticket_id=10), self.create_lead(ticket_id=20)
        others.lead_api_client_id = self._new_client("khac")
        kept.write({"ticket_ref": False, "probability": 90})
        self.happen((kept + others).merge_opportunity)
        data = self.assertHappens(["lead.won"], kept.action_set_won)["data"]
        self.assertIsNone(data["ticket_id"])

    def test_merged_twice_at_once(self):
        first, second, third = (
            self.create_lead(ticket_id=ticket) for ticket in (10, 20, 30)
        )

        def merge():
            second.probability = 80
            (first + second).merge_opportunity()
            third.probability = 90
            (second + third).merge_opportunity()

        events = self.happen(merge).filtered(lambda e: e.type == "lead.merged")
        for event, ticket in zip(events, (10, 20), strict=True):
            data = json.loads(event.body)["data"]
            self.assertEqual(data["ticket_id"], ticket)
            self.assertEqual(data["merged_into"]["id_lead"], third.id)

    def test_merged_with_leads_of_others(self):
        """The number of a ticket is for the system that it is of."""
        other = self._new_client("khac", webhook_url=URL)
        mine, others, by_hand = (
            self.create_lead(ticket_id=ticket) for ticket in (10, 20, 30)
        )
        others.lead_api_client_id = other
        by_hand.write({"lead_api_client_id": False, "ticket_ref": False})
        others.probability = 90
        event = self.happen((mine + others + by_hand).merge_opportunity)
        self.assertEqual(event.client_id, self.client)
        merged_into = json.loads(event.body)["data"]["merged_into"]
        self.assertEqual(merged_into, {"id_lead": others.id, "ticket_id": None})
