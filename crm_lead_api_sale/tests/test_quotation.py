# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.crm_lead_api.tests.common import LeadApiCase


@tagged("post_install", "-at_install")
class TestQuotation(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._new_user("ban", "sales_team.group_sale_manager")
        cls.salesman.tz = "Asia/Ho_Chi_Minh"

    def _quote(self, lead):
        """Press "New Quotation", and save what is there."""
        action = lead.with_user(self.salesman).action_sale_quotations_new()
        orders = self.env[action["res_model"]].with_user(self.salesman)
        with Form(orders.with_context(**action["context"])) as form:
            pass
        return form.record

    def assertAgrees(self, order, lead):
        """The quotation has the services of the lead for the same money."""
        self.assertEqual(order.order_line.product_id, lead.service_ids.product_id)
        for line, service in zip(order.order_line, lead.service_ids, strict=True):
            self.assertEqual(line.product_uom_qty, service.quantity)
            self.assertEqual(line.price_subtotal, service.price_subtotal)
        self.assertEqual(
            order.amount_untaxed, sum(lead.service_ids.mapped("price_subtotal"))
        )

    def test_it_starts_with_the_services(self):
        lead = self.create_lead(
            crm_line_ids=[self.service_2.id, self.service.id, self.service_2.id]
        )
        order = self._quote(lead)
        self.assertAgrees(order, lead)
        self.assertEqual(
            order.order_line.mapped("product_uom_qty"), [2, 1], "in their order"
        )
        self.assertRecordValues(
            order,
            [
                {
                    "opportunity_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "pricelist_id": self.pricelist.id,
                    "source_id": self.source.id,
                    "campaign_id": self.campaign.id,
                    "team_id": self.team.id,
                    "user_id": self.agent.id,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_a_price_that_was_typed_in_stays(self):
        lead = self.create_lead()
        lead.service_ids[0].price_unit = 555
        lead.service_ids[1].quantity = 3
        self.assertAgrees(self._quote(lead), lead)

    def test_a_free_service_stays_free(self):
        lead = self.create_lead()
        lead.service_ids[0].price_unit = 0
        order = self._quote(lead)
        self.assertAgrees(order, lead)
        order.order_line[0].product_uom_qty = 2
        self.assertEqual(order.order_line[0].price_subtotal, 0)

    def test_a_price_list_that_has_changed_since(self):
        lead = self.create_lead()
        self.pricelist.item_ids.percent_price = 50
        self.assertAgrees(self._quote(lead), lead)

    def test_discounts_that_are_shown(self):
        self.salesman.group_ids += self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "sale.group_discount_per_so_line"
        )
        lead = self.create_lead()
        lead.service_ids[1].price_unit = 555
        order = self._quote(lead)
        self.assertEqual(order.order_line.mapped("discount"), [20, 0])
        self.assertAgrees(order, lead)

    def test_a_lead_without_a_price_list(self):
        lead = self.create_lead()
        lead.pricelist_id = False
        self.assertAgrees(self._quote(lead), lead)

    def _give_to_other_company(self, lead):
        """Give the lead to a colleague of the other company, where the salesman works
        from now on, too."""
        other = {
            "company_id": self.other_company.id,
            "company_ids": [Command.set(self.other_company.ids)],
        }
        colleague = self._new_user("dao", "sales_team.group_sale_salesman")
        colleague.write(other)
        self.salesman.write(other)
        lead.user_id = colleague

    def test_a_lead_of_a_salesperson_of_another_company(self):
        lead = self.create_lead(crm_line_ids=[self.service_2.id])
        self._give_to_other_company(lead)
        self.assertEqual(lead.pricelist_id, self.pricelist)
        order = self._quote(lead)
        self.assertEqual(order.company_id, self.other_company)
        self.assertNotEqual(order.pricelist_id, self.pricelist)
        self.assertAgrees(order, lead)

    def test_services_that_only_the_former_company_has(self):
        lead = self.create_lead()
        self._give_to_other_company(lead)
        self.assertIn(self.service, lead.service_ids.product_id)
        order = self._quote(lead)
        self.assertEqual(order.company_id, self.other_company)
        self.assertEqual(order.order_line.product_id, self.service_2)

    def test_a_customer_with_a_price_list_in_another_currency(self):
        lead = self.create_lead()
        lead.pricelist_id = False
        dollars = self.env["product.pricelist"].create(
            {
                "name": "USD",
                "company_id": self.company.id,
                "currency_id": self.env.ref("base.USD").id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "fixed",
                            "fixed_price": 7,
                        }
                    )
                ],
            }
        )
        partner = lead.partner_id.with_company(self.company)
        partner.property_product_pricelist = dollars
        order = self._quote(lead)
        self.assertEqual(order.currency_id, dollars.currency_id)
        self.assertEqual(order.order_line.mapped("price_unit"), [7, 7])

    def test_a_lead_without_services(self):
        lead = self.create_lead()
        lead.service_ids.unlink()
        self.assertFalse(self._quote(lead).order_line)
