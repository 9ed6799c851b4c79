# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the log and *Send Again* for a client whose tickets are texts."""

import json

from odoo.tests import Form, tagged

from ..common import LeadApiLogCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestResendTextTickets(LeadApiLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)
        # As an administrator does it, on the client's form
        with Form(cls.client.with_user(cls.manager)) as form:
            form.has_text_tickets = True

    def refuse(self, **changes):
        """Send a request that is refused, and return its entry."""
        response = self.post({**self.payload, **changes})
        self.assertEqual(response.status_code, 422)
        return self._get_entries()[:1]

    def open(self, entry):
        wizards = self.env["crm.lead.api.resend"].with_user(self.manager)
        return wizards.with_context(default_request_ids=entry.ids)

    def test_request_is_sent_again(self):
        entry = self.refuse(ticket_id=" TCK-100 ", gender="x")
        self.assertEqual(entry.ticket_ref, "TCK-100")
        with Form(self.open(entry)) as form:
            form.payload = json.dumps({**self.payload, "ticket_id": " TCK-100 "})
        lead_id = form.record.action_send()["res_id"]
        lead = self.env["crm.lead"].browse(lead_id)
        self.assertEqual(lead.ticket_ref, "TCK-100")
        again = self.refuse(ticket_id="TCK-100", gender="x")
        self.assertEqual(self.open(again).create({}).lead_ids, lead)
        other_case = self.refuse(ticket_id="tck-100", gender="x")
        self.assertFalse(self.open(other_case).create({}).lead_ids)

    def test_ticket_is_corrected(self):
        entry = self.refuse(ticket_id="TCK,100")
        wizard = self.open(entry).create({})
        self.assertIn("ticket_id: Send the text without commas.", wizard.problems)
        (correction,) = wizard.corrections
        self.assertEqual((correction["kind"], correction["label"]), ("text", "Ticket"))
        wizard.corrections = [{**correction, "value": "TCK-100"}]
        lead_id = wizard.action_send()["res_id"]
        self.assertEqual(self.env["crm.lead"].browse(lead_id).ticket_ref, "TCK-100")
