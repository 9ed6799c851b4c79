# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A dry run goes the whole way, and saves nothing."""

from odoo.tests import tagged

from ..common import URL, LeadApiHttpCase
from ..data import PORTRAIT


@tagged("post_install", "-at_install")
class TestDryRun(LeadApiHttpCase):
    def rehearse(self, payload=None, **kwargs):
        response = self.post(payload, url=f"{URL}?dry_run=1", **kwargs)
        data = self.assertJson(response, 200)["data"]
        self.assertEqual(response.headers["Preference-Applied"], "dry-run")
        self.assertIs(data["dry_run"], True)
        return data

    def test_new_customer(self):
        with self.assertNothingMade():
            data = self.rehearse()
        self.assertEqual(
            data["contact"],
            {"account_id": None, "found_by": "none", "other_account_ids": []},
        )
        self.assertEqual(data["customer_portrait"], PORTRAIT)
        self.assertEqual(data["name"], "Trần Thị Thanh Thảo – Nâng mũi +1")
        self.assertEqual(data["owner"]["id"], self.agent.id)
        self.assertEqual(
            [(each["name"], each["price_unit"]) for each in data["services"]],
            [("Nâng mũi", 800.0), ("Khám", 240.0)],
        )
        self.assertEqual((data["proposals"], data["warnings"]), ([], []))

    def test_known_customer(self):
        known, other = self.env["res.partner"].create(
            [
                {"name": "Ánh", "phone": "+84 900000202", "gender": "other"},
                {"name": "Ánh", "phone": "+84900000202"},
            ]
        )
        with self.assertNothingMade():
            data = self.rehearse()
        self.assertEqual(
            data["contact"],
            {
                "account_id": known.id,
                "found_by": "phone",
                "other_account_ids": other.ids,
            },
        )
        self.assertIn(
            {"subject": "name", "proposed": "Trần Thị Thanh Thảo"}, data["proposals"]
        )
        self.assertEqual(known.gender, "other")
        self.assertFalse(known.birthdate_date)
        self.assertEqual(
            [(each["field"], each["code"]) for each in data["warnings"]],
            [("phone_no1", "ambiguous")],
        )

    def test_warnings(self):
        data = self.rehearse(
            {
                **self.payload,
                "agent_email": "nobody@example.com",
                "phone_no2": "hỏi mẹ",
                "note": "x",
                "customer_portrait": {"mood": "x"},
            },
            headers={"Accept-Language": "vi"},
        )
        self.assertEqual(
            [(each["field"], each["code"]) for each in data["warnings"]],
            [
                ("note", "ignored"),
                ("customer_portrait.mood", "ignored"),
                ("agent_email", "unknown"),
                ("phone_no2", "format"),
            ],
        )
        self.assertEqual(
            data["warnings"][0]["message"],
            "Thuộc tính này không có ý nghĩa ở đây và bị bỏ qua.",
        )
        self.assertIsNone(data["owner"])

    def test_by_header(self):
        for prefer in ("dry-run", "wait=10, Dry-Run", "dry-run;x=1", "dry-run=1"):
            with self.subTest(prefer), self.assertNothingMade():
                response = self.post(headers={"Prefer": prefer})
                self.assertTrue(response.json()["data"]["dry_run"])
        self.assertSuccess(self.post(headers={"Prefer": "return=minimal"}))

    def test_parameter(self):
        for value in ("0", "false"):
            self.assertSuccess(self.post(url=f"{URL}?dry_run={value}"))
        for value in ("", "yes", "2"):
            with self.subTest(value), self.assertNothingMade():
                response = self.post(url=f"{URL}?dry_run={value}")
                self.assertErrors(response, [("dry_run", "choice")])

    def test_parameter_that_was_perhaps_meant(self):
        for name in ("dryrun", "dry-run", "DryRun", "dry_runs"):
            with self.subTest(name), self.assertNothingMade():
                response = self.post(url=f"{URL}?{name}=1")
                body = self.assertErrors(response, [(name, "unknown")])
                self.assertEqual(body["errors"][0]["did_you_mean"], "dry_run")
        self.assertSuccess(self.post(url=f"{URL}?db=x&debug=1"))

    def test_errors_are_those_of_a_call(self):
        payload = {**self.payload, "gender": "x", "state_id": self.other_state.id}
        response = self.post(payload, url=f"{URL}?dry_run=1")
        self.assertErrors(
            response,
            [("gender", "choice"), ("district_id", "mismatch")],
        )

    def test_it_is_no_first_call(self):
        headers = {"Idempotency-Key": "dry"}
        self.rehearse(headers=headers)
        response = self.post(headers=headers)
        self.assertSuccess(response)
        self.assertNotIn("Idempotency-Replayed", response.headers)
        with self.assertNothingMade():
            self.rehearse(headers=headers)

    def test_log(self):
        self.rehearse()
        self.post({}, url=f"{URL}?dry_run=1")
        right, wrong = self.client.request_ids.sorted("id")
        self.assertEqual((right.status, right.state), (200, "dry_run"))
        self.assertFalse(right.lead_id)
        self.assertEqual((wrong.status, wrong.state), (422, "dry_run"))
        self.assertFalse((right | wrong).filtered("is_failed"))
        self.assertEqual((self.client.call_count, self.client.last_error), (0, ""))

    def test_a_body_that_cannot_be_read_alarms_nobody(self):
        self.client.refused_per_hour = 1
        prefer = {"Prefer": "dry-run"}
        for url, headers in ((f"{URL}?dry_run=1", {}), (URL, prefer)):
            for data in (b"{", b"\xff", b"[]", b'{"a": 1, "a": 2}'):
                headers = {"Content-Type": "application/json", **headers}
                response = self.post(url=url, data=data, headers=headers)
                self.assertError(response, 400, "malformed")
        self.assertEqual(set(self.client.request_ids.mapped("state")), {"dry_run"})
        self.env["crm.lead.api.client"]._cron_watch()
        self.assertFalse(self.client.refused_alert_date)
