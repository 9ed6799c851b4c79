# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadCallResult(models.TransientModel):
    """Book the appointment that a call has led to: before, the call is not over."""

    _inherit = "crm.lead.call.result"

    booking_id = fields.Many2one("crm.booking", readonly=True, ondelete="cascade")

    def action_save(self):
        self.ensure_one()
        if self.result != "booked" or self.booking_id:
            return super().action_save()
        self.lead_id.check_access("write")
        return self.env["crm.booking.wizard"]._open(
            lead_id=self.lead_id.id, call_result_id=self.id
        )

    def _process_booked(self):
        # The booking takes the place of the core's activity.
        return
