# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz

from odoo import models

from ..tools.day import to_stored

# In the context of calendars
EXACT_TIME_OFF = "crm_lead_api_exact_time_off"
ALL_HOLIDAYS = "crm_lead_api_all_holidays"  # with the domain of ``_get_leave_domain``


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

    def _add_working_minutes(self, company, start, minutes, resource=None):
        """Return the end of some working minutes, in naive UTC; without a calendar all
        time counts.

        :param datetime start: in naive UTC
        :param company: whose holidays count if the calendar is of no company
        :param resource: whose time off counts, too
        """
        context = {EXACT_TIME_OFF: True, ALL_HOLIDAYS: True}
        end = self and self.with_context(**context).plan_hours(
            minutes / 60,
            pytz.utc.localize(start),
            compute_leaves=True,
            domain=self._get_leave_domain(company),
            resource=resource,
        )
        return to_stored(end) if end else start + timedelta(minutes=minutes)

    def _count_working_minutes(self, company, start, end):
        """Return the working minutes between two times in naive UTC; 0 if the end is
        the earlier one."""
        if end <= start:
            return 0
        if not self:
            return (end - start) / timedelta(minutes=1)
        domain = self._get_leave_domain(company)
        return round(60 * self.get_work_hours_count(start, end, domain=domain), 3)

    def _get_leave_domain(self, company):
        """Return the domain of the leaves that count for a calendar, which companies
        may share: those of its company, and of the companies above. Odoo takes all."""
        companies = (self.company_id or company).parent_ids  # its own among them
        return [
            ("time_type", "=", "leave"),
            "|",
            ("resource_id", "!=", False),
            "|",
            ("calendar_id", "!=", False),
            ("company_id", "in", [*companies.ids, False]),
        ]
