# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test rate and size limits. Several servers at once are in
``setup/tests/test_concurrency.py``."""

import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.access.crm_lead_api_refusal import MAX_ADDRESSES
from ...models.res_config_settings import INTEGERS, PREFIX
from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestLimits(LeadApiHttpCase):
    def _set(self, name, value):
        settings = self.env["res.config.settings"].create({})
        settings[f"lead_api_{name}"] = value
        settings.execute()

    def test_requests_per_minute(self):
        self.client.requests_per_minute = 3
        for remaining in (2, 1, 0):
            # Refused requests count as well.
            response = self.post({"gender": "x"} if remaining else None)
            self.assertEqual(response.status_code, 422 if remaining else 200)
            self.assertEqual(response.headers["RateLimit-Limit"], "3")
            self.assertEqual(response.headers["RateLimit-Remaining"], str(remaining))
        with self.assertNothingMade():
            response = self.post()
        self.assertError(response, 429, "rate_limit")
        seconds = int(response.headers["Retry-After"])
        self.assertTrue(1 <= seconds <= 60)
        self.assertEqual(response.headers["RateLimit-Remaining"], "0")
        self.assertEqual(response.headers["RateLimit-Reset"], str(seconds))
        # As if that many seconds had passed, and then as if one had not.
        rate = self.env["crm.lead.api.rate"].search([])
        rate.start -= timedelta(seconds=seconds - 2)
        self.assertError(self.post(), 429, "rate_limit")
        rate.start -= timedelta(seconds=2)
        self.assertSuccess(self.post())
        self.assertSuccess(self.post())

    def test_the_clock_goes_back(self):
        self.client.requests_per_minute = 1
        self.assertSuccess(self.post())
        self.assertError(self.post(), 429, "rate_limit")
        self.env["crm.lead.api.rate"].search([]).start += timedelta(hours=1)
        self.assertSuccess(self.post())
        self.assertError(self.post(), 429, "rate_limit")

    @mute_logger("odoo.service.model")
    def test_a_call_that_odoo_runs_again_is_one_call(self):
        self.client.requests_per_minute = 5
        leads = type(self.env["crm.lead"])
        create, failures = leads._create_from_payload, [ConcurrencyError("again")]

        def fail_first(self, payload):
            if failures:
                raise failures.pop()
            return create(self, payload)

        with patch.object(leads, "_create_from_payload", fail_first):
            response = self.post()
        self.assertSuccess(response)
        self.assertFalse(failures)
        self.assertEqual(response.headers["RateLimit-Remaining"], "4")
        self.assertEqual(self.env["crm.lead.api.rate"].search([]).calls, 1)

    def test_a_client_without_a_limit(self):
        response = self.post()
        self.assertSuccess(response)
        self.assertNotIn("RateLimit-Limit", response.headers)

    def test_each_client_has_its_own(self):
        other = self._new_client("chatbot", requests_per_minute=1)
        token = self._new_token(other)
        self.assertSuccess(self.post(token=token))
        self.assertError(self.post(token=token), 429, "rate_limit")
        self.assertSuccess(self.post())

    def test_a_call_over_the_limit_can_be_sent_again_from_the_log(self):
        self.client.requests_per_minute = 1
        self.post()
        self.post({**self.payload, "ticket_id": 4712})
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertEqual((entry.status, entry.ticket_ref), (429, "4712"))
        self.assertEqual(json.loads(entry.payload)["ticket_id"], 4712)

    def test_an_address_that_guesses_waits_longer_and_longer(self):
        self._set("wrong_tokens", 3)

        def guess(number):
            return self.post(token=f"crmlead_{number:040}")

        now = fields.Datetime.now().replace(minute=10, second=0)
        with freeze_time(now) as clock:
            for number in range(3):
                self.assertEqual(guess(number).status_code, 401)
            pauses = []
            for number in range(6):
                response = guess(number)
                body = self.assertError(response, 429, "wrong_tokens")
                self.assertIn("wrong tokens", body["message"])
                pauses.append(int(response.headers["Retry-After"]))
                # Who asks without a token guesses nothing; a valid one opens.
                self.assertEqual(self.post(token="").status_code, 401)
                self.assertEqual(self.post({}).status_code, 422)
                clock.tick(pauses[-1])
                self.assertEqual(guess(number).status_code, 401)
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32])
        refusal = self.env["crm.lead.api.refusal"].search([])
        self.assertEqual(refusal.paused_until, now + timedelta(seconds=63 + 64))

    def test_a_token_that_has_ended_is_no_guess(self):
        """Its holder gets the reason, also from an address that has to wait."""
        self._set("wrong_tokens", 2)
        expired, revoked = self._new_token(days=-1), self._new_token()
        self.client.token_ids[0].action_revoke()

        def get_reason(token):
            response = self.post(token=token)
            self.assertEqual(response.status_code, 401)
            return response.headers["WWW-Authenticate"]

        def check_ended():
            newest, oldest = self.client.token_ids[0], self.client.token_ids[1]
            for token, reason, date in (
                (expired, "expired", oldest.expiration_date),
                (revoked, "been revoked", newest.date_revoked),
            ):
                text = f'"The token has {reason}: {date.isoformat()[:19]}Z"'
                self.assertIn(text, get_reason(token))

        for _number in range(5):
            check_ended()
        unknown = 'error="invalid_token", error_description="The token is unknown"'
        with freeze_time(fields.Datetime.now().replace(minute=10)):
            for _number in range(2):
                self.assertEqual(get_reason("x"), f"Bearer {unknown}")
            response = self.post(token="x")
            self.assertError(response, 429, "wrong_tokens")
            self.assertGreaterEqual(int(response.headers["Retry-After"]), 1)
            check_ended()
            vietnamese = self.post(token="x", headers={"Accept-Language": "vi"})
            self.assertIn("token sai", vietnamese.json()["message"])

    def test_a_pause_does_not_end_with_the_hour(self):
        self._set("wrong_tokens", 1)
        with freeze_time("2026-03-02 10:59:59") as clock:
            self.assertEqual(self.post(token="x").status_code, 401)
            clock.tick(1)
            self.assertEqual(self.post(token="x").status_code, 401)
            self.assertEqual(self.post(token="x").status_code, 429)
        refusals = self.env["crm.lead.api.refusal"]
        refusals._gc_old()
        self.assertFalse(refusals.search([]))

    def test_networks_of_ipv6_are_one_address(self):
        refusals = self.env["crm.lead.api.refusal"]
        for address, network in (
            ("2001:db8::1", "2001:db8::/64"),
            ("2001:db8::ffff:2", "2001:db8::/64"),
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
        ):
            self.assertEqual(refusals._get_network(address), network)

    def test_so_many_addresses_are_counted_one_by_one(self):
        """The others are counted together, and wait together."""
        self._set("wrong_tokens", 2)
        now = fields.Datetime.now().replace(minute=10, second=0)
        hour, before = now.replace(minute=0), now - timedelta(hours=1)
        refusals = self.env["crm.lead.api.refusal"]
        values = {"calls": 1, "wrong_tokens": 0}
        refusals.create(
            [
                {"address": f"row-{n}", "hour": hour, **values}
                for n in range(MAX_ADDRESSES - 1)
            ]
        )
        paused = {**values, "paused_until": now + timedelta(minutes=5)}
        refusals.create({"address": "patient", "hour": before, **paused})
        with freeze_time(now):
            count = refusals._count
            for _ in range(2):
                self.assertEqual(count("the last one", False), 0)
            self.assertEqual(count("row-7", True), 0)
            self.assertEqual(count("first guest", False), 0)
            self.assertEqual(count("second guest", True), 0)
            self.assertEqual(count("third guest", True), 0)
            self.assertEqual(count("fourth guest", True), 1)
            self.assertEqual(count("patient", True), 300)  # as it was told before
            self.assertEqual(count("row-7", True), 0)  # has a row of its own
            self.assertEqual(self.post(token="x").status_code, 429)
            self.assertError(self.post({}), 422, "validation")
        counted = refusals.search([("hour", "=", hour)])
        self.assertEqual(len(counted), MAX_ADDRESSES + 1)
        calls = {row.address: (row.calls, row.wrong_tokens) for row in counted}
        self.assertEqual(calls["the last one"], (2, 0))
        self.assertEqual(calls["row-7"], (3, 2))
        self.assertEqual(calls["*"], (6, 2))

    def test_body(self):
        self._set("max_body", 1)
        with self.assertNothingMade():
            response = self.post({**self.payload, "note": "x" * 1000})
            self.assertError(response, 413, "too_large")
        self._set("max_body", 8)
        # The limit of Odoo's own uploads is another
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", 100)
        self.assertSuccess(self.post({**self.payload, "note": "x" * 1000}))

    def test_nesting(self):
        payload = {**self.payload, "note": [[[[]]]]}
        self.assertSuccess(self.post(payload))
        self._set("max_depth", 4)
        self.assertError(self.post(payload), 400, "malformed")
        self._set("max_depth", 5)
        self.assertSuccess(self.post(payload))

    def test_lists(self):
        hobbies = {**self.payload, "customer_portrait": {"hobby": ["x"] * 101}}
        body = self.assertErrors(
            self.post(hobbies), [("customer_portrait.hobby", "too_many")]
        )
        self.assertIn("100", body["errors"][0]["message"])
        self._set("max_items", 101)
        self.assertSuccess(self.post(hobbies))
        self._set("max_items", 1)
        self.assertErrors(
            self.post(),
            [
                ("crm_line_ids", "too_many"),
                ("customer_portrait.pain_point", "too_many"),
                ("customer_portrait.hobby", "too_many"),
            ],
        )

    def test_settings_that_allow_nothing_are_not_saved(self):
        for key in INTEGERS:
            name = key.removeprefix(PREFIX)
            with self.subTest(name), self.assertRaises(ValidationError):
                self._set(name, 0)
        with self.assertRaises(ValidationError):
            self._set("max_body", -1)

    def test_settings_of_more_than_a_lifetime_are_not_saved(self):
        times = [key for key in INTEGERS if key.endswith(("_days", "_hours"))]
        self.assertGreater(len(times), 2)
        for key in times:
            name = key.removeprefix(PREFIX)
            with self.subTest(name), self.assertRaises(ValidationError):
                self._set(name, 36_501)
        self._set("payload_days", 36_500)
        # As it could be saved earlier
        self.env["ir.config_parameter"].set_param(f"{PREFIX}payload_days", 2**31 - 1)
        self.env["ir.config_parameter"].set_param(f"{PREFIX}answer_days", 2**31 - 1)
        self.env["crm.lead.api.request"]._cron_forget_payloads()
        self.assertSuccess(self.post())
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.lead_api_payload_days, 36_500)
