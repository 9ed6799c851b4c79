# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test a follow-up that fails: it is tried again, and the owner is told."""

from datetime import datetime, timezone
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.follow_up.crm_lead_api_follow_up import _add_trigger
from ..data import MANAGER_GROUP
from .common import FollowUpCase

REASON = "Không được"


@tagged("post_install", "-at_install")
class TestFollowUpFailures(FollowUpCase):
    def test_one_that_fails_harms_no_other(self):
        other = self.create_lead(ticket_id=2)
        Lead = type(self.env["crm.lead"])
        notify = Lead.message_notify

        def fail(lead, **kwargs):
            if lead.id == self.lead.id:
                raise ValueError("secret")
            return notify(lead, **kwargs)

        with (
            patch.object(Lead, "message_notify", fail),
            self.assertLogs("odoo.addons.crm_lead_api", "ERROR") as log,
        ):
            self._run()
        self.assertNotIn("secret", str(log.output))
        self.assertFalse(self._find_notices(self.lead))
        self.assertTrue(self._find_notices(other))
        pending = self._get_pending()
        self.assertEqual((pending.lead_id, pending.task), (self.lead, "notice"))
        self.assertEqual((pending.attempts, pending.is_failed), (1, False))
        self.assertGreater(pending.next_date, fields.Datetime.now())
        self._run()  # not yet
        self.assertFalse(self._find_notices(self.lead))
        pending.next_date = fields.Datetime.now()
        self._run()
        self.assertEqual(len(self._find_notices(self.lead)), 1)
        self.assertFalse(self._get_pending())

    @mute_logger("odoo.addons.crm_lead_api.models.follow_up.crm_lead_api_follow_up")
    def test_owner_is_told_of_the_last_failure(self):
        Lead = type(self.env["crm.lead"])

        def refuse(lead, **kwargs):
            raise UserError(REASON)

        with patch.object(Lead, "message_notify", refuse):
            for _attempt in range(6):
                self.assertFalse(self.client.activity_ids)
                self._get_pending().next_date = fields.Datetime.now()
                self._run()
        failed = self._get_pending()
        self.assertTrue(failed.is_failed)
        self.assertIn(REASON, self.client.activity_ids.summary)
        self.assertEqual(self.client.activity_ids.user_id, self.client.owner_id)
        entry = self.env["crm.lead.api.request"].create(
            {
                "date": fields.Datetime.now(),
                "client_id": self.client.id,
                "state": "done",
                "lead_id": self.lead.id,
            }
        )
        entry = entry.with_user(self._new_user("manager", MANAGER_GROUP))
        self.assertIn(REASON, entry.follow_up_error)
        entry.action_follow_up_again()
        self._run()
        self.assertEqual(len(self._find_notices(self.lead)), 1)
        self.assertFalse(self._get_pending())
        self.env.invalidate_all()
        self.assertFalse(entry.follow_up_error)

    def test_the_answer_wakes_the_scheduled_action(self):
        """In a transaction of its own, beside the request's."""
        database, action = self.env.cr.dbname, self.crons["ours"].id
        _add_trigger(database)
        with db_connect(database).cursor() as cr:
            cr.execute(
                "DELETE FROM ir_cron_trigger WHERE cron_id = %s RETURNING call_at",
                [action],
            )
            times = [time for (time,) in cr.fetchall()]
        self.assertLessEqual(
            max(times), datetime.now(timezone.utc).replace(tzinfo=None)
        )
