# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

EXACT_TIME_OFF = "crm_booking_exact_time_off"


class ResourceCalendar(models.Model):
    """Compute the working time of seats."""

    _inherit = "resource.calendar"

    def _handle_flexible_leave_interval(self, dt0, dt1, leave):
        # For Odoo a resource without hours of its own is away for whole days. A seat
        # has the hours of its branch then, and its time off is as long as it says.
        if self.env.context.get(EXACT_TIME_OFF):
            return dt0, dt1
        return super()._handle_flexible_leave_interval(dt0, dt1, leave)
