# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each attribute of the contract: sent, not sent, wrong in all the ways it can be."""

from odoo.tests import tagged

from ...schemas import CustomerPortrait, LeadRequest
from ..common import LeadApiHttpCase
from .attribute_tables import IDS, PORTRAIT_LISTS, REQUIRED, WRONG, WRONG_PORTRAIT


@tagged("post_install", "-at_install")
class TestAttributes(LeadApiHttpCase):
    def test_tables_know_every_attribute(self):
        self.assertEqual(set(WRONG), set(LeadRequest.model_fields))
        self.assertEqual(set(self.payload), set(LeadRequest.model_fields))
        self.assertEqual(set(WRONG_PORTRAIT), set(CustomerPortrait.model_fields))

    def test_sent_is_stored(self):
        lead = self.assertSuccess(self.post())
        expected = {
            "phone": "0900 000 202",
            "phone2": "0900 000 203",
            "phone3": "028 3822 0000",
            "ticket_ref": "4711",
            "agent_email": "huong@example.com",
            "user_id": self.agent,
            "creator_id": self.agent,
            "contact_name": "Trần Thị Thanh Thảo",
            "gender": "female",
            "country_id": self.country,
            "state_id": self.state,
            "district_id": self.district,
            "street": "12 Lê Lợi",
            "company_id": self.company,
            "pricelist_id": self.pricelist,
            "source_group_id": self.source_group,
            "source_id": self.source,
            "campaign_id": self.campaign,
            "email_from": "thao.tran@example.com",
            "facebook_account": "thao.tran.demo",
            "zalo_account": "0900000202",
            "send_info_facebook": "sent",
            "send_info_zalo": "not_response",
            "overseas_vietnamese": "no",
            "work_online": "no",
            "online_counseling": "yes",
            "shuttle_bus": "yes",
        }
        self.assertEqual({name: lead[name] for name in expected}, expected)
        self.assertEqual(str(lead.birthdate_date), "1992-10-20")
        self.assertEqual(lead.service_ids.product_id, self.service + self.service_2)
        on_contact = {
            *("phone", "phone2", "phone3", "gender", "street", "district_id"),
            *("state_id", "country_id", "facebook_account", "zalo_account"),
            *("overseas_vietnamese", "birthdate_date"),
        }
        partner = lead.partner_id
        self.assertEqual(
            {name: partner[name] for name in on_contact},
            {name: lead[name] for name in on_contact},
        )
        self.assertEqual(
            (partner.name, partner.email),
            ("Trần Thị Thanh Thảo", "thao.tran@example.com"),
        )

    def test_numbers_sent_as_text_are_stored_alike(self):
        def as_text(value):
            if isinstance(value, list):
                return [as_text(item) for item in value]
            return str(value) if isinstance(value, int | float) else value

        portrait = {
            name: as_text(value)
            for name, value in self.payload["customer_portrait"].items()
            if name not in PORTRAIT_LISTS
        }
        payload = {name: as_text(value) for name, value in self.payload.items()}
        lead = self.assertSuccess(self.post({**payload, "customer_portrait": portrait}))
        self.assertEqual(lead.state_id, self.state)
        self.assertEqual(lead.service_ids.product_id, self.service + self.service_2)
        self.assertEqual(lead.portrait_id.work_start_time, 7.5)

    def test_not_sent(self):
        for name in LeadRequest.model_fields:
            for variant in ("left out", None, "", "  "):
                payload = {**self.payload, name: variant}
                if variant == "left out":
                    del payload[name]
                with self.subTest(name, variant=variant):
                    if name in REQUIRED:
                        with self.assertNothingMade():
                            self.assertErrors(self.post(payload), [(name, "required")])
                    elif name == "phone_no1":
                        self.assertErrors(self.post(payload), [(name, "required")])
                    else:
                        self.assertSuccess(self.post(payload))

    def test_portrait_not_sent(self):
        for name in CustomerPortrait.model_fields:
            for variant in ("left out", None, "", "  "):
                portrait = {**self.payload["customer_portrait"], name: variant}
                if variant == "left out":
                    del portrait[name]
                with self.subTest(name, variant=variant):
                    response = self.post(
                        {**self.payload, "customer_portrait": portrait}
                    )
                    self.assertSuccess(response)
                    answer = response.json()["data"]["customer_portrait"]
                    empty = [] if name in PORTRAIT_LISTS else None
                    self.assertEqual(answer[name], empty)

    def test_phone_is_not_required_with_an_account(self):
        partner = self.env["res.partner"].create({"name": "Khách"})
        payload = {**self.payload, "account_id": partner.id, "phone_no1": None}
        self.assertEqual(self.assertSuccess(self.post(payload)).partner_id, partner)

    def test_wrong_value(self):
        for name, cases in WRONG.items():
            for value, code in cases:
                with self.subTest(name, value=str(value)[:40]):
                    self._check_wrong(name, {**self.payload, name: value}, code)

    def test_wrong_value_in_portrait(self):
        for name, cases in WRONG_PORTRAIT.items():
            for value, code in cases:
                portrait = {**self.payload["customer_portrait"], name: value}
                with self.subTest(name, value=str(value)[:40]):
                    self._check_wrong(
                        f"customer_portrait.{name}",
                        {**self.payload, "customer_portrait": portrait},
                        code,
                    )

    def _check_wrong(self, path, payload, code):
        codes = code if isinstance(code, dict) else {"": code}
        expected = [
            (f"{path}.{below}" if below else path, code)
            for below, code in codes.items()
        ]
        with self.assertNothingMade():
            self.assertErrors(self.post(payload), expected)

    def test_unknown_record(self):
        for name in IDS:
            with self.subTest(name), self.assertNothingMade():
                payload = {**self.payload, name: 2_000_000_000}
                self.assertErrors(self.post(payload), [(name, "unknown")])
        payload = {**self.payload, "crm_line_ids": [self.service.id, 2_000_000_000]}
        with self.assertNothingMade():
            self.assertErrors(self.post(payload), [("crm_line_ids.1", "unknown")])

    def test_archived_record(self):
        archived = {
            "account_id": self.archived_partner,
            "user_id": self.archived_user,
            "district_id": self.archived_district,
            "price_list_id": self.archived_pricelist,
            "category_source_id": self.archived_group,
            "campaign_id": self.archived_campaign,
        }
        for name, record in archived.items():
            with self.subTest(name), self.assertNothingMade():
                payload = {**self.payload, name: record.id}
                self.assertErrors(self.post(payload), [(name, "archived")])
        payload = {**self.payload, "crm_line_ids": [self.archived_service.id]}
        with self.assertNothingMade():
            self.assertErrors(self.post(payload), [("crm_line_ids.0", "archived")])

    def test_record_of_an_unseen_company_does_not_exist(self):
        unseen = {
            "account_id": self.other_partner,
            "company_id": self.other_company,
            "price_list_id": self.other_pricelist,
        }
        for name, record in unseen.items():
            with self.subTest(name), self.assertNothingMade():
                payload = {**self.payload, name: record.id}
                response = self.post(payload)
                self.assertErrors(response, [(name, "unknown")])
                unknown = self.post({**self.payload, name: 2_000_000_000})
                self.assertEqual(response.json(), unknown.json())
        payload = {**self.payload, "crm_line_ids": [self.other_service.id]}
        with self.assertNothingMade():
            self.assertErrors(self.post(payload), [("crm_line_ids.0", "unknown")])

    def test_records_that_do_not_belong_together(self):
        self.caller.company_ids += self.other_company
        usa = self.env.ref("base.us")
        not_sold = self.env["product.product"].create({"name": "Kho", "sale_ok": False})
        for name, value in (
            ("country_id", usa.id),
            ("state_id", self.other_state.id),
            ("district_id", self.other_district.id),
            ("source_id", self.other_source.id),
            ("category_source_id", self.other_group.id),
            ("price_list_id", self.other_pricelist.id),
            ("account_id", self.other_partner.id),
            ("user_id", self.portal_user.id),
            ("crm_line_ids", [self.service.id, not_sold.id]),
            ("crm_line_ids", [self.service.id, self.other_service.id]),
        ):
            blamed = {
                "country_id": "state_id",
                "state_id": "district_id",
                "category_source_id": "source_id",
                "crm_line_ids": "crm_line_ids.1",
            }.get(name, name)
            with self.subTest(name, value=value), self.assertNothingMade():
                payload = {**self.payload, name: value}
                self.assertErrors(self.post(payload), [(blamed, "mismatch")])

    def test_all_wrong_ones_at_once_in_the_order_of_the_contract(self):
        payload = {
            **self.payload,
            "customer_portrait": {
                "transport": "plane",
                "hobby": "x",
                "desires": "x",
                "term_goals": 1,
            },
            "shuttle_bus": "maybe",
            "crm_line_ids": ["x", 2_000_000_000, self.service.id],
            "state_id": self.env.ref("base.state_us_5").id,
            "gender": "Female",
            "ticket_id": None,
        }
        with self.assertNothingMade():
            body = self.assertErrors(
                self.post(payload),
                [
                    ("ticket_id", "required"),
                    ("gender", "choice"),
                    ("state_id", "mismatch"),
                    ("district_id", "mismatch"),
                    ("crm_line_ids.0", "type"),
                    ("crm_line_ids.1", "unknown"),
                    ("shuttle_bus", "choice"),
                    ("customer_portrait.term_goals", "type"),
                    ("customer_portrait.transport", "choice"),
                    ("customer_portrait.desires", "type"),
                    ("customer_portrait.hobby", "type"),
                ],
            )
        self.assertEqual(body["message"], "11 fields are wrong")
        gender = body["errors"][1]
        self.assertEqual(gender["allowed"], ["male", "female", "other"])
        self.assertEqual(gender["did_you_mean"], "female")
