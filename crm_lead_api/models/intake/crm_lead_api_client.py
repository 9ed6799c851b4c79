# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiClient(models.Model):
    """Choose the language of the customers of a client."""

    _inherit = "crm.lead.api.client"

    customer_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language of Customers",
        help="New contacts get this language, or else the language of the company.",
    )
