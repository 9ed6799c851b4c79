# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmCustomerPortrait(models.Model):
    """Tell test portraits from the portraits of customers."""

    _name = "crm.customer.portrait"
    _inherit = ["crm.customer.portrait", "crm.lead.api.test.mixin"]
