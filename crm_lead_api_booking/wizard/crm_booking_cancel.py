# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmBookingCancel(models.TransientModel):
    """Ask why a booking is cancelled, and whether to call the customer again."""

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
    call_date = fields.Datetime(
        "Call Again On",
        compute="_compute_call_date",
        store=True,
        readonly=False,
        help="When the salesperson offers the customer another time. Empty it if "
        "nobody is to call.",
    )

    @api.depends("booking_id")
    def _compute_call_date(self):
        for wizard in self:
            # sudo: only Lead API administrators may read the client that decides it
            booking = wizard.booking_id.sudo()
            wizard.call_date = booking and booking._get_rebooking_date()

    def action_cancel(self):
        """Cancel the booking, for the reason, and plan the call."""
        self.ensure_one()
        booking = self.booking_id
        booking.write(
            {
                "state": "cancelled",
                "lost_reason_id": self.lost_reason_id.id,
                "cancel_reason": self.note,
            }
        )
        # sudo: who books need not have rights on the lead
        booking_sudo = booking.sudo()
        if self.call_date and not booking_sudo.lead_id._is_at_rest():
            booking_sudo._plan_call(self.call_date, booking_sudo.state)
        return booking._get_state_notice()
