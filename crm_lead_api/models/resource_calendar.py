# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..tools.working_time import ALL_HOLIDAYS, EXACT_TIME_OFF


class ResourceCalendar(models.Model):
    """Count the hours and the time off of users and seats."""

    _inherit = "resource.calendar"

    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        found = super()._attendance_intervals_batch(
            start_dt, end_dt, resources, domain, tz, lunch
        )
        # For Odoo a resource without hours of its own works at any time.
        if resources and self.env.context.get(EXACT_TIME_OFF):
            calendars = resources._get_calendar_at(start_dt, tz)
            others = resources.filtered(lambda each: not calendars[each])
            found |= dict.fromkeys(others.ids, found[False])
        return found

    def _handle_flexible_leave_interval(self, dt0, dt1, leave):
        # For Odoo a resource without hours of its own is away for whole days. Here it
        # has those of its team or branch, and its time off is as long as it says.
        if self.env.context.get(EXACT_TIME_OFF):
            return dt0, dt1
        return super()._handle_flexible_leave_interval(dt0, dt1, leave)

    def _leave_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None
    ):
        leaves = super()._leave_intervals_batch(start_dt, end_dt, resources, domain, tz)
        # For Odoo a holiday of the company above is none of a branch's resources.
        if self.env.context.get(ALL_HOLIDAYS):
            leaves = {each: own | leaves[False] for each, own in leaves.items()}
        return leaves
