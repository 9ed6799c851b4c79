# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A repeated call gets the first one's answer. Calls at the same instant are in
``setup/tests/test_concurrency.py``."""

import hashlib
import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...http.outcome import Outcome
from ...http.received_request import ReceivedRequest
from ..common import LeadApiHttpCase
from ..data import NO_PORTRAIT

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
NO_KEY = {"Idempotency-Key": ""}


@tagged("post_install", "-at_install")
class TestIdempotency(LeadApiHttpCase):
    def assertReplayed(self, first, again):
        self.assertEqual(again.status_code, first.status_code)
        self.assertEqual(again.content, first.content)
        self.assertEqual(again.headers["Content-Type"], first.headers["Content-Type"])
        self.assertNotIn("Idempotency-Replayed", first.headers)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")

    def assertNew(self, first, again):
        self.assertNotIn("Idempotency-Replayed", again.headers)
        self.assertNotEqual(self.assertSuccess(first), self.assertSuccess(again))

    def _expire(self):
        self._pass_hours(30 * 24)

    def _pass_hours(self, hours):
        answers = self.env["crm.lead.api.answer"].search([])
        self.assertTrue(answers)
        for answer in answers:
            answer.expiration_date -= timedelta(hours=hours)

    def test_same_key(self):
        first = self.post(headers=KEY)
        with self.assertNothingMade():
            again = self.post(headers=KEY)
        self.assertReplayed(first, again)

    def test_same_content(self):
        first = self.post(headers=NO_KEY)
        with self.assertNothingMade():
            # Nobody promises an order of attributes.
            again = self.post(dict(reversed(self.payload.items())), headers=NO_KEY)
        self.assertReplayed(first, again)

    def test_ignored_fields_are_named_again(self):
        payload = {**self.payload, "Màu": "đỏ"}
        first = self.post(payload, headers=NO_KEY)
        again = self.post(payload, headers=NO_KEY)
        self.assertReplayed(first, again)
        self.assertEqual(
            again.headers["X-Ignored-Fields"], first.headers["X-Ignored-Fields"]
        )

    def test_other_content_of_the_same_ticket(self):
        first = self.post(headers=NO_KEY)
        other = self.post({**self.payload, "street": "14 Lê Lợi"}, headers=NO_KEY)
        self.assertNew(first, other)
        ignored = self.post({**self.payload, "note": "gọi lại"}, headers=NO_KEY)
        self.assertNew(first, ignored)

    def test_other_key_is_another_lead(self):
        first = self.post(headers=KEY)
        other = self.post(headers={"Idempotency-Key": "another"})
        self.assertNew(first, other)

    def test_content_counts_with_a_key_and_without(self):
        """Whichever of the two comes first."""
        without = self.post(headers=NO_KEY)
        self.assertReplayed(without, self.post(headers=KEY))
        self.assertReplayed(without, self.post(headers=KEY))
        changed = {**self.payload, "street": "14 Lê Lợi"}
        response = self.post(changed, headers=KEY)
        self.assertError(response, 409, "conflict")
        changed["ticket_id"] = 815
        first = self.post(changed, headers={"Idempotency-Key": "first"})
        self.assertNew(first, self.post(changed, headers={"Idempotency-Key": "other"}))
        self.assertReplayed(first, self.post(changed, headers=NO_KEY))

    def test_content_with_a_key_counts_for_24_hours_after_the_last_key(self):
        first = self.post(headers=KEY)
        self._pass_hours(23)
        other = self.post(headers={"Idempotency-Key": "another"})
        self.assertNew(first, other)
        self._pass_hours(2)
        self.assertReplayed(other, self.post(headers=NO_KEY))
        self._pass_hours(23)
        self.assertNew(other, self.post(headers=NO_KEY))

    def test_client_that_does_not_want_content_to_count(self):
        self.client.replay_content = False
        first = self.post(headers=NO_KEY)
        with_key = self.post(headers=KEY)
        self.assertNew(first, with_key)
        self.assertNew(with_key, self.post(headers=NO_KEY))
        # Nor does what came before count when the client wants it again.
        self.client.replay_content = True
        self.assertNew(first, self.post(headers=NO_KEY))

    def test_numbers_are_compared_as_numbers(self):
        """As JSON Schema compares them: Python sends 13.0 where JavaScript sends 13."""

        def get_body(number, hour, huge=2**63):
            payload = {
                **self.payload,
                "ticket_id": "TICKET",
                "customer_portrait": {"work_start_time": "HOUR"},
                "extra": [{"items": ["TICKET", "HOUR"], "huge": huge}],
            }
            text = json.dumps(payload).replace('"TICKET"', number)
            return text.replace('"HOUR"', hour).encode()

        def send(*args, **headers):
            headers["Content-Type"] = "application/json"
            return self.post(data=get_body(*args), headers={**NO_KEY, **headers})

        first = send("13", "8")
        for number, hour in (("13.0", "8.0"), ("1.3e1", "8e0"), ("130E-1", "0.8e1")):
            with self.subTest(number), self.assertNothingMade():
                self.assertReplayed(first, send(number, hour))
        self.assertNew(first, send("13", "8.5"))
        self.assertNew(first, send("13", "8", 2**63 + 1))
        self.assertReplayed(send("14", "8", **KEY), send("14.0", "8.0", **KEY))

    def test_answers_that_were_kept_before_numbers_were_numbers(self):
        """Until an update, 13.0 was not 13 in the hashes of payloads."""
        payload = {**self.payload, "ticket_id": 13.0}
        old = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        for headers, key in (
            (NO_KEY, f"content {old}"),
            (KEY, f"key {hashlib.sha256(KEY['Idempotency-Key'].encode()).hexdigest()}"),
        ):
            with self.subTest(key):
                first = self.post(headers={"Idempotency-Key": key.partition(" ")[0]})
                entry = self.env["crm.lead.api.request"].search([], limit=1)
                answers = self.env["crm.lead.api.answer"]
                answers.search([("request_id", "!=", entry.id)]).unlink()
                kept = answers.search([("request_id", "=", entry.id)])
                kept[1:].unlink()
                kept[0].write({"key": key, "fingerprints": old, "has_key": False})
                self.env.flush_all()
                with self.assertNothingMade():
                    again = self.post(payload, headers=headers)
                self.assertReplayed(first, again)

    def test_answer_of_another_addon(self):
        """Its data need not have a lead, nor be an object."""
        engine = self.env["crm.lead.api.engine"].with_user(self.caller)
        for data in ({"id_order": 7}, [7], None):
            body = json.dumps({"error": 0, "message": "Success", "data": data})
            received = ReceivedRequest(
                self.client,
                request_ref=body,
                idempotency_key="order-7",
                data={"order": 7},
                route=f"PUT /orders/{len(body)}",
            )
            made = Outcome(body=body)
            with self.subTest(body):
                for is_replayed in (False, True):
                    outcome = engine._serve_one(received, lambda _, made=made: made)
                    self.assertEqual(json.dumps(outcome.body), body)
                    self.assertEqual(outcome.is_replayed, is_replayed)
                outcome.entry._anonymize()
                self.assertFalse(outcome.entry.payload)

    def test_same_key_for_another_payload(self):
        first = self.post(headers=KEY)
        with self.assertNothingMade():
            response = self.post({**self.payload, "ticket_id": 2}, headers=KEY)
        body = self.assertError(response, 409, "conflict")
        self.assertIn("Idempotency-Key", body["message"])
        self.assertReplayed(first, self.post(headers=KEY))

    def test_wrong_attribute_that_came_later_is_another_payload(self):
        self.assertSuccess(self.post(headers=KEY))
        response = self.post({**self.payload, "send_info_zalo": "x"}, headers=KEY)
        self.assertError(response, 409, "conflict")

    def test_an_error_is_not_kept(self):
        for key in (KEY, NO_KEY):
            wrong = {**self.payload, "gender": "nữ"}
            with self.subTest(key), self.assertNothingMade():
                self.assertErrors(self.post(wrong, headers=key), [("gender", "choice")])
                self.assertErrors(self.post(wrong, headers=key), [("gender", "choice")])
        self.assertSuccess(self.post(headers=KEY))

    def test_a_key_is_the_clients_own(self):
        token = self._new_token(self._new_client("web-form"))
        for key, ticket in ((KEY, 1), (NO_KEY, 2)):
            payload = {**self.payload, "ticket_id": ticket}
            with self.subTest(key):
                self.assertNew(
                    self.post(payload, headers=key),
                    self.post(payload, token=token, headers=key),
                )

    def test_content_counts_for_24_hours(self):
        first = self.post(headers=NO_KEY)
        answer = self.env["crm.lead.api.answer"].search([])
        hours = (answer.expiration_date - fields.Datetime.now()) / timedelta(hours=1)
        self.assertAlmostEqual(hours, 24, 1)
        self._expire()
        second = self.post(headers=NO_KEY)
        self.assertNew(first, second)
        self.assertReplayed(second, self.post(headers=NO_KEY))

    def test_keys_count_as_long_as_it_is_set(self):
        settings = self.env["res.config.settings"].create({})
        settings.lead_api_answer_days = 3
        settings.execute()
        first = self.post(headers=KEY)
        answer = self.env["crm.lead.api.answer"].search([("key", "like", "key")])
        days = (answer.expiration_date - fields.Datetime.now()) / timedelta(days=1)
        self.assertAlmostEqual(days, 3, 1)
        self._expire()
        other = self.post({**self.payload, "ticket_id": 2}, headers=KEY)
        self.assertNew(first, other)

    def test_client_that_does_not_want_it(self):
        self.client.replay_content = False
        self.assertNew(self.post(headers=NO_KEY), self.post(headers=NO_KEY))
        first = self.post(headers=KEY)
        self.assertReplayed(first, self.post(headers=KEY))

    def test_impossible_keys(self):
        for key in ("x" * 256, "a b", "khóa".encode(), "a\tb"):
            with self.subTest(key), self.assertNothingMade():
                response = self.post(headers={"Idempotency-Key": key})
                body = self.assertError(response, 400, "malformed")
                self.assertIn("Idempotency-Key", body["message"])
        longest = {"Idempotency-Key": "x" * 255}
        self.assertReplayed(self.post(headers=longest), self.post(headers=longest))

    def test_lead_that_is_gone(self):
        first = self.post(headers=KEY)
        again = self.post(headers=KEY)
        self.assertNotIn("X-Lead-State", again.headers)
        self.assertSuccess(first).unlink()
        with self.assertNothingMade():
            again = self.post(headers=KEY)
        self.assertReplayed(first, again)
        self.assertEqual(again.headers["X-Lead-State"], "deleted")
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertFalse(entry.lead_id)

    def test_lead_that_was_merged(self):
        first = self.post(headers=KEY)
        lead = self.assertSuccess(first)
        values = {"name": "x", "type": "opportunity", "probability": 90}
        other = lead.create({**values, "company_id": self.company.id})
        merged = (lead | other).merge_opportunity()
        self.assertEqual(merged, other)
        with self.assertNothingMade():
            again = self.post(headers=KEY)
        self.assertReplayed(first, again)
        self.assertEqual(again.headers["X-Lead-State"], "merged")
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertEqual(entry.lead_id, merged)

    def test_person_who_is_erased(self):
        for number, erased in enumerate(
            (
                *("partner", "portrait partner", "lead portrait partner"),
                "former portrait partner",
            ),
            1,
        ):
            with self.subTest(erased):
                payload = {**self.payload, "ticket_id": number}
                first = self.post(payload, headers=NO_KEY)
                lead = self.assertSuccess(first)
                records = {"lead": lead, "portrait": lead.portrait_id}
                records["partner"] = lead.partner_id
                if "former" in erased:
                    lead.portrait_id = False
                for name in erased.removeprefix("former ").split():
                    records[name].unlink()
                with self.assertNothingMade():
                    again = self.post(payload, headers=NO_KEY)
                data = again.json()["data"]
                self.assertEqual(data["customer_portrait"], NO_PORTRAIT)
                self.assertEqual(data["id_lead"], first.json()["data"]["id_lead"])
                self.assertEqual(again.headers["Idempotency-Replayed"], "true")
                state = "deleted" if "lead" in erased else None
                self.assertEqual(again.headers.get("X-Lead-State"), state)

    def test_keys_count_longer_than_the_content_is_kept(self):
        first = self.post(headers=KEY)
        lead = self.assertSuccess(first)
        portrait = first.json()["data"]["customer_portrait"]
        self.assertNotEqual(portrait, NO_PORTRAIT)
        entry = self.env["crm.lead.api.request"].search([])
        settings = self.env["res.config.settings"].create({})
        settings.write({"lead_api_payload_days": 3, "lead_api_answer_days": 7})
        settings.execute()
        entry.date -= timedelta(days=5)
        cron = self.env.ref("crm_lead_api.ir_cron_forget_payloads")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(entry.payload)
        with self.assertNothingMade():
            again = self.post(headers=KEY)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.assertSuccess(again), lead)
        data = again.json()["data"]
        self.assertEqual(data["customer_portrait"], NO_PORTRAIT)

    def test_clean_up(self):
        self.post(headers=KEY)
        self._expire()
        self.post(headers=NO_KEY)
        answers = self.env["crm.lead.api.answer"]
        answers._gc_expired()
        self.assertEqual(len(answers.search([])), 1)

    def test_callers_cannot_read_answers(self):
        self.post(headers=KEY)
        answers = self.env["crm.lead.api.answer"]
        for user in (self.caller, self.agent):
            self.assertFalse(answers.with_user(user).has_access("read"))
