# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test requests that well-behaved HTTP clients don't send, over a raw socket."""

import json
from contextlib import closing
from http.client import HTTPConnection

from odoo.tests import tagged
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME

from ..common import URL, LeadApiHttpCase

JSON = ("Content-Type", "application/json")
CHUNKED = ("Transfer-Encoding", "chunked")
LIMIT = 256 * 1024


def in_chunks(body, size=4096):
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


class RawConnection(HTTPConnection):
    """Send an address as it is, also without percent-encoding."""

    def _encode_request(self, request):
        return request.encode(errors="surrogateescape")


@tagged("post_install", "-at_install")
class TestRawRequests(LeadApiHttpCase):
    def send(self, headers, body=None, method="POST", url=URL):
        """Return (status, headers, JSON) for a request with just those headers."""
        body = json.dumps(self.payload).encode() if body is None else body
        names = [name.lower() for name, _value in headers]
        if not {"content-length", "transfer-encoding"} & set(names):
            headers = [*headers, ("Content-Length", str(len(body)))]
        self.env.flush_all()
        self.env.clear()
        with (
            self.allow_requests(),
            closing(RawConnection(HOST, self.http_port(), timeout=20)) as connection,
        ):
            connection.putrequest(method, url, skip_accept_encoding=True)
            cookie = f"{TEST_CURSOR_COOKIE_NAME}={self.http_request_key}"
            for name, value in (("Cookie", cookie), JSON, *headers):
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            content = response.read()
        self.assertEqual(
            response.headers["Content-Type"], "application/json; charset=utf-8"
        )
        self.assertTrue(response.headers["X-Request-Id"])
        return response.status, response.headers, json.loads(content)

    def _get_bearer(self, token=None):
        return ("Authorization", f"Bearer {token or self.token}")

    def test_headers_that_carry_the_token(self):
        for name in ("access_token", "Access_Token", "ACCESS_TOKEN", "access-token"):
            with self.subTest(name):
                status, _headers, body = self.send([(name, self.token)])
                self.assertEqual((status, body["error"]), (200, 0))

    def test_texts_in_an_address(self):
        """Encoded texts are read as they are; texts that are not encoded, too."""
        self.service.default_code = "Ã©"
        for text, expected in {
            "%C3%83%C2%A9": True,
            "%C3%A9": False,
            "n%C3%A2ng%20m%C5%A9i": True,
            "nâng%20mũi": True,
            "xâ": False,
            "n\udce2ng": True,  # in Latin-1
            "x\udce2": False,
        }.items():
            url = f"/api/v1/ref/services?q={text}"
            status, _headers, body = self.send([self._get_bearer()], b"", "GET", url)
            found = [item["id"] for item in body["data"]["items"]]
            self.assertEqual((status, self.service.id in found), (200, expected), text)

    def test_only_access_token_may_have_an_underscore(self):
        for name in ("Authorization_", "access__token", "x_access_token", "token"):
            with self.subTest(name):
                status, _headers, body = self.send([(name, self.token)])
                self.assertEqual((status, body["type"]), (401, "access_token"))

    def test_underscores_forge_no_other_header(self):
        """A header that begins like the permitted header is not let through."""
        _status, headers, _body = self.send(
            [self._get_bearer(), ("X_Request_Id", "forged")]
        )
        self.assertNotEqual(headers["X-Request-Id"], "forged")

    def test_hyphen_wins_over_underscore(self):
        good, bad = self.token, "0" * 40
        for hyphen, underscore, status in ((good, bad, 200), (bad, good, 401)):
            pair = [("access_token", underscore), ("access-token", hyphen)]
            for headers in (pair, pair[::-1]):
                with self.subTest(headers):
                    self.assertEqual(self.send(headers)[0], status)

    def test_token_with_bytes_that_no_token_has(self):
        """They are wrong tokens like any other."""
        for token in (
            *(f"{self.token}\x00", f"\x00{self.token}"),
            *("\x00", "\x7f", "\xff" * 40, "x" * 9000),
        ):
            for header in (self._get_bearer(token), ("access-token", token)):
                with self.subTest(header), self.assertNothingMade():
                    status, headers, body = self.send([header])
                    self.assertEqual(
                        body,
                        {
                            "type": "access_token",
                            "message": "token seems to have expired or invalid",
                        },
                    )
                    self.assertEqual(status, 401)
                    self.assertTrue(headers["WWW-Authenticate"].startswith("Bearer"))

    def test_body_in_chunks(self):
        body = json.dumps(self.payload).encode()
        status, _headers, answer = self.send(
            [self._get_bearer(), CHUNKED], in_chunks(body, 100)
        )
        self.assertEqual((status, answer["error"]), (200, 0))

    def test_size_of_the_body(self):
        body = json.dumps(self.payload).encode()
        for size, expected in ((LIMIT - 1, 200), (LIMIT + 1, 413), (3 * LIMIT, 413)):
            padded = body.ljust(size)
            for headers, sent in (([], padded), ([CHUNKED], in_chunks(padded))):
                with self.subTest(size, headers=headers):
                    status, _headers, answer = self.send(
                        [self._get_bearer(), *headers], sent
                    )
                    self.assertEqual(status, expected, answer)

    def test_length_that_is_none(self):
        for length in ("abc", "-5", ""):
            with self.subTest(length), self.assertNothingMade():
                status, _headers, answer = self.send(
                    [self._get_bearer(), ("Content-Length", length)], b""
                )
                self.assertEqual((status, answer["type"]), (400, "malformed"))

    def test_chunks_that_are_none(self):
        with self.assertNothingMade():
            status, _headers, answer = self.send(
                [self._get_bearer(), CHUNKED], b"zz\r\n{}\r\n0\r\n\r\n"
            )
            self.assertEqual((status, answer["type"]), (400, "malformed"))

    def test_nothing_is_read_without_a_token(self):
        for body in (b"", b"\xff", b"[" * 9999, b"x" * (LIMIT + 1)):
            with self.subTest(body[:5]):
                self.assertEqual(self.send([], body)[0], 401)

    def test_method_that_nobody_knows(self):
        for method in ("TRACE", "LEAD", "CONNECT"):
            with self.subTest(method):
                status, headers, answer = self.send([self._get_bearer()], method=method)
                self.assertEqual((status, answer["error"]), (405, 405))
                self.assertEqual(headers["Allow"], "GET, HEAD, PATCH, POST, PUT")
