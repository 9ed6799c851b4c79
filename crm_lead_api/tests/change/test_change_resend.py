# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that administrators correct a refused change and send it again."""

import json

from odoo.tests import Form, tagged

from ..data import MANAGER_GROUP
from .common import URL, ChangeCase


@tagged("post_install", "-at_install")
class TestChangeResend(ChangeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)

    def test_a_refused_change_is_corrected_and_sent_again(self):
        urls = (self.url, f"{self.url.rpartition('/')[0]}?ticket_id=4711")
        for number, url in enumerate(urls):
            with self.subTest(url):
                street = f"{number} Hai Bà Trưng"
                wrong = {"street": street, "gender": "nữ"}
                self.assertErrors(self.change(wrong, url=url), [("gender", "choice")])
                entry = self._get_entries()[:1]
                wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
                with Form(wizards.with_context(default_request_ids=entry.ids)) as form:
                    # The ticket's lead is no sign of a second request for it.
                    self.assertFalse(form.lead_ids)
                    form.payload = json.dumps({"street": street})
                form.record.action_send()
                self.env.invalidate_all()
                self.assertEqual(self.lead.street, street)
                self.assertEqual(entry.state, "resent")

    def _send_again(self, payload):
        """Send the newest request again, with another payload."""
        entry = self._get_entries()[:1]
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        with Form(wizards.with_context(default_request_ids=entry.ids)) as form:
            self.assertFalse(form.is_right)
            form.payload = json.dumps(payload)
            self.assertTrue(form.is_right)
        form.record.action_send()
        self.env.invalidate_all()
        self.assertEqual(entry.state, "resent")
        return entry.repetition_ids

    def test_an_upsert_of_a_paused_client_is_sent_again(self):
        self.client.is_paused = True
        self.change({**self.payload, "street": "9 Bà Triệu"}, URL, "PUT")
        self.client.is_paused = False
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        entry = self._get_entries()[:1]
        wizards.with_context(default_request_ids=entry.ids).create({}).action_send()
        self.env.invalidate_all()
        self.assertEqual(self.lead.street, "9 Bà Triệu")
        ticket = [("ticket_ref", "=", self.lead.ticket_ref)]
        self.assertEqual(self.env["crm.lead"].search(ticket), self.lead)

    def test_a_change_without_a_ticket_is_no_error_here(self):
        self.assertErrors(self.change({}, URL), [("ticket_id", "required")])
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        entry = self._get_entries()[:1]
        wizard = wizards.with_context(default_request_ids=entry.ids).create({})
        self.assertFalse(wizard.is_right)
        self.assertTrue(wizard.problems)

    def test_a_refused_upsert_is_sent_again(self):
        wrong = {**self.payload, "street": "2 Hai Bà Trưng", "gender": "nữ"}
        self.change(wrong, url=URL, method="PUT")
        sent = self._send_again({**wrong, "gender": "male"})
        self.assertRecordValues(sent, [{"kind": "upsert", "lead_id": self.lead.id}])
        self.assertEqual(self.lead.street, "2 Hai Bà Trưng")

    def test_requests_of_an_archived_client_are_sent_again(self):
        for method in ("PUT", "POST"):
            with self.subTest(method):
                self.client.active = True
                wrong = {**self.payload, "street": method, "gender": "nữ"}
                self.change(wrong, url=URL, method=method)
                self.client.active = False
                sent = self._send_again({**wrong, "gender": "male"})
                self.assertEqual(sent.lead_id.street, method)
                self.assertEqual(sent.lead_id == self.lead, method == "PUT")
        users = self.env["res.users"].search([("lead_api_client_ids", "=", False)])
        self.assertNotIn(self.client.user_id, users, "has a client already")

    def test_a_refused_change_names_a_ward_of_the_leads_province(self):
        self.client.takes_codes = True
        states = (self.state, self.other_state)
        here, _there = self.district.create(
            [{"name": "Phường An Phú", "state_id": state.id} for state in states]
        )
        change = {"district_id": "Phường An Phú"}
        answer = self.change({**change, "gender": "nữ"})
        self.assertErrors(answer, [("gender", "choice")])
        self._send_again(change)
        self.assertEqual(self.lead.district_id, here)

    def test_a_refused_note_is_sent_again(self):
        note = {"text": "Gọi lại", "agent_email": self.agent.login}
        wrong = {**note, "occurred_at": "hôm qua"}
        self.change(wrong, f"{self.url}/notes", "POST")
        sent = self._send_again(note)
        self.assertRecordValues(sent, [{"kind": "note", "lead_id": self.lead.id}])
        self.assertIn("Gọi lại", self.lead.message_ids[0].body)

    def test_a_refused_upsert_is_checked_as_the_change_that_it_is(self):
        partner = self.env["res.partner"].create({"name": "Khách khác"})
        payload = {**self.payload, "account_id": partner.id}
        response = self.change(payload, url=URL, method="PUT")
        self.assertErrors(response, [("account_id", "immutable")])
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        entry = self._get_entries()[:1]
        wizard = wizards.with_context(default_request_ids=entry.ids).create({})
        self.assertFalse(wizard.is_right)
        wizard.action_check()
        self.assertFalse(wizard.is_right)
        self.assertIn("account_id", wizard.problems)

    def test_a_change_of_a_lead_that_is_gone_is_explained(self):
        """Refuse the change again in a sentence; send it once there is a lead."""
        url = f"{URL}?ticket_id=815"
        payload = {"street": "2 Hai Bà Trưng"}
        self.assertError(self.change(payload, url=url), 404, "not_found")
        entry = self._get_entries()[:1]
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        wizard = wizards.with_context(default_request_ids=entry.ids).create({})
        for act in (wizard.action_check, wizard.action_send):
            wizard.problems = ""
            self.assertDialog(act(), "Send Again")
            self.assertIn("no lead with this id", wizard.problems)
        self.assertFalse(wizard.corrections)
        self.lead.ticket_ref = "815"
        wizard.action_send()
        self.assertEqual(self.lead.street, payload["street"])
