# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiDiscard(models.TransientModel):
    """Ask why messages shall never become leads."""

    _name = "crm.lead.api.discard"
    _description = "Discard Messages"

    message_ids = fields.Many2many(
        "crm.lead.api.message", string="Messages", readonly=True, required=True
    )
    reason = fields.Char(required=True)

    def action_discard(self):
        self.ensure_one()
        self.message_ids._discard(self.reason)
        return {"type": "ir.actions.act_window_close"}
