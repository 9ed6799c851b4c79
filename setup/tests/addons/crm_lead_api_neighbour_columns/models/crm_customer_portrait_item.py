# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmCustomerPortraitItem(models.Model):
    _inherit = "crm.customer.portrait.item"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_length = fields.Integer(compute="_compute_neighbour_length", store=True)

    @api.depends("name")
    def _compute_neighbour_length(self):
        for item in self:
            item.neighbour_length = len(item.name or "")
