# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmCustomerPortraitTag(models.Model):
    _inherit = "crm.customer.portrait.tag"

    neighbour_state = fields.Char(required=True, default="to review")
