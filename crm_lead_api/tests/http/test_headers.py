# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test headers as integrators write them, and the headers of answers."""

import json
import re
from contextlib import closing
from http.client import HTTPConnection

from odoo.tests import tagged
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME

from ..common import URL, LeadApiHttpCase

ME = "/api/v1/me"
CHALLENGE = re.compile(r'Bearer error="invalid_token", error_description="([ -~]+)"')
NO_KEY = {"Idempotency-Key": ""}


@tagged("post_install", "-at_install")
class TestHeaders(LeadApiHttpCase):
    def _get(self, headers=None):
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.url_open(ME, headers=headers)

    def _get_challenge(self, headers, url=URL):
        """Return the reason for the 401 of a request with only these headers."""
        response = self.url_open(url, json={}, headers=headers, method="POST")
        self.assertEqual(response.status_code, 401)
        self.assertEqual(
            response.text,
            '{"type": "access_token", '
            '"message": "token seems to have expired or invalid"}',
        )
        challenge = response.headers["WWW-Authenticate"]
        if challenge == "Bearer":
            return None
        return CHALLENGE.fullmatch(challenge)[1]

    # ------------------------------------------------------------ token

    def test_token_that_is_sent_elsewhere(self):
        for headers, url in (
            ({"X-Api-Key": self.token}, URL),
            ({}, f"{URL}?access_token={self.token}"),
            ({}, f"{URL}?dry_run=1&token={self.token}"),
        ):
            with self.subTest(headers, url=url):
                challenge = self._get_challenge(headers, url)
                self.assertIn("Authorization: Bearer, a space, and", challenge)
        headers = {"X-Api-Key": "x", "access-token": self.token}
        self.assertSuccess(self.url_open(URL, json=self.payload, headers=headers))

    # ------------------------------------------------------------ Prefer

    def test_preference_that_resembles_a_dry_run(self):
        for prefer in (
            *("dry_run", "dryrun", "DryRun", "Dry_Run=1", "dry run", '"dry-run"'),
            *("return=minimal, dryrun", "mode=dry-run", "wait=1;dry_run"),
            *("dry-run=false", "Dry-Run = 0", 'dry-run="no"'),
        ):
            with self.subTest(prefer), self.assertNothingMade():
                response = self.post(headers={"Prefer": prefer})
                body = self.assertError(response, 400, "malformed")
                self.assertIn("Prefer: dry-run", body["message"])

    def test_other_preferences_are_ignored(self):
        for prefer in (
            *("return=minimal", "return=representation; foo", "respond-async"),
            *("wait=100", "handling=lenient", 'odata="a,b"', "", ",", "safe"),
        ):
            with self.subTest(prefer):
                self.assertSuccess(self.post(headers={"Prefer": prefer}))

    def test_long_preference(self):
        """Each preference is read at once, however many spaces it has."""
        prefer = f"a{' ' * 60_000}b"
        self.assertSuccess(self.post(headers={"Prefer": prefer}))

    # ------------------------------------------------------------ conditions

    def test_if_match_on_a_read(self):
        first = self._get()
        etag = first.headers["ETag"]
        for match in (etag, '"x"', "*"):
            with self.subTest(match):
                response = self._get({"If-Match": match})
                self.assertEqual(response.status_code, 200)
                self.assertEqual(response.json(), first.json())
        unchanged = self._get({"If-None-Match": etag, "If-Match": '"x"'})
        self.assertEqual((unchanged.status_code, unchanged.content), (304, b""))
        self.assertEqual(self._get({"If-None-Match": '"x"'}).status_code, 200)

    # ------------------------------------------------------------ caches

    def test_no_cache_shows_an_answer_to_others(self):
        lead = self.assertSuccess(self.post())
        for path in ("me", "ref", "ref/services", "leads", f"lead/{lead.id}"):
            with self.subTest(path):
                url = f"/api/v1/{path}"
                headers = self.post(url=url, method="GET", json=None).headers
                self.assertEqual(headers["Cache-Control"], "private, no-cache")
                self.assertEqual(
                    headers["Vary"], "Authorization, Access-Token, Accept-Language"
                )

    # ------------------------------------------------------------ tokens

    def test_reasons_of_a_401(self):
        expired = self._new_token(days=-1)
        revoked = self._new_token()
        self.client.token_ids[:1].action_revoke()
        client = self._new_client("a")
        archived = self._new_token(client)
        client.active = False
        wrong = self.token[:-1] + ("0" if self.token[-1] != "0" else "1")
        for headers, reason in (
            ({}, None),
            ({"Authorization": ""}, None),
            ({"Authorization": f"Basic {self.token}"}, "has to be: Bearer"),
            ({"Authorization": self.token}, "has to be: Bearer"),
            ({"Authorization": "Bearer"}, "has to be: Bearer"),
            ({"Authorization": "Bearer x"}, "unknown"),
            ({"Authorization": f"Bearer {wrong}"}, "unknown"),
            ({"access-token": wrong}, "unknown"),
            ({"Authorization": f"Bearer {expired}"}, "expired"),
            ({"access-token": revoked}, "revoked"),
            ({"Authorization": f"Bearer {archived}"}, "archived"),
            # Nobody learns of a token without all of it.
            ({"Authorization": f"Bearer {expired[:-1]}"}, "unknown"),
            ({"Authorization": f"Bearer {revoked.upper()}"}, "unknown"),
        ):
            with self.subTest(headers):
                found = self._get_challenge(headers)
                if reason is None:
                    self.assertIsNone(found)
                else:
                    self.assertIn(reason, found)

    # ------------------------------------------------------------ rate limit

    def test_rate_limit(self):
        self.client.requests_per_minute = 2
        for remaining, status in ((1, 200), (0, 200), (0, 429)):
            response = self._get()
            self.assertEqual(response.status_code, status)
            self.assertEqual(response.headers["RateLimit-Policy"], '"default";q=2;w=60')
            seconds = response.headers["RateLimit-Reset"]
            self.assertEqual(
                response.headers["RateLimit"], f'"default";r={remaining};t={seconds}'
            )
        self.client.requests_per_minute = 0
        response = self._get()
        self.assertFalse({"RateLimit", "RateLimit-Policy"} & set(response.headers))

    # ------------------------------------------------------------ Idempotency-Key

    def _send_keys(self, *keys, payload=None):
        """Send a request with several headers Idempotency-Key.

        :return: status, whether the answer is a replay, and the answer
        """
        self.env.flush_all()
        self.env.clear()
        with (
            self.allow_requests(),
            closing(HTTPConnection(HOST, self.http_port(), timeout=60)) as connection,
        ):
            body = json.dumps(payload or self.payload).encode()
            connection.putrequest("POST", URL)
            for name, value in (
                ("Cookie", f"{TEST_CURSOR_COOKIE_NAME}={self.http_request_key}"),
                ("Authorization", f"Bearer {self.token}"),
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                *(("Idempotency-Key", key) for key in keys),
            ):
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return (
                response.status,
                "Idempotency-Replayed" in response.headers,
                json.loads(response.read()),
            )

    def test_quoted_key(self):
        for first, again in (
            ("abc", '"abc"'),
            ('"d,e"', "d,e"),
            (r'"f\"g\\h"', r'f"g\h'),
            (' "i" ', "i"),
            ('"j', '"j'),
        ):
            with self.subTest(first):
                made = self._send_keys(first)
                self.assertEqual(made[:2], (200, False))
                self.assertEqual(self._send_keys(again), (200, True, made[2]))

    def test_impossible_keys(self):
        for key in ('"a b"', "a b", "x" * 256, '"' + "x" * 256 + '"'):
            with self.subTest(key), self.assertNothingMade():
                status, _replayed, answer = self._send_keys(key)
                self.assertEqual((status, answer["type"]), (400, "malformed"))

    def test_several_keys(self):
        with self.assertNothingMade():
            status, _replayed, answer = self._send_keys("a", "b")
        self.assertEqual((status, answer["type"]), (400, "malformed"))
        self.assertIn("several", answer["message"])
        made = self._send_keys("k", '"k"', "k", "")
        self.assertEqual(made[:2], (200, False))
        self.assertEqual(self._send_keys("k"), (200, True, made[2]))
        # A comma in a key makes no two keys of it.
        other = self._send_keys("k,k")
        self.assertEqual(other[:2], (200, False))
        self.assertNotEqual(other[2], made[2])

    def test_quoted_key_of_a_lead_among_many(self):
        made = self._send_keys("among-many")
        lead = {**self.payload, "idempotency_key": '"among-many"'}
        response = self.post({"leads": [lead]}, url="/api/v1/leads", headers=NO_KEY)
        [result] = response.json()["data"]["results"]
        self.assertEqual((result["status"], result["replayed"]), (200, True))
        self.assertEqual(result["body"], made[2])

    # ------------------------------------------------------------ language

    def test_language_of_the_documentation_page(self):
        for accepted, lang in (("vi", "vi-VN"), ("en-GB", "en-US")):
            response = self.url_open(
                "/api/v1/docs", headers={"Accept-Language": accepted}
            )
            self.assertIn(f'<html lang="{lang}"', response.text)
