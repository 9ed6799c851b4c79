# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that administrators correct failed requests and send them again."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import LeadApiLogCase
from ..data import CLIENT_GROUP, MANAGER_GROUP

KEY = {"Idempotency-Key": "8e03978e"}
NO_KEY = {"Idempotency-Key": ""}


@tagged("post_install", "-at_install")
class TestResend(LeadApiLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)
        cls.wrong = {**cls.payload, "gender": "nữ"}

    def _fail(self, payload=None, headers=None):
        """Make a call that is refused, and return its entry."""
        headers = headers or KEY
        self.assertEqual(
            self.post(payload or self.wrong, headers=headers).status_code, 422
        )
        return self._get_entries()[:1]

    def _open(self, entries):
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        return wizards.with_context(default_request_ids=entries.ids)

    def _send(self, entry, payload=None):
        """Correct an entry and send it again; return the lead that opens, if any."""
        with Form(self._open(entry)) as form:
            if payload:
                form.payload = json.dumps(payload)
        action = form.record.action_send()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_corrected_and_sent(self):
        entry = self._fail()
        wizard = self._open(entry).create({})
        self.assertIn("gender: Send one of", wizard.problems)
        self.assertEqual(json.loads(wizard.payload), self.wrong)
        lead = self._send(entry, self.payload)
        self.assertEqual(lead._name, "crm.lead")
        self.assertEqual(lead.create_uid, self.caller)
        self.assertEqual(lead.user_id, self.agent)
        self.assertEqual(lead.gender, "female")
        self.assertEqual(len(lead.service_ids), 2)
        self.env.invalidate_all()
        new, old = self._get_entries()
        self.assertRecordValues(
            new,
            [
                {
                    "status": 200,
                    "state": "done",
                    "origin_id": old.id,
                    "sender_id": self.manager.id,
                    "client_id": self.client.id,
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                }
            ],
        )
        self.assertRecordValues(
            old, [{"status": 422, "state": "resent", "lead_id": lead.id}]
        )
        self.assertEqual(old.repetition_ids, new)
        self.assertEqual(lead.lead_api_request_ids, new | old)

    def test_sending_twice_makes_one_lead(self):
        entry = self._fail()
        lead = self._send(entry, self.payload)
        with self.assertNothingMade():
            self.assertEqual(self._send(entry, self.payload), lead)
            other = {**self.payload, "street": "14 Lê Lợi"}
            self.assertEqual(self._send(entry, other), lead)

    def test_what_odoo_refused_is_not_called_right(self):
        """Odoo may refuse the payload again, although nothing is wrong with it."""
        entry = self._fail()
        entry.payload = json.dumps(self.payload)
        wizard = self.env["crm.lead.api.resend"].with_user(self.manager)
        for error_type, is_right in (("validation", True), ("refused", False)):
            entry.error_type = error_type
            opened = wizard.with_context(default_request_ids=entry.ids).create({})
            self.assertEqual(opened.is_right, is_right)

    def test_what_is_still_wrong_is_said_and_not_sent(self):
        entry = self._fail()
        for payload, problem in (
            (self.wrong, "gender: Send one of"),
            (
                {**self.payload, "district_id": 99999999},
                "district_id: This token may use no record",
            ),
            ([1], "not a JSON object"),
        ):
            with self.subTest(problem), self.assertNothingMade():
                wizard = self._send(entry, payload)
                self.assertIn(problem, wizard.problems)
        self.assertEqual(self._get_entries(), entry)
        wizard.payload = '{"a": }'
        self.assertDialog(wizard.action_check(), "Send Again")
        self.assertIn("line 1, column 7", wizard.problems)
        wizard.payload = json.dumps(self.payload)
        with self.assertNothingMade():
            wizard.action_check()
        self.assertFalse(wizard.problems)
        self.assertTrue(wizard.is_right)

    def test_what_odoo_refuses_is_said_and_leaves_nothing(self):
        entry = self._fail()
        portraits = type(self.env["crm.customer.portrait"])
        with (
            self.assertNothingMade(),
            patch.object(
                portraits, "_create_from_portraits", side_effect=UserError("Quota")
            ),
        ):
            wizard = self._send(entry, self.payload)
        self.assertIn("Quota", wizard.problems)
        failed = self._get_entries()[:1]
        self.assertEqual((failed.status, failed.origin_id), (422, entry))
        lead = self._send(failed, self.payload)
        self.assertEqual((failed | entry).lead_id, lead)
        self.assertEqual(entry.state, "resent")

    def test_the_lead_of_the_ticket_has_moved(self):
        """The dialog opens without a lead that the administrator may not read."""
        entry = self._fail()
        lead = self.assertSuccess(self.post(headers=NO_KEY))
        with Form(self._open(entry)) as form:
            self.assertEqual(form.lead_ids.ids, lead.ids)
        other = {"user_id": False, "team_id": False, "pricelist_id": False}
        lead.write({**other, "company_id": self.other_company.id})
        with Form(self._open(entry)) as form:
            self.assertFalse(form.lead_ids.ids)

    @mute_logger("odoo.sql_db")
    def test_what_the_database_refuses_is_said(self):
        """By a constraint of an addon, or of the administrator."""
        entry = self._fail()
        self.env.cr.execute(
            "ALTER TABLE crm_lead ADD CONSTRAINT crm_lead_quota CHECK (street != 'x')"
        )
        wizard = self._send(entry, {**self.payload, "street": "x"})
        self.assertIn("The operation cannot be completed", wizard.problems)
        failed = self._get_entries()[:1]
        self.assertEqual((failed.status, failed.error_type), (422, "refused"))

    def test_what_the_client_has_mended_itself_is_settled(self):
        unsettled = [("is_unsettled", "=", True)]
        entry = self._fail()
        self.assertEqual(self._get_entries().search(unsettled), entry)
        self.post()
        self.assertFalse(self._get_entries().search(unsettled))
        self._get_entries()._anonymize()
        self.env.flush_all()
        self.assertFalse(self._get_entries().search(unsettled))

    def test_the_callers_retry_gets_the_lead(self):
        for ticket, headers in enumerate((KEY, NO_KEY), 1):
            wrong = {**self.wrong, "ticket_id": ticket}
            right = {**self.payload, "ticket_id": ticket}
            entry = self._fail(wrong, headers=headers)
            lead = self._send(entry, right)
            for payload in (wrong, right):
                with self.subTest(headers), self.assertNothingMade():
                    response = self.post(payload, headers=headers)
                    self.assertEqual(self.assertSuccess(response), lead)
                    self.assertEqual(response.headers["Idempotency-Replayed"], "true")

    def test_what_the_caller_has_corrected_itself_is_not_doubled(self):
        for headers in (KEY, NO_KEY):
            entry = self._fail(headers=headers)
            lead = self.assertSuccess(self.post(headers=headers))
            wizard = self._open(entry).create({})
            self.assertEqual(wizard.lead_ids, lead)
            with self.subTest(headers), self.assertNothingMade():
                self.assertEqual(self._send(entry, self.payload), lead)
            self.env["crm.lead.api.request"].search([]).unlink()
            self.env["crm.lead.api.answer"].search([]).unlink()

    def test_another_correction_under_the_callers_key(self):
        entry = self._fail()
        self.assertSuccess(self.post(headers=KEY))
        with self.assertNothingMade():
            wizard = self._send(entry, {**self.payload, "street": "14 Lê Lợi"})
        self.assertIn("Idempotency-Key", wizard.problems)

    def test_many_at_once(self):
        district = self.env["res.country.district"].create(
            {"name": "Phường Sài Gòn", "state_id": self.state.id, "active": False}
        )
        payload = {**self.payload, "district_id": district.id}
        entries = self._get_entries()
        for ticket in (1, 2, 3):
            entries |= self._fail({**payload, "ticket_id": ticket}, NO_KEY)
        entries |= self._fail(headers=NO_KEY)
        district.active = True
        done = self._send(entries[0])
        with Form(self._open(entries)) as form:
            self.assertFalse(form.payload)
        wizard = form.record
        action = wizard.action_send()
        sent = self.env[action["res_model"]].search(action.pop("domain"))
        self.assertEqual(
            action,
            {
                "type": "ir.actions.act_window",
                "name": "Sent Again: 3 of 4 are leads now",
                "res_model": "crm.lead.api.request",
                "views": [(False, "list"), (False, "form")],
                "target": "current",
                "context": {},
            },
        )
        self.assertEqual(sorted(sent.mapped("status")), [200, 200, 422, 422])
        self.assertEqual(
            sorted(entries.mapped("state")), ["refused", "resent", "resent", "resent"]
        )
        self.assertEqual(len(entries.lead_id), 3)
        self.assertIn(done, entries.lead_id)
        with self.assertNothingMade():
            self._open(entries).create({}).action_send()

    def test_an_attempt_of_an_attempt_makes_no_second_lead(self):
        self.client.replay_content = False
        entry, other = self._fail(headers=NO_KEY), self._fail(headers=NO_KEY)
        self.caller.group_ids = self.env.ref("base.group_user")
        self._open(entry + other).create({}).action_send()
        self.caller.group_ids = self.env.ref(CLIENT_GROUP)
        attempts = entry._get_attempts()
        self.assertEqual(attempts.mapped("state"), ["refused", "refused"])
        lead = self._send(attempts[-1], self.payload)
        with self.assertNothingMade():
            self.assertEqual(self._send(entry, self.payload), lead)
            self.assertEqual(self._send(attempts[-1], self.payload), lead)
        self.assertEqual(entry._get_attempts().lead_id, lead)

    def test_a_lead_that_was_deleted_is_not_made_again(self):
        self.assertSuccess(self.post(headers=KEY)).unlink()
        done = self._get_entry()
        self.env["crm.lead.api.answer"].search([]).unlink()
        with self.assertNothingMade():
            wizard = self._send(done)
            self._open(done + self._fail()).create({}).action_send()
        self.assertIn("deleted", wizard.problems)
        refused = self._fail(headers={"Idempotency-Key": "other"})
        self._send(refused, self.payload).unlink()
        with self.assertNothingMade():
            self._send(refused, self.payload)

    @mute_logger("odoo.addons.crm_lead_api.wizard.crm_lead_api_resend")
    def test_one_fault_does_not_undo_the_others(self):
        district = self.district
        district.active = False
        entries = self._get_entries()
        for ticket in (1, 2, 3):
            payload = {**self.payload, "ticket_id": ticket}
            entries |= self._fail(payload, {"Idempotency-Key": f"{ticket}"})
        district.active = True
        create = type(self.env["crm.lead"])._create_from_payload

        def fail_at_two(leads, payload):
            if payload.ticket_id == 2:
                raise ZeroDivisionError
            return create(leads, payload)

        with patch.object(
            type(self.env["crm.lead"]), "_create_from_payload", fail_at_two
        ):
            action = self._open(entries).create({}).action_send()
        sent = self.env[action["res_model"]].search(action["domain"], order="id")
        self.assertEqual(sent.mapped("status"), [200, 500, 200])
        self.assertIn("reference", sent[1].answer)

    def test_administrators_of_one_company_of_several(self):
        entry = self._fail()
        self.client.company_ids += self.other_company
        with self.assertRaises(AccessError):
            self._send(entry, self.payload)
        with self.assertRaises(AccessError):
            self._open(entry).create({}).action_check()

    def test_the_dialog_shows_nothing_of_other_companies(self):
        entry = self._fail()
        entry.company_id = self.other_company
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        values = {"request_ids": [Command.set(entry.ids)]}
        for name in ("payload", "problems", "lead_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                wizards.onchange(values, ["request_ids"], {"request_ids": {}, name: {}})

    def test_the_clients_rights_count(self):
        entry = self._fail()
        self.caller.group_ids = self.env.ref("base.group_user")
        with self.assertNothingMade():
            wizard = self._send(entry, self.payload)
        self.assertIn("the client may not do this", wizard.problems)
        self.caller.group_ids = self.env.ref(CLIENT_GROUP)
        with self.assertNothingMade():
            wizard = self._send(
                entry, {**self.payload, "company_id": self.other_company.id}
            )
        self.assertIn("company_id: This token may use no record", wizard.problems)

    def test_only_the_administrator_of_the_lead_api_sends(self):
        entry = self._fail()
        wizards = self.env["crm.lead.api.resend"].with_user(self.agent)
        with self.assertRaises(AccessError):
            wizards.create({"request_ids": entry.ids})
