# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test what the client is told of leads that are given out and taken back."""

import json

from odoo.tests import RecordCapturer

from odoo.addons.crm_lead_api.schemas import Event

from .common import NOBODY
from .test_touched import TouchedCase


class TestEvents(TouchedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.webhook_url = "https://tickets.example.com/events"

    def happen(self, change, *args, **kwargs):
        """Let a change happen; return the types and contents of its events."""
        self.env.cr.flush()
        with RecordCapturer(self.env["crm.lead.api.event"], []) as capture:
            change(*args, **kwargs)
            self.env.cr.flush()
        bodies = [json.loads(event.body) for event in capture.records.sorted("id")]
        for body in bodies:
            self.client._get_schema(Event).model_validate(body)
        return [(body["type"], body["data"]) for body in bodies]

    def test_given(self):
        self.make_leads()
        [(kind, data)] = self.happen(self.give_out)
        self.assertEqual((kind, data["reason"]), ("lead.assigned", "share"))

    def test_agent_of_the_request(self):
        email = self.lan.user_id.email
        [(_kind, data)] = self.happen(self.make_leads, agent_email=email)
        self.assertEqual(data["reason"], "agent")
        self.assertEqual(self.happen(self.give_out), [], "Lan has it already")

    def test_by_hand(self):
        lead = self.make_leads(agent_email=NOBODY)
        [(_kind, data)] = self.happen(lead.write, {"user_id": self.minh.user_id.id})
        self.assertEqual(data["reason"], "hand")

    def test_other_teams(self):
        self.team.gives_leads_out = False
        lead = self.make_leads()
        [(_kind, data)] = self.happen(lead.write, {"user_id": self.minh.user_id.id})
        self.assertIsNone(data["reason"])

    def test_recalled(self):
        lead = self.give_lead()
        owner = lead.user_id
        recalled, assigned = self.happen(self.pass_deadline)
        self.assertEqual((recalled[0], assigned[0]), ("lead.recalled", "lead.assigned"))
        self.assertEqual(recalled[1]["former_owner"]["email"], owner.email)
        self.assertEqual(recalled[1]["owner"]["email"], lead.user_id.email)
        self.assertEqual(assigned[1]["reason"], "share")

    def test_not_wanted(self):
        self.client.webhook_recalled = False
        self.give_lead()
        [(kind, _data)] = self.happen(self.pass_deadline)
        self.assertEqual(kind, "lead.assigned")
