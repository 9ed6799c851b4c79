# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test bodies as integrators' programs write them: compressed, with a byte order mark,
with numbers that are floats."""

import gzip
import json
from urllib.parse import urlencode

from odoo.tests import tagged

from ..common import LeadApiLogCase
from .test_forms import URLENCODED, to_texts

JSON = {"Content-Type": "application/json"}
GZIP = {**JSON, "Content-Encoding": "gzip"}
LIMIT = 256 * 1024
BOM = b"\xef\xbb\xbf"


def in_chunks(body):
    """Return a body that is sent without Content-Length."""
    yield body


@tagged("post_install", "-at_install")
class TestBodies(LeadApiLogCase):
    def _to_json(self, **changes):
        return json.dumps({**self.payload, **changes}).encode()

    # ------------------------------------------------------------ text

    def test_byte_order_mark(self):
        body = self._to_json()
        self.assertSuccess(self.post(data=BOM + body, headers=JSON))
        # Corrections and searches read the log's text.
        self.assertEqual(self._get_entry().payload, body.decode())
        self.assertEqual(self._get_entry().ticket_ref, str(self.payload["ticket_id"]))

    def test_byte_order_mark_of_a_wrong_body(self):
        response = self.post(data=BOM + b"{", headers=JSON)
        self.assertError(response, 400, "malformed")
        self.assertEqual(self._get_entry().payload, "{")

    def test_empty_body(self):
        for data in (b"", b" \r\n", BOM, in_chunks(b"")):
            with self.subTest(data), self.assertNothingMade():
                response = self.post(data=data, headers=JSON)
                body = self.assertError(response, 400, "malformed")
                self.assertTrue(body["message"].startswith("The body is empty: "))

    # ------------------------------------------------------------ whole numbers

    def test_whole_numbers_with_a_fraction_of_nothing(self):
        lead = self.assertSuccess(
            self.post(
                {
                    **self.payload,
                    "ticket_id": 4712.0,
                    "country_id": float(self.country.id),
                    "company_id": float(self.company.id),
                    "crm_line_ids": [float(self.service.id), self.service_2.id],
                }
            )
        )
        self.assertEqual(lead.ticket_ref, "4712")
        self.assertEqual(lead.country_id, self.country)
        self.assertEqual(lead.service_ids.product_id, self.service | self.service_2)
        entry = self._get_entry()
        self.assertEqual((entry.ticket_ref, entry.company_id), ("4712", self.company))

    def test_numbers_that_are_not_whole(self):
        for number, code in (
            ("241.5", "type"),
            ("-0.5", "type"),
            ("0.0", "range"),
            ("-1.0", "range"),
            # Such a float may stand for another number than was sent.
            ("9007199254740993.0", "type"),
            ("1e300", "type"),
            ("1e999", "type"),
        ):
            body = self._to_json(ticket_id="HERE").replace(b'"HERE"', number.encode())
            with self.subTest(number), self.assertNothingMade():
                response = self.post(data=body, headers=JSON)
                self.assertErrors(response, [("ticket_id", code)])

    def test_code_that_is_a_whole_number(self):
        self.client.takes_own_codes = True
        self.env["crm.lead.api.code"].create(
            {
                "client_id": self.client.id,
                "attribute": "crm_line_ids",
                "code": "53000",
                "record": str(self.service_2.id),
            }
        )
        lead = self.assertSuccess(
            self.post({**self.payload, "crm_line_ids": [53000.0]})
        )
        self.assertEqual(lead.service_ids.product_id, self.service_2)

    # ------------------------------------------------------------ compressed

    def test_gzip(self):
        body = self._to_json()
        half = len(body) // 2
        for case, data in {
            "plain": gzip.compress(body),
            "without length": in_chunks(gzip.compress(body)),
            "in two members": gzip.compress(body[:half]) + gzip.compress(body[half:]),
            "with a byte order mark": gzip.compress(BOM + body),
        }.items():
            with self.subTest(case):
                self.assertSuccess(self.post(data=data, headers=GZIP))
        self.assertEqual(set(self._get_entries().mapped("payload")), {body.decode()})

    def test_names_of_encodings(self):
        body = self._to_json()
        for encoding, data in (
            ("GZIP", gzip.compress(body)),
            ("x-gzip", gzip.compress(body)),
            ("identity", body),
            ("", body),
        ):
            with self.subTest(encoding):
                headers = {**JSON, "Content-Encoding": encoding}
                self.assertSuccess(self.post(data=data, headers=headers))

    def test_gzip_of_a_form(self):
        fields = to_texts(self.payload, json.dumps)
        headers = {**URLENCODED, "Content-Encoding": "gzip"}
        body = gzip.compress(urlencode(fields).encode())
        self.assertSuccess(self.post(data=body, headers=headers))
        self.assertEqual(
            json.loads(self._get_entry().payload)["customer_portrait"],
            self.payload["customer_portrait"],
        )

    def test_gzip_of_a_form_in_parts(self):
        parts = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in to_texts(self.payload, json.dumps).items()
        )
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Encoding": "gzip",
        }
        body = gzip.compress(f"{parts}--x--\r\n".encode())
        self.assertSuccess(self.post(data=body, headers=headers))

    def test_gzip_of_a_wrong_payload(self):
        body = self._to_json(gender="x")
        response = self.post(data=gzip.compress(body), headers=GZIP)
        self.assertErrors(response, [("gender", "choice")])
        self.assertEqual(self._get_entry().payload, body.decode())

    def test_size_of_what_is_inflated(self):
        body = self._to_json()
        for size, status in ((LIMIT, 200), (LIMIT + 1, 413), (1000 * LIMIT, 413)):
            data = gzip.compress(body.ljust(size))
            self.assertLess(len(data), LIMIT)
            for sent in (data, in_chunks(data)):
                with self.subTest(size):
                    response = self.post(data=sent, headers=GZIP)
                    self.assertEqual(response.status_code, status, response.text)

    def test_broken_gzip(self):
        right = gzip.compress(self._to_json())
        damaged = bytearray(right)
        damaged[-8] ^= 1  # in the checksum
        for case, data in {
            "JSON": self._to_json(),
            "cut off": right[:-20],
            "without its end": right[:-1],
            "damaged": bytes(damaged),
            "something after it": right + b"{}",
            "only a beginning": right[:5],
        }.items():
            with self.subTest(case), self.assertNothingMade():
                response = self.post(data=data, headers=GZIP)
                body = self.assertError(response, 400, "malformed")
                self.assertIn("gzip", body["message"])
        response = self.post(data=b"", headers=GZIP)
        self.assertIn("empty", self.assertError(response, 400, "malformed")["message"])

    def test_other_encodings(self):
        body = self._to_json()
        for encoding in ("br", "deflate", "zstd", "gzip, gzip", "utf-8"):
            with self.subTest(encoding), self.assertNothingMade():
                headers = {**JSON, "Content-Encoding": encoding}
                response = self.post(data=body, headers=headers)
                self.assertError(response, 415, "unsupported_media_type")
                self.assertEqual(response.headers["Accept-Encoding"], "gzip, identity")

    def test_gzip_of_many_leads(self):
        body = json.dumps({"leads": [self.payload]}).encode()
        url, headers = "/api/v1/leads", {**GZIP, "Idempotency-Key": ""}
        for size, status in ((LIMIT + 1, 200), (16 * LIMIT + 1, 413)):
            data = gzip.compress(body.ljust(size))
            response = self.post(data=data, url=url, headers=headers)
            self.assertEqual(response.status_code, status)
