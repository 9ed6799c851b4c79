# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that a merged lead has all that its leads had."""

from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext
from odoo.tools.safe_eval import safe_eval

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestMerge(LeadApiCase):
    def _create_partner(self, **values):
        return self.env["res.partner"].create({"name": "Bà Ánh", **values})

    def test_what_one_lead_lacks_comes_from_another(self):
        names = (
            *("gender", "birthdate_date", "overseas_vietnamese", "facebook_account"),
            *("zalo_account", "send_info_facebook", "send_info_zalo", "work_online"),
            *("online_counseling", "shuttle_bus", "agent_email", "creator_id"),
            *("source_group_id", "pricelist_id"),
        )
        full = self.create_lead()
        values = full.read(names, load=None)[0]
        self.assertTrue(all(values.values()), values)
        bare = self.env["crm.lead"].create(
            {"name": "Khách", "company_id": self.company.id}
        )
        merged = self._merge(bare, full)
        self.assertEqual(merged.read(names, load=None)[0], {**values, "id": bare.id})
        self.assertEqual(merged.lead_api_client_id, self.client)

    def test_first_contact_is_the_earliest(self):
        leads = [self.create_lead(), self.create_lead(ticket_id=2)]
        leads += [self.create_lead(ticket_id=3)]
        leads[0].first_contact_date = "2026-03-02 08:00:00"
        leads[1].first_contact_date = "2026-03-01 08:00:00"
        merged = self._merge(*leads)
        self.assertEqual(str(merged.first_contact_date), "2026-03-01 08:00:00")

    def test_merging_leads_keeps_services_portrait_and_tickets(self):
        first = self.create_lead(crm_line_ids=[self.service.id], zalo_acc=None)
        second = self.create_lead(
            ticket_id=4712,
            crm_line_ids=[self.service_2.id],
            customer_portrait={"hobby": ["bơi"]},
        )
        # Staff give the older one the higher probability: its data come first.
        first.probability = 90
        portraits = first.portrait_id + second.portrait_id
        products = (first + second).service_ids.mapped("product_id")
        merged = (first + second).with_user(self.agent).merge_opportunity()
        self.assertEqual(merged, first)
        self.assertEqual(merged.partner_id.portrait_ids, portraits.sorted("id", True))
        self.assertEqual(merged.portrait_id.hobby_ids.mapped("name"), ["bơi"])
        self.assertEqual(set(merged.service_ids.product_id), set(products))
        self.assertEqual(merged.zalo_account, "0900000202")
        self.assertEqual(merged.ticket_ref, "4711, 4712")
        third = self.create_lead(ticket_id=47)
        merged = (merged + third).with_user(self.agent).merge_opportunity()
        self.assertEqual(merged.ticket_ref, "4711, 4712, 47")

    def test_the_dialog_says_which_lead_remains_and_whose_it_is(self):
        first, second = self.create_lead(), self.create_lead(ticket_id=2)
        second.write({"name": "Khách quen", "probability": 90, "user_id": False})
        chosen = self._new_user("chosen", "sales_team.group_sale_salesman", name="Hoa")
        wizards = self.env["crm.merge.opportunity"].with_user(self.agent)
        wizards = wizards.with_context(active_ids=(first + second).ids)
        with Form(wizards) as form:
            self.assertRegex(form.outcome_text, "“Khách quen” of .* with Lê Thu Hương")
            form.user_id = chosen
            self.assertRegex(form.outcome_text, "“Khách quen” of .* with Hoa")
            form.user_id = self.env["res.users"]
            first.user_id = False
        wizard = form.record
        self.assertRegex(wizard.outcome_text, "Khách quen.* without a salesperson")
        wizard.action_merge()
        self.assertEqual((first | second).exists(), second)
        self.assertFalse(second.user_id)
        empty = self.env["crm.merge.opportunity"].create({})
        self.assertFalse(empty.outcome_text)

    def test_merged_lead_is_found_by_each_of_its_tickets(self):
        leads = self.env["crm.lead"]
        for ticket in (471, 4711, 47):
            leads += self.create_lead(ticket_id=ticket)
        merged = leads.with_user(self.agent).merge_opportunity()
        other = self.create_lead(ticket_id=7)
        view = self.env.ref("crm_lead_api.view_crm_case_opportunities_filter")
        node = etree.fromstring(view.arch).find(".//field[@name='ticket_ref']")
        for ticket, found in (
            *((number, merged) for number in ("471", "4711", "47")),
            *(("7", other), ("1", leads.browse()), ("471, 47", leads.browse())),
        ):
            with self.subTest(ticket):
                domain = safe_eval(node.get("filter_domain"), {"self": ticket})
                domain.append(("company_id", "=", self.company.id))
                self.assertEqual(leads.search(domain), found)

    def test_merging_leads_keeps_all_phones(self):
        first = self.create_lead(phone_no2=None, phone_no3=None)
        second = self.create_lead(
            phone_no1="0911 222 333", phone_no2="+84900000202", phone_no3="0911 222 334"
        )
        first.probability = 90
        merged = (first + second).merge_opportunity()
        self.assertEqual(
            [merged.phone, merged.phone2, merged.phone3],
            ["0900 000 202", "0911 222 333", "0911 222 334"],
        )

    def test_merging_leads_keeps_the_district_with_its_address(self):
        first = self.create_lead(district_id=None)
        second = self.create_lead(
            ticket_id=2,
            street="1 Tràng Tiền",
            state_id=self.other_state.id,
            district_id=self.other_district.id,
        )
        first.probability = 90
        merged = (first + second).merge_opportunity()
        self.assertEqual(
            (merged.street, merged.district_id),
            ("12 Lê Lợi", self.env["res.country.district"]),
        )

    def test_merging_leads_keeps_prices_that_were_typed_in(self):
        first, second = self.create_lead(), self.create_lead(ticket_id=2)
        other = self.create_lead(ticket_id=3)
        (first + second + other).service_ids.price_unit = 1
        other.pricelist_id = False
        first.probability = 90
        merged = (first + second + other).merge_opportunity()
        self.assertEqual(
            sorted(merged.service_ids.mapped("price_unit")), [1, 1, 1, 1, 240, 800]
        )
        self.assertEqual(merged.service_amount, 1044)

    def test_prices_that_were_typed_in_beside_the_only_price_list(self):
        bare = self.env["crm.lead"].create({"name": "Khách", "company_id": False})
        full = self.create_lead()
        full.service_ids.price_unit = 1
        merged = self._merge(bare, full)
        self.assertEqual((merged, merged.pricelist_id), (bare, self.pricelist))
        self.assertEqual(merged.service_ids.mapped("price_unit"), [1, 1])
        self.assertFalse("→" in "".join(merged.message_ids.mapped("body")))

    def test_prices_that_were_typed_in_without_any_price_list(self):
        leads = [self.create_lead(), self.create_lead(ticket_id=2)]
        for lead in leads:
            lead.pricelist_id = False
            lead.service_ids.price_unit = 1
        self.env.flush_all()
        own = leads[0].service_ids
        writer = own.write_uid
        merged = self._merge(*leads)
        self.env.flush_all()
        self.assertEqual(merged.service_ids.mapped("price_unit"), [1] * 4)
        self.assertEqual(own.write_uid, writer)

    def test_services_of_a_client_stay_the_clients(self):
        """Also where the price list has other prices by then."""
        leads = [self.create_lead(), self.create_lead(ticket_id=2)]
        self.pricelist.item_ids.percent_price = 50
        services = self._merge(*leads).service_ids
        self.assertEqual(sorted(services.mapped("price_unit")), [240, 240, 800, 800])
        self.assertFalse(any(services.mapped("is_of_staff")))

    def test_a_price_list_of_another_company(self):
        self.agent.company_ids += self.other_company
        values = {"name": "Khách", "user_id": False, "team_id": False}
        for ticket, has_own in ((1, False), (2, True)):
            bare, of_other = self.env["crm.lead"].create(
                [
                    {**values, "company_id": self.company.id},
                    {
                        **values,
                        "company_id": self.other_company.id,
                        "pricelist_id": self.other_pricelist.id,
                        "service_ids": [
                            Command.create({"product_id": self.service_2.id})
                        ],
                    },
                ]
            )
            leads = [self.create_lead(ticket_id=ticket)] if has_own else []
            merged = self._merge(bare, of_other, *leads)
            expected = self.pricelist if has_own else self.pricelist.browse()
            self.assertEqual(
                (merged, merged.company_id, merged.pricelist_id),
                (bare, self.company, expected),
            )

    def test_the_price_list_of_a_former_company(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=2)
        self.agent.company_ids += self.other_company
        colleague = self._new_user("dao", "sales_team.group_sale_salesman")
        colleague.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
            }
        )
        lead.user_id = colleague
        self.assertEqual(
            (lead.company_id, lead.pricelist_id), (self.other_company, self.pricelist)
        )
        merged = self._merge(lead, other)
        self.assertEqual(merged.company_id, self.other_company)
        self.assertFalse(merged.pricelist_id)

    def test_merging_leads_keeps_what_is_to_be_decided(self):
        partner = self._create_partner(phone="0900 000 202", email="own@example.com")
        other = self._create_partner(phone="0900 000 202")
        first = self.create_lead(account_id=partner.id)
        second = self.create_lead(ticket_id=2, email_from="neu@example.com")
        first.probability = 90
        proposals = (first + second).proposal_ids
        merged = (first + second).with_user(self.agent).merge_opportunity()
        self.assertEqual(merged.proposal_ids, proposals)
        self.assertEqual(merged.match_candidate_ids, other)

    def test_the_customer_of_the_merged_lead_has_the_portraits_of_all(self):
        bare = self.env["crm.lead"].create(
            {"name": "Khách", "company_id": self.company.id}
        )
        leads = [
            self.create_lead(
                account_id=self._create_partner(phone=phone).id,
                ticket_id=ticket,
                customer_portrait={"hobby": [hobby]},
            )
            for ticket, phone, hobby in (
                *((1, "0911 222 333", "bơi"), (2, "0911 222 334", "đọc")),
                (3, "0911 222 335", "nhạc"),
            )
        ]
        leads[1].portrait_id = leads[1].portrait_id.copy()
        customer, proposals = leads[0].partner_id, leads[0].proposal_ids
        portraits = self.env["crm.customer.portrait"].union(
            *(lead.portrait_id | lead.former_portrait_ids for lead in leads[:2])
        )
        merged = self._merge(*leads[:2])
        self.assertEqual((merged.partner_id, len(portraits)), (customer, 3))
        self.assertEqual(merged.portrait_id, portraits.sorted("id")[-1:])
        self.assertEqual(portraits.partner_id, customer)
        self.assertEqual(merged.proposal_ids & proposals, proposals)
        self.assertEqual(set(proposals.mapped("state")), {"pending"})
        merged = self._merge(bare, leads[2])
        self.assertEqual(merged, bare)
        self.assertEqual(merged.portrait_id.partner_id, merged.partner_id)

    def _merge(self, *leads):
        leads[0].probability = 90  # Odoo keeps the lead of the highest probability.
        leads = self.env["crm.lead"].union(*leads)
        return leads.with_user(self.agent).merge_opportunity()

    def test_revenue_is_the_sum_of_all_services(self):
        first = self.create_lead(crm_line_ids=[self.service.id])
        second = self.create_lead(ticket_id=2, crm_line_ids=[self.service_2.id])
        merged = self._merge(first, second)
        self.assertEqual(merged.service_amount, 800 + 240)
        self.assertEqual(merged.expected_revenue, 800 + 240)
        merged.service_ids[:1].quantity = 2
        self.assertEqual(merged.expected_revenue, 2 * 800 + 240)

    def test_revenue_that_was_typed_in_stays(self):
        for position in (0, 1):
            with self.subTest(position):
                leads = self.create_lead(), self.create_lead(ticket_id=2)
                leads[position].expected_revenue = 5
                merged = self._merge(*leads)
                self.assertEqual(merged.expected_revenue, 5)
                merged.service_ids[:1].quantity = 2
                self.assertEqual(merged.expected_revenue, 5)
                merged.active = False

    def test_title_counts_all_services(self):
        titles = (
            False,  # as made today
            "Trần Thị Thanh Thảo - Nâng mũi",  # as made before
        )
        for title in titles:
            with self.subTest(title):
                first = self.create_lead(crm_line_ids=[self.service.id])
                first.name = title or first.name
                second = self.create_lead(ticket_id=2, crm_line_ids=[self.service_2.id])
                merged = self._merge(first, second)
                self.assertEqual(merged.name, "Trần Thị Thanh Thảo – Nâng mũi +1")
                merged.active = False

    def test_title_of_staff_stays(self):
        first, second = self.create_lead(), self.create_lead(ticket_id=2)
        first.name = "Khách quen"
        self.assertEqual(self._merge(first, second).name, "Khách quen")

    def test_changed_prices_are_told(self):
        pricelist = self.pricelist.copy({"name": "Cũ"})
        pricelist.item_ids.percent_price = 50
        first = self.create_lead(crm_line_ids=[self.service.id])
        second = self.create_lead(
            ticket_id=2, crm_line_ids=[self.service_2.id], price_list_id=pricelist.id
        )
        body = self._merge(first, second).message_ids[:1].body
        text = html2plaintext(body).replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("Khám: 150 ₫ → 240 ₫", text)
        self.assertNotIn("Nâng mũi", text)

    def test_prices_that_stay_are_not_told(self):
        first, second = self.create_lead(), self.create_lead(ticket_id=2)
        bodies = self._merge(first, second).message_ids.mapped("body")
        self.assertEqual([body for body in bodies if "→" in body], [])

    def test_calls_that_were_made_are_calls_of_the_merged_lead(self):
        leads = [self.create_lead(), self.create_lead(ticket_id=2)]
        call = "mail.mail_activity_data_call"
        made = [lead.activity_schedule(call, user_id=self.env.uid) for lead in leads]
        for each in made:
            each.action_feedback(feedback="Máy bận")
        self.env.flush_all()
        date = "2026-03-01 08:00:00"
        self.env.cr.execute("UPDATE mail_activity SET finished_date = %s", [date])
        self.env.invalidate_all()
        merged = self._merge(*leads)
        merged.activity_schedule(call, user_id=self.agent.id)
        self.env.invalidate_all()
        self.assertIn("call 3", merged.call_reason)
        entries = merged._get_call_entries()
        self.assertEqual([str(entry.date) for entry in entries], [date] * 2)

    def test_proposals_about_the_customer_of_another_lead(self):
        """*Accept All* leaves a change of a contact that is not the lead's customer."""
        one, two = (
            self._create_partner(phone=f"0911 222 33{n}", email=f"{n}@example.com")
            for n in (1, 2)
        )
        leads = [
            self.create_lead(
                account_id=each.id, ticket_id=each.id, email_from="moi@example.com"
            )
            for each in (one, two)
        ]
        merged = self._merge(*leads)
        self.assertEqual(merged.partner_id, one)
        about = merged.pending_proposal_ids.filtered(
            lambda each: each.partner_id == two and each.subject == "email"
        )
        self.assertIn(two.name, about.doubt_text)
        merged.action_accept_proposals()
        self.assertEqual((one.email, two.email), ("moi@example.com", "2@example.com"))
        about.action_accept()
        self.assertEqual(two.email, "moi@example.com")
