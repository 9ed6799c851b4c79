# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the log of events: who reads it, what it forgets, and what it keeps."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LeadApiCase
from ..data import MANAGER_GROUP
from .common import EventData


@tagged("post_install", "-at_install")
class TestEventLog(EventData, LeadApiCase):
    def test_who_reads_the_log(self):
        event = self.queue()
        manager = self._new_user("manager", MANAGER_GROUP)
        self.assertTrue(event.with_user(manager).has_access("read"))
        for access in ("write", "create", "unlink"):
            self.assertFalse(event.with_user(manager).has_access(access))
        for user in (self.agent, self.caller):
            self.assertFalse(event.with_user(user).has_access("read"))
        event.company_id = self.other_company
        self.assertFalse(event.with_user(manager).has_access("read"))

    def test_bodies_are_forgotten_and_figures_stay(self):
        self.env["ir.config_parameter"].set_param("crm_lead_api.payload_days", 30)
        old, waiting, new = (self.queue() for _number in range(3))
        old.write({"state": "delivered", "ticket_ref": "1", "status": 200})
        (old + waiting).date = fields.Datetime.now() - timedelta(days=31)
        self.events._gc_bodies()
        self.assertRecordValues(
            old + waiting + new,
            [
                {"state": "delivered", "ticket_ref": False, "status": 200},
                {"state": "cancelled", "ticket_ref": False, "status": 0},
                {"state": "waiting", "ticket_ref": False, "status": 0},
            ],
        )
        self.assertEqual((old + waiting + new).mapped("body"), [False] * 2 + [new.body])
        with self.assertRaises(UserError):
            old.action_send_again()

    def test_a_deleted_lead(self):
        lead = self.create_lead()
        event = self.happen(lead.action_set_won)
        lead.unlink()
        self.assertTrue(event.exists())
        self.assertFalse(event.lead_id)
