# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MailActivitySchedule(models.TransientModel):
    """Ask for the result of a call that is done as soon as it is planned."""

    _inherit = "mail.activity.schedule"

    def action_schedule_activities_done(self):
        records = self._get_applied_on_records()
        if records and len(records) == 1 and self.res_model == "crm.lead":
            return self._action_schedule_activities().action_done_with_result()
        return super().action_schedule_activities_done()
