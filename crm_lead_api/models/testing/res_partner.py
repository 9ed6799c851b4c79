# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    """Tell test contacts from people."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.lead.api.test.mixin"]
