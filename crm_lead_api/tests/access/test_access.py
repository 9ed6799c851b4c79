# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the rights to read, write, create and delete, as each kind of user."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LeadApiCase
from ..data import CLIENT_GROUP, MANAGER_GROUP

# r, w, c, d: read, write, create, delete; for records of leads that the user may see.
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
GROUPS = {
    "caller": CLIENT_GROUP,
    "employee": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman",
    "all leads": "sales_team.group_sale_salesman_all_leads",
    "sales manager": "sales_team.group_sale_manager",
    "lead API administrator": MANAGER_GROUP,
    "settings": "base.group_system",
    "portal": "base.group_portal",
}
# By model, in the order of the groups
RIGHTS = {
    "crm.customer.portrait": ("rwc", "", "rwc", "rwc", "rwcd", "rwcd", "", ""),
    "crm.customer.portrait.item": ("rwc", "", "rwcd", "rwcd", "rwcd", "rwcd", "", ""),
    "crm.customer.portrait.tag": ("r", "", "rc", "rc", "rwcd", "rwcd", "", ""),
    "crm.lead.intake.report": ("", "", "r", "r", "r", "r", "", ""),
    "crm.lead.service": ("rwc", "", "rwcd", "rwcd", "rwcd", "rwcd", "", ""),
    "crm.lead.proposal": ("rc", "", "r", "r", "r", "r", "", ""),
    "crm.lead.call.outcome": ("", "", "r", "r", "rwcd", "rwcd", "", ""),
    "crm.lead.call.result": ("", "", "rwcd", "rwcd", "rwcd", "rwcd", "", ""),
    "crm.lead.message": ("", "", "rwcd", "rwcd", "rwcd", "rwcd", "", ""),
    "crm.lead.contact.merge": ("", "", "", "", "rwc", "rwc", "rwc", ""),
    "crm.lead.api.client": ("", "", "", "", "", "rwcd", "", ""),
    "crm.lead.api.token": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.token.wizard": ("", "", "", "", "", "rwcd", "", ""),
    "crm.lead.api.code": ("", "", "", "", "", "rwcd", "", ""),
    "crm.lead.api.attribute": ("", "", "", "", "", "rwcd", "", ""),
    "crm.lead.api.request": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.look.up": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.look.up.contact": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.event": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.secret": ("", "", "", "", "", "", "", ""),
    "crm.lead.api.resend": ("", "", "", "", "", "rwcd", "", ""),
    "crm.lead.api.refusal": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.day": ("", "", "", "", "", "r", "", ""),
    "crm.lead.api.rate": ("", "", "", "", "", "", "r", ""),
    "crm.lead.api.horizon": ("", "", "", "", "", "", "r", ""),
    "crm.lead.api.lock": ("", "", "", "", "", "", "r", ""),
    "crm.lead.api.merged.account": ("", "", "", "", "", "", "r", ""),
    "crm.lead.api.answer": ("", "", "", "", "", "", "rd", ""),
    "utm.source.group": ("r", "r", "r", "r", "rwcd", "rwcd", "r", ""),
    "res.country.district": ("r", "r", "r", "r", "rwcd", "rwcd", "rwcd", ""),
}


@tagged("post_install", "-at_install")
class TestAccess(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()

    def test_each_group_and_each_model(self):
        for group, (name, xmlid) in enumerate(GROUPS.items()):
            user = self._new_user(f"user-{group}", xmlid)
            for model, rights in RIGHTS.items():
                records = self.env[model].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if records.has_access(operation)
                )
                with self.subTest(name, model=model):
                    self.assertEqual(found, rights[group])

    def test_each_model_is_in_the_table(self):
        names = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "crm_lead_api" and not model._abstract
        }
        self.assertEqual(names, set(RIGHTS))

    def test_administrators_of_the_lead_api_see_their_companies(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        other = self.env["crm.lead.api.client"].create(
            {"name": "Khác", "company_ids": [(6, 0, self.other_company.ids)]}
        )
        self._new_token(other)
        both = self.env["crm.lead.api.client"].create(
            {
                "name": "Chung",
                "company_ids": [(6, 0, (self.company + self.other_company).ids)],
            }
        )
        values = {"date": "2026-03-02", "status": 200, "state": "done"}
        requests = self.env["crm.lead.api.request"].create(
            [
                {**values, "client_id": client.id, "company_id": company.id}
                for client, company in (
                    (self.client, self.company),
                    (other, self.other_company),
                    (other, self.company.browse()),
                    (both, self.company),
                    (both, self.other_company),
                    (both, self.company.browse()),
                )
            ]
        )

        def see(records):
            return records.with_user(manager)._filtered_access("read")

        self.assertEqual(see(self.client + other + both), self.client + both)
        self.assertEqual(see(self.client.token_ids), self.client.token_ids)
        self.assertFalse(see(other.token_ids))
        self.assertEqual(see(requests), requests[0] + requests[3])

    def test_only_administrators_see_the_calls_of_a_lead(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        self.lead.user_id = self.agent
        self.lead.with_user(manager).read(["lead_api_request_ids"])
        with self.assertRaises(AccessError):
            self.lead.with_user(self.agent).read(["lead_api_request_ids"])
        with self.assertRaises(AccessError):
            self.lead.with_user(self.agent).search(
                [("lead_api_request_ids.payload", "ilike", "a")]
            )

    def test_caller_changes_its_own_records_alone(self):
        foreign = self.env["crm.lead"].create(
            {"name": "Khác", "company_id": self.company.id}
        )
        leads = self.env["crm.lead"].with_user(self.caller)
        self.assertEqual(
            leads.search([("company_id", "=", self.company.id)]), self.lead
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.caller).read(["name"])
        # Other addons write to what they see being made, with the user's rights.
        for record in (
            self.lead,
            self.lead.partner_id,
            self.lead.portrait_id,
            self.lead.portrait_id.hobby_ids,
            self.lead.service_ids,
        ):
            record = record.with_user(self.caller)
            with self.subTest(record._name):
                self.assertTrue(record.has_access("read"))
                self.assertTrue(record.has_access("write"))
                self.assertFalse(record.has_access("unlink"))
        others = self.env["res.partner"].create({"name": "Khách", "type": "contact"})
        portrait = self.lead.portrait_id.create({"partner_id": others.id})
        service = foreign.service_ids.create(
            {"lead_id": foreign.id, "product_id": self.service.id}
        )
        self.assertTrue(others.with_user(self.caller).has_access("read"))
        for record in (foreign, others, portrait, service):
            with self.subTest(record._name, whose="others"):
                record = record.with_user(self.caller)
                self.assertFalse(record.has_access("write"))
                self.assertFalse(record.has_access("unlink"))

    def test_staff_do_not_say_whose_a_lead_is(self):
        """The client of a lead decides who gets its events: staff may not change it."""
        other = self._new_client("web-form")
        leads = self.env["crm.lead"].with_user(self.agent)
        for values in (
            {"lead_api_client_id": other.id},
            {"lead_api_sent": ["street"]},
        ):
            with self.subTest(values):
                with self.assertRaises(AccessError):
                    self.lead.with_user(self.agent).write(values)
                with self.assertRaises(AccessError):
                    leads.create({"name": "x", **values})
        by_hand = leads.create({"name": "x", "company_id": self.company.id})
        by_hand.priority = "3"
        merged = (by_hand | self.lead.with_user(self.agent)).merge_opportunity()
        self.assertEqual(merged.sudo().lead_api_client_id, self.client)

    def test_salesperson_sees_what_belongs_to_leads_that_are_seen(self):
        salesman = self._new_user("sale", "sales_team.group_sale_salesman")
        portrait = self.lead.portrait_id
        records = (self.lead.service_ids, portrait, portrait.hobby_ids)
        for user, sees in ((self.agent, False), (salesman, True), (None, True)):
            self.lead.user_id = user
            for record in records:
                with self.subTest(record._name, user=user and user.name):
                    access = record.with_user(salesman).has_access("write")
                    self.assertEqual(access, sees)
        self.lead.user_id = self.agent
        by_hand = portrait.with_user(salesman).create(
            {"partner_id": self.lead.partner_id.id}
        )
        self.assertTrue(by_hand.has_access("write"))
        everything = self._new_user("all", "sales_team.group_sale_salesman_all_leads")
        for record in records:
            self.assertTrue(record.with_user(everything).has_access("write"))

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
            self.lead.partner_id.with_user(plain).read(["portrait_ids"])

    def test_caller_without_the_group_may_not_create(self):
        self.caller.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self.create_lead()
