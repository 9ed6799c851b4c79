# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # Stored, because a request reads the company, but not its contact
    lead_api_lang = fields.Char(
        "Language of New Customers", compute="_compute_lead_api_lang", store=True
    )

    @api.depends("partner_id.lang")
    def _compute_lead_api_lang(self):
        for company in self:
            company.lead_api_lang = company.partner_id.lang
