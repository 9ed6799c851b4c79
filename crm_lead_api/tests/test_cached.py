# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..models.crm_lead_api_cached import RECALL
from .common import LeadApiCase


@tagged("post_install", "-at_install")
class TestCached(LeadApiCase):
    """What is kept between calls must never be what it was before."""

    def test_price_rule_that_changes_counts_at_once(self):
        rule = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "compute_price": "fixed",
                "fixed_price": 100,
                "applied_on": "3_global",
            }
        )
        for ticket, price in ((1, 100), (2, 70)):
            rule.fixed_price = price
            self.env.invalidate_all()
            lead = self.create_lead(ticket_id=ticket)
            self.assertEqual(lead.service_ids[0].price_unit, price)
        rule.unlink()
        lead = self.create_lead(ticket_id=3)
        self.assertNotEqual(lead.service_ids[0].price_unit, 70)

    def test_currency_that_changes_counts_at_once(self):
        currency = self.pricelist.currency_id
        self.service.list_price = 1.4
        subtotals = []
        for ticket, rounding in ((1, 0.01), (2, 1)):
            currency.rounding = rounding
            self.env.invalidate_all()
            service = self.create_lead(ticket_id=ticket).service_ids[0]
            self.assertEqual(service.price_subtotal, currency.round(service.price_unit))
            subtotals.append(service.price_subtotal)
        self.assertNotEqual(*subtotals)

    def test_country_of_the_companys_contact(self):
        contact = self.company.partner_id
        for code in ("vn", "us"):
            country = self.env.ref(f"base.{code}")
            contact.country_id = country
            self.env.invalidate_all()
            self.assertEqual(self.company._get_kept_country_id(), country.id)

    def test_stored_field_that_odoo_computes(self):
        """It is not written by write()."""
        company = self.company.with_context(**RECALL)
        for name in ("Sen Hồng", "Sen Trắng"):
            self.company.partner_id.name = name
            self.env.invalidate_all()
            self.assertEqual(company.name, name)

    def test_record_that_does_not_exist(self):
        stage = self.env["crm.stage"].with_context(**RECALL).create({"name": "x"})
        stage.unlink()
        self.assertFalse(stage.exists())

    def test_service_of_another_addon_in_a_call(self):
        """It is made as Odoo makes it, with what nobody gave."""
        lead = self.create_lead()
        services = lead.service_ids.with_context(lead_api_put_off=True)
        service = services.create(
            {"lead_id": lead.id, "product_id": self.service_2.id, "price_unit": 5}
        )
        self.assertEqual((service.quantity, service.price_subtotal), (1, 5))
        self.assertEqual(service.company_id, lead.company_id)
