# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test forms as PHP's ``http_build_query`` and browsers write them."""

import json
from urllib.parse import urlencode

from odoo.tests import tagged

from ..common import URL, LeadApiHttpCase
from .test_forms import URLENCODED, to_multipart, to_texts


def build_query(value, name=""):
    """Return the pairs that PHP makes of lists and objects."""
    if not isinstance(value, list | dict):
        return [] if value is None else [(name, str(value))]
    items = enumerate(value) if isinstance(value, list) else value.items()
    return [
        pair
        for key, each in items
        for pair in build_query(each, f"{name}[{key}]" if name else str(key))
    ]


@tagged("post_install", "-at_install")
class TestPhpForms(LeadApiHttpCase):
    def _send(self, pairs, **changes):
        """Send a payload, with pairs in place of its services and portrait."""
        names = [name.partition("[")[0] for name, _text in pairs]
        fields = {
            name: value
            for name, value in {**self.payload, **changes}.items()
            if name not in names
        }
        pairs = [*to_texts(fields, json.dumps).items(), *pairs]
        return self.post(data=urlencode(pairs), headers=URLENCODED)

    def test_an_empty_list_of_a_change_changes_nothing(self):
        """A browser sends an empty list as an empty text, which empties nothing."""
        lead = self.assertSuccess(self.post())
        for number, name in enumerate(("crm_line_ids", "crm_line_ids[]")):
            street = f"{number} Hai Bà Trưng"
            response = self.post(
                data=urlencode([(name, ""), ("street", street)]),
                url=f"{URL}/{lead.id}",
                method="PATCH",
                headers=URLENCODED,
            )
            data = self.assertJson(response, 200)["data"]
            self.assertEqual(data["street"], street)
            self.assertEqual(len(data["services"]), 2)

    def test_whole_payload(self):
        for number in range(2):
            payload = {**self.payload, "ticket_id": 10 + number}
            pairs = build_query(payload)
            with self.subTest(number):
                if number:
                    response = self.post(data=None, files=to_multipart(dict(pairs)))
                else:
                    response = self.post(data=urlencode(pairs), headers=URLENCODED)
                lead = self.assertSuccess(response)
                self.assertNotIn("X-Ignored-Fields", response.headers)
                self.assertEqual(
                    lead.service_ids.product_id, self.service | self.service_2
                )
                portrait = self.payload["customer_portrait"]
                answer = response.json()["data"]["customer_portrait"]
                self.assertEqual({name: answer[name] for name in portrait}, portrait)

    def test_lists(self):
        one, two = str(self.service.id), str(self.service_2.id)
        for pairs, services in (
            ([("[0]", one)], [one]),
            ([("[]", one)], [one]),
            ([("[]", one), ("[]", two)], [one, two]),
            ([("[1]", two), ("[0]", one)], [one, two]),
            ([("[7]", two), ("[]", one)], [two, one]),
            ([("", f"{one},{two}")], [one, two]),
            ([("", ""), ("[]", two)], [two]),  # a browser's hidden field
        ):
            with self.subTest(pairs):
                lead = self.assertSuccess(
                    self._send([(f"crm_line_ids{key}", text) for key, text in pairs])
                )
                self.assertEqual(
                    lead.service_ids.product_id.ids, [int(each) for each in services]
                )

    def test_portrait(self):
        response = self._send(
            [
                ("customer_portrait[transport]", "car"),
                ("customer_portrait[work_start_time]", "8.5"),
                ("customer_portrait[hobby][]", "8"),
                ("customer_portrait[hobby][]", " [x] "),
                ("customer_portrait[pain_point][1]", "b"),
                ("customer_portrait[pain_point][0]", "a"),
                ("customer_portrait[desires]", "1"),
                ("customer_portrait[desires]", "null"),
                ("customer_portrait[term_goals]", ""),
                ("customer_portrait[mood]", "x"),
            ]
        )
        self.assertSuccess(response)
        portrait = response.json()["data"]["customer_portrait"]
        sent = {name: value for name, value in portrait.items() if value}
        self.assertEqual(
            sent,
            {
                "work_start_time": 8.5,
                "transport": "car",
                "hobby": ["8", " [x] "],
                "pain_point": ["a", "b"],
                "desires": ["1", "null"],
            },
        )
        ignored = response.headers["X-Ignored-Fields"]
        self.assertEqual(ignored, "customer_portrait.mood")

    def test_list_of_the_portrait_as_a_text(self):
        for text, hobby in (
            ("x, y", ["x, y"]),
            ('["x", "y"]', ["x", "y"]),
            ("8", ["8"]),
        ):
            response = self._send([("customer_portrait[hobby]", text)])
            self.assertSuccess(response)
            answer = response.json()["data"]["customer_portrait"]
            self.assertEqual(answer["hobby"], hobby)

    def test_blanks_are_not_sent(self):
        for key in ("[]", "[0]"):
            response = self._send([(f"crm_line_ids{key}", " ")])
            self.assertErrors(response, [("crm_line_ids", "required")])

    def test_wrong_values(self):
        for pairs, error in (
            ([("crm_line_ids[]", "x")], ("crm_line_ids.0", "type")),
            ([("crm_line_ids[a]", "1")], ("crm_line_ids", "type")),
            ([("crm_line_ids[0][0]", "1")], ("crm_line_ids.0", "type")),
            ([("customer_portrait[]", "x")], ("customer_portrait", "type")),
            (
                [("customer_portrait[hobby][a]", "x")],
                ("customer_portrait.hobby", "type"),
            ),
            (
                [("customer_portrait[transport]", "ship")],
                ("customer_portrait.transport", "choice"),
            ),
            ([("gender[]", "female")], ("gender", "choice")),
        ):
            with self.subTest(pairs), self.assertNothingMade():
                self.assertErrors(self._send(pairs), [error])

    def test_contradictions(self):
        for pairs in (
            [("crm_line_ids", "1"), ("crm_line_ids[]", "2")],
            [("crm_line_ids[0]", "1"), ("crm_line_ids[0]", "2")],
            [("crm_line_ids[0]", "1"), ("crm_line_ids[0][0]", "2")],
            [("customer_portrait", "{}"), ("customer_portrait[transport]", "car")],
            [
                ("customer_portrait[transport]", "car"),
                ("customer_portrait[transport]", "bus"),
            ],
            [("customer_portrait[hobby]", "x"), ("customer_portrait[hobby][]", "y")],
        ):
            with self.subTest(pairs), self.assertNothingMade():
                body = self.assertError(self._send(pairs), 400, "malformed")
                self.assertIn("twice", body["message"])
                self.assertIn(pairs[-1][0].rpartition("[")[0], body["message"])

    def test_unknown_names(self):
        response = self._send(
            [("note[a]", "x"), ("note", "y"), ("a[b", "x"), ("c]", "x"), ("[]", "x")]
        )
        self.assertSuccess(response)
        ignored = set(response.headers["X-Ignored-Fields"].split(", "))
        self.assertEqual(ignored, {"note", "a%5Bb", "c%5D", "%5B%5D"})

    def test_depth_and_number(self):
        deep = [("customer_portrait" + "[a]" * 40, "x")]
        deeper = [("crm_line_ids" + "[]" * 20_000, "1")]
        for pairs in (deep, deeper, [("note" + "[0]" * 40, "x")]):
            with self.assertNothingMade():
                body = self.assertError(self._send(pairs), 400, "malformed")
                self.assertIn("nested", body["message"])
        for key in ("[]", "[%s]"):
            many = [
                (f"crm_line_ids{key.replace('%s', str(number))}", "1")
                for number in range(5_000)
            ]
            with self.assertNothingMade():
                self.assertErrors(self._send(many), [("crm_line_ids", "too_many")])
        far = [("crm_line_ids[999999999]", str(self.service.id))]
        self.assertSuccess(self._send(far))

    def test_file_for_an_attribute(self):
        for name in ("crm_line_ids[]", "customer_portrait[hobby][]"):
            with self.assertNothingMade():
                files = {name: ("a.txt", b"1", "text/plain")}
                response = self.post(data=None, files=files)
                body = self.assertError(response, 400, "malformed")
            self.assertIn(name, body["message"])
