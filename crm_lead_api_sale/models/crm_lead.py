# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _prepare_opportunity_quotation_context(self):
        context = super()._prepare_opportunity_quotation_context()
        # A lead that was given to another company's salesperson keeps its list.
        company_id = context["default_company_id"]
        if pricelist := self.pricelist_id._filter_of_company(company_id):
            context["default_pricelist_id"] = pricelist.id
        return context
