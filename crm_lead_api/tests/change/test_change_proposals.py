# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test proposals on leads over several changes."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tools import file_path

from ..common import URL
from ..data import NO_PORTRAIT, PORTRAIT
from .common import ChangeCase


class TestChangeProposals(ChangeCase):
    def test_a_phone_of_staff_that_moved_stays_of_staff(self):
        self.write_as_staff(phone="0911 222 333", phone2=False)
        self.change({"phone_no1": "0911 444 555"})
        self.env.invalidate_all()
        proposal = self.lead.pending_proposal_ids.filtered(lambda p: not p.partner_id)
        proposal.with_user(self.agent).action_accept()
        self.env.flush_all()
        self.assertEqual(self.lead.phone, "0911 444 555")
        self.assertEqual(self.lead.phone2, "0911 222 333")
        data = self.change({"phone_no2": "0911 666 777"}).json()["data"]
        on_lead = [each["field"] for each in data["proposed"] if each["on"] == "lead"]
        self.assertEqual(on_lead, ["phone_no2"])
        self.env.invalidate_all()
        self.assertEqual(self.lead.phone2, "0911 222 333")

    def test_what_odoo_copied_from_the_contact_is_of_nobody(self):
        """Also on leads of earlier versions, which do not know the copied values."""
        for ticket in (5, 6):
            payload = {**self.payload, "ticket_id": ticket, "email_from": None}
            lead = self.assertSuccess(self.post(payload))
            self.assertEqual(lead.email_from, self.lead.partner_id.email)
            if ticket == 6:
                values = lead.lead_api_values.items()
                lead.lead_api_values = {k: v for k, v in values if k != "copied"}
                self.env.flush_all()
            self.change({"email_from": "moi@example.com"}, f"{URL}/{lead.id}")
            self.env.invalidate_all()
            self.assertEqual(lead.email_from, "moi@example.com")

    def test_an_email_of_staff_stays_where_the_client_sent_none(self):
        """Odoo writes it to the contact as well."""
        payload = {**self.payload, "ticket_id": 5, "email_from": None}
        payload |= {"phone_no1": "0911 222 333", "phone_no2": None, "phone_no3": None}
        lead = self.assertSuccess(self.post(payload))
        self.write_as_staff(lead, email_from="rieng@example.com")
        self.assertEqual(lead.partner_id.email, "rieng@example.com")
        data = self.assertChanged(self.change(payload, URL, "PUT"))
        self.assertIsNone(data["email_from"])
        payload["email_from"] = "moi@example.com"
        self.assertChanged(
            self.change(payload, URL, "PUT"),
            [
                (on, "email_from", None, "moi@example.com")
                for on in ("lead", "customer")
            ],
        )
        self.assertEqual(lead.email_from, "rieng@example.com")
        payload["email_from"] = None  # the client takes it back
        self.assertChanged(self.change(payload, URL, "PUT"))
        self.assertFalse(lead.pending_proposal_ids)
        self.assertEqual(lead.email_from, "rieng@example.com")

    def test_a_phone_that_is_taken_away_is_gone(self):
        self.write_as_staff(phone2="0911 222 333", phone3=False)
        self.change({"phone_no2": None})
        self.env.invalidate_all()
        self.lead.pending_proposal_ids.with_user(self.agent).action_accept()
        self.assertEqual((self.lead.phone2, self.lead.phone3), (False, False))

    def test_what_differs_from_the_contact_is_shown_to_who_looks_customers_up(self):
        self.client.looks_up_customers = True
        name = self.payload["contact_name"]
        contact = {"name": name, "email": "rieng@example.com", "gender": "male"}
        partner = self.env["res.partner"].create(contact)
        payload = {**self.payload, "account_id": partner.id, "ticket_id": 5}
        lead = self.assertSuccess(self.post(payload))
        expected = [
            ("customer", "gender", "male", "female"),
            ("customer", "email_from", "rieng@example.com", payload["email_from"]),
        ]
        change = {name: payload[name] for name in ("email_from", "gender")}
        for method, url, sent in (
            ("PATCH", f"{URL}/{lead.id}", change),
            ("PUT", URL, payload),
        ):
            for suffix in ("?dry_run=1", ""):
                with self.subTest(method, suffix=suffix):
                    answer = self.change(sent, f"{url}{suffix}", method)
                    self.assertChanged(answer, expected)

    def test_only_the_parts_of_an_address_that_differ_are_listed(self):
        self.client.looks_up_customers = True
        self.lead.partner_id.write({"street": "12 lê lợi", "district_id": False})
        expected = [("customer", "district_id", None, self.district.id)]
        self.lead.partner_id.street2 = "Tầng 2"  # the address is not completed
        names = ("street", "district_id", "state_id", "country_id")
        change = {name: self.payload[name] for name in names}
        self.assertChanged(self.change(change), expected)
        self.assertChanged(self.change(self.payload, URL, "PUT"), expected)

    def test_a_proposed_salesperson_goes_with_the_present_one(self):
        group = "sales_team.group_sale_salesman_all_leads"
        second, third = (
            self._new_user(f"{name}@example.com", group) for name in ("hai", "ba")
        )
        self.write_as_staff(user_id=third.id)
        data = self.change({"agent_email": second.login}).json()["data"]
        self.assertEqual(
            data["proposed"],
            [
                {
                    "on": "lead",
                    "field": "agent_email",
                    "present": third.email,
                    "sent": second.login,
                }
            ],
        )
        self.assertChanged(self.change({"agent_email": third.login}))
        self.assertFalse(self.lead.pending_proposal_ids)

    def test_what_follows_from_a_proposal_is_tracked_by_odoo(self):
        group = "sales_team.group_sale_salesman_all_leads"
        second = self._new_user("hai@example.com", group)
        team = self.team.copy({"name": "Đội 2", "member_ids": [second.id]})
        self.write_as_staff(user_id=False)
        self.change({"agent_email": second.login})
        self.env.invalidate_all()
        self.env.cr.flush()
        before = self.lead.message_ids
        self.lead.pending_proposal_ids.with_user(self.agent).action_accept()
        self.env.cr.flush()
        self.assertEqual((self.lead.user_id, self.lead.team_id), (second, team))
        tracked = (self.lead.message_ids - before).tracking_value_ids
        self.assertEqual(set(tracked.field_id.mapped("name")), {"user_id", "team_id"})

    def test_the_lead_goes_to_a_proposed_salesperson_last(self):
        group = "sales_team.group_sale_salesman"
        own, second = (
            self._new_user(f"{name}@example.com", group) for name in ("mot", "hai")
        )
        self.write_as_staff(
            user_id=own.id, service_ids=[Command.clear()], phone2=False, phone3=False
        )
        change = {"agent_email": second.login, "crm_line_ids": [self.service.id]}
        self.assertJson(self.change({**change, "phone_no2": "12ab"}), 200)
        self.env.invalidate_all()
        notice = self.lead.with_user(own).action_accept_proposals()
        self.assertIn("Second Phone", notice["params"]["message"])
        self.assertEqual(self.lead.user_id, second)
        self.assertEqual(self.lead.service_ids.product_id, self.service)

    # ------------------------------------------------------------ portrait

    def correct(self, **values):
        """Correct the portrait of the lead, as staff do."""
        self.lead.portrait_id.with_user(self.agent).write(values)
        self.env.flush_all()

    def put(self, **portrait):
        payload = {**self.payload, "customer_portrait": {**PORTRAIT, **portrait}}
        return self.change(payload, URL, "PUT")

    def test_a_portrait_is_accepted_by_who_sees_own_leads_alone(self):
        self.correct(term_goals="Cưới")
        self.put(term_goals="Tự tin hơn")
        own = self._new_user("own", "sales_team.group_sale_salesman")
        self.lead.user_id = own
        self.env.flush_all()
        self.env.invalidate_all()
        self.lead.with_user(own).pending_proposal_ids.action_accept()
        self.assertEqual(self.lead.portrait_id.term_goals, "Tự tin hơn")
        self.assertFalse(self.lead.portrait_id.is_shared)

    def test_an_unchanged_portrait_leaves_what_staff_corrected(self):
        hobby = self.lead.portrait_id.hobby_ids[0]
        self.correct(term_goals="Cưới", hobby_ids=[Command.delete(hobby.id)])
        before = self.lead.portrait_id
        for answer in (self.put(), self.put(transport="scooter"), self.put()):
            data = self.assertChanged(answer)
            self.assertEqual(data["customer_portrait"]["term_goals"], "Cưới")
            self.assertEqual(data["customer_portrait"]["hobby"], PORTRAIT["hobby"][1:])
        self.assertEqual(self.lead.portrait_id, before)
        # What staff have not corrected changes, in a new portrait.
        data = self.assertChanged(self.put(transport="bus"))["customer_portrait"]
        self.assertEqual((data["transport"], data["term_goals"]), ("bus", "Cưới"))
        self.assertNotEqual(self.lead.portrait_id, before)
        self.assertChanged(self.put(transport="bus"))

    def test_what_the_client_says_anew_of_a_corrected_portrait_is_proposed(self):
        self.correct(term_goals="Cưới", work_start_time=False)
        new = {"term_goals": "Đi làm", "work_start_time": 0}
        expected = [
            (
                *("lead", "customer_portrait"),
                {"term_goals": "Cưới", "work_start_time": None},
                {"term_goals": "Đi làm", "work_start_time": 0},
            )
        ]
        change = {"customer_portrait": new}
        self.assertChanged(self.change(change, f"{self.url}?dry_run=1"), expected)
        for answer in (self.put(**new), self.put(**new)):
            data = self.assertChanged(answer, expected)["customer_portrait"]
            self.assertEqual(data["term_goals"], "Cưới")
        # Another part of the portrait changes meanwhile.
        self.assertChanged(self.change({"customer_portrait": {"transport": "bus"}}))
        proposal = self.lead.pending_proposal_ids
        self.assertEqual(proposal.subject_text, "Customer Portrait (lead)")
        self.assertEqual(proposal.old_text, "Goals: Cưới; Work Starts: –")
        self.assertEqual(proposal.new_text, "Goals: Đi làm; Work Starts: 00:00")
        proposal.with_user(self.agent).action_accept()
        self.env.flush_all()
        portrait = self.lead.portrait_id
        self.assertEqual(portrait.partner_id, self.lead.partner_id)
        self.assertEqual((portrait.term_goals, portrait.transport), ("Đi làm", "bus"))
        self.assertIs(type(portrait.work_start_time), float, "midnight")
        self.assertEqual(portrait.hobby_ids.mapped("name"), PORTRAIT["hobby"])
        # The part is the client's again.
        data = self.assertChanged(self.put(**new, transport="bus"))
        data = self.assertChanged(self.put(transport="bus"))["customer_portrait"]
        self.assertEqual(data, {**PORTRAIT, "transport": "bus"})

    def test_what_staff_refuse_of_a_portrait_is_not_proposed_again(self):
        self.correct(term_goals="Cưới")
        self.put(term_goals="Đi làm")
        self.env.invalidate_all()
        self.lead.pending_proposal_ids.with_user(self.agent).action_refuse()
        self.correct(term_goals="Cưới năm sau")
        data = self.assertChanged(self.put(term_goals="Đi làm"))
        self.assertEqual(data["customer_portrait"]["term_goals"], "Cưới năm sau")

    def test_a_corrected_portrait_is_not_dropped(self):
        self.correct(term_goals="Cưới")
        present = {**PORTRAIT, "term_goals": "Cưới"}
        data = self.assertChanged(
            self.change({"customer_portrait": None}),
            [("lead", "customer_portrait", present, None)],
        )
        self.assertEqual(data["customer_portrait"], present)

    def test_the_update_keeps_what_clients_have_said(self):
        said = self.lead.lead_api_values
        corrected = self.assertSuccess(self.post({**self.payload, "ticket_id": 5}))
        corrected.portrait_id.hobby_ids[0].with_user(self.agent).name = "hát"
        leads = self.lead | corrected
        for lead in leads:
            values = {**said, "portrait_id": lead.portrait_id.id}
            del values["customer_portrait"]
            lead.lead_api_values = values
        self.env.flush_all()
        path = "crm_lead_api/migrations/19.0.8.1.0/pre-migrate.py"
        load_script(file_path(path), "pre_migrate").migrate(self.cr, "19.0.8.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.lead.lead_api_values, said)
        self.assertNotIn("customer_portrait", corrected.lead_api_values)

    def test_a_portrait_of_staff_stays(self):
        """Staff have chosen another one."""
        portraits = self.env["crm.customer.portrait"].with_user(self.agent)
        portrait = portraits.create(
            {"partner_id": self.lead.partner_id.id, "revenue_source": "Bán hàng"}
        )
        self.write_as_staff(portrait_id=portrait.id)
        self.assertChanged(self.put())
        self.assertChanged(
            self.put(revenue_source="Thừa kế"),
            [
                (
                    *("lead", "customer_portrait"),
                    {"revenue_source": "Bán hàng"},
                    {"revenue_source": "Thừa kế"},
                )
            ],
        )
        self.assertEqual(self.lead.portrait_id, portrait)

    def test_a_lead_without_a_customer(self):
        """The rest is written; a portrait is proposed until staff choose a customer."""
        partner = self.lead.partner_id
        self.write_as_staff(partner_id=False)
        change = {"customer_portrait": {"transport": "bus"}, "street": "9"}
        present, sent = ({"transport": each} for each in ("scooter", "bus"))
        expected = [("lead", "customer_portrait", present, sent)]
        for _each in range(2):
            self.assertChanged(self.change(change), expected)
        self.assertEqual(self.lead.street, "9")
        proposal = self.lead.pending_proposal_ids.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "First choose the customer"):
            proposal.action_accept()
        self.write_as_staff(partner_id=partner.id)
        proposal.action_accept()
        self.assertEqual(self.lead.portrait_id.transport, "bus")

    def test_a_portrait_of_staff_is_shown_to_the_client_that_sent_one(self):
        portraits = self.env["crm.customer.portrait"].with_user(self.agent)
        portrait = portraits.create(
            {"partner_id": self.lead.partner_id.id, "revenue_source": "Bán hàng"}
        )
        self.write_as_staff(portrait_id=portrait.id)
        present = {**NO_PORTRAIT, "revenue_source": "Bán hàng"}
        self.assertChanged(
            self.change({"customer_portrait": None}),
            [("lead", "customer_portrait", present, None)],
        )

    def test_a_portrait_that_the_client_did_not_send_is_not_shown(self):
        payload = {**self.payload, "ticket_id": 5, "customer_portrait": None}
        lead = self.assertSuccess(self.post(payload))
        portraits = self.env["crm.customer.portrait"].with_user(self.agent)
        portrait = portraits.create(
            {"partner_id": lead.partner_id.id, "revenue_source": "Bí mật"}
        )
        self.write_as_staff(lead, portrait_id=portrait.id)
        url = f"{self.url.rpartition('/')[0]}/{lead.id}"
        response = self.change({"customer_portrait": None}, url=url)
        [proposed] = response.json()["data"]["proposed"]
        self.assertEqual(proposed["field"], "customer_portrait")
        self.assertIsNone(proposed["present"])
        self.assertNotIn("Bí mật", response.text)

    def test_a_lead_without_a_customer_that_staff_corrected(self):
        self.write_as_staff(partner_id=False, phone="0911 222 333", gender="male")
        change = {"phone_no1": "0922 222 222", "gender": "other"}
        for _each in range(2):
            data = self.assertJson(self.change(change), 200)["data"]
            found = {(each["on"], each["field"]) for each in data["proposed"]}
            self.assertEqual(found, {("lead", "phone_no1"), ("lead", "gender")})
        self.env.invalidate_all()
        subjects = self.lead.pending_proposal_ids.mapped("subject")
        self.assertEqual({*subjects}, {"phone", "gender"})

    def test_portraits_that_merged_leads_propose(self):
        other = self.assertSuccess(self.post({**self.payload, "ticket_id": 5}))
        leads = self.lead | other
        for lead, goals in zip(leads, ("Đi làm", "Đi học"), strict=True):
            lead.portrait_id.with_user(self.agent).term_goals = "Cưới"
            self.env.flush_all()
            change = {"customer_portrait": {"term_goals": goals}}
            self.assertJson(self.change(change, f"{URL}/{lead.id}"), 200)
        self.env.invalidate_all()
        kept = leads.with_user(self.agent).merge_opportunity()
        self.env.flush_all()
        self.assertEqual(len(kept.pending_proposal_ids), 2)
        change = {"customer_portrait": {"term_goals": "Du lịch"}}
        self.assertJson(self.change(change, f"{URL}/{kept.id}"), 200)

    def test_an_agent_whom_staff_corrected_is_proposed(self):
        self.write_as_staff(agent_email="dung@example.com")
        self.assertChanged(
            self.change({"agent_email": "ai@example.com"}),
            [("lead", "agent_email", "dung@example.com", "ai@example.com")],
        )
