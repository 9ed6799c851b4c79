# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "crm.lead.api.cached"]
