# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import plaintext2html


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
        if not self.booking_id:
            return super().action_write_email()
        action = self.booking_id.action_send_calendar()
        action["context"]["default_body"] = plaintext2html(self.text or "")
        return action

    def _get_text(self):
        # sudo: the appointment of the user's lead may be at another branch
        if booking := self.booking_id.sudo():
            return booking._get_message_text()
        return super()._get_text()
