# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client that may send ids only: texts are refused, and it is told where ids are."""

from odoo.tests import tagged

from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestIdsOnly(LeadApiHttpCase):
    def test_no_codes_unless_allowed(self):
        self.env["crm.lead.api.code"].create(
            {
                "client_id": self.client.id,
                "attribute": "state_id",
                "code": "sg",
                "res_id": self.state.id,
            }
        )
        for value in ("Hồ Chí Minh", "VN-SG", "sg"):
            with self.subTest(value):
                response = self.post({**self.payload, "state_id": value})
                body = self.assertErrors(response, [("state_id", "type")])
                self.assertEqual(
                    body["errors"][0]["message"],
                    "Send an id, such as 241: /api/v1/ref/states lists the ids. An "
                    "administrator of Odoo can allow codes and names for your client.",
                )
        changes = {"account_id": "KH-7", "country_id": "VN", "crm_line_ids": ["Khám"]}
        errors = self.post({**self.payload, **changes}).json()["errors"]
        messages = {each["field"]: each["message"] for each in errors}
        self.assertIn("/api/v1/ref/countries", messages["country_id"])
        self.assertIn("/api/v1/ref/services", messages["crm_line_ids.0"])
        self.assertNotIn("/ref", messages["account_id"])
        self.assertIn("can allow codes", messages["account_id"])
        self.assertFalse(self.client.code_ids.filtered("call_count"))
