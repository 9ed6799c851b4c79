# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test how staff settle whether contacts that match a lead are one person."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import LeadApiCase

SALES_MANAGER = "base.group_user,sales_team.group_sale_manager"


@tagged("post_install", "-at_install")
class TestMatch(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.customer, self.other = self.env["res.partner"].create(
            [
                {"name": "Bà Ánh", "phone": "0900 000 202", "email": "a@example.com"},
                {"name": "Cô Ánh", "phone2": "+84 900000202", "email": "b@example.com"},
            ]
        )
        self.lead = self.create_lead()
        self.assertEqual(self.lead.doubtful_partner_ids, self.other)
        self.manager = self._new_user("truong-phong@example.com", SALES_MANAGER)

    def test_a_filter_finds_the_leads_in_doubt(self):
        archived, merged, told, sure = leads = self.env["crm.lead"].union(
            *(self.create_lead(ticket_id=ticket) for ticket in range(2, 6))
        )
        gone = self.other.copy({"active": False})
        archived.match_candidate_ids = gone
        merged.match_candidate_ids = self.customer
        told.partner_id = self.other.copy({"different_partner_ids": self.other.ids})
        sure.match_candidate_ids = False
        leads += self.lead
        for xml_id in (
            "crm.view_crm_case_leads_filter",
            "crm.view_crm_case_opportunities_filter",
            "crm_lead_api.crm_lead_call_view_search",
        ):
            with self.subTest(xml_id):
                view = self.env.ref(xml_id)
                arch = etree.fromstring(leads.get_view(view.id, "search")["arch"])
                [field] = arch.iterfind(".//filter[@name='match_doubtful']")
                domain = [*literal_eval(field.get("domain")), ("id", "in", leads.ids)]
                found = leads.with_user(self.manager).search(domain)
                self.assertEqual(found, self.lead)
        action = self.env.ref("crm_lead_api.crm_lead_match_action")
        domain = [*literal_eval(action.domain), ("id", "in", leads.ids)]
        self.assertEqual(leads.with_user(self.manager).search(domain), self.lead)
        others = leads.search(
            [("is_match_doubtful", "=", False), ("id", "in", leads.ids)]
        )
        self.assertEqual(others, leads - self.lead)
        for lead in leads:
            self.assertEqual(lead.is_match_doubtful, lead == self.lead)

    def _see(self, partner, user):
        """Return the contact as the lead's page shows it to a user."""
        return partner.with_user(user).with_context(match_lead_id=self.lead.id)

    def _open_merge(self, partner, user):
        action = self._see(partner, user).action_merge_into_customer()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def test_different_persons_are_never_in_doubt_again(self):
        self._see(self.other, self.agent).action_not_same_person()
        self.assertFalse(self.lead.is_match_doubtful)
        next_lead = self.create_lead(ticket_id=2)
        self.assertEqual(next_lead.partner_id, self.customer)
        self.assertEqual(next_lead.match_candidate_ids, self.other)
        self.assertFalse(next_lead.is_match_doubtful)
        of_other = self.create_lead(ticket_id=3, account_id=self.other.id)
        self.assertEqual(of_other.match_candidate_ids, self.customer)
        self.assertFalse(of_other.is_match_doubtful)

    def test_a_third_contact_is_in_doubt_all_the_same(self):
        self._see(self.other, self.agent).action_not_same_person()
        third = self.other.copy({"phone2": "0900 000 202"})
        lead = self.create_lead(ticket_id=2)
        self.assertEqual(lead.doubtful_partner_ids, third)

    def test_the_lead_tells_who_was_told_apart(self):
        self._see(self.other, self.agent).action_not_same_person()
        self._see(self.other, self.agent).action_not_same_person()
        messages = self.lead.message_ids.filtered(lambda m: "Cô Ánh" in (m.body or ""))
        self.assertEqual(len(messages), 1)
        self.assertIn("Bà Ánh", messages.body)
        self.assertEqual(messages.author_id, self.agent.partner_id)

    def test_only_those_who_write_the_lead_tell_apart(self):
        own_leads_only = self._new_user(
            "rieng@example.com", "base.group_user,sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self._see(self.other, own_leads_only).action_not_same_person()
        self.assertTrue(self.lead.is_match_doubtful)

    def test_a_manager_takes_it_back(self):
        self._see(self.other, self.agent).action_not_same_person()
        known = self.other.with_context(different_partner_id=self.customer.id)
        with self.assertRaisesRegex(AccessError, "Ask a sales manager"):
            known.with_user(self.agent).action_perhaps_same_person()
        self.assertFalse(self.lead.is_match_doubtful)
        known.with_user(self.manager).action_perhaps_same_person()
        self.assertEqual(self.lead.doubtful_partner_ids, self.other)
        self.assertTrue(self.create_lead(ticket_id=2).is_match_doubtful)
        of_other = self.create_lead(ticket_id=3, account_id=self.other.id)
        self.assertEqual(of_other.doubtful_partner_ids, self.customer)
        for partner in self.customer | self.other:
            message = partner.message_ids[0]
            self.assertIn("after all", message.body)
            self.assertEqual(message.author_id, self.manager.partner_id)
        # Once more, from a page that is out of date: nothing is left to take back
        known.with_user(self.manager).action_perhaps_same_person()
        self.assertFalse(self.other.different_partner_ids)

    def test_a_contact_that_does_not_match_is_not_told_apart(self):
        stranger = self.env["res.partner"].create({"name": "Người lạ"})
        self._see(stranger, self.agent).action_not_same_person()
        self.assertFalse(stranger.different_partner_ids)

    def test_what_matches_is_shown(self):
        same_email = self.env["res.partner"].create(
            {"name": "Ánh", "email": "Thao.Tran@example.com", "phone": "0912 000 000"}
        )
        self.assertEqual(self._see(self.other, self.agent).match_text, "+84 900000202")
        self.assertEqual(
            self._see(same_email, self.agent).match_text, "Thao.Tran@example.com"
        )
        self.assertEqual(self._see(self.customer, self.agent).match_lead_count, 1)

    def test_lead_with_a_single_phone(self):
        lead = self.create_lead(ticket_id=2, phone_no2=None, phone_no3=None)
        other = self.other.with_context(match_lead_id=lead.id)
        self.assertEqual(other.match_text, "+84 900000202")
        self.assertFalse(self.other.match_text)  # of no lead

    def test_sales_manager_merges_contacts_with_different_emails(self):
        self.assertFalse(self.manager.has_group("base.group_partner_manager"))
        form = self._open_merge(self.other, self.manager)
        self.assertEqual(form.dst_partner_id, self.customer)
        action = form.save().action_merge()
        self.assertEqual(action, {"type": "ir.actions.act_window_close"})
        self.env.invalidate_all()
        self.assertFalse(self.other.exists())
        self.assertFalse(self.lead.is_match_doubtful)
        self.assertEqual(self.lead.partner_id, self.customer)
        message = self.customer.message_ids[0]
        self.assertIn("Cô Ánh", message.body)
        self.assertEqual(message.author_id, self.manager.partner_id)

    def test_a_merged_contact_has_the_phones_of_both(self):
        self.other.phone = "0911 222 333"
        self.customer.write({"phone2": False, "phone3": False})
        self._open_merge(self.other, self.manager).save().action_merge()
        phones = [self.customer[name] for name in ("phone", "phone2", "phone3")]
        self.assertEqual(phones, ["0900 000 202", "0911 222 333", False])

    def test_different_persons_who_are_merged_after_all(self):
        third = self.other.copy()
        self.other.different_partner_ids = third
        self._see(self.other, self.agent).action_not_same_person()
        merge = self.env["base.partner.merge.automatic.wizard"]._merge
        merge((self.customer | self.other).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(self.customer.different_partner_ids, third)

    def test_the_other_contact_can_be_kept(self):
        form = self._open_merge(self.other, self.manager)
        form.dst_partner_id = self.other
        form.save().action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.lead.partner_id, self.other)
        self.assertFalse(self.lead.is_match_doubtful)

    def test_a_merged_contact_gets_no_district_of_another_state(self):
        self.customer.district_id = False
        self.other.write(
            {"state_id": self.other_state.id, "district_id": self.other_district.id}
        )
        self._open_merge(self.other, self.manager).save().action_merge()
        self.assertEqual(self.customer.state_id, self.state)
        self.assertFalse(self.customer.district_id)

    def test_merging_all_contacts_in_doubt(self):
        lead = self.lead.with_user(self.manager)
        action = lead._get_merge_action(lead.doubtful_partner_ids)
        self.assertDialog(action, "Merge Contacts", "extra-large")
        model = self.env[action["res_model"]].with_user(self.manager)
        Form(model.with_context(**action["context"])).save().action_merge()
        self.assertFalse(self.other.exists())

    def test_salesperson_does_not_merge(self):
        with self.assertRaises(AccessError):
            self._open_merge(self.other, self.agent)

    def test_sales_manager_merges_only_contacts_of_the_lead(self):
        stranger = self.env["res.partner"].create({"name": "Người lạ"})
        wizards = self.env["crm.lead.contact.merge"].with_user(self.manager)
        for contacts, kept in (
            (self.customer + stranger, self.customer),
            (self.customer + self.other, stranger),
            (self.other, self.other),
        ):
            wizard = wizards.create(
                {
                    "lead_id": self.lead.id,
                    "partner_ids": [Command.set(contacts.ids)],
                    "dst_partner_id": kept.id,
                }
            )
            with self.subTest(contacts.mapped("name")), self.assertRaises(UserError):
                wizard.action_merge()
        self.assertTrue(self.other.exists() and stranger.exists())

    def test_merging_needs_write_access_to_the_lead_and_each_contact(self):
        for model, record in (("crm.lead", self.lead), ("res.partner", self.other)):
            wizard = self._open_merge(self.other, self.manager).save()
            rule = self.env["ir.rule"].create(
                {
                    "name": "Read-only",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "domain_force": [("id", "!=", record.id)],
                    "perm_read": False,
                }
            )
            with self.subTest(model), self.assertRaises(AccessError):
                wizard.action_merge()
            rule.unlink()
        self.assertTrue(self.other.exists())

    def test_merging_needs_a_match(self):
        self.lead.match_candidate_ids += self.env["res.partner"].create({"name": "Ai"})
        stranger = self.lead.match_candidate_ids - self.other
        with self.assertRaises(UserError):
            self._open_merge(stranger, self.manager).save().action_merge()
        self.assertTrue(stranger.exists())

    def test_contact_of_a_company_of_odoo_is_not_merged(self):
        self.other_company.partner_id = self.other
        with self.assertRaises(UserError):
            self._open_merge(self.other, self.manager).save().action_merge()
        self.assertTrue(self.other.exists())

    def test_contact_of_a_user_is_for_those_who_manage_contacts(self):
        user = self._new_user("cu-nhan-vien@example.com", "base.group_portal")
        user.partner_id = self.other
        user.active = False
        with self.assertRaises(UserError):
            self._open_merge(self.other, self.manager).save().action_merge()
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        wizard = self._open_merge(self.other, self.manager).save()
        with self.assertRaisesRegex(UserError, "same email"):  # Odoo's own check
            wizard.action_merge()
        self.assertTrue(self.other.exists())

    def test_somebody_else_with_the_same_phone(self):
        """A mother's number, which two persons have, makes them no single customer."""
        lead = self.create_lead(
            ticket_id=2, email_from=None, customer_portrait={"hobby": ["bơi"]}
        )
        self.assertEqual((lead.partner_id, lead.match_method), (self.customer, "phone"))
        self.assertEqual(lead.email_from, "a@example.com")  # Odoo's copy
        self.assertTrue(lead.pending_proposal_ids)
        lead.with_user(self.agent).action_new_contact()
        new = lead.partner_id
        self.assertEqual(new.name, "Trần Thị Thanh Thảo")
        self.assertEqual(
            (new.phone, new.phone2, new.street, new.email, lead.email_from),
            ("0900 000 202", "0900 000 203", "12 Lê Lợi", False, False),
        )
        self.assertEqual(self.customer.phone, "0900 000 202")
        self.assertEqual(self.customer.email, "a@example.com")
        self.assertEqual(new.different_partner_ids, self.customer)
        self.assertEqual(lead.portrait_id.partner_id, new)
        self.assertFalse(lead.pending_proposal_ids)
        self.assertEqual(lead.doubtful_partner_ids, self.other)
        self.assertIn(new.name, self.customer.message_ids[0].body)
        # Once more, from a page that is out of date
        lead.with_user(self.agent).action_new_contact()
        self.assertEqual(lead.partner_id, new)
        # Later leads go to the one with the name, else to the oldest
        for name, customer in (
            ("tran thi thanh thao", new),
            ("Bà Ánh", self.customer),
            ("Ai đó", self.customer),
        ):
            with self.subTest(name):
                later = self.create_lead(ticket_id=3, contact_name=name)
                self.assertEqual(later.partner_id, customer)
                self.assertEqual(later.doubtful_partner_ids, self.other)

    def test_a_namesake_is_preferred_only_after_staff_have_decided(self):
        self.other.name = "Trần Thị Thanh Thảo"
        self.assertEqual(self.create_lead(ticket_id=2).partner_id, self.customer)
        self._see(self.other, self.agent).action_not_same_person()
        self.assertEqual(self.create_lead(ticket_id=3).partner_id, self.other)

    def test_new_contact_is_for_leads_that_a_phone_has_matched(self):
        lead = self.create_lead(ticket_id=2, account_id=self.customer.id)
        lead.with_user(self.agent).action_new_contact()
        self.assertEqual(lead.partner_id, self.customer)
        own_leads_only = self._new_user(
            "rieng@example.com", "base.group_user,sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self.lead.with_user(own_leads_only).action_new_contact()

    def test_archived_from_the_page_of_the_customer(self):
        """Odoo's list of a contact's leads shows archived records, too."""
        self.other.action_archive()
        self.env.invalidate_all()
        context = self.customer.action_view_opportunity()["context"]
        lead = self.lead.with_context(**context)
        self.assertFalse(lead.doubtful_partner_ids or lead.is_match_doubtful)
        found = [("is_match_doubtful", "=", True), ("id", "=", lead.id)]
        self.assertFalse(lead.search(found))
