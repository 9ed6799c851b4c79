# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that differences from a known contact are proposed to staff."""

import unicodedata

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestProposals(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create(
            {
                "name": "Bà Ánh",
                "phone": "0912 345 678",
                "phone2": "0912 345 679",
                "phone3": "0912 345 670",
                "email": "rieng@example.com",
                "street": "1 Tràng Tiền",
                "street2": "Tầng 2",
                "city": "Hà Nội",
                "zip": "100000",
                "state_id": self.other_state.id,
                "district_id": self.other_district.id,
                "country_id": self.country.id,
                "gender": "male",
                "birthdate_date": "1990-05-21",
                "facebook_account": "anh.cu",
                "zalo_account": "0912345678",
                "overseas_vietnamese": "marketing",
            }
        )

    def _propose(self, **changes):
        """Return the proposals of a lead of the contact, as the agent sees them."""
        lead = self.create_lead(account_id=self.partner.id, **changes)
        self.env.flush_all()
        self.env.invalidate_all()
        return lead.proposal_ids.with_user(self.agent)

    def _get(self, proposals, subject):
        return proposals.filtered(lambda p: p.subject == subject)

    def test_accept_all_moves_no_company(self):
        company = self.env["res.partner"].create(
            {"name": "Công ty", "is_company": True, "street": "5"}
        )
        self.partner.parent_id = company
        lead = self._propose().lead_id
        lead.action_accept_proposals()
        self.assertEqual(company.street, "5")
        self.assertEqual(lead.pending_proposal_ids.subject, "address")

    def test_what_was_refused_is_not_proposed_by_the_next_lead(self):
        proposals = self._propose()
        for name in ("name", "phone", "email"):
            self._get(proposals, name).action_refuse()
        again = self._propose(ticket_id=2)
        self.assertEqual(self._get(again, "name").state, "refused")
        lead = again.lead_id
        self.assertFalse(lead.partner_phone_update or lead.partner_email_update)
        self.partner.name = "Khác"
        name = self._get(self._propose(ticket_id=3), "name")
        self.assertEqual(name.state, "pending")

    def test_what_was_refused_after_staff_mended_the_contact(self):
        name = self._get(self._propose(), "name")
        self.partner.name = "Khác"
        name.action_refuse()
        self.assertIn("Khác", self._get_messages()[0].body)
        again = self._get(self._propose(ticket_id=2), "name")
        self.assertEqual(again.state, "refused")

    def test_one_of_several_addresses(self):
        self.partner.email = f"rieng@example.com, {self.payload['email_from']}"
        self.assertFalse(self._get(self._propose(), "email"))

    def _get_messages(self):
        return self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        )

    def test_old_beside_new(self):
        old_address = (
            "1 Tràng Tiền, Tầng 2, Phường Hoàn Kiếm, Hà Nội, 100000, "
            f"{self.other_state.name}, {self.country.name}"
        )
        new_address = (
            f"12 Lê Lợi, Phường Bến Thành, {self.state.name}, {self.country.name}"
        )
        proposals = self._propose()
        self.assertEqual(
            [(p.subject, p.subject_text, p.old_text, p.new_text) for p in proposals],
            [
                ("name", "Name (contact)", "Bà Ánh", "Trần Thị Thanh Thảo"),
                ("phone", "Phone (contact)", "0912 345 678", "0900 000 202"),
                ("phone2", "Second Phone (contact)", "0912 345 679", "0900 000 203"),
                ("phone3", "Third Phone (contact)", "0912 345 670", "028 3822 0000"),
                (
                    *("email", "E-mail (contact)"),
                    *("rieng@example.com", "thao.tran@example.com"),
                ),
                ("address", "Address (contact)", old_address, new_address),
                ("gender", "Gender (contact)", "Male", "Female"),
                (
                    *("birthdate_date", "Date of Birth (contact)"),
                    *("May 21, 1990", "Oct 20, 1992"),
                ),
                (
                    *("facebook_account", "Facebook Account (contact)"),
                    *("anh.cu", "thao.tran.demo"),
                ),
                (
                    *("zalo_account", "Zalo Account (contact)"),
                    *("0912345678", "0900000202"),
                ),
                (
                    *("overseas_vietnamese", "Overseas Vietnamese (contact)"),
                    *("Marketing - Overseas Vietnamese", "No"),
                ),
            ],
        )
        self.assertEqual(set(proposals.mapped("state")), {"pending"})

    def test_who_proposes_and_when(self):
        lead = self._propose().lead_id
        agent = lead.with_user(self.agent)
        origin = agent.proposal_origin
        self.assertRegex(origin, rf"^{self.client.name}, \w+ \d+, \d+:\d\d")
        self.assertEqual(set(lead.proposal_ids.mapped("origin_text")), {origin})
        self.env.cr.execute(
            "UPDATE crm_lead_proposal SET create_date = create_date - INTERVAL '9 days'"
        )
        email = self._get(lead.proposal_ids, "email")
        replace = self.env["crm.lead.proposal"].with_user(self.caller)._replace
        for values in (email.new_values, {"email": "moi@example.com"}):
            replace(lead, self.partner, {"email": values}, {"email"})
            self.env.invalidate_all()
            email = self._get(agent.pending_proposal_ids, "email")
            self.assertEqual(email.new_values, values)
            is_new = values == {"email": "moi@example.com"}
            self.assertEqual(email.origin_text == origin, is_new)
        self.assertEqual(len(agent.proposal_origin.split(" · ")), 2, agent)
        lead.sudo().lead_api_client_id = self._new_client("zalo")  # as after a merge
        self.env.invalidate_all()
        self.assertRegex(agent.proposal_origin, f"^{self.client.name}, ")

    def test_where_staff_find_them(self):
        lead = self._propose().lead_id
        action = self.env.ref("crm_lead_api.crm_lead_proposal_action")
        leads = lead.with_user(self.agent)
        partners = self.partner.with_user(self.agent)
        waiting = safe_eval(action.domain)
        self.assertIn(lead, leads.search(waiting))
        self.assertEqual(partners.search(waiting), self.partner)
        lead.proposal_ids[1:].action_refuse()
        names = leads.pending_proposal_ids.mapped("display_name")
        self.assertEqual(names, ["Name (contact)"])
        self.assertIn(lead, leads.search([("proposal_ids", "ilike", "name")]))
        lead.proposal_ids.action_refuse()
        self.assertNotIn(lead, leads.search(waiting))

    def test_each_detail_has_a_name(self):
        lead = self.env["crm.lead"].create({"name": "x"})
        for subject, label, button in (
            ("phone2", "Second Phone (lead)", "second Phone (lead)"),
            ("email_from", "E-mail (lead)", "e-mail (lead)"),
            ("address", "Address (lead)", "address (lead)"),
            ("zalo_account", "Zalo Account (lead)", "Zalo Account (lead)"),
            ("facebook_account", "Facebook Account (lead)", "Facebook Account (lead)"),
            ("services", "Services (lead)", "services (lead)"),
            ("work_online", "Work Online (lead)", "work Online (lead)"),
            ("x_gone", "x_gone (lead)", "x_gone (lead)"),
        ):
            with self.subTest(subject):
                proposal = self.env["crm.lead.proposal"].new(
                    {"lead_id": lead.id, "subject": subject}
                )
                self.assertEqual(proposal.subject_text, label)
                self.assertEqual(proposal.accept_label, f"Accept new {button}")
                self.assertEqual(proposal.refuse_label, f"Refuse new {button}")
        self.env["res.lang"]._activate_lang("vi_VN")
        proposals = self.env["crm.lead.proposal"].with_context(lang="vi_VN")
        phone = proposals.new({"lead_id": lead.id, "subject": "phone"})
        self.assertEqual(phone.subject_text, "Số điện thoại (lead)")

    def test_what_is_the_same_is_no_proposal(self):
        """An equal value is no proposal: another spelling, a phone at another place."""
        new = self.create_lead().partner_id
        new.write(
            {
                "name": "TRẦN THỊ THANH THẢO",
                "email": "Thao.Tran@Example.com",
                "street": "12 lê  lợi",
                "phone": new.phone3,
                "phone2": "+84 900 000203",
                "phone3": "84900000202",
            }
        )
        lead = self.create_lead(account_id=new.id, ticket_id=2)
        self.assertFalse(lead.proposal_ids)
        self.assertFalse(self.create_lead(ticket_id=3).proposal_ids)
        new.name = unicodedata.normalize("NFD", new.name)
        self.assertFalse(self.create_lead(ticket_id=4).proposal_ids)

    def test_what_fills_a_blank_is_no_proposal(self):
        self.partner.write({"email": False, "gender": False, "phone2": False})
        subjects = self._propose().mapped("subject")
        self.assertEqual(self.partner.email, "thao.tran@example.com")
        self.assertEqual(self.partner.phone2, "0900 000 203")
        self.assertFalse({"email", "gender", "phone2"} & set(subjects))

    def test_accept(self):
        proposal = self._get(self._propose(), "email")
        self.env.cr.flush()  # notes of the contact's creation
        proposal.action_accept()
        self.assertEqual(self.partner.email, "thao.tran@example.com")
        self.assertEqual(self.partner.name, "Bà Ánh")
        self.env.cr.flush()
        message = self._get_messages()[0]
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertIn("E-mail changed, as", message.body)
        self.assertNotIn("thao.tran@example.com", message.body)
        tracked = message.tracking_value_ids
        self.assertEqual(
            (tracked.old_value_char, tracked.new_value_char),
            ("rieng@example.com", "thao.tran@example.com"),
        )

    def test_refuse(self):
        before = self.partner.read()
        proposal = self._get(self._propose(), "email")
        proposal.action_refuse()
        self.assertEqual(proposal.state, "refused")
        self.assertEqual(self.partner.email, before[0]["email"])
        message = self._get_messages()[0]
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertIn("thao.tran@example.com", message.body)

    def test_one_message_for_one_click(self):
        """Odoo's own tracking is in the same message."""
        proposals = self._propose()
        self.env.cr.precommit.run()  # notes of the contact's creation
        before = self._get_messages()
        self._get(proposals, "email").action_accept()
        self.env.cr.precommit.run()
        self.assertEqual(len(self._get_messages() - before), 1)
        before = self._get_messages()
        proposals.lead_id.action_accept_proposals()
        self.env.cr.precommit.run()
        message = self._get_messages() - before
        self.assertEqual(len(message), 1)
        for text in ("12 Lê Lợi", "thao.tran.demo"):
            self.assertIn(text, message.body)
        told = message.tracking_value_ids.mapped("new_value_char")
        for text in ("Trần Thị Thanh Thảo", "0900 000 202"):
            self.assertIn(text, told)
        self.assertNotIn("0900 000 202", message.body)
        self.assertFalse(proposals.lead_id.pending_proposal_ids)
        self.assertEqual(proposals.lead_id.decided_proposal_ids, proposals)

    def test_accept_all_leaves_what_is_no_phone(self):
        lead = self._propose(phone_no1="12ab").lead_id
        action = lead.action_accept_proposals()
        self.assertEqual(self.partner.phone, "0912 345 678")
        self.assertEqual(self.partner.phone2, "0900 000 203")
        [left] = lead.pending_proposal_ids
        self.assertEqual(left.subject, "phone")
        self.assertEqual(left.doubt_text, "This does not look like a phone number.")
        self.assertEqual(
            action["params"]["message"],
            "Decide about these yourself: Phone (contact)",
        )
        left.action_accept()
        self.assertEqual(self.partner.phone, "12ab", "staff decide")
        self.assertFalse(left.doubt_text)
        self.assertIsNone(lead.action_accept_proposals())

    def test_accept_all_does_not_choose_between_two_values(self):
        """Two clients propose two addresses, and the same name."""
        lead = self._propose().lead_id
        other = self._propose(ticket_id=2, street="99 Hai Bà Trưng").lead_id
        for each in (lead, other):
            action = each.action_accept_proposals()
            self.assertEqual(each.pending_proposal_ids.mapped("subject"), ["address"])
            self.assertIn("Address (contact)", action["params"]["message"])
        self.assertEqual(self.partner.street, "1 Tràng Tiền")
        self.assertEqual(self.partner.name, "Trần Thị Thanh Thảo")
        self._get(other.proposal_ids, "address").action_refuse()
        lead.invalidate_recordset()
        lead.proposal_ids.invalidate_recordset()
        self.assertIsNone(lead.action_accept_proposals())
        self.assertEqual(self.partner.street, "12 Lê Lợi")

    def test_refuse_all(self):
        before = self.partner.read()
        lead = self._propose().lead_id
        lead.action_refuse_proposals()
        self.assertEqual(set(lead.proposal_ids.mapped("state")), {"refused"})
        self.assertEqual(self.partner.email, before[0]["email"])
        self.assertEqual(self.partner.street, before[0]["street"])

    def test_a_field_that_is_gone(self):
        """A custom attribute's field was deleted, or its addon uninstalled."""
        lead = self._propose().lead_id
        values = {"subject": "x_gone", "old_values": {}, "new_values": {"x_gone": 1}}
        gone = self.env["crm.lead.proposal"].create(
            [
                {**values, "lead_id": lead.id, "partner_id": partner.id}
                for partner in (self.partner, self.partner.browse())
            ]
        )
        gone = gone.with_user(self.agent)
        self.assertEqual(
            gone.mapped("doubt_text"),
            ["This was deleted, or belongs to another company."] * 2,
        )
        action = lead.with_user(self.agent).action_accept_proposals()
        self.assertEqual(
            action["params"]["message"],
            "Decide about these yourself: x_gone (contact), x_gone (lead)",
        )
        self.assertEqual(lead.pending_proposal_ids, gone)
        self.assertEqual(self.partner.name, "Trần Thị Thanh Thảo")
        for each in gone:
            with self.assertRaisesRegex(UserError, "x_gone was deleted: refuse"):
                each.action_accept()
        lead.with_user(self.agent).action_refuse_proposals()
        self.assertEqual(gone.mapped("state"), ["refused"] * 2)

    def test_a_decision_is_final(self):
        proposal = self._get(self._propose(), "email")
        proposal.action_accept()
        self.partner.email = "neu@example.com"
        proposal.action_accept()
        proposal.action_refuse()
        self.assertEqual(proposal.state, "accepted")
        self.assertEqual(self.partner.email, "neu@example.com")

    def test_accept_an_address_as_a_whole(self):
        self._get(self._propose(district_id=None), "address").action_accept()
        self.assertEqual(
            (self.partner.street, self.partner.state_id, self.partner.country_id),
            ("12 Lê Lợi", self.state, self.country),
        )
        for name in ("street2", "city", "zip", "district_id"):
            self.assertFalse(self.partner[name], name)

    def test_accept_a_phone_and_keep_the_old_one(self):
        proposals = self._propose()
        self.partner.write({"phone2": False, "phone3": False})
        self.env.cr.flush()  # notes of the contact's creation
        self._get(proposals, "phone").action_accept()
        self.assertEqual(
            [self.partner.phone, self.partner.phone2, self.partner.phone3],
            ["0900 000 202", "0912 345 678", False],
        )
        self.env.cr.flush()
        text = "0912 345 678 stays, as Second Phone"
        self.assertIn(text, self._get_messages()[0].body)
        self._get(proposals, "phone2").action_accept()
        self.assertEqual(
            [self.partner.phone, self.partner.phone2, self.partner.phone3],
            ["0900 000 202", "0900 000 203", "0912 345 678"],
        )

    def test_the_chatter_has_the_phone_for_which_no_place_is_free(self):
        proposals = self._propose()
        self.env.cr.flush()
        for subject in ("phone", "phone2"):
            self._get(proposals, subject).action_accept()
            self.env.cr.flush()
        other, first = self._get_messages()[:2]
        self.assertIn("0912 345 679 → 0900 000 203", other.body)
        self.assertEqual(first.tracking_value_ids.old_value_char, "0912 345 678")

    def test_the_old_value_is_that_which_was_replaced(self):
        proposal = self._get(self._propose(), "email")
        self.partner.email = "moi@example.com"
        proposal.action_accept()
        self.assertEqual(proposal.old_text, "moi@example.com")

    def test_one_decision_for_the_same_on_other_leads(self):
        first = self._get(self._propose(), "name")
        same = self._get(self._propose(ticket_id=2), "name")
        other = self._get(self._propose(ticket_id=3, contact_name="Ánh"), "name")
        first.action_refuse()
        self.assertEqual(
            (first.state, same.state, other.state), ("refused", "refused", "pending")
        )

    def test_whoever_may_edit_the_lead_decides_about_a_colleagues_contact(self):
        """Odoo lets only user administrators edit the contact itself."""
        contact = self.agent.partner_id
        contact.phone = "0912 345 678"
        proposals = self.create_lead(account_id=contact.id).proposal_ids
        manager = self._new_user(
            "truong-phong@example.com", "base.group_user,sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            contact.with_user(manager).name = "x"
        name, phone, email = (
            self._get(proposals, subject).with_user(manager)
            for subject in ("name", "phone", "email")
        )
        name.action_refuse()
        phone.action_accept()
        self.assertEqual((name.state, phone.state), ("refused", "accepted"))
        self.assertEqual(contact.name, "Lê Thu Hương")
        self.assertEqual(contact.phone, "0900 000 202")
        self.env.cr.flush()
        refused = contact.message_ids.filtered(lambda m: "stays" in (m.body or ""))
        self.assertEqual(refused.author_id, manager.partner_id)
        # The link for a new password would go to whoever sent the lead.
        with self.assertRaisesRegex(AccessError, "new passwords"):
            email.action_accept()
        self.assertEqual(contact.email, self.agent.login)
        email.action_refuse()
        self.assertEqual(email.state, "refused")
        customer = self.portal_user.partner_id
        customer.email = "rieng@example.com"
        proposals = self.create_lead(account_id=customer.id, ticket_id=2).proposal_ids
        self._get(proposals, "email").with_user(manager).action_accept()
        self.assertEqual(customer.email, "thao.tran@example.com")

    def test_nobody_decides_without_write_access_to_the_lead(self):
        proposals = self._propose()
        self.env["ir.rule"].create(
            {
                "name": "Read-only",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": [("id", "!=", proposals.lead_id.id)],
                "perm_read": False,
            }
        )
        for action in (proposals.action_accept, proposals.action_refuse):
            with self.assertRaises(AccessError):
                action()
        self.assertEqual(set(proposals.mapped("state")), {"pending"})

    def test_only_those_who_see_the_lead_see_its_proposals(self):
        proposals = self._propose()
        own_leads_only = self._new_user(
            "rieng@example.com", "base.group_user,sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            proposals.with_user(own_leads_only).action_accept()
        with self.assertRaises(AccessError):
            proposals.write({"state": "accepted"})

    def test_what_is_proposed_is_not_copied_otherwise(self):
        """Odoo's own form copies phone and e-mail of a lead to the contact."""
        lead = self._propose().lead_id
        self.assertFalse(lead.partner_phone_update or lead.partner_email_update)
        self._get(lead.proposal_ids, "phone").action_refuse()
        lead.invalidate_recordset()
        self.assertFalse(lead.partner_phone_update)
        lead.write({"phone": lead.phone, "email_from": lead.email_from})
        lead.phone = "+84 900 000 202"  # as Odoo's form formats it
        self.assertEqual(self.partner.phone, "0912 345 678")
        self.assertEqual(self.partner.email, "rieng@example.com")

    def test_what_staff_keep_on_the_contact_leaves_the_leads_own(self):
        lead = self._propose().lead_id
        self.partner.write({"phone": "0911 222 333", "email": "moi@example.com"})
        self.assertEqual(lead.phone, "0900 000 202")
        self.assertEqual(lead.email_from, "thao.tran@example.com")

    def test_html_in_a_proposal_is_text(self):
        script = "<script>alert(1)</script>"
        proposals = self._propose(facebook_acc=script)
        self._get(proposals, "facebook_account").action_accept()
        self.assertIn("&lt;script&gt;", self._get_messages()[0].body)

    def test_another_customer_takes_the_portrait_and_ends_the_proposals(self):
        """Staff see that the customer was somebody else."""
        proposals = self._propose()
        lead = proposals.lead_id
        proposals.filtered(lambda p: p.subject == "name").action_refuse()
        right = self.env["res.partner"].create({"name": "Cô Ánh"})
        lead.with_user(self.agent).partner_id = right
        self.assertEqual(lead.portrait_id.partner_id, right)
        self.assertEqual(lead.proposal_ids.mapped("subject"), ["name"])

    def test_another_customer_of_a_lead_that_is_given_away(self):
        group = "sales_team.group_sale_salesman"
        own, second = (self._new_user(name, group) for name in ("mot", "hai"))
        lead = self._propose().lead_id
        lead.user_id = own
        right = self.env["res.partner"].create({"name": "Cô Ánh"})
        vals = {"user_id": second.id, "partner_id": right.id}
        lead.with_user(own).web_save(vals, {"display_name": {}})
        self.assertEqual(lead.sudo().portrait_id.partner_id, right)
        self.assertFalse(lead.sudo().proposal_ids)

    def test_a_phone_that_the_contact_has_meanwhile(self):
        """The two phones change places; with three, none goes."""
        proposal = self._get(self._propose(), "phone")
        self.partner.write({"phone2": "0911 111 111", "phone3": "+84 900 000 202"})
        proposal.action_accept()
        phones = [self.partner.phone, self.partner.phone2, self.partner.phone3]
        self.assertEqual(phones, ["0900 000 202", "0911 111 111", "0912 345 678"])
