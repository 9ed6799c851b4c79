# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Older callers send a form, and expect other errors."""

import json
import random
from urllib.parse import urlencode

from hypothesis import settings

from odoo.tests import tagged

from ..common import LeadApiHttpCase

URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
# Leads that are compared in each of the ways to send them: 200, or fewer
GENERATED = 2 * settings().max_examples
# Records have other ids, and times, each time.
STORED_TYPES = (
    "char",
    "text",
    "html",
    "selection",
    "integer",
    "float",
    "monetary",
    "date",
)
WORDS = (
    "Nguyễn",
    "Ánh",
    "'",
    '"',
    "\\",
    "&",
    "+",
    "%41",
    "đường 3/2",
    "🌸",
    "[x]",
    "a=b",
)


def to_texts(payload, write):
    """Return a payload with all values as texts."""
    return {
        name: value if isinstance(value, str) else write(value)
        for name, value in payload.items()
        if value is not None
    }


def to_multipart(fields):
    """Return the ``files`` that make the client send a form in parts."""
    return {name: (None, value) for name, value in fields.items()}


@tagged("post_install", "-at_install")
class TestForms(LeadApiHttpCase):
    def _read(self, lead):
        """Return all that is stored of a lead, its services, portrait and contact."""
        return [
            {name: value for name, value in values.items() if name != "id"}
            for records in (
                lead,
                lead.partner_id,
                lead.service_ids,
                lead.portrait_id,
                lead.portrait_id.item_ids,
            )
            for values in records.read(self._get_stored_names(records), load=None)
        ]

    def _get_stored_names(self, records):
        """Return the fields to compare: the others would be computed for nothing."""
        return [
            name
            for name, field in records._fields.items()
            if field.store and field.type in STORED_TYPES and name != "access_token"
        ]

    def _get_forms(self, payload):
        """Return the ways to send a payload as a form."""
        return [
            {
                "data": urlencode(to_texts(payload, json.dumps)),
                "headers": URLENCODED,
            },
            {"data": urlencode(to_texts(payload, repr)), "headers": URLENCODED},
            {
                "data": None,
                "files": to_multipart(
                    to_texts(payload, lambda v: json.dumps(v, ensure_ascii=False))
                ),
            },
        ]

    def _get_stored(self, **kwargs):
        """Return the values that a request stores, and delete them."""
        with self.env.cr.savepoint() as savepoint:
            stored = self._read(self.assertSuccess(self.post(**kwargs)))
            savepoint.rollback()
            self.env.invalidate_all()
        return stored

    def _generate(self, rng):
        """Return a lead with some of the attributes, in odd texts."""
        text = " ".join(rng.choices(WORDS, k=4))
        optional = [
            name
            for name in self.payload
            if name.startswith(("phone_no", "email", "facebook", "zalo", "birth"))
        ]
        payload = {
            **self.payload,
            "ticket_id": rng.randrange(1, 2**63),
            "contact_name": text,
            "street": " ".join(rng.choices(WORDS, k=6)),
            "crm_line_ids": rng.choices([self.service.id, self.service_2.id], k=3),
            "customer_portrait": {
                "term_goals": text,
                "work_start_time": rng.randrange(48) / 2,
                "hobby": rng.choices(WORDS, k=3),
                "desires": [],
                "transport": None,
            },
        }
        for name in rng.sample(optional, 3):
            if name != "phone_no1":
                payload[name] = rng.choice(["", None])
        return payload

    def test_same_as_json(self):
        wanted = self._get_stored(payload=self.payload)
        for form in self._get_forms(self.payload):
            self.assertEqual(self._get_stored(**form), wanted)

    def test_same_as_json_whatever_it_says(self):
        rng = random.Random(19)
        for number in range(GENERATED):
            payload = self._generate(rng)
            form = self._get_forms(payload)[number % 3]
            with self.subTest(payload):
                wanted = self._get_stored(payload=payload)
                self.assertEqual(self._get_stored(**form), wanted)

    def _send(self, **changes):
        fields = to_texts({**self.payload, **changes}, json.dumps)
        return self.post(data=urlencode(fields, doseq=True), headers=URLENCODED)

    def test_lists(self):
        one, two = self.service.id, self.service_2.id
        for text, services in {
            f"[{one}, {two}]": self.service | self.service_2,
            f"['{one}', \"{two}\"]": self.service | self.service_2,
            f"({one}, {two})": self.service | self.service_2,
            f"{one},{two}": self.service | self.service_2,
            f"{one}": self.service,
            f" [ {one} ] ": self.service,
        }.items():
            with self.subTest(text):
                lead = self.assertSuccess(self._send(crm_line_ids=text))
                self.assertEqual(lead.service_ids.product_id, services)
        fields = to_texts(self.payload, json.dumps)
        pairs = [
            *fields.items(),
            ("crm_line_ids", str(one)),
            ("crm_line_ids", str(two)),
        ]
        pairs = [pair for pair in pairs if pair[1] != fields["crm_line_ids"]]
        response = self.post(data=urlencode(pairs), headers=URLENCODED)
        lead = self.assertSuccess(response)
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)

    def test_wrong_texts(self):
        for name, text, error in (
            ("crm_line_ids", "[1", ("crm_line_ids.0", "type")),
            ("crm_line_ids", "[]", ("crm_line_ids", "too_few")),
            ("crm_line_ids", "{1, 2}", ("crm_line_ids.0", "type")),
            ("crm_line_ids", "__import__('os').getpid()", ("crm_line_ids.0", "type")),
            ("crm_line_ids", "[" * 5000, ("crm_line_ids.0", "type")),
            ("crm_line_ids", f"[{'1' * 5000}]", ("crm_line_ids.0", "type")),
            ("crm_line_ids", "1e999", ("crm_line_ids.0", "type")),
            ("customer_portrait", "[]", ("customer_portrait", "type")),
            ("customer_portrait", "b'x'", ("customer_portrait", "type")),
            (
                "customer_portrait",
                "{'hobby': 'x'}",
                ("customer_portrait.hobby", "type"),
            ),
            ("customer_portrait", "{'hobby': {1, 2}}", ("customer_portrait", "type")),
            ("gender", "['female']", ("gender", "choice")),
        ):
            with self.subTest(name, text=text[:40]), self.assertNothingMade():
                self.assertErrors(self._send(**{name: text}), [error])

    def test_malformed(self):
        deep = "[" * 40 + "]" * 40
        for case, data in {
            "twice": "ticket_id=1&ticket_id=2",
            "not UTF-8": "street=%ff",
            "not UTF-8 either": "%ff=1",
            "deep": f"crm_line_ids={deep}",
            "twice, below": 'customer_portrait={"hobby": [], "hobby": []}',
        }.items():
            with self.subTest(case), self.assertNothingMade():
                response = self.post(data=data, headers=URLENCODED)
                self.assertError(response, 400, "malformed")

    def test_json_that_came_as_a_form(self):
        response = self.post(data=json.dumps(self.payload), headers=URLENCODED)
        body = self.assertError(response, 400, "malformed")
        self.assertIn("Content-Type: application/json", body["message"])

    def test_file_for_an_attribute(self):
        files = {"phone_no1": ("0968.txt", b"0900 000 202", "text/plain")}
        with self.assertNothingMade():
            response = self.post(data=None, files=files)
            body = self.assertError(response, 400, "malformed")
        self.assertIn("phone_no1", body["message"])

    def test_malformed_parts(self):
        part = (
            b'--x\r\nContent-Disposition: form-data; name="street"\r\n\r\n%s\r\n--x--'
        )
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        response = self.post(data=part % b"\xff", headers=headers)
        self.assertError(response, 400, "malformed")
        # The character itself may be meant.
        response = self.post(data=part % "\ufffd".encode(), headers=headers)
        self.assertEqual(response.status_code, 422)

    def test_parts_without_a_name(self):
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        for disposition in ("form-data", 'form-data; filename="a.png"'):
            part = f"--x\r\nContent-Disposition: {disposition}\r\n\r\n1\r\n--x--"
            with self.subTest(disposition), self.assertNothingMade():
                response = self.post(data=part.encode(), headers=headers)
                body = self.assertError(response, 400, "malformed")
                self.assertIn("name", body["message"])

    def test_name_without_an_end(self):
        """Some releases of werkzeug find no name, others an unknown attribute."""
        part = (
            '--x\r\nContent-Disposition: form-data; name="street\\"\r\n\r\n1\r\n--x--'
        )
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with self.assertNothingMade():
            response = self.post(data=part, headers=headers)
        self.assertIn(response.status_code, (400, 422))

    def test_what_is_not_known_is_ignored(self):
        fields = to_multipart(to_texts(self.payload, json.dumps))
        files = [
            *fields.items(),
            ("photo", ("a.png", b"\x89PNG\xff", "image/png")),
            ("note", (None, "x")),
            ("note", (None, "y")),
        ]
        response = self.post(data=None, files=files)
        self.assertSuccess(response)
        ignored = response.headers["X-Ignored-Fields"]
        self.assertEqual(set(ignored.split(", ")), {"photo", "note"})

    def test_nothing(self):
        response = self.post(data="", headers=URLENCODED)
        self.assertEqual(response.status_code, 422)

    def test_log_and_sending_again(self):
        self._send(gender="x")
        entry = self.client.request_ids
        self.assertEqual(
            json.loads(entry.payload)["customer_portrait"],
            self.payload["customer_portrait"],
        )
        self.assertEqual(json.loads(entry.payload)["ticket_id"], "4711")

    def test_a_retry_is_safe(self):
        fields = urlencode(to_texts(self.payload, json.dumps))
        answers = [
            self.post(data=fields, headers={**URLENCODED, "Idempotency-Key": ""})
            for _time in range(2)
        ]
        self.assertEqual(answers[0].content, answers[1].content)
        self.assertEqual(answers[1].headers["Idempotency-Replayed"], "true")

    def test_errors_as_before(self):
        self.client.has_legacy_errors = True
        with self.assertNothingMade():
            response = self._send(gender="x", street="")
        self.assertEqual(response.status_code, 401)
        self.assertEqual(
            response.json(),
            {
                "type": "validation",
                "message": "gender: Send one of: male, female, other.\n"
                "street: This attribute is required: send a value for it.",
            },
        )
        self.assertNotIn("WWW-Authenticate", response.headers)
        # Administrators see what is wrong with which attribute, as ever.
        entry = self.client.request_ids
        self.assertEqual((entry.status, entry.error_fields), (422, "gender, street"))
        for kwargs, status in (
            ({"token": "x"}, 401),
            ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ):
            self.assertEqual(self.post(**kwargs).status_code, status)
        self.assertSuccess(self._send())
