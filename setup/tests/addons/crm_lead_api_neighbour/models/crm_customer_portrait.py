# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CrmCustomerPortrait(models.Model):
    _name = "crm.customer.portrait"
    _inherit = ["crm.customer.portrait", "mail.thread"]

    @api.model_create_multi
    def create(self, vals_list):
        portraits = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", portraits)
        return portraits
