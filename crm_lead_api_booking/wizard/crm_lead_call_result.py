# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_lead_api.tools.action import get_notice

from ..models.odoo.crm_lead_call_outcome import CONFIRMED


class CrmLeadCallResult(models.TransientModel):
    """Book the appointment that a call has led to, before which the call is not over,
    and confirm the one that a call reminds of."""

    _inherit = "crm.lead.call.result"

    result = fields.Selection(
        selection_add=CONFIRMED, ondelete={"confirmed": "set null"}
    )
    next_booking = fields.Char(related="lead_id.next_booking", related_sudo=False)

    def _compute_date(self):
        """Propose to try again before the customer comes."""
        result = super()._compute_date()
        now = fields.Datetime.now()
        for wizard in self.filtered(lambda each: each.result == "no_answer"):
            start = wizard.lead_id._get_next_booking().start
            if start and now < start <= wizard.date:
                date = now + (start - now) / 2
                wizard.date = date.replace(second=0, microsecond=0)
        return result

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

    def _process_confirmed(self):
        """Note that the customer comes, also to another branch."""
        booking = self.lead_id._get_next_booking()
        if not booking:  # meanwhile
            raise UserError(self.env._("The customer has no appointment any more."))
        booking.filtered(lambda each: each.state == "booked").action_confirm()
        return get_notice("success", self.lead_id.next_booking)

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
