# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names and values that no form would send: never a 500, never half a lead."""

import json

from odoo.tests import tagged

from ...schemas import CustomerPortrait, LeadRequest
from ..common import LeadApiHttpCase

JSON = {"Content-Type": "application/json"}
SURROGATE = "a\ud800b"


@tagged("post_install", "-at_install")
class TestHostilePayloads(LeadApiHttpCase):
    def _post_with(self, changes):
        return self.post({**self.payload, **changes})

    def _get_ignored(self, response):
        return response.headers.get("X-Ignored-Fields")

    def test_each_attack_gets_its_4xx_and_leaves_no_record(self):
        self.env["ir.config_parameter"].set_param("crm_lead_api.max_body", 8 * 1024)
        good = json.dumps(self.payload)
        portrait = json.dumps({**self.payload, "customer_portrait": "HERE"})

        def nest(depth, inner=""):
            return "[" * depth + inner + "]" * depth

        attacks = {
            "a huge body": (" " * 9_000_000, 413),
            "a huge body of one text": (json.dumps({"street": "x" * 9_000_000}), 413),
            "deep lists": (nest(10_000), 400),
            "deep objects": ('{"a":' * 10_000 + "1" + "}" * 10_000, 400),
            "deep in an attribute": (good[:-1] + f', "a": {nest(10_000)}}}', 400),
            "unclosed": ("[" * 100_000, 400),
            "a million services": (
                json.dumps({**self.payload, "crm_line_ids": [1] * 1_000_000}),
                422,
            ),
            "a million hobbies": (
                portrait.replace('"HERE"', '{"hobby": ["x"%s]}' % (', "x"' * 999_999)),
                422,
            ),
            "a million attributes": (
                json.dumps({f"a{number}": 1 for number in range(500_000)}),
                422,
            ),
            "NUL": (json.dumps({**self.payload, "street": "a\x00b"}), 422),
            "half a character": (
                json.dumps({**self.payload, "street": SURROGATE}),
                422,
            ),
            "a number of a million digits": (
                json.dumps({**self.payload, "ticket_id": "HERE"}).replace(
                    '"HERE"', "9" * 1_000_000
                ),
                400,
            ),
            "SQL for an id": (
                json.dumps({**self.payload, "state_id": "1; DROP TABLE crm_lead"}),
                422,
            ),
            "a domain for an id": (
                json.dumps({**self.payload, "state_id": [["id", ">", 0]]}),
                422,
            ),
        }
        for case, (body, status) in attacks.items():
            with self.subTest(case), self.assertNothingMade():
                response = self.post(data=body.encode(), headers=JSON)
                self.assertJson(response, status)
                self.assertLess(len(response.content), 5000)
                entry = self.env["crm.lead.api.request"].search([], limit=1)
                self.assertEqual(entry.status, status)

    def test_headers_that_inject(self):
        for name in ("X-Request-Id", "Idempotency-Key", "Accept-Language"):
            for value in (
                "a\tb",
                "<script>",
                "ü".encode("latin1"),
                "x" * 5000,
                "%0d%0a",
            ):
                with self.subTest(name, value=value[:9]):
                    response = self.post(headers={name: value})
                    self.assertIn(response.status_code, (200, 400))
                    self.assertNotIn(value, list(response.headers.values()))

    def test_names_that_mean_something_in_python(self):
        for name in (
            *("self", "cls", "payload", "data", "context", "obj", "env", "domain"),
            *("_errors", "_indexes", "__dict__", "__class__", "__pydantic_extra__"),
            *("model_config", "model_extra", "model_fields", "model_dump", "parse"),
            *("get_errors", "to_lead_values", "partner_id", "user", "id"),
        ):
            with self.subTest(name):
                portrait = {name: 1, "hobby": ["xem phim"]}
                response = self._post_with({name: 1, "customer_portrait": portrait})
                lead = self.assertSuccess(response)
                self.assertEqual(lead.portrait_id.hobby_ids.name, "xem phim")
                self.assertEqual(
                    self._get_ignored(response), f"{name}, customer_portrait.{name}"
                )

    def test_names_that_cannot_be_written(self):
        for name in (SURROGATE, "\x00", "\r\nSet-Cookie: a=b", "\u202e", "a, b", "€"):
            with self.subTest(ascii(name)):
                response = self._post_with({name: 1})
                self.assertSuccess(response)
                ignored = self._get_ignored(response)
                self.assertTrue(ignored)
                self.assertTrue(ignored.isascii() and ignored.isprintable())
                self.assertNotIn(", ", ignored)
                self.assertNotIn("Set-Cookie", response.headers)

    def test_wrapper_whose_name_cannot_be_written(self):
        with self.assertNothingMade():
            response = self.post({SURROGATE: {"gender": "male"}})
            self.assertErrors(response, [("a?b", "unknown")])

    def test_name_too_long_for_a_header(self):
        response = self._post_with({"x" * 3000: 1, "short": 1})
        self.assertSuccess(response)
        ignored = self._get_ignored(response)
        self.assertLess(len(ignored), 1100)
        self.assertTrue(ignored.startswith("xxx"), ignored)

    def test_what_is_ignored_is_named_beside_errors_too(self):
        """A portrait with a wrong attribute still tells of those that mean nothing."""
        for portrait in ({"bar": 1, "hobby": "x"}, {"bar": 1, "transport": "plane"}):
            with self.subTest(portrait), self.assertNothingMade():
                response = self._post_with({"foo": 1, "customer_portrait": portrait})
                self.assertEqual(response.status_code, 422)
                self.assertEqual(
                    self._get_ignored(response), "foo, customer_portrait.bar"
                )

    def test_half_a_character_in_each_text(self):
        """Half of a surrogate pair is no text: neither UTF-8 nor PostgreSQL has it."""
        texts = [
            name
            for name, value in self.payload.items()
            if isinstance(value, str) and name not in ("account_id", "birth_date")
        ]
        self.assertGreater(len(texts), 10)
        for name in texts:
            with self.subTest(name), self.assertNothingMade():
                response = self._post_with({name: SURROGATE})
                self.assertEqual(response.status_code, 422, response.text)
                fields = [error["field"] for error in response.json()["errors"]]
                self.assertEqual(fields, [name])

    def test_half_a_character_in_each_part_of_the_portrait(self):
        for name in CustomerPortrait.model_fields:
            sent = self.payload["customer_portrait"][name]
            value = ["good", SURROGATE] if isinstance(sent, list) else SURROGATE
            path = f"customer_portrait.{name}" + ".1" * isinstance(sent, list)
            with self.subTest(name), self.assertNothingMade():
                response = self._post_with({"customer_portrait": {name: value}})
                self.assertEqual(response.status_code, 422, response.text)
                fields = [error["field"] for error in response.json()["errors"]]
                self.assertEqual(fields, [path])

    def test_numbers_beyond_all_bounds(self):
        for number in ("1e400", "-1e400", "9" * 400, "1e-400", "-0.0"):
            for name in LeadRequest.model_fields:
                data = json.dumps({**self.payload, name: "HERE"})
                with self.subTest(number[:9], name=name):
                    response = self.post(
                        data=data.replace('"HERE"', number), headers=JSON
                    )
                    self.assertIn(response.status_code, (200, 422), response.text)
            for name in CustomerPortrait.model_fields:
                data = json.dumps({**self.payload, "customer_portrait": {name: "HERE"}})
                with self.subTest(number[:9], portrait=name):
                    response = self.post(
                        data=data.replace('"HERE"', number), headers=JSON
                    )
                    self.assertIn(response.status_code, (200, 422), response.text)

    def test_each_type_in_place_of_each_attribute(self):
        """The answer to any value is a lead, or an error that names the attribute."""
        values = (True, 0, -1, 1.5, "x", "0", [], [[]], [{}], [True], {}, {"a": {}})
        for name in LeadRequest.model_fields:
            for value in values:
                with self.subTest(name, value=value):
                    response = self._post_with({name: value})
                    if response.status_code == 200:
                        continue
                    self.assertEqual(response.status_code, 422, response.text)
                    for error in response.json()["errors"]:
                        self.assertEqual(error["field"].split(".")[0], name)

    def test_texts_of_a_database_or_a_page_are_only_texts(self):
        text = "'; DROP TABLE crm_lead; -- %s %(x)s {0} <script>alert(1)</script> \\"
        response = self._post_with(
            {
                "contact_name": text,
                "street": text,
                "customer_portrait": {"hobby": [text]},
            }
        )
        lead = self.assertSuccess(response)
        self.assertEqual((lead.contact_name, lead.street), (text, text))
        answer = response.json()["data"]["customer_portrait"]
        self.assertEqual(answer["hobby"], [text])

    def test_emoji_stay_and_accents_are_composed(self):
        """Letters with accents of their own become the letters that staff search."""
        sent = "e\u0301 \U0001f600 \u200d Ⅷ \u1ea3 a\u0309"
        text = "\u00e9 \U0001f600 \u200d Ⅷ \u1ea3 \u1ea3"
        response = self._post_with(
            {"contact_name": sent, "customer_portrait": {"hobby": [sent]}}
        )
        lead = self.assertSuccess(response)
        self.assertEqual(lead.contact_name, text)
        answer = response.json()["data"]["customer_portrait"]
        self.assertEqual(answer["hobby"], [text])
