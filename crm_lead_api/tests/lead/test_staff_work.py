# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that the work of staff leaves a lead's data whole."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import LeadApiCase
from ..data import PORTRAIT

CALL = "mail.mail_activity_data_call"


@tagged("post_install", "-at_install")
class TestStaffWork(LeadApiCase):
    def _create_partner(self, **values):
        return self.env["res.partner"].create({"name": "Bà Ánh", **values})

    def _set_leads_feature(self):
        group = self.env.ref("crm.group_use_lead")
        self.env.ref("base.group_user").implied_ids = [Command.link(group.id)]

    def test_saving_the_form_leaves_the_contact_as_it_is(self):
        partner = self._create_partner(phone="0912 345 678", email="own@example.com")
        lead = self.create_lead(account_id=partner.id)
        with Form(lead.with_user(self.agent)) as form:
            form.name = "Đã gọi"
        self.assertEqual(
            (partner.phone, partner.email), ("0912 345 678", "own@example.com")
        )
        self.assertEqual(
            (lead.phone, lead.email_from), ("0900 000 202", "thao.tran@example.com")
        )

    def test_no_default_fills_in_fields_of_the_api(self):
        made = self.create_lead()
        context = {
            "default_lead_api_client_id": self.client.id,
            "default_lead_api_sent": made.lead_api_sent,
            "default_lead_api_values": made.lead_api_values,
        }
        leads = self.env["crm.lead"].with_user(self.agent).with_context(**context)
        lead = leads.create({"name": "x"}).sudo()
        self.assertTrue(made.lead_api_sent and made.lead_api_values)
        for name in context:
            with self.subTest(name):
                self.assertFalse(lead[name.removeprefix("default_")])

    def test_overridden_methods_return_what_odoo_returns(self):
        """An outside program that calls one of them over XML-RPC gets no error."""
        manager = self._new_user(
            "manager", "sales_team.group_sale_manager,base.group_partner_manager"
        )
        lead = self.create_lead().with_user(manager)
        portrait, partner = lead.portrait_id, lead.partner_id
        item, call = portrait.item_ids[0], lead.activity_schedule(CALL)
        for method, *arguments in (
            (item.write, {"sequence": 5}),
            (item.write, {"name": "hát"}),
            (call.write, {"date_deadline": "2026-12-01"}),
            (lead.write, {"street": "2 Lê Lợi"}),
            *((portrait.unlink,), (lead.unlink,), (partner.unlink,)),
        ):
            with self.subTest(f"{method.__self__._name}.{method.__name__}"):
                self.assertIs(method(*arguments), True)
        lead = self.create_lead(ticket_id=2)
        partner = self.agent.partner_id
        recipients = lead._notify_thread(
            lead._message_log(body="x"), {"partner_ids": partner.ids}
        )
        self.assertIn(partner.id, [each["id"] for each in recipients])

    def test_overridden_methods_take_what_odoos_take(self):
        """An outside program, or an addon, need not name the parameters."""
        self.create_lead()
        leads = self.env["crm.lead"]
        arguments = ([], ["type"], ["__count"], [("__count", ">", 0)], 0, 1)
        self.assertEqual(
            leads.formatted_read_group(*arguments, "type desc"),
            leads.formatted_read_group(
                *arguments[:3],
                having=arguments[3],
                limit=1,
                order="type desc",
            ),
        )
        partner = self.agent.partner_id
        message = partner._message_log_batch({partner.id: "x"}, "Chủ đề")
        self.assertEqual(message.subject, "Chủ đề")

    def test_phones_in_the_formats_of_odoo(self):
        partner = self._create_partner(
            phone="0912345678", country_id=self.env.ref("base.vn").id
        )
        for style, text in (
            ("E164", "+84912345678"),
            ("INTERNATIONAL", "+84 912 345 678"),
            ("NATIONAL", "0912 345 678"),
        ):
            with self.subTest(style):
                found = partner._phone_format(fname="phone", force_format=style)
                self.assertEqual(found, text)

    def test_phones_in_the_form_of_another_addon(self):
        """Another addon may extend Odoo's method for all models."""
        self.patch(
            self.registry["base"],
            "_phone_format_number",
            lambda *args, **kwargs: "+84000",
        )
        self.assertEqual(self._create_partner(phone="1").phone_sanitized, "+84000")

    def test_price_that_is_typed_in_with_another_price_list(self):
        lead = self.create_lead()
        half = self.pricelist.copy()
        half.item_ids.percent_price = 50
        with Form(lead.with_user(self.agent)) as form:
            form.pricelist_id = half
            with form.service_ids.edit(0) as service:
                service.price_unit = 77
        self.assertEqual(lead.service_ids[0].price_unit, 77)
        # As the web client saves what Odoo has computed for the other service
        other = lead.service_ids[1]
        price = other.price_unit
        lead.with_user(self.agent).write(
            {"service_ids": [Command.update(other.id, {"price_unit": price})]}
        )
        self.assertEqual(lead.service_ids.mapped("is_of_staff"), [True, False])
        self.assertEqual(
            lead.expected_revenue, sum(lead.mapped("service_ids.price_unit"))
        )

    def test_price_that_is_typed_in_while_the_lead_moves(self):
        """Another branch has a price list of its own."""
        lead = self.create_lead()
        other = {"company_id": self.other_company.id}
        half = self.pricelist.copy(other)
        half.item_ids.percent_price = 50
        typed = Command.update(lead.service_ids[0].id, {"price_unit": 77})
        added = self.env["product.product"].create({"name": "Tái khám"})
        lead.write(
            {
                **other,
                "user_id": False,
                "team_id": False,
                "pricelist_id": half.id,
                "service_ids": [
                    typed,
                    Command.create({"product_id": added.id, "price_unit": 5}),
                ],
            }
        )
        self.assertEqual(lead.service_ids.mapped("price_unit"), [77, 150, 5])
        self.assertEqual(lead.expected_revenue, 232)

    def test_price_that_was_typed_in_survives(self):
        lead = self.create_lead()
        line = lead.service_ids[0]
        with Form(lead.with_user(self.agent)) as form:
            with form.service_ids.edit(0) as service:
                service.price_unit = 500
                service.quantity = 2
        self.assertEqual((line.price_unit, line.price_subtotal), (500, 1000))
        self.assertEqual(lead.expected_revenue, 1240)

    def test_another_price_list_gives_other_prices(self):
        lead = self.create_lead()
        half = self.pricelist.copy()
        half.item_ids.percent_price = 50
        lead.with_user(self.agent).pricelist_id = half
        self.assertEqual(lead.service_ids.mapped("price_unit"), [500, 150])
        self.assertEqual(lead.expected_revenue, 650)

    def test_another_currency_gives_other_prices(self):
        """Move leads to a branch with another currency: without a price list, with a
        price that is typed in at once, and with a price list."""
        currencies = dong, dollar = self.env.ref("base.VND"), self.env.ref("base.USD")
        dollar.active = True
        self.other_company.currency_id = dollar
        self.env["res.currency.rate"].create(
            [
                {"name": "2020-01-01", "currency_id": each.id, "rate": rate}
                for each, rate in zip(currencies, (25000, 1), strict=True)
            ]
        )
        self.pricelist.company_id = False
        leads = [self.create_lead(ticket_id=ticket) for ticket in (1, 2, 3, 4)]
        free, typed, listed, given = (lead.service_ids[1] for lead in leads)
        (free | typed | given).lead_id.pricelist_id = False
        seller = self._new_user("seller", "sales_team.group_sale_salesman")
        own = {"company_ids": [Command.set(self.other_company.ids)]}
        seller.write({**own, "company_id": self.other_company.id})
        listed.price_unit = 5
        before = free.price_unit
        given.lead_id.write({"user_id": seller.id, "team_id": False})
        self.assertEqual(given.currency_id, dollar)
        self.assertAlmostEqual(given.price_unit, before / 25000)
        for lead in leads[:3]:
            vals = {"company_id": self.other_company.id, "user_id": False}
            if lead == typed.lead_id:
                vals["service_ids"] = [Command.update(typed.id, {"price_unit": 7})]
            lead.write({**vals, "team_id": False})
        self.assertEqual((free | typed).currency_id, dollar)
        self.assertAlmostEqual(free.price_unit, before / 25000)
        self.assertAlmostEqual(free.price_subtotal, before / 25000)
        self.assertEqual((typed.price_unit, listed.price_unit), (7, 5))
        self.assertEqual(listed.currency_id, dong)
        self.pricelist.company_id = self.company
        copy = listed.lead_id.copy().service_ids
        self.assertEqual((copy.product_id, copy.currency_id), (self.service_2, dollar))
        self.assertAlmostEqual(copy.price_unit, free.price_unit)

    def test_the_currency_of_a_price_list_is_corrected(self):
        dong, dollar = self.env.ref("base.VND"), self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            [
                {"name": "2020-01-01", "currency_id": each.id, "rate": rate}
                for each, rate in ((dong, 25000), (dollar, 1))
            ]
        )
        leads = [self.create_lead(ticket_id=ticket) for ticket in (1, 2)]
        leads[0].action_set_lost()
        typed = leads[1].service_ids[0]
        typed.with_user(self.agent).price_unit = 20_000_000
        self.pricelist.write({"currency_id": dong.id, "name": "Thường"})
        self.assertEqual(typed.price_unit, 20_000_000)
        self.pricelist.currency_id = dollar
        for lead in leads:
            self.assertEqual(lead.service_ids.currency_id, dollar)
            self.assertAlmostEqual(lead.service_ids[0].price_unit, 800 / 25000)

    def test_a_price_list_of_leads_is_not_deleted(self):
        lead = self.create_lead()
        lead.action_set_lost()
        unused = self.pricelist.copy()
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.pricelist.unlink()
        self.pricelist.active = False
        self.assertEqual(lead.pricelist_id, self.pricelist)
        unused.unlink()

    def test_removing_all_services_takes_their_revenue_away(self):
        lead = self.create_lead()
        lead.service_ids.unlink()
        self.assertEqual((lead.service_amount, lead.expected_revenue), (0, 0))

    def test_revenue_that_was_set_to_nothing_stays(self):
        """A revenue of 0 is an amount like any other: a free treatment."""
        lead = self.create_lead()
        lead.expected_revenue = 0
        lead.service_ids[0].quantity = 3
        self.assertEqual(lead.expected_revenue, 0)

    def test_copy_has_the_services_that_its_revenue_is_from(self):
        lead = self.create_lead()
        copy = lead.copy()
        self.assertEqual(copy.service_amount, copy.expected_revenue)
        self.assertFalse(copy.ticket_ref or copy.portrait_id)

    def test_copy_leaves_out_what_only_the_former_branch_has(self):
        """Duplicate leads that were given to a colleague of another branch."""
        leads = [self.create_lead(ticket_id=ticket) for ticket in (1, 2)]
        leads[0].expected_revenue = 7
        leads[0].service_ids[1].price_unit = 77
        colleague = self._new_user("dao", "sales_team.group_sale_salesman")
        colleague.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
            }
        )
        for lead, revenue, price in zip(leads, (7, 240), (77, 240), strict=True):
            lead.user_id = colleague
            copy = lead.with_user(colleague).copy()
            self.assertEqual(copy.company_id, self.other_company)
            self.assertEqual(copy.service_ids.product_id, self.service_2)
            self.assertEqual(copy.service_ids.price_unit, price)
            self.assertEqual(copy.expected_revenue, revenue)
            self.assertFalse(copy.pricelist_id)
            self.assertEqual(len(lead.service_ids), 2)
            self.assertEqual(lead.pricelist_id, self.pricelist)

    def test_merging_contacts_keeps_both_histories(self):
        lead = self.create_lead()
        other = self.create_lead(
            account_id=self._create_partner().id, ticket_id=2, phone_no1="0911 222 333"
        )
        kept, gone = other.partner_id, lead.partner_id
        portraits = lead.portrait_id + other.portrait_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone + kept).ids, kept)
        self.assertFalse(gone.exists())
        self.assertEqual((lead.partner_id, other.partner_id), (kept, kept))
        self.assertEqual(kept.portrait_ids, portraits.sorted("id", True))
        self.assertEqual(kept.portrait_ids[0], other.portrait_id)
        self.assertEqual(other.proposal_ids.partner_id, kept)

    def test_customer_made_of_a_lead_has_all_that_the_lead_has(self):
        self._set_leads_feature()
        values = {
            "phone": "0900 000 202",
            "phone2": "0900 000 203",
            "phone3": "028 3822 0000",
            "gender": "female",
            "birthdate_date": fields.Date.to_date("1992-10-20"),
            "overseas_vietnamese": "no",
            "facebook_account": "thao.tran.demo",
            "zalo_account": "0900000202",
            "street": "12 Lê Lợi",
            "district_id": self.district.id,
            "state_id": self.state.id,
            "country_id": self.country.id,
        }
        lead = self.env["crm.lead"].create(
            {"name": "Tự đến", "contact_name": "Ánh", "type": "lead", **values}
        )
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(
                active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
            )
            .create({"name": "convert", "action": "create"})
        )
        wizard.action_apply()
        self.assertEqual((lead.type, lead.partner_id.name), ("opportunity", "Ánh"))
        for record in (lead, lead.partner_id):
            with self.subTest(record._name):
                self.assertEqual(
                    record._convert_to_write({name: record[name] for name in values}),
                    values,
                )

    def test_choosing_a_contact_brings_its_district(self):
        partner = self._create_partner(
            street="1 Tràng Tiền",
            state_id=self.other_state.id,
            district_id=self.other_district.id,
        )
        lead = self.env["crm.lead"].create({"name": "Tự đến"})
        lead.partner_id = partner
        self.assertEqual(lead.district_id, self.other_district)

    def test_deleting_a_lead_leaves_the_portraits(self):
        first = self.create_lead()
        second = self.create_lead(ticket_id=2, customer_portrait={"hobby": ["bơi"]})
        partner, portraits = first.partner_id, (first + second).portrait_id
        self.env.invalidate_all()
        before = portraits.item_ids.mapped("name")
        (first + second).unlink()
        self.assertEqual(partner.portrait_ids, portraits.sorted("id", True))
        self.assertEqual(portraits.item_ids.mapped("name"), before)

    def test_archived_contact_is_not_matched(self):
        partner = self.create_lead().partner_id
        partner.action_archive()
        lead = self.create_lead(ticket_id=2)
        self.assertNotEqual(lead.partner_id, partner)
        self.assertEqual(lead.match_method, "none")
        self.assertFalse(lead.match_candidate_ids)

    def test_lead_becomes_an_opportunity_with_all_it_has(self):
        self._set_leads_feature()
        lead = self.create_lead()
        self.assertEqual(lead.type, "lead")
        portrait, services = lead.portrait_id, lead.service_ids
        lead.with_user(self.agent).convert_opportunity(lead.partner_id)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual((lead.portrait_id, lead.service_ids), (portrait, services))
        self.assertEqual((lead.phone, lead.ticket_ref), ("0900 000 202", "4711"))

    def test_lead_of_a_team_without_leads_stays_with_that_team(self):
        """The agent's team keeps the lead, even if another team works with leads."""
        self._set_leads_feature()
        self.team.use_leads = False
        self.env["crm.team"].create(
            {"name": "Khác", "company_id": self.company.id, "sequence": 0}
        )
        lead = self.create_lead()
        self.assertEqual((lead.team_id, lead.type), (self.team, "opportunity"))

    def test_portrait_in_the_form_is_all_that_is_known(self):
        first = self.create_lead()
        self.create_lead(customer_portrait={"term_goals": "mới"})
        form = Form(first.with_user(self.agent))
        self.assertIn(f"<del>{PORTRAIT['term_goals']}</del>", form.portrait_card)
        self.assertIn("mới", form.portrait_card)
        self.assertIn(PORTRAIT["hobby"][0], form.portrait_card)

    def test_agent_by_a_login_with_capitals(self):
        agent = self._new_user("Mai.Tran@Example.com", "sales_team.group_sale_salesman")
        agent.email = "mai@example.net"
        for email in (
            "Mai.Tran@Example.com",
            "mai.tran@example.com",
            "MAI@example.net",
        ):
            with self.subTest(email):
                self.assertEqual(self.create_lead(agent_email=email).user_id, agent)

    def test_staff_member_as_a_customer(self):
        """A user's own contact, which only that user and administrators may change,
        can be a customer."""
        partner = self.agent.partner_id
        before = partner.read(["name", "email", "phone", "street"])
        lead = self.create_lead(account_id=partner.id)
        self.assertEqual(lead.partner_id, partner)
        self.assertEqual(partner.read(["name", "email", "phone", "street"]), before)
