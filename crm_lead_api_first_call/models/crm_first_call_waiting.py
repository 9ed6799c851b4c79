# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

GIVE_VIEW = "crm_lead_api_first_call.crm_lead_view_form_give"


class CrmFirstCall(models.Model):
    """Show which leads wait for somebody on duty, and why."""

    _inherit = "crm.first.call"

    waiting_reason = fields.Selection(
        [
            ("nobody", "Nobody is on duty"),
            ("full", "All on duty have calls enough"),
            ("absent_owner", "Waits for who knows the customer"),
        ],
        "Why It Waits",
    )
    call_name = fields.Char(related="lead_id.call_name")
    first_service = fields.Char(related="lead_id.first_service")

    def action_take(self):
        """Give a waiting lead to the user, who has chosen it by hand."""
        self._check_waiting()
        self.lead_id.action_take()
        return self.lead_id._open_first_call()

    def action_give(self):
        """Ask a manager who gets the lead."""
        self._check_waiting()
        self.lead_id._check_free()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give to…"),
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [[self.env.ref(GIVE_VIEW).id, "form"]],
            "target": "new",
        }

    def _check_waiting(self):
        if self.state != "waiting" and not self.lead_id.user_id:
            raise UserError(self.env._("This lead does not wait any more."))

    def action_open_lead(self):
        return self.lead_id._open_first_call()
