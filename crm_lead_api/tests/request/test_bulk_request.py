# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test requests with many leads as a whole: refusals and log."""

import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...schemas.bulk import MAX_LEADS
from ..data import MANAGER_GROUP
from .common import URL, BulkCase


@tagged("post_install", "-at_install")
class TestBulkRequest(BulkCase):
    """Test requests that are refused as a whole."""

    def test_how_many(self):
        lead = self._lead(1)
        for leads, code in (([], "too_few"), ([lead] * (MAX_LEADS + 1), "too_many")):
            with self.subTest(code), self.assertNothingMade():
                self.assertErrors(self.send(*leads), [("leads", code)])
        for body, code in (({}, "required"), ({"leads": lead}, "type")):
            with self.subTest(code), self.assertNothingMade():
                response = self.post(body, url=URL, headers={"Idempotency-Key": ""})
                self.assertErrors(response, [("leads", code)])
        self.assertErrors(self.send(lead, atomic="x"), [("atomic", "type")])
        entries = self._get_entries()
        self.assertEqual(entries.mapped("status"), [422] * 5)

    def test_the_header_is_for_single_calls(self):
        response = self.send(self._lead(1), headers={"Idempotency-Key": "k"})
        body = self.assertError(response, 400, "malformed")
        self.assertIn("idempotency_key", body["message"])

    def test_only_json(self):
        for media_type in ("application/x-www-form-urlencoded", "text/xml"):
            with self.subTest(media_type):
                headers = {"Content-Type": media_type, "Idempotency-Key": ""}
                response = self.post(data="a=b", url=URL, headers=headers)
                self.assertError(response, 415, "unsupported_media_type")
                self.assertEqual(response.headers["Accept"], "application/json")

    def test_malformed(self):
        for data in (b"{", b"[]", b"\xff"):
            with self.subTest(data):
                headers = {"Content-Type": "application/json", "Idempotency-Key": ""}
                response = self.post(data=data, url=URL, headers=headers)
                self.assertError(response, 400, "malformed")

    def test_nesting_of_a_lead_is_that_of_a_single_call(self):
        def nest(depth):
            value = []
            for _level in range(depth - 1):
                value = [value]
            return value

        # A lead is one level, what is in it are the others.
        for depth, status in ((31, 200), (32, 400)):
            with self.subTest(depth):
                lead = self._lead(depth, note=nest(depth))
                self.assertEqual(self.post(lead).status_code, status)
                lead["ticket_id"] += 100
                self.assertEqual(self.send(lead).status_code, status)

    def test_a_body_may_be_longer(self):
        self.env["ir.config_parameter"].set_param("crm_lead_api.max_body", 5)  # KiB
        lead = self._lead(1, note="x" * 2000)
        self.assertResults(self.send(*[lead] * 20), [200] * 20)
        self.assertError(self.send(*[lead] * 40), 413, "too_large")
        self.assertError(self.post(self._lead(2, note="x" * 5000)), 413, "too_large")

    def test_it_counts_as_one_call(self):
        self.client.requests_per_minute = 2
        response = self.send(*(self._lead(number) for number in range(1, 6)))
        self.assertResults(response, [200] * 5)
        self.assertEqual(response.headers["RateLimit-Remaining"], "1")

    @mute_logger("odoo.http")
    def test_who_may_not(self):
        self.assertEqual(self.post({}, url=URL, token="x").status_code, 401)
        self.client.is_paused = True
        self.assertError(self.send(self._lead(1)), 403, "forbidden")
        self.client.is_paused = False
        self.caller.group_ids = self.env.ref("base.group_user")
        self.assertError(self.send(self._lead(1)), 403, "forbidden")


@tagged("post_install", "-at_install")
class TestBulkLog(BulkCase):
    def test_an_entry_for_each(self):
        self.assertResults(
            self.send(
                self._lead(1, idempotency_key="k", ref="x", màu="đỏ"),
                self._lead(2, gender="x"),
                self._lead(1, idempotency_key="k", ref="y", màu="đỏ"),
                headers={"X-Request-Id": "import-1"},
            ),
            [200, 422, 200],
        )
        first, wrong, again = self._get_entries().sorted("id")
        lead = self.env["crm.lead"].search([("ticket_ref", "=", "1")])
        self.assertEqual(
            (first | wrong | again).mapped("request_ref"), ["import-1"] * 3
        )
        self.assertRecordValues(
            first | wrong | again,
            [
                {
                    "status": 200,
                    "state": "done",
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "is_replayed": False,
                    "idempotency_key": "k",
                    "ignored_fields": "màu",
                    "ticket_ref": "1",
                    "error_fields": False,
                },
                {
                    "status": 422,
                    "state": "refused",
                    "lead_id": False,
                    "partner_id": False,
                    "is_replayed": False,
                    "idempotency_key": False,
                    "ignored_fields": False,
                    "ticket_ref": "2",
                    "error_fields": "gender",
                },
                {
                    "status": 200,
                    "state": "done",
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "is_replayed": True,
                    "idempotency_key": "k",
                    "ignored_fields": "màu",
                    "ticket_ref": "1",
                    "error_fields": False,
                },
            ],
        )
        self.assertEqual(json.loads(wrong.payload), self._lead(2, gender="x"))
        self.assertEqual(wrong.phones, "+84968000002")

    def test_one_that_failed_is_sent_again(self):
        wrong = self._lead(2, gender="x")
        results = self.send(self._lead(1), {**wrong, "idempotency_key": "k", "ref": 7})
        self.assertResults(results, [200, 422])
        entry = self._get_entries().filtered("is_failed")
        manager = self._new_user("manager", MANAGER_GROUP)
        wizards = self.env["crm.lead.api.resend"].with_user(manager)
        wizard = wizards.with_context(default_request_ids=entry.ids).create({})
        wizard.payload = json.dumps(self._lead(2))
        action = wizard.action_send()
        lead = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((lead.ticket_ref, entry.state), ("2", "resent"))
        # The caller's own retry gets that lead, be it as before or mended.
        for again in (wrong, self._lead(2)):
            [result] = self.assertResults(
                self.send({**again, "idempotency_key": "k", "ref": 7}), [200]
            )
            self.assertTrue(result["replayed"])
            self.assertEqual(self._get_leads([result]), lead)

    def test_what_is_refused_as_a_whole_is_one_entry(self):
        self.send(self._lead(1), self._lead(2), headers={"Idempotency-Key": "k"})
        entry = self._get_entry()
        self.assertEqual((entry.status, entry.ticket_ref), (400, False))
