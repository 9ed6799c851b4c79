# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestMapping(ConnectionHttpCase):
    """A message becomes the same lead as a client's request."""

    def test_only_what_is_needed(self):
        """Without agent, creator, price list, country and services the lead is as Odoo
        makes one."""
        self.client.plans_call = True
        lead = self.make_lead().lead_id
        self.assertEqual(lead.name, "Trần Thị Thanh Thảo")
        self.assertEqual(lead.company_id, self.company)
        self.assertTrue(lead.team_id)
        self.assertTrue(lead.stage_id)
        for name in (
            "user_id",
            "creator_id",
            "service_ids",
            "ticket_ref",
            "agent_email",
        ):
            self.assertFalse(lead[name], name)
        self.assertEqual(lead.lead_api_client_id, self.client)
        self.assertFalse(lead.activity_ids)  # nobody could call yet
        lead.user_id = self.agent
        lead.service_ids = [(0, 0, {"product_id": self.service.id})]
        self.assertEqual(lead.service_ids.price_unit, self.service.list_price)

    def test_each_attribute(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        places = {
            "gender": "answers.GENDER",
            "birth_date": "answers.BIRTHDAY",
            "country_id": "answers.COUNTRY",
            "state_id": "answers.STATE",
            "crm_line_ids": "answers.SERVICES",
            "email_from": "answers.EMAIL",
            "online_counseling": "answers.ONLINE",
            "customer_portrait.hobby": "answers.HOBBY",
            "customer_portrait.transport": "answers.TRANSPORT",
            "customer_portrait.work_start_time": "answers.START",
            "gclid": "gcl_id",
            "ad_form": "to_string(form_id)",
        }
        for attribute, place in places.items():
            self.map(attribute, place)
        self.map("agent_email", value=self.agent.login)
        self.map("user_id", res_id=self.agent.id)
        self.map("price_list_id", res_id=self.pricelist.id)
        self.map("source_id", res_id=self.source.id)
        answers = {
            "GENDER": "Nữ",
            "BIRTHDAY": "20/05/1990",
            "COUNTRY": "VN",
            "STATE": "VN-SG",
            "SERVICES": "Nâng mũi, Khám",
            "ONLINE": "Có",
            "HOBBY": "xem phim",
            "TRANSPORT": "Xe máy",
            "START": "7h30",
        }
        transports = self.env["crm.customer.portrait"]._fields["transport"]
        vietnamese = self.env(context={"lang": "vi_VN"})
        answers["TRANSPORT"] = dict(transports._description_selection(vietnamese))[
            "scooter"
        ]
        genders = self.env["crm.lead"]._fields["gender"]
        answers["GENDER"] = dict(genders._description_selection(vietnamese))["female"]
        lead = self.make_lead(answers=answers).lead_id
        self.assertEqual(lead.gender, "female")
        self.assertEqual(str(lead.birthdate_date), "1990-05-20")
        self.assertEqual((lead.country_id, lead.state_id), (self.country, self.state))
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)
        self.assertEqual(lead.online_counseling, "yes")
        self.assertEqual(lead.portrait_id.item_ids.mapped("name"), ["xem phim"])
        self.assertEqual(lead.portrait_id.transport, "scooter")
        self.assertEqual(lead.portrait_id.work_start_time, 7.5)
        self.assertEqual((lead.gclid, lead.ad_form), ("click-1", "40000000000"))
        self.assertEqual((lead.user_id, lead.creator_id), (self.agent, self.agent))
        self.assertEqual(lead.pricelist_id, self.pricelist)
        self.assertEqual(lead.source_id, self.source)
        self.assertFalse(lead.other_answers)
        data = self.get_lead(lead)
        self.assertEqual((data["gclid"], data["other_answers"]), ("click-1", None))

    def get_lead(self, lead):
        headers = {"Authorization": f"Bearer {self.token}"}
        response = self.url_open(f"/api/v1/lead/{lead.id}", headers=headers)
        return self.assertJson(response, 200)["data"]

    def test_other_answers_are_read(self):
        lead = self.make_lead(answers={"when_do_you_come": "Thứ bảy"}).lead_id
        answers = {"EMAIL": "thao.tran@example.com", "when_do_you_come": "Thứ bảy"}
        self.assertEqual(self.get_lead(lead)["other_answers"], answers)

    def test_the_only_company(self):
        self.client.company_id = False
        self.assertEqual(self.make_lead().lead_id.company_id, self.company)
        self.client.user_id.company_ids += self.other_company
        self.fill_in("2")
        self.make_leads()
        self.assertEqual(self.find("2").state, "refused")
        self.assertIn("company_id", self.find("2").problems)

    def test_an_email_alone(self):
        self.map("email_from", "answers.EMAIL")
        lead = self.make_lead(answers={"PHONE_NUMBER": ""}).lead_id
        self.assertEqual(lead.email_from, "thao.tran@example.com")
        self.fill_in("2", answers={"PHONE_NUMBER": "", "EMAIL": "x"})
        self.make_leads()
        self.assertIn("email_from", self.find("2").problems)

    def test_wrong_values(self):
        """Make a lead without a wrong value, unless the connection requires it."""
        self.map("birth_date", "answers.BIRTHDAY")
        self.map("gender", "answers.GENDER")
        self.map("customer_portrait.transport", "answers.TRANSPORT")
        wrong = {"BIRTHDAY": "xx", "GENDER": "yy", "TRANSPORT": "zz"}
        lead = self.make_lead(answers=wrong).lead_id
        self.assertEqual(lead.other_answers, wrong | {"EMAIL": "thao.tran@example.com"})
        self.assertEqual(self.connection.question_ids.mapped("name"), ["EMAIL"])
        self.connection.field_ids.is_required = True
        self.fill_in("2", answers=wrong)
        self.make_leads()
        problems = self.find("2").problems
        for name in ("birth_date", "gender", "customer_portrait.transport"):
            self.assertIn(name, problems)

    def test_required_parts(self):
        self.map("customer_portrait.hobby", "answers.HOBBY", is_required=True)
        self.fill_in()
        self.make_leads()
        self.assertIn("customer_portrait.hobby", self.find().problems)
        self.make_lead("2", answers={"HOBBY": "xem phim"})

    def test_custom_attributes(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "referred")
        attributes = self.env["crm.lead.api.attribute"]
        attributes.create(
            {"client_id": self.client.id, "field_id": field.id, "name": "referrer"}
        )
        self.map("referrer", "answers.REFERRER")
        lead = self.make_lead(answers={"REFERRER": "Chị Hoa"}).lead_id
        self.assertEqual(lead.referred, "Chị Hoa")
        attributes.search([]).unlink()
        lead = self.make_lead("2", answers={"REFERRER": "Chị Hoa"}).lead_id
        self.assertFalse(lead.referred)
        with self.assertRaises(ValidationError):
            self.connection.field_ids[-1:].attribute = "referrer"
            self.connection.field_ids._check_attribute()

    def test_a_required_attribute_that_was_renamed(self):
        """Make leads without it: no message can have it any more."""
        field = self.env["ir.model.fields"]._get("crm.lead", "referred")
        attribute = self.env["crm.lead.api.attribute"].create(
            {"client_id": self.client.id, "field_id": field.id, "name": "referrer"}
        )
        self.map("referrer", "answers.REFERRER", is_required=True)
        self.make_lead(answers={"REFERRER": "Chị Hoa"})
        attribute.name = "introduced_by"
        self.make_lead("2", answers={"REFERRER": "Chị Hoa"})

    def test_fixed_values_are_defaults(self):
        self.map("street", "answers.STREET", value="Không rõ")
        self.assertEqual(self.make_lead().lead_id.street, "Không rõ")
        lead = self.make_lead("2", answers={"STREET": "12 Lê Lợi"}).lead_id
        self.assertEqual(lead.street, "12 Lê Lợi")

    def test_a_test(self):
        """A test of the platform changes no figure."""
        self.map("campaign_id", "answers.CAMPAIGN")
        self.connection.makes_campaigns = True
        leads = self.env["crm.lead"]
        before = leads.search_count([])
        campaigns = self.env["utm.campaign"].search_count([])
        for number, values in enumerate(
            (
                {"is_test": True},
                {"answers": {"WHEN": "<test lead: dummy data for WHEN>"}},
            )
        ):
            values = {"answers": {}, **values}
            values["answers"]["CAMPAIGN"] = "Thử"
            message = self.make_lead(str(number), **values)
            self.assertTrue(message.is_test)
            self.assertTrue(message.lead_id.is_lead_api_test)
        self.assertEqual(leads.search_count([]), before)
        self.assertEqual(self.env["utm.campaign"].search_count([]), campaigns)
        self.assertEqual(set(self.connection.question_ids.mapped("count")), {0})
        live = self.make_lead("live")
        messages = self.connection.message_record_ids
        messages.date = fields.Datetime.now() - timedelta(days=1000)
        self.env["crm.lead.api.request"]._gc_tests()
        self.assertEqual(messages.exists(), live)

    def test_campaigns(self):
        self.map("campaign_id", "answers.CAMPAIGN")
        answers = {"CAMPAIGN": "Tháng 11"}
        lead = self.make_lead("1", answers=answers).lead_id
        self.assertFalse(lead.campaign_id)
        self.connection.makes_campaigns = True
        leads = [self.make_lead(n, answers=answers).lead_id for n in ("2", "3")]
        [campaign] = {lead.campaign_id for lead in leads}
        self.assertEqual(campaign.title, "Tháng 11")
        self.connection.makes_campaigns = False


@tagged("post_install", "-at_install")
class TestMoments(ConnectionHttpCase):
    """A form says when the customer comes, on the customer's clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        field = cls.env["ir.model.fields"].create(
            {
                "name": "x_visit",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "field_description": "Visit",
                "ttype": "datetime",
            }
        )
        cls.env["crm.lead.api.attribute"].create(
            {"client_id": cls.client.id, "field_id": field.id, "name": "visit"}
        )

    def test_a_time_without_a_zone(self):
        self.map("visit", "answers.VISIT")
        calendar = self.env["resource.calendar"].create({"name": "x", "tz": "UTC"})
        self.company.resource_calendar_id = calendar
        self.client.owner_id.tz = "Asia/Ho_Chi_Minh"
        for zone, text, expected in (
            ("Asia/Tokyo", "05/12/2026 14:30", "2026-12-05 05:30:00"),
            ("Asia/Tokyo", "2026-12-05T14:30:00Z", "2026-12-05 14:30:00"),
            (False, "05/12/2026 14:30", "2026-12-05 07:30:00"),
            (False, "31/12/9999 23:30", "False"),
        ):
            with self.subTest(zone=zone, text=text):
                calendar.tz = zone or "UTC"
                self.company.resource_calendar_id = zone and calendar
                message = self.make_lead(f"{zone} {text}", answers={"VISIT": text})
                self.assertEqual(str(message.lead_id.x_visit), expected)
