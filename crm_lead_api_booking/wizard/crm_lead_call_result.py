# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLeadCallResult(models.TransientModel):
    """Book the appointment that a call has led to: before, the call is not over."""

    _inherit = "crm.lead.call.result"

    def action_save(self):
        self.ensure_one()
        if self.result != "booked" or self.env.context.get("is_booked"):
            return super().action_save()
        self.lead_id.check_access("write")
        return self.env["crm.booking.wizard"]._open(
            lead_id=self.lead_id.id, call_result_id=self.id
        )

    def _process_booked(self):
        """Plan nothing: the booking takes the place of the core's activity."""

    def _process_not_interested(self):
        """Ask what becomes of bookings to come, of the lead that is lost already."""
        super()._process_not_interested()
        values = {
            "lead_ids": self.lead_id.ids,
            "lost_reason_id": self.lost_reason_id.id,
        }
        if not self.env["crm.lead.lost"].new(values)._find_bookings():
            return None
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_lost_action")
        defaults = {f"default_{name}": value for name, value in values.items()}
        return {**action, "context": {**defaults, "dialog_size": "medium"}}
