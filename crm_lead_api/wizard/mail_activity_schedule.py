# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.day import to_local


class MailActivitySchedule(models.TransientModel):
    """Plan a call at a time of the day, and ask for the result of a call that is done
    as soon as it is planned."""

    _inherit = "mail.activity.schedule"

    planned_date = fields.Datetime(
        "Time of the Call", help="Empty: at any time of the due date."
    )

    @api.onchange("planned_date")
    def _onchange_planned_date(self):
        if self.planned_date:
            self.date_deadline = self._get_planned_day()

    def _get_planned_day(self):
        [lead] = self._get_applied_on_records()[:1]
        return to_local(self.planned_date, lead._get_time_zone()).date()

    def _action_schedule_activities(self):
        activities = super()._action_schedule_activities()
        if self.activity_category == "phonecall" and self.planned_date:
            # Another day that was chosen last has no time.
            if self._get_planned_day() == self.date_deadline:
                activities.planned_date = self.planned_date
        return activities

    def action_schedule_activities_done(self):
        records = self._get_applied_on_records()
        if records and len(records) == 1 and self.res_model == "crm.lead":
            return self._action_schedule_activities().action_done_with_result()
        return super().action_schedule_activities_done()
