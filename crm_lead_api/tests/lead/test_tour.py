# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta
from urllib.parse import quote

from odoo import fields
from odoo.tests import tagged

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP


class StripCase(LeadApiHttpCase):
    def check_strip(self):
        earlier = self.create_lead(contact_name="Bà Ánh")
        lead = self.create_lead(ticket_id=2)
        lead.type = "opportunity"
        lead.activity_ids.planned_date = fields.Datetime.now() - timedelta(minutes=5)
        self.assertEqual(lead.partner_id, earlier.partner_id)
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_strip_tour", login=self.agent.login)


@tagged("post_install", "-at_install")
class TestTour(StripCase):
    def test_an_administrator_does_all_of_it_in_the_interface(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        self.start_tour(
            "/odoo",
            "crm_lead_api_client_tour",
            login=manager.login,
            cookies={"payload": quote(json.dumps(self.payload))},
        )
        made = self.env["crm.lead"].search([("is_lead_api_test", "=", True)])
        self.assertEqual(len(made), 2)
        self.assertEqual(made.create_uid.name, "Chatbot Zalo")
        client = self.env["crm.lead.api.client"].search(
            [("user_id", "=", made.create_uid.id)]
        )
        self.assertEqual(client.token_ids.state, "revoked")
        self.assertEqual(
            sorted(client.request_ids.mapped("state")), ["done", "done", "resent"]
        )

    def test_a_late_answer_changes_no_light(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        self._new_client("web-form")
        self.start_tour(
            "/odoo/action-crm_lead_api.crm_lead_api_client_action",
            "crm_lead_api_late_answer_tour",
            login=manager.login,
            cookies={
                "payload": quote(json.dumps(self.payload)),
                "token": self._new_token(is_test=True),
            },
        )

    def test_the_light_of_the_next_client_turns_green(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        token = self._new_token(self._new_client("web-form"), is_test=True)
        response = self.post(token=self._new_token(is_test=True))
        self.assertJson(response, 200)
        self.start_tour(
            "/odoo/action-crm_lead_api.crm_lead_api_client_action",
            "crm_lead_api_next_client_tour",
            login=manager.login,
            cookies={"payload": quote(json.dumps(self.payload)), "token": token},
        )

    def test_a_salesperson_works_on_from_the_link(self):
        self.client.ticket_url = "https://tickets.example.com/{ticket_id}"
        self.env["res.partner"].create({"name": "Bà Ánh", "phone": "0900000202"})
        lead = self.create_lead(
            contact_name="Lê Thị Ánh", customer_portrait=None, phone_no2=None
        )
        for ticket, hobby in ((4713, "Âm nhạc"), (4714, "bơi")):
            self.create_lead(
                ticket_id=ticket,
                phone_no1=f"09120{ticket}0",
                customer_portrait={"hobby": [hobby]},
            )
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_salesperson_tour", login=self.agent.login)
        self.assertEqual(lead.partner_id.name, "Lê Thị Ánh")
        # It begins with what is known of the customer.
        self.assertEqual(lead.portrait_id.hobby_ids.mapped("name"), ["bơi", "Âm nhạc"])

    def test_the_next_step_comes_first(self):
        self.check_strip()

    def test_a_sales_manager_settles_who_is_the_same_person(self):
        manager = self._new_user(
            "manager-of-tour", "base.group_user,sales_team.group_sale_manager"
        )
        customer, same, mother = self.env["res.partner"].create(
            [
                {"name": "Bà Ánh", "phone": "0900000202", "email": "a@example.com"},
                {"name": "Cô Ánh", "phone2": "0900000202", "email": "b@example.com"},
                {"name": "Mẹ của Ánh", "phone": "0900000203"},
            ]
        )
        lead = self.create_lead()
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}",
            "crm_lead_api_same_person_tour",
            login=manager.login,
        )
        self.assertFalse(same.exists())
        self.assertEqual(lead.partner_id, customer)
        self.assertEqual(customer.different_partner_ids, mother)
        self.assertFalse(self.create_lead(ticket_id=2).is_match_doubtful)
        self.start_tour(
            f"/odoo/contacts/{customer.id}",
            "crm_lead_api_perhaps_same_person_tour",
            login=manager.login,
        )
        self.assertEqual(lead.doubtful_partner_ids, mother)

    def test_a_salesperson_decides_on_proposals(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Bà Ánh",
                "phone": "0912 345 678",
                "phone2": "0912 345 679",
                "phone3": "0912 345 670",
                "email": "rieng@example.com",
                "gender": "male",
            }
        )
        lead = self.create_lead(account_id=partner.id)
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}",
            "crm_lead_api_proposals_tour",
            login=self.agent.login,
        )
        self.assertEqual(
            (partner.email, partner.name, partner.phone, partner.gender),
            ("rieng@example.com", "Trần Thị Thanh Thảo", "0900 000 202", "female"),
        )

    def test_the_first_page_has_all_of_the_customer(self):
        lead = self.create_lead()
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}",
            "crm_lead_api_first_page_tour",
            login=self.agent.login,
        )
        self.assertEqual(lead.street2, "Tầng 2")

    def test_a_colleagues_lead_tells_whom_to_ask(self):
        self.team.user_id = self._new_user(
            "leader", "sales_team.group_sale_manager", name="Trưởng nhóm"
        )
        colleague = self._new_user(
            "own-leads-only", "base.group_user,sales_team.group_sale_salesman"
        )
        lead = self.create_lead()
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        for path in (link, f"/odoo/crm.lead/{lead.id}"):
            with self.subTest(path):
                self.start_tour(
                    path, "crm_lead_api_colleague_tour", login=colleague.login
                )

    def test_districts_are_loaded_by_one_button(self):
        manager = self._new_user("manager-of-tour", "sales_team.group_sale_manager")
        self.start_tour(
            "/odoo/action-crm_lead_api.res_country_district_action",
            "crm_lead_api_districts_tour",
            login=manager.login,
        )
        districts = self.env["res.country.district"].search_count(
            [("country_id", "=", self.country.id)]
        )
        self.assertGreater(districts, 3300)

    def test_intake_dashboard(self):
        self.company.resource_calendar_id = False  # minutes count by night, too
        self.create_lead().first_contact_date = fields.Datetime.now()
        ages = ("40 days", "20 minutes", "200 days")
        leads = [self.create_lead(ticket_id=4720 + n) for n in range(len(ages))]
        leads[1].action_set_lost()
        leads[2].action_set_won()
        self.env.flush_all()
        for lead, age in zip(leads, ages, strict=True):
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = create_date - interval %s "
                "WHERE id = %s",
                [age, lead.id],
            )
        self.create_lead(ticket_id=4713).lead_api_client_id = False  # made by hand
        # Opened otherwise, the report begins with this filter.
        self.env["ir.filters"].create(
            {
                "name": "Đã thắng",
                "model_id": "crm.lead.intake.report",
                "domain": "[('won_status', '=', 'won')]",
                "action_id": self.env.ref(
                    "crm_lead_api.crm_lead_intake_report_action"
                ).id,
                "user_ids": self.agent.ids,
                "is_default": True,
            }
        )
        self.start_tour(
            "/odoo/action-crm_lead_api.crm_lead_intake_dashboard_action",
            "crm_lead_api_intake_tour",
            login=self.agent.login,
        )


@tagged("post_install", "-at_install")
class TestPhoneTour(StripCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_next_step_comes_first(self):
        self.check_strip()
