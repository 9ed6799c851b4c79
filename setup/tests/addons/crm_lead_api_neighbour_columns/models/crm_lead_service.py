# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLeadService(models.Model):
    _inherit = "crm.lead.service"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_label = fields.Char(compute="_compute_neighbour_label", store=True)

    @api.depends("quantity", "product_id.name")
    def _compute_neighbour_label(self):
        for service in self:
            service.neighbour_label = f"{service.quantity:g} {service.product_id.name}"
