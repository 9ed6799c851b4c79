# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..context import PUT_OFF, RECALL
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
        services = lead.service_ids.with_context(**PUT_OFF)
        service = services.create(
            {"lead_id": lead.id, "product_id": self.service_2.id, "price_unit": 5}
        )
        self.assertEqual((service.quantity, service.price_subtotal), (1, 5))
        self.assertEqual(service.company_id, lead.company_id)

    def test_nothing_is_taken_for_those_who_call_odoo(self):
        """The context of a call is nothing that Odoo's own callers could send."""
        client = self.client.with_context(lead_api_recall=True)
        with self.assertRaises(AccessError):
            client.with_user(self.agent).copy_data({"user_id": False})
        lead = self.create_lead()
        lead.user_id = self._new_user("bob", "sales_team.group_sale_salesman")
        other = self._new_user("eve", "sales_team.group_sale_salesman")
        services = self.env["crm.lead.service"].with_user(other)
        values = {"lead_id": lead.id, "product_id": self.service.id}
        with self.assertRaises(AccessError):
            services.with_context(lead_api_put_off=True).create(
                {**values, "sequence": 1, "quantity": 1}
            )

    def test_agents_keep_their_companies(self):
        """Odoo keeps them for the agent's own requests."""
        companies = self.company | self.other_company
        self.agent.write({"company_ids": [Command.set(companies.ids)]})
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.create_lead()
        self.assertEqual(set(self.agent._get_company_ids()), set(companies.ids))

    def test_country_that_odoo_copies_from_an_address(self):
        company = self.env["res.company"].create({"name": "Mới"})
        self.assertFalse(company._get_kept_country_id())
        vietnam = self.env.ref("base.vn")
        address = {"street": "1 Lê Lợi", "country_id": vietnam.id}
        self.env["res.partner"].create(
            {"name": "x", "parent_id": company.partner_id.id, **address}
        )
        self.env.invalidate_all()
        self.assertEqual(company.country_id, vietnam)
        self.assertEqual(company._get_kept_country_id(), vietnam.id)

    def test_default_of_a_client_cannot_be_deleted(self):
        source = self.env["utm.source"].create({"name": "Tờ rơi"})
        self.client.source_id = source
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            source.unlink()
