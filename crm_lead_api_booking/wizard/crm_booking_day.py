# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.crm_lead_api.tools.day import to_local, to_stored
from odoo.addons.crm_lead_api.tools.fields import PROPOSED


class CrmBookingDay(models.TransientModel):
    """Choose the day of a branch to print."""

    _name = "crm.booking.day"
    _description = "Day of a Branch"

    company_id = fields.Many2one(
        "res.company",
        string="Branch",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    day = fields.Selection(
        [("today", "Today"), ("tomorrow", "Tomorrow"), ("other", "Another day")],
        required=True,
        default="today",
    )
    date = fields.Date(compute="_compute_date", required=True, **PROPOSED)

    @api.depends("day", "company_id")
    def _compute_date(self):
        """Follow the branch's clock, unless another day was chosen."""
        now = fields.Datetime.now()
        for wizard in self.filtered("company_id"):  # none while another is chosen
            if wizard.day != "other" or not wizard.date:
                today = to_local(now, wizard.company_id._get_booking_zone()).date()
                wizard.date = today + timedelta(days=wizard.day == "tomorrow")

    def action_print(self):
        """Print the day on one page."""
        self.ensure_one()
        report = self.env.ref("crm_lead_api_booking.crm_booking_day_report")
        return report.report_action(self)

    def _get_bookings(self):
        """Return the day's bookings, except for cancelled ones, in their order."""
        self.ensure_one()
        begin, end = map(to_stored, self.company_id._get_day(self.date))
        return self.env["crm.booking"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("start", ">=", begin),
                ("start", "<", end),
                ("state", "!=", "cancelled"),
            ],
            order="start, seat_id, id",
        )
