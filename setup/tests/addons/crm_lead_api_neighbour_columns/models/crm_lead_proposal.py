# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLeadProposal(models.Model):
    _inherit = "crm.lead.proposal"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_subject = fields.Char(compute="_compute_neighbour_subject", store=True)

    @api.depends("subject", "partner_id.name")
    def _compute_neighbour_subject(self):
        for proposal in self:
            proposal.neighbour_subject = (
                f"{proposal.subject} of {proposal.partner_id.name}"
            )
