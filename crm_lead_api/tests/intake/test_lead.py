# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestLead(LeadApiCase):
    def test_agent_becomes_the_salesperson(self):
        self.agent.email = "huong.le@example.com"
        for email in (self.agent.login, "Huong@Example.com", "HUONG.LE@example.com"):
            with self.subTest(email):
                lead = self.create_lead(agent_email=email)
                self.assertEqual(lead.user_id, self.agent)
                self.assertEqual(lead.agent_email, email)
                self.assertEqual(lead.team_id, self.team)

    def test_agent_who_is_no_user_leaves_it_to_the_team(self):
        lead = self.create_lead(agent_email="nobody@example.com")
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.agent_email, "nobody@example.com")
        self.assertTrue(lead.team_id)
        self.assertEqual(lead.company_id, self.company)

    def test_agent_by_a_login_that_is_no_address(self):
        silent = self._new_user("tuyen", "sales_team.group_sale_salesman")
        silent.email = False
        self.assertEqual(self.create_lead(agent_email="Tuyen").user_id, silent)
        lead = self.create_lead(agent_email="nobody here")
        self.assertEqual((lead.user_id.ids, lead.agent_email), ([], "nobody here"))

    def test_agent_of_another_company_is_no_salesperson(self):
        self.agent.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
            }
        )
        lead = self.create_lead(user_id=self.caller.id)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.agent_email, self.agent.login)

    def test_name_tells_customer_and_services(self):
        self.assertEqual(self.create_lead().name, "Trần Thị Thanh Thảo – Nâng mũi +1")

    def test_services_have_the_price_of_the_price_list(self):
        lead = self.create_lead()
        self.assertEqual(
            lead.service_ids.mapped(lambda s: (s.product_id, s.quantity, s.price_unit)),
            [(self.service, 1, 800), (self.service_2, 1, 240)],
        )
        self.assertEqual(lead.service_amount, 1040)
        self.assertEqual(lead.expected_revenue, 1040)

    def test_service_sent_twice_has_quantity_two(self):
        ids = [self.service_2.id, self.service.id, self.service_2.id]
        services = self.create_lead(crm_line_ids=ids).service_ids
        self.assertEqual(services.product_id, self.service_2 + self.service)
        self.assertEqual(services.mapped("quantity"), [2, 1])

    def test_price_list_in_another_currency(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": usd.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 1 / 25000,
            }
        )
        pricelist = self.pricelist.copy({"currency_id": usd.id})
        self.service.list_price = 2_500_000
        lead = self.create_lead(
            price_list_id=pricelist.id, crm_line_ids=[self.service.id]
        )
        self.assertEqual(lead.service_ids.currency_id, usd)
        self.assertAlmostEqual(lead.service_ids.price_unit, 80)
        self.assertAlmostEqual(lead.expected_revenue, 2_000_000)

    def test_expected_revenue_follows_the_services_unless_set(self):
        lead = self.create_lead()
        lead.service_ids[0].quantity = 2
        self.assertEqual(lead.expected_revenue, 1840)
        lead.expected_revenue = 5000
        lead.service_ids[0].quantity = 3
        self.assertEqual((lead.expected_revenue, lead.service_amount), (5000, 2640))

    def test_staff_add_services_in_the_form(self):
        with Form(self.env["crm.lead"].with_company(self.company)) as form:
            form.name = "Lead"
            form.pricelist_id = self.pricelist
            with form.service_ids.new() as service:
                service.product_id = self.service_2
                service.quantity = 2
        self.assertEqual(form.record.service_ids.price_unit, 240)
        self.assertEqual(form.record.expected_revenue, 480)

    def test_portrait_lists_keep_order_and_spelling(self):
        items = ["xem  phim", "Âm nhạc ", "âm nhạc", "xem  phim"]
        lead = self.create_lead(customer_portrait={"hobby": items})
        self.assertEqual(lead.portrait_id.hobby_ids.mapped("name"), items)
        self.assertFalse(lead.portrait_id.pain_point_ids)
        self.env.invalidate_all()
        self.assertEqual(lead.portrait_id.hobby_ids.mapped("name"), items)

    def test_portraits_are_history(self):
        first = self.create_lead()
        kept = first.portrait_id.copy_data(), first.portrait_id.write_date
        second = self.create_lead(customer_portrait={"transport": "car"})
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertNotEqual(first.portrait_id, second.portrait_id)
        self.assertEqual(
            (first.portrait_id.copy_data(), first.portrait_id.write_date), kept
        )
        partner = first.partner_id
        self.assertEqual(partner.portrait_ids, second.portrait_id + first.portrait_id)
        self.assertEqual(partner.portrait_count, 2)
        third = self.create_lead(customer_portrait=None)
        self.assertFalse(third.portrait_id)
        partner.invalidate_recordset()
        self.assertEqual(partner.portrait_ids[0], second.portrait_id)

    def test_deleting_a_lead_keeps_the_portrait(self):
        lead = self.create_lead()
        portrait = lead.portrait_id
        lead.unlink()
        self.assertTrue(portrait.exists())
