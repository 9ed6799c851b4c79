# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LeadApiCase


@tagged("post_install", "-at_install")
class TestAccess(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()

    def test_caller_reads_its_own_leads_and_changes_none(self):
        foreign = self.env["crm.lead"].create(
            {"name": "Khác", "company_id": self.company.id}
        )
        leads = self.env["crm.lead"].with_user(self.caller)
        self.assertEqual(
            leads.search([("company_id", "=", self.company.id)]), self.lead
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.caller).read(["name"])
        for record in (
            self.lead,
            self.lead.portrait_id,
            self.lead.portrait_id.hobby_ids,
            self.lead.service_ids,
        ):
            record = record.with_user(self.caller)
            with self.subTest(record._name):
                self.assertTrue(record.has_access("read"))
                self.assertFalse(record.has_access("write"))
                self.assertFalse(record.has_access("unlink"))
        self.assertFalse(
            self.lead.partner_id.with_user(self.caller).has_access("unlink")
        )

    def test_salesperson_sees_services_of_leads_that_are_seen(self):
        salesman = self._new_user("sale", "sales_team.group_sale_salesman")
        services = self.lead.service_ids.with_user(salesman)
        self.assertFalse(services.has_access("read"))
        self.lead.user_id = salesman
        self.assertTrue(services.has_access("write"))
        self.assertTrue(self.lead.portrait_id.with_user(salesman).has_access("read"))

    def test_other_companies_see_nothing(self):
        other = self._new_user("other", "sales_team.group_sale_manager")
        other.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [(6, 0, self.other_company.ids)],
            }
        )
        for record in (self.lead, self.lead.portrait_id, self.lead.service_ids):
            with self.subTest(record._name):
                self.assertFalse(record.with_user(other).has_access("read"))

    def test_users_without_sales_rights_see_no_portrait(self):
        plain = self._new_user("plain", "base.group_user")
        for record in (self.lead.portrait_id, self.lead.service_ids):
            self.assertFalse(record.with_user(plain).has_access("read"))
        with self.assertRaises(AccessError):
            self.lead.partner_id.with_user(plain).read(["portrait_term_goals"])

    def test_caller_without_the_group_may_not_create(self):
        self.caller.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self.create_lead()
