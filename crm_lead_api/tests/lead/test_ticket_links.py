# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the links from a lead to its tickets."""

from odoo.tests import tagged

from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestTicketLinks(LeadApiHttpCase):
    def test_the_lead_leads_to_the_ticket(self):
        lead = self.assertSuccess(self.post())
        self.assertFalse(lead.ticket_links)
        self.client.ticket_url = "https://tickets.example.com/{ticket_id}/view"
        lead.invalidate_recordset()
        link = 'href="https://tickets.example.com/4711/view"'
        self.assertIn(link, lead.with_user(self.agent).ticket_links)
        other = self.assertSuccess(self.post({**self.payload, "ticket_id": 4712}))
        (lead | other)._merge_opportunity()
        merged = (lead | other).exists()
        merged.invalidate_recordset()
        for _when in ("now", "when the log has forgotten"):
            for ticket in (4711, 4712):
                self.assertIn(f">{ticket}</a>", merged.ticket_links)
            merged.lead_api_request_ids._anonymize()
            self.env.invalidate_all()

    def test_merged_tickets_of_two_systems_lead_each_to_its_own(self):
        self.client.ticket_url = "https://a.example.com/{ticket_id}"
        other = self._new_client("khac", ticket_url="https://b.example.com/{ticket_id}")
        first = self.assertSuccess(self.post())
        second = self.assertSuccess(
            self.post({**self.payload, "ticket_id": 4712}, self._new_token(other))
        )
        (first | second)._merge_opportunity()
        merged = (first | second).exists()
        merged.invalidate_recordset()
        self.assertIn('href="https://a.example.com/4711"', merged.ticket_links)
        self.assertIn('href="https://b.example.com/4712"', merged.ticket_links)
        before = merged.ticket_links
        merged.lead_api_request_ids._anonymize()
        self.env.invalidate_all()
        self.assertEqual(merged.ticket_links, before)
        merged.ticket_ref += ", 99"
        self.assertEqual(merged.ticket_links, before, "Nobody knows whose 99 is")
