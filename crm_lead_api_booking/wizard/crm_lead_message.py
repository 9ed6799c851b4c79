# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLeadMessage(models.TransientModel):
    """Tell the customer of an appointment."""

    _inherit = "crm.lead.message"

    booking_id = fields.Many2one(
        "crm.booking",
        compute="_compute_booking_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        help="By default the next appointment of the lead.",
    )

    @api.depends("lead_id")
    def _compute_booking_id(self):
        for message in self:
            message.booking_id = message.lead_id._get_next_booking()

    @api.depends("booking_id")
    def _compute_text(self):
        return super()._compute_text()

    def action_write_email(self):
        action = super().action_write_email()
        if booking := self._get_booking():
            booking = booking.with_context(lang=self.lang)
            action["context"] |= {
                "default_subject": booking._get_calendar_title(),
                "default_attachment_ids": booking._keep_calendar_file().ids,
            }
        return action

    def _get_text(self):
        booking = self._get_booking()
        return booking._get_message_text() if booking else super()._get_text()

    def _get_booking(self):
        """Return the booking, if it is one of the lead's, with superuser rights."""
        # sudo: the appointment of the user's lead may be at another branch
        return self.booking_id.sudo().filtered(
            lambda each: each.lead_id == self.lead_id
        )
