# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Codes and names instead of ids: Odoo's, and those of the client's own system."""

import unicodedata
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestCodes(LeadApiHttpCase):
    def _map(self, attribute, code, record):
        return self.env["crm.lead.api.code"].create(
            {
                "client_id": self.client.id,
                "attribute": attribute,
                "code": code,
                "res_id": record.id,
            }
        )

    def test_names_and_codes_with_accents_apart(self):
        """A letter with its accents is the same in one character and in several."""
        self.client.takes_codes = self.client.takes_own_codes = True
        code, apart = "Trả góp", unicodedata.normalize("NFD", "Trả góp")
        self.assertNotEqual(code, apart)
        campaign = unicodedata.normalize("NFD", "Tháng làm đẹp")
        for mapped, sent in ((code, apart), (apart, apart), (code, code)):
            with self.subTest(ascii(mapped), sent=ascii(sent)):
                known = self._map("price_list_id", mapped, self.pricelist)
                payload = {"campaign_id": campaign, "price_list_id": sent}
                response = self.post({**self.payload, **payload})
                lead = self.assertSuccess(response)
                self.assertEqual(lead.campaign_id, self.campaign)
                self.assertEqual(lead.pricelist_id, self.pricelist)
                known.unlink()

    def test_codes_and_names_of_odoo(self):
        self.client.takes_codes = True
        self.service.default_code = "NM-01"
        self.service_2.barcode = "8930001"
        self.district.code = "26740"
        self.env["res.lang"]._activate_lang("vi_VN")
        self.country.with_context(lang="vi_VN").name = "Việt Nam"
        known = self.env["res.partner"].create({"name": "Ánh", "ref": "KH-7"})
        right = {
            "account_id": (known, ["KH-7", "kh-7", known.id, str(known.id)]),
            "user_id": (self.agent, [self.agent.login, "Lê Thu Hương"]),
            "country_id": (self.country, ["VN", " vn ", "Vietnam", "VIỆT NAM"]),
            "state_id": (self.state, [self.state.code, self.state.name]),
            "district_id": (self.district, ["26740", "phường bến thành"]),
            "company_id": (self.company, [self.company.name, self.company.id]),
            "price_list_id": (self.pricelist, ["Khuyến mãi"]),
            "category_source_id": (self.source_group, ["mạng xã hội"]),
            "source_id": (self.source, ["Facebook Hoa Mai"]),
            "campaign_id": (self.campaign, ["Tháng làm đẹp"]),
        }
        for attribute, (record, values) in right.items():
            for value in values:
                with self.subTest(attribute, value=value):
                    response = self.post({**self.payload, attribute: value})
                    lead = self.assertSuccess(response)
                    data = self.post(
                        url=f"/api/v1/lead/{lead.id}", method="GET"
                    ).json()["data"]
                    self.assertEqual(data[attribute], record.id)
        services = ["nm-01", "8930001", "Khám", self.service_2.id]
        lead = self.assertSuccess(self.post({**self.payload, "crm_line_ids": services}))
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)
        self.assertEqual(lead.service_ids.mapped("quantity"), [1, 3])

    def test_wrong_codes(self):
        self.client.takes_codes = True
        for attribute, value, code in (
            ("state_id", "Atlantis", "unknown"),
            ("state_id", "%", "unknown"),
            ("state_id", "Thành phố", "unknown"),
            ("state_id", "Minh", "unknown"),
            ("state_id", "_____", "unknown"),
            ("state_id", "\x00", "type"),
            ("state_id", "x" * 300, "type"),
            ("state_id", 1.5, "type"),
            ("state_id", True, "type"),
            ("state_id", "0", "range"),
            ("company_id", "Phòng khám Hoa Đào", "unknown"),
            ("price_list_id", "Cũ", "unknown"),
            ("account_id", "Khách cũ", "unknown"),
            ("user_id", "portal-user", "unknown"),
        ):
            with self.subTest(attribute, value=value), self.assertNothingMade():
                response = self.post({**self.payload, attribute: value})
                errors = response.json()["errors"]
                self.assertIn(
                    (attribute, code),
                    [(each["field"], each["code"]) for each in errors],
                )
        response = self.post(
            {**self.payload, "crm_line_ids": ["Khám", "Chải", self.service.id]}
        )
        self.assertErrors(response, [("crm_line_ids.1", "unknown")])

    def test_half_of_a_surrogate_pair(self):
        self.client.takes_codes = self.client.takes_own_codes = True
        data = b'{"state_id": "\\ud800", "crm_line_ids": ["\\udfff", "\\u0000"]}'
        response = self.post(data=data, headers={"Content-Type": "application/json"})
        errors = self.assertJson(response, 422)["errors"]
        self.assertIn("state_id", [each["field"] for each in errors])

    def test_what_belongs_elsewhere_is_not_meant(self):
        """A name is looked for in what the parent has."""
        self.client.takes_codes = True
        group = self.other_group
        same_name = self.env["utm.source"].create(
            {"name": "Zalo", "group_id": group.id}
        )
        mine = self.env["utm.source"].create(
            {"name": "ZALO", "group_id": self.source_group.id}
        )
        payload = {**self.payload, "source_id": "zalo"}
        self.assertEqual(self.assertSuccess(self.post(payload)).source_id, mine)
        payload["category_source_id"] = group.id
        self.assertEqual(self.assertSuccess(self.post(payload)).source_id, same_name)

    def test_ambiguous(self):
        self.client.takes_codes = True
        twin = self.env["product.product"].create({"name": "KHÁM"})
        with self.assertNothingMade():
            response = self.post({**self.payload, "crm_line_ids": ["khám"]})
        body = self.assertErrors(response, [("crm_line_ids.0", "ambiguous")])
        self.assertEqual(
            body["errors"][0]["candidates"],
            [
                {"id": record.id, "name": record.display_name}
                for record in (self.service_2 | twin).sorted("id")
            ],
        )

    def test_customers_are_not_named(self):
        self.client.takes_codes = True
        self.env["res.partner"].create([{"name": n, "ref": "KH1"} for n in "AB"])
        response = self.post({**self.payload, "account_id": "KH1"})
        body = self.assertErrors(response, [("account_id", "ambiguous")])
        self.assertNotIn("candidates", body["errors"][0])

    def test_digits(self):
        """In a form an id is a text: it must not become the code of something else."""
        self.client.takes_codes = True
        for sent in (self.service.id, str(self.service.id)):
            payload = {**self.payload, "crm_line_ids": [sent]}
            lead = self.assertSuccess(self.post(payload))
            self.assertEqual(lead.service_ids.product_id, self.service)
        self.service_2.default_code = str(self.service.id)
        response = self.post({**self.payload, "crm_line_ids": [str(self.service.id)]})
        self.assertErrors(response, [("crm_line_ids.0", "ambiguous")])
        lead = self.assertSuccess(
            self.post({**self.payload, "crm_line_ids": [self.service.id]})
        )
        self.assertEqual(lead.service_ids.product_id, self.service)

    def test_typing_errors_are_not_kept(self):
        self.client.takes_codes = True
        self.post({**self.payload, "state_id": "Hồ Chí Mnih"})
        self.assertFalse(self.client.code_ids)

    def test_not_looked_for_without_end(self):
        self.client.takes_codes = True
        codes = [f"unknown {number}" for number in range(100)]
        with patch.object(
            self.registry["crm.lead.api.reference"],
            "_find_by_code",
            autospec=True,
            side_effect=lambda model, *args: model.env["product.product"],
        ) as find:
            response = self.post({**self.payload, "crm_line_ids": codes})
        self.assertEqual(len(self.assertJson(response, 422)["errors"]), 100)
        self.assertEqual(find.call_count, 10)

    def test_a_known_code_among_many_unknown_ones(self):
        """Each unknown code is an error, and no known one is, wherever it stands."""
        self.client.takes_codes = True
        self.service.default_code = "NM-01"
        unknown = [f"unknown {number}" for number in range(12)]
        for known in ("Khám", "nm-01"):
            for place in (0, 5, 12):
                codes = [*unknown[:place], known, *unknown[place:]]
                errors = [
                    (f"crm_line_ids.{n}", "unknown") for n in range(13) if n != place
                ]
                with self.subTest(known, place=place), self.assertNothingMade():
                    lead = {**self.payload, "crm_line_ids": codes}
                    self.assertErrors(self.post(lead), errors)
                    leads = {"leads": [lead, self.payload], "atomic": True}
                    response = self.post(
                        leads, url="/api/v1/leads", headers={"Idempotency-Key": ""}
                    )
                    self.assertErrors(
                        response, [(f"leads.0.{path}", code) for path, code in errors]
                    )

    def test_own_codes(self):
        self.client.takes_own_codes = True
        # Two old provinces that are one now; codes that are numbers; one code for two
        # lists.
        for attribute, code, record in (
            ("state_id", "BD", self.state),
            ("state_id", "79", self.state),
            ("crm_line_ids", "NM", self.service),
            ("crm_line_ids", "79", self.service_2),
        ):
            self._map(attribute, code, record)
        for state in ("BD", "79", 79, " BD ", self.state.id):
            with self.subTest(state):
                lead = self.assertSuccess(
                    self.post({**self.payload, "state_id": state})
                )
                self.assertEqual(lead.state_id, self.state)
        lead = self.assertSuccess(
            self.post({**self.payload, "crm_line_ids": ["NM", 79]})
        )
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)
        # Only this client's
        client = self._new_client("web-form", takes_own_codes=True)
        response = self.post(
            {**self.payload, "state_id": "BD"}, token=self._new_token(client)
        )
        self.assertErrors(response, [("state_id", "unknown")])

    def test_a_code_opens_no_more_than_an_id(self):
        self.client.takes_own_codes = True
        self._map("crm_line_ids", "TT", self.other_service)
        response = self.post({**self.payload, "crm_line_ids": ["TT"]})
        self.assertErrors(response, [("crm_line_ids.0", "unknown")])

    def test_unknown_codes_are_kept_until_somebody_says_what_they_mean(self):
        self.client.takes_own_codes = True
        payload = {**self.payload, "state_id": "HCM", "crm_line_ids": ["NM", "NM"]}
        for _time in range(2):
            with self.assertNothingMade():
                self.post(payload)
        codes = self.client.code_ids
        self.assertEqual(
            sorted(codes.mapped(lambda c: (c.attribute, c.code, c.call_count))),
            [("crm_line_ids", "NM", 2), ("state_id", "HCM", 2)],
        )
        self.assertEqual(self.client.unknown_code_count, 2)
        self.assertTrue(all(codes.mapped("last_call_date")))
        codes.filtered(lambda c: c.code == "HCM").res_id = self.state.id
        codes.filtered(lambda c: c.code == "NM").res_id = self.service.id
        self.assertEqual(self.client.unknown_code_count, 0)
        lead = self.assertSuccess(self.post(payload))
        self.assertEqual(lead.service_ids.quantity, 2)
        # The refused call, sent again, now makes its lead.
        manager = self._new_user("manager", MANAGER_GROUP)
        entry = self.client.request_ids.filtered("is_failed")[0]
        wizards = self.env["crm.lead.api.resend"].with_user(manager)
        wizards = wizards.with_context(default_request_ids=entry.ids)
        Form(wizards).save().action_send()
        self.assertEqual(entry.state, "resent")

    def test_not_without_end(self):
        self.client.takes_own_codes = True
        codes = self.env["crm.lead.api.code"]
        codes.create(
            [
                {"client_id": self.client.id, "attribute": "state_id", "code": str(n)}
                for n in range(1000)
            ]
        )
        self.post({**self.payload, "state_id": "one more"})
        self.assertEqual(self.client.unknown_code_count, 1000)

    def test_import(self):
        """Codes can be imported from a file."""
        rows = [
            ["tong-dai", "state_id", "SG", self.state.code],
            ["tong-dai", "state_id", "TP HCM", str(self.state.id)],
            ["tong-dai", "crm_line_ids", "K", "khám"],
        ]
        columns = ["client_id", "attribute", "code", "record"]
        codes = self.env["crm.lead.api.code"]
        result = codes.load(columns, rows)
        self.assertFalse(result["messages"])
        codes = codes.browse(result["ids"])
        self.assertEqual(
            codes.mapped("res_id"), [self.state.id, self.state.id, self.service_2.id]
        )
        exported = codes.export_data(columns)["datas"]
        self.assertEqual([row[2] for row in exported], ["SG", "TP HCM", "K"])
        codes.unlink()
        result = codes.load(columns, exported)
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), 3)
        for record in ("Atlantis", "999999", "9" * 20):
            with mute_logger("odoo.sql_db"):
                result = codes.load(columns, [["tong-dai", "state_id", "X", record]])
            self.assertIn("0 records", result["messages"][0]["message"])

    def test_form(self):
        codes = self.env["crm.lead.api.code"].with_context(
            default_client_id=self.client.id
        )
        with Form(codes) as form:
            form.attribute = "state_id"
            self.assertEqual(form.model, "res.country.state")
            form.code = "79"
            form.res_id = self.state.id
        self.assertEqual(form.record.record_name, self.state.display_name)
        with self.assertRaises(ValidationError):
            form.record.res_id = 999999

    def test_a_record_that_was_deleted(self):
        self.client.takes_own_codes = True
        district = self.env["res.country.district"].create(
            {"name": "Cũ", "state_id": self.state.id}
        )
        code = self._map("district_id", "C", district)
        district.unlink()
        self.assertFalse(code.record_name)
        response = self.post({**self.payload, "district_id": "C"})
        self.assertErrors(response, [("district_id", "unknown")])
