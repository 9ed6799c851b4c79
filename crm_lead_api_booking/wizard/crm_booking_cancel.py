# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.crm_lead_api.tools.action import get_notice


class CrmBookingCancel(models.TransientModel):
    """Ask why a booking is cancelled, and cancel it."""

    _name = "crm.booking.cancel"
    _description = "Cancel a Booking"

    booking_id = fields.Many2one(
        "crm.booking",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    start = fields.Datetime("Time", related="booking_id.start")
    lost_reason_id = fields.Many2one("crm.lost.reason", "Reason")
    note = fields.Char()

    def action_cancel(self):
        """Cancel the booking, for the reason."""
        self.ensure_one()
        self.booking_id.write(
            {
                "state": "cancelled",
                "lost_reason_id": self.lost_reason_id.id,
                "cancel_reason": self.note,
            }
        )
        message = self.env._("%s is cancelled.", self.booking_id.code)
        return get_notice("success", message)
