# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    lead_api_client_ids = fields.One2many(
        "crm.lead.api.client",
        "user_id",
        groups="crm_lead_api.crm_lead_api_group_manager",
    )
