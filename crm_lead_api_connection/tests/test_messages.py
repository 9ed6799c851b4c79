# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.models import ir_cron

from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestMessages(ConnectionHttpCase):
    """Make leads of the messages of platforms."""

    def test_a_lead(self):
        response = self.fill_in()
        self.assertEqual((response.status_code, response.json()), (200, {}))
        message = self.find()
        self.assertEqual(message.state, "waiting")
        self.make_leads()
        lead = message.lead_id
        self.assertEqual(message.state, "done", message.problems)
        self.assertEqual(lead.contact_name, "Trần Thị Thanh Thảo")
        self.assertEqual(lead.phone, "0900 000 202")
        self.assertEqual(lead.partner_id.name, "Trần Thị Thanh Thảo")
        self.assertEqual(lead.other_answers, {"EMAIL": "thao.tran@example.com"})
        self.assertFalse(lead.ticket_ref)
        question = self.connection.question_ids
        self.assertEqual((question.name, question.count), ("EMAIL", 1))

    def test_a_repetition(self):
        for _attempt in range(3):
            self.assertEqual(self.fill_in().status_code, 200)
            self.make_leads()
        self.assertEqual(len(self.find()), 1)
        self.assertEqual(len(self.connection.message_record_ids.lead_id), 1)

    def test_each_test_is_a_message(self):
        """Google's tests all have the same id."""
        for day in (1, 2):
            with freeze_time(f"2026-03-0{day}"):
                self.fill_in(is_test=True)
        self.assertEqual(len(self.connection.message_record_ids), 2)

    def test_more_than_a_run_may_do(self):
        """The rest is done after the other actions, not a minute later."""
        for number in range(2):
            self.fill_in(f"message-{number}")
        cron = self.env.ref("crm_lead_api_connection.ir_cron_make_leads")
        of_cron = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search(of_cron)
        with patch.object(ir_cron, "MIN_TIME_PER_JOB", 0):
            self.make_leads()
        states = self.connection.message_record_ids.mapped("state")
        self.assertEqual(sorted(states), ["done", "waiting"])
        self.assertEqual(len(self.env["ir.cron.trigger"].search(of_cron) - before), 1)

    def test_without_proof(self):
        for secret in ("", "google-secre", "google-secret2"):
            body = self.assertJson(self.fill_in(secret=secret), 401)
            self.assertEqual(body["type"], "no_proof")
        self.assertFalse(self.find())
        days = self.env["crm.lead.api.connection.day"].search([])
        self.assertEqual(days.unproven, 3)

    def test_an_address_that_is_none(self):
        other = self.post({}, url="/api/v1/nothing")
        for key in ("x", self.key[:-1], f"{self.key}x"):
            response = self.send({}, key=key)
            self.assertError(response, 404, "not_found")
            self.assertEqual(response.text, other.text)
        self.connection.is_paused = True
        self.assertEqual(self.fill_in().text, other.text)

    def test_refused(self):
        self.fill_in(answers={"FULL_NAME": ""})
        self.make_leads()
        message = self.find()
        self.assertEqual(message.state, "refused")
        self.assertIn("contact_name", message.problems)
        self.assertFalse(message.lead_id)
