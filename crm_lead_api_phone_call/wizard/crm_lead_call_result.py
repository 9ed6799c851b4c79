# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLeadCallResult(models.TransientModel):
    """Let a call that staff log by hand count for the missed calls of the customer."""

    _inherit = "crm.lead.call.result"

    def action_save(self):
        result = super().action_save()
        self.env["crm.lead.phone.call"]._mark_calls_of(self.lead_id)
        return result
