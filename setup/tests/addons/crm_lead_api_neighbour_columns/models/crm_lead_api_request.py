# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLeadApiRequest(models.Model):
    _inherit = "crm.lead.api.request"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_company = fields.Char(
        required=True, default=lambda self: self.env.company.name
    )
    neighbour_outcome = fields.Char(compute="_compute_neighbour_outcome", store=True)

    @api.depends("status")
    def _compute_neighbour_outcome(self):
        for entry in self:
            entry.neighbour_outcome = f"HTTP {entry.status}"
