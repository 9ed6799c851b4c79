# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the score of a new lead."""

from odoo.tests import tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestScore(LeadApiCase):
    def _make_history(self):
        """Win and lose leads, so that others get a score."""
        for number in range(10):
            lead = self.env["crm.lead"].create(
                {"name": str(number), "source_id": self.source.id}
            )
            lead.action_set_won() if number % 3 else lead.action_set_lost()

    def test_probability_is_odoos(self):
        self._make_history()
        lead = self.create_lead(ticket_id=2)
        values = {
            name: lead[name].id if hasattr(lead[name], "id") else lead[name]
            for name in ("source_id", "stage_id", "team_id", "country_id", "state_id")
        }
        other = self.env["crm.lead"].create(
            {
                "name": "x",
                "phone": lead.phone,
                "email_from": lead.email_from,
                "type": lead.type,
                "company_id": lead.company_id.id,
                "campaign_id": lead.campaign_id.id,
                **values,
            }
        )
        self.assertTrue(lead.is_automated_probability)
        self.assertEqual(lead.probability, lead.automated_probability)
        self.assertAlmostEqual(lead.probability, other.probability)
        self.assertGreater(lead.probability, 0)
        revenue = lead.expected_revenue * lead.probability / 100
        revenue = lead.company_currency.round(revenue)
        self.assertEqual(lead.prorated_revenue, revenue)
        self.assertTrue(revenue)
