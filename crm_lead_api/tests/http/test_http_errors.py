# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import gzip
import json
from unittest import skipUnless
from unittest.mock import patch

from werkzeug import Request

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...http import dispatcher
from ..common import URL, LeadApiHttpCase

JSON = {"Content-Type": "application/json"}
DEEP = '{"a": ' + "[" * 60 + "]" * 60 + "}"
MALFORMED = {
    "nothing": b"",
    "no JSON": b"ticket_id=4711",
    "cut off": b'{"ticket_id": 1',
    "Latin-1": '{"street": "Lê Lợi"}'.encode("utf-16"),
    "no UTF-8": b'{"street": "\xff"}',
    "a list": b"[]",
    "a text": b'"text"',
    "an attribute twice": b'{"ticket_id": 1, "ticket_id": 2}',
    "twice, below": b'{"customer_portrait": {"hobby": [], "hobby": []}}',
    "NaN": b'{"ticket_id": NaN}',
    "Infinity": b'{"ticket_id": -Infinity}',
    "deep": DEEP.encode(),
    "deeper": b"[" * 100_000,
    "a number without end": b'{"ticket_id": ' + b"9" * 10_000 + b"}",
}


@tagged("post_install", "-at_install")
class TestHttpErrors(LeadApiHttpCase):
    def test_400(self):
        for case, data in MALFORMED.items():
            with self.subTest(case), self.assertNothingMade():
                response = self.post(data=data, headers=JSON)
                body = self.assertError(response, 400, "malformed")
                self.assertEqual(set(body), {"error", "type", "message"})

    def test_404(self):
        for url in (
            "/api/v1",
            "/api/v1/",
            "/api/v1/leeds",
            "/api/v1//lead",
            "/x/api/v1/lead/one",
            "/x/api/v1",
        ):
            for method in ("GET", "POST"):
                with self.subTest(url, method=method):
                    response = self.post(url=url, method=method)
                    self.assertError(response, 404, "not_found")

    def test_405(self):
        for method in ("DELETE", "OPTIONS"):
            for url in (URL, f"/x{URL}"):
                with self.subTest(method, url=url):
                    response = self.post(url=url, method=method)
                    self.assertError(response, 405, "method_not_allowed")
                    allowed = "GET, HEAD, PATCH, POST, PUT"
                    self.assertEqual(response.headers["Allow"], allowed)
        for url, allowed in (
            ("/api/v1/lead/1", "GET, HEAD, PATCH"),
            ("/api/v1/me", "GET, HEAD"),
        ):
            response = self.post(url=url)
            self.assertError(response, 405, "method_not_allowed")
            self.assertEqual(response.headers["Allow"], allowed)

    def test_an_id_that_no_record_can_have(self):
        for number in (0, 2**31, 10**30):
            for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/notes")):
                with self.subTest(method, number=number):
                    url = f"{URL}/{number}{path}"
                    response = self.post({}, url=url, method=method)
                    self.assertError(response, 404, "not_found")

    def test_413(self):
        """The answer names the limit."""
        data = json.dumps({**self.payload, "note": "x" * 256 * 1024}).encode()
        compressed = {**JSON, "Content-Encoding": "gzip"}
        for content, headers in (
            (data, JSON),
            (iter([data]), JSON),
            (gzip.compress(data), compressed),
        ):
            with self.subTest(type(content), headers=headers), self.assertNothingMade():
                response = self.post(data=content, headers=headers)
                body = self.assertError(response, 413, "too_large")
                self.assertIn(f"at most {256 * 1024} bytes", body["message"])

    @skipUnless(hasattr(Request, "max_form_parts"), "an older werkzeug has no limit")
    def test_413_of_a_form_in_parts(self):
        parts = {f"part{number}": (None, "x") for number in range(1001)}
        with self.assertNothingMade():
            response = self.post(data=None, files=parts)
        body = self.assertError(response, 413, "too_large")
        self.assertIn("at most 1000 parts", body["message"])

    def test_get_instead_of_post(self):
        """A redirect, such as from http to https, turns a POST into a GET."""
        for lang, text in (
            ("en", "To make a lead, send POST"),
            ("vi", "Để tạo lead, hãy gửi POST"),
        ):
            headers = {"Accept-Language": lang}
            response = self.post(method="GET", json=None, headers=headers)
            body = self.assertErrors(response, [("ticket_id", "required")])
            self.assertIn(text, body["errors"][0]["message"])
            response = self.post(
                url=f"{URL}/notes", method="GET", json=None, headers=headers
            )
            body = self.assertError(response, 405, "method_not_allowed")
            self.assertIn(text, body["message"])
            self.assertEqual(response.headers["Allow"], "POST")
        # A wrong name of the parameter is named.
        response = self.post(url=f"{URL}?ticketid=7", method="GET", json=None)
        body = self.assertErrors(response, [("ticket_id", "required")])
        self.assertEqual(body["errors"][0]["did_you_mean"], "ticketid")

    def test_415(self):
        for media_type in ("text/plain", "application/xml", "text/json"):
            with self.subTest(media_type), self.assertNothingMade():
                headers = {"Content-Type": media_type}
                response = self.post(data=json.dumps(self.payload), headers=headers)
                self.assertError(response, 415, "unsupported_media_type")
                self.assertIn("application/json", response.headers["Accept"])
        for media_type in ("application/json; charset=utf-8", "APPLICATION/JSON"):
            headers = {"Content-Type": media_type}
            self.assertSuccess(
                self.post(data=json.dumps(self.payload), headers=headers)
            )

    def _patch_step(self, **kwargs):
        """Let the last step of making a lead go wrong, or right after a while."""
        return patch.object(self.registry["crm.lead"], "_get_staff_url", **kwargs)

    def test_500(self):
        with (
            self._patch_step(side_effect=RuntimeError("secret of the house")),
            self.assertNothingMade(),
            mute_logger("odoo.http"),
            self.assertLogs("odoo.addons.crm_lead_api", "ERROR") as log,
        ):
            body = self.assertError(self.post(), 500, "server")
        self.assertNotIn("secret", str(body))
        self.assertIn(body["reference"], log.output[0])
        self.assertNotIn("Thảo", str(log.output))

    @mute_logger("odoo.http")
    def test_500_of_an_error_in_an_error(self):
        """Odoo asks a second time for an answer, without a cursor."""
        wrong = {**self.payload, "gender": "x"}
        first = RuntimeError("secret of the house")
        with (
            patch.object(dispatcher, "format_ignored_fields", side_effect=[first, ""]),
            self.assertLogs("odoo.addons.crm_lead_api", "ERROR"),
        ):
            response = self.post({**wrong, "foo": 1})
        self.assertError(response, 500, "server")

    def _fail_in_postgresql(self, code):
        """Return a step that PostgreSQL itself refuses, with that SQLSTATE."""

        def fail(lead):
            lead.env.cr.execute(
                f"DO $$ BEGIN RAISE 'secret' USING ERRCODE = '{code}'; END $$"
            )

        return fail

    @mute_logger("odoo.http", "odoo.service.model", "odoo.sql_db")
    def test_503(self):
        for name, code in {
            "serialization failure": "40001",
            "deadlock": "40P01",
            "lock not available": "55P03",
            "too many connections": "53300",
            "shut down": "57P01",
        }.items():
            with (
                self.subTest(name),
                patch("odoo.service.model.time.sleep"),
                self._patch_step(new=self._fail_in_postgresql(code)),
                self.assertNothingMade(),
            ):
                response = self.post()
                self.assertError(response, 503, "unavailable")
                self.assertGreater(int(response.headers["Retry-After"]), 0)
                self.assertNotIn("secret", response.text)

    @mute_logger("odoo.service.model", "odoo.sql_db")
    def test_what_is_retried_is_made_once(self):
        before = self._count()
        get_staff_url = self.registry["crm.lead"]._get_staff_url
        fail = self._fail_in_postgresql("40001")
        steps = [fail, fail, get_staff_url]
        with (
            patch("odoo.service.model.time.sleep"),
            self._patch_step(new=lambda lead: steps.pop(0)(lead)),
        ):
            lead = self.assertSuccess(self.post())
        self.assertEqual(steps, [])
        after = self._count()
        for model, count in (
            ("crm.lead", 1),
            ("res.partner", 1),
            ("crm.customer.portrait", 1),
            ("crm.customer.portrait.item", 5),
            ("crm.lead.service", 2),
        ):
            self.assertEqual(after[model], before[model] + count, model)
        self.assertTrue(lead.exists())

    def test_language(self):
        payload = {**self.payload, "gender": "x", "crm_line_ids": [2_000_000_000]}
        for accepted, message in (
            (None, "2 fields are wrong"),
            ("vi", "2 thuộc tính sai"),
            ("vi-VN,vi;q=0.9,en;q=0.8", "2 thuộc tính sai"),
            ("fr-FR, en;q=0.5", "2 fields are wrong"),
            ("fr", "2 fields are wrong"),
            ("en-GB, vi;q=0.5", "2 fields are wrong"),
        ):
            with self.subTest(accepted):
                headers = {"Accept-Language": accepted} if accepted else {}
                body = self.post(payload, headers=headers).json()
                self.assertEqual(body["message"], message)
        self.assertEqual(
            self.post(payload, headers={"Accept-Language": "vi"}).json()["errors"][0],
            {
                "field": "gender",
                "code": "choice",
                "message": "Hãy gửi một trong các giá trị: male, female, other.",
                "allowed": ["male", "female", "other"],
            },
        )

    def test_vietnamese_answers_are_whole(self):
        """The length of a body is counted in bytes."""
        response = self.post(url="/api/v1/x", headers={"Accept-Language": "vi"})
        self.assertEqual(
            response.json()["message"],
            "Không có gì tại địa chỉ này. Để tạo lead, hãy gửi POST đến /api/v1/lead; "
            "/api/v1/docs liệt kê mọi địa chỉ.",
        )
        self.assertEqual(int(response.headers["Content-Length"]), len(response.content))
