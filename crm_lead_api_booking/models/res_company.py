# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz

from odoo import fields, models


class ResCompany(models.Model):
    """Choose the starts of a branch's bookings."""

    _inherit = "res.company"

    booking_grid = fields.Selection(
        [(str(minutes), f"{minutes}") for minutes in (5, 10, 15, 20, 30, 60)],
        string="Minutes between Starts",
        required=True,
        default="15",
        help="Free starts of bookings are so many minutes apart.",
    )

    def _get_booking_zone(self):
        """Return the time zone of a branch: that of its working hours."""
        self.ensure_one()
        # sudo: a client may know the times of a branch
        company = self.sudo()
        tz = company.resource_calendar_id.tz or company.partner_id.tz
        return pytz.timezone(tz or "UTC")
