# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmCustomerPortrait(models.Model):
    _inherit = "crm.customer.portrait"

    neighbour_state = fields.Char(required=True, default="to review")
    neighbour_item_count = fields.Integer(
        compute="_compute_neighbour_item_count", store=True
    )

    @api.depends("item_ids")
    def _compute_neighbour_item_count(self):
        for portrait in self:
            portrait.neighbour_item_count = len(portrait.item_ids)
