# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test names that resemble attributes, and payloads in a wrapper."""

from odoo.tests import tagged

from ..common import URL, LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestResemblance(LeadApiHttpCase):
    def _rename(self, **names):
        payload = dict(self.payload)
        for name, sent in names.items():
            payload[sent] = payload.pop(name)
        return payload

    def test_required_attribute_under_another_name(self):
        for name, sent in (
            ("gender", "Gender"),
            ("contact_name", "contactName"),
            ("ticket_id", "ticketId"),
            ("phone_no1", "phone"),
            ("crm_line_ids", "crm-line-ids"),
            ("crm_line_ids", "crm_line_id"),
        ):
            with self.subTest(sent), self.assertNothingMade():
                response = self.post(self._rename(**{name: sent}))
                body = self.assertErrors(response, [(name, "required")])
                [error] = body["errors"]
                self.assertEqual(error["did_you_mean"], sent)
                self.assertIn(sent, error["message"])
                self.assertEqual(response.headers["X-Ignored-Fields"], sent)

    def test_nothing_resembles(self):
        payload = self._rename(gender="xyz", street="x" * 10_000)
        body = self.assertErrors(
            self.post(payload), [("gender", "required"), ("street", "required")]
        )
        self.assertFalse(any("did_you_mean" in each for each in body["errors"]))

    def test_unknown_attributes_alone_are_ignored(self):
        payload = {**self.payload, "Gender": "x", "data": {"gender": "x"}}
        response = self.post(payload)
        self.assertSuccess(response)
        ignored = response.headers["X-Ignored-Fields"]
        self.assertEqual(ignored, "Gender, data")

    def test_warnings_of_a_dry_run(self):
        payload = self._rename(birth_date="birthdate")
        payload["Gender"] = "male"  # gender itself is there
        payload["customer_portrait"] = {"Hobbies": ["x"], "mood": "x"}
        response = self.post(payload, url=f"{URL}?dry_run=1")
        warnings = self.assertJson(response, 200)["data"]["warnings"]
        self.assertEqual(
            {each["field"]: each.get("did_you_mean") for each in warnings},
            {
                "birthdate": "birth_date",
                "Gender": None,
                "customer_portrait.Hobbies": "customer_portrait.hobby",
                "customer_portrait.mood": None,
            },
        )
        self.assertEqual({each["code"] for each in warnings}, {"ignored"})

    def test_wrapper(self):
        self.client.campaign_id = self.payload["campaign_id"]  # a default
        for payload, name in (
            ({"data": self.payload}, "data"),
            ({"lead": self.payload, "note": {}}, "lead"),
            ({"jsonrpc": "2.0", "method": "call", "params": self.payload}, "params"),
            ({"data": {"gender": "male"}}, "data"),
        ):
            with self.subTest(name), self.assertNothingMade():
                body = self.assertErrors(self.post(payload), [(name, "unknown")])
                self.assertIn(f"inside {name}", body["errors"][0]["message"])

    def test_no_wrapper(self):
        payload = {"data": {"x": 1}, "gender": "female"}
        body = self.post(payload).json()
        self.assertNotIn("data", [each["field"] for each in body["errors"]])
        self.assertGreater(len(body["errors"]), 5)

    def test_wrapper_among_many(self):
        response = self.post(
            {"leads": [{"data": self.payload, "ref": "a"}]},
            url="/api/v1/leads",
            headers={"Idempotency-Key": ""},
        )
        [result] = response.json()["data"]["results"]
        self.assertEqual(result["status"], 422)
        [error] = result["body"]["errors"]
        self.assertEqual((error["field"], error["code"]), ("data", "unknown"))

    def test_wrapper_around_many(self):
        response = self.post(
            {"data": {"leads": [self.payload]}},
            url="/api/v1/leads",
            headers={"Idempotency-Key": ""},
        )
        self.assertErrors(response, [("data", "unknown")])

    def test_parameter_under_another_name(self):
        response = self.url_open(
            f"{URL}?ticketId=1", headers={"Authorization": f"Bearer {self.token}"}
        )
        body = self.assertErrors(response, [("ticket_id", "required")])
        self.assertEqual(body["errors"][0]["did_you_mean"], "ticketId")
