# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiClient(models.Model):
    _inherit = "crm.lead.api.client"

    neighbour_state = fields.Char(required=True, default="to review")
