# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        leads = self.env["crm.lead"].browse(
            vals["res_id"]
            for vals in vals_list
            if vals.get("model") == "crm.lead" and vals.get("res_id")
        )
        if any(leads.sudo().mapped("is_neighbour_locked")):
            raise UserError("The neighbour lets nobody write on this lead.")
        return super().create(vals_list)
