# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..common import LeadApiCase
from ..data import PORTRAIT

GOALS = PORTRAIT["term_goals"]


@tagged("post_install", "-at_install")
class TestViews(LeadApiCase):
    def test_views_open_for_staff(self):
        for model in ("crm.lead", "res.partner", "crm.customer.portrait"):
            records = self.env[model].with_user(self.agent)
            views = [(False, "form"), (False, "list"), (False, "search")]
            with self.subTest(model):
                self.assertTrue(records.get_views(views)["views"])

    def test_staff_find_what_was_sent(self):
        lead = self.create_lead()
        leads = self.env["crm.lead"].with_user(self.agent)
        for domain in (
            [("ticket_ref", "=", "4711")],
            [("agent_email", "=", "huong@example.com")],
            [("hobby_tag_ids", "ilike", "Xem Phim")],
            [("portrait_id.item_ids.tag_id", "ilike", "am nhac")],
            [("portrait_id.term_goals", "=", GOALS)],
            [("service_ids.product_id", "ilike", "nâng")],
            [("district_id", "ilike", "bến thành")],
            [("phone_mobile_search", "ilike", "0900000203")],
        ):
            with self.subTest(domain):
                found = leads.search([*domain, ("company_id", "=", self.company.id)])
                self.assertEqual(found, lead)

    def test_staff_export_what_was_sent(self):
        self.agent.group_ids += self.env.ref("base.group_allow_export")
        lead = self.create_lead().with_user(self.agent)
        fields = ["ticket_ref", "portrait_id/work_start_time", "portrait_id/term_goals"]
        self.assertEqual(lead.export_data(fields)["datas"][0], ["4711", 7.5, GOALS])

    def test_link_to_the_portraits(self):
        partner = self.create_lead().partner_id
        action = partner.action_view_portraits()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, partner.portrait_ids)
