# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share a lead with a planned call, and the dialog for its result."""

from odoo.tests import Form

from ..common import LeadApiCase

CALL = "mail.mail_activity_data_call"


class CallCase(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.lead = self.create_lead()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "Asia/Ho_Chi_Minh"
        cls.agent.write({"tz": "Asia/Ho_Chi_Minh", "lang": "en_US"})

    def save(self, activity, result, **values):
        """Answer the dialog as the salesperson, and return what follows."""
        action = activity.with_user(self.agent).action_done_with_result()
        self.assertDialog(action, "Result of the Call", "medium")
        results = self.env[action["res_model"]].with_user(self.agent)
        form = Form(results.with_context(**action["context"]))
        form.outcome_id = self.env.ref(f"crm_lead_api.call_outcome_{result}")
        for name, value in values.items():
            form[name] = value
        action = form.save().action_save()
        end = action.get("params", {}).get("next", action)  # after a notice
        self.assertEqual(end, {"type": "ir.actions.act_window_close"})
        return action
