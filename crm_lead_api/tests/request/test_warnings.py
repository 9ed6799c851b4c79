# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Warnings in Answers: what a 200 has lost, for systems that see no headers."""

from odoo.tests import tagged

from ..common import URL, LeadApiHttpCase

KEYS = ["customer_portrait", "id_lead", "link_lead_detail"]


@tagged("post_install", "-at_install")
class TestWarnings(LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doubtful = {
            **cls.payload,
            "agent_email": "nobody@example.com",
            "phone_no2": "hỏi mẹ",
            "note": "x",
            "customer_portrait": {"mood": "x"},
        }
        cls.env["res.partner"].create(
            [{"name": name, "phone": "0900 000 202"} for name in ("Ánh", "Thảo")]
        )

    def _get_data(self, response):
        return self.assertJson(response, 200)["data"]

    def test_off_by_default(self):
        response = self.post(self.doubtful)
        self.assertEqual(list(self._get_data(response)), KEYS)
        self.assertSuccess(response)

    def test_warnings_are_those_of_a_dry_run(self):
        self.client.has_warnings = True
        headers = {"Accept-Language": "vi"}
        dry = self.post(self.doubtful, url=f"{URL}?dry_run=1", headers=headers)
        response = self.post(self.doubtful, headers=headers)
        data = self._get_data(response)
        self.assertEqual(list(data), [*KEYS, "warnings"])
        self.assertEqual(
            [(each["field"], each["code"]) for each in data["warnings"]],
            [
                ("note", "ignored"),
                ("customer_portrait.mood", "ignored"),
                ("agent_email", "unknown"),
                ("phone_no2", "format"),
                ("phone_no1", "ambiguous"),
            ],
        )
        self.assertEqual(data["warnings"], self._get_data(dry)["warnings"])
        self.assertEqual(
            response.headers["X-Ignored-Fields"], "note, customer_portrait.mood"
        )

    def test_a_ticket_with_an_open_lead(self):
        payload = {**self.payload, "phone_no1": "0900 000 999"}
        first = self.assertSuccess(self.post(payload))
        lost = self.assertSuccess(self.post(payload))
        lost.action_set_lost()
        self.env.flush_all()
        self.client.has_warnings = True
        for url in (f"{URL}?dry_run=1", URL):
            [warning] = self._get_data(self.post(payload, url=url))["warnings"]
            self.assertEqual(
                (warning["field"], warning["code"]), ("ticket_id", "ambiguous")
            )
            self.assertIn(f"open lead: {first.id}.", warning["message"])

    def test_tickets_of_many_leads(self):
        payloads = [
            {**self.payload, "phone_no1": f"0900 000 99{n}", "ticket_id": 90 + n}
            for n in range(3)
        ]
        opened = [self.assertSuccess(self.post(each)) for each in payloads[:2]]
        self.client.has_warnings = True
        others = [{**each, "street": "2 Hai Bà Trưng"} for each in payloads]
        response = self.post(
            {"leads": others}, url="/api/v1/leads", headers={"Idempotency-Key": ""}
        )
        told = [
            [each["message"] for each in result["body"]["data"]["warnings"]]
            for result in self._get_data(response)["results"]
        ]
        self.assertEqual([len(each) for each in told], [1, 1, 0])
        for lead, (message,) in zip(opened, told, strict=False):
            self.assertIn(f"open lead: {lead.id}.", message)

    def test_leads_of_one_new_ticket(self):
        """Each is warned of those before; a dry run makes none."""
        self.client.has_warnings = True
        streets = ("1 Hai Bà Trưng", "2 Hai Bà Trưng")
        leads = [{**self.payload, "ticket_id": 77, "street": each} for each in streets]
        headers = {"Idempotency-Key": ""}
        for query, counts in (("?dry_run=1", [0, 0]), ("", [0, 1])):
            url = f"/api/v1/leads{query}"
            response = self.post({"leads": leads}, url=url, headers=headers)
            told = [
                [each["field"] for each in result["body"]["data"]["warnings"]]
                for result in self._get_data(response)["results"]
            ]
            self.assertEqual([each.count("ticket_id") for each in told], counts)

    def test_nothing_to_warn_of(self):
        self.client.has_warnings = True
        payload = {**self.payload, "phone_no1": "0900 000 999"}
        data = self._get_data(self.post(payload))
        self.assertEqual(data["warnings"], [])

    def test_a_repetition_has_the_warnings_of_the_first_answer(self):
        self.client.has_warnings = True
        headers = {"Idempotency-Key": "ticket-4711"}
        first = self.post(self.doubtful, headers=headers)
        self.client.has_warnings = False
        second = self.post(self.doubtful, headers={**headers, "Accept-Language": "vi"})
        self.assertEqual(second.headers["Idempotency-Replayed"], "true")
        self.assertEqual(second.text, first.text)
        self.assertTrue(self._get_data(second)["warnings"])

    def test_many_leads(self):
        self.client.has_warnings = True
        right = {**self.payload, "phone_no1": "0900 000 999", "ticket_id": 9}
        wrong = {**self.payload, "gender": "x"}
        response = self.post(
            {"leads": [self.doubtful, right, wrong]},
            url="/api/v1/leads",
            headers={"Idempotency-Key": ""},
        )
        first, second, wrong = self._get_data(response)["results"]
        self.assertEqual(
            [each["field"] for each in first["body"]["data"]["warnings"]],
            [
                *("note", "customer_portrait.mood", "agent_email"),
                *("phone_no2", "phone_no1"),
            ],
        )
        self.assertEqual(second["body"]["data"]["warnings"], [])
        self.assertEqual(wrong["status"], 422)

    def test_many_leads_without_warnings(self):
        response = self.post(
            {"leads": [self.doubtful]},
            url="/api/v1/leads",
            headers={"Idempotency-Key": ""},
        )
        [result] = self._get_data(response)["results"]
        self.assertEqual(list(result["body"]["data"]), KEYS)

    def test_document(self):
        document = self.post(url="/api/v1/openapi.json", method="GET").json()
        schema = document["components"]["schemas"]["LeadData"]
        self.assertEqual(set(schema["properties"]), {*KEYS, "warnings"})
        self.assertEqual(schema["required"], KEYS)
        self.assertEqual(schema["properties"]["warnings"]["type"], "array")

    def test_a_change_of_the_setting_is_tracked(self):
        self.cr.flush()  # no change of a new record is tracked
        self.client.has_warnings = True
        self.cr.flush()
        tracked = self.client.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertEqual(tracked, ["has_warnings"])
