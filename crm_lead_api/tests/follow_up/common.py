# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share a lead that waits for its follow-up, the way to run it, and calls."""

from odoo.tests import Form

from ..common import LeadApiCase

CALL = "mail.mail_activity_data_call"


class FollowUpCase(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()
        self.crons = {
            "mail": self.env.ref("mail.ir_cron_mail_scheduler_action"),
            "ours": self.env.ref("crm_lead_api.ir_cron_follow_up"),
        }

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.assertIs(self.crons["ours"].method_direct_trigger(), True)
        self.env.invalidate_all()

    def _find_notices(self, lead):
        return self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def _get_pending(self, lead=None):
        """Return the pending work, of a lead or of all."""
        domain = [("lead_id", "=", lead.id)] if lead else []
        return self.env["crm.lead.api.follow.up"].search(domain)


class CallCase(FollowUpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "Asia/Ho_Chi_Minh"
        cls.agent.write({"tz": "Asia/Ho_Chi_Minh", "lang": "en_US"})

    def save(self, activity, result, **values):
        """Answer the dialog as the salesperson."""
        action = activity.with_user(self.agent).action_done_with_result()
        self.assertDialog(action, "Result of the Call", "medium")
        results = self.env[action["res_model"]].with_user(self.agent)
        form = Form(results.with_context(**action["context"]))
        form.result = result
        for name, value in values.items():
            form[name] = value
        action = form.save().action_save()
        self.assertEqual(action, {"type": "ir.actions.act_window_close"})
