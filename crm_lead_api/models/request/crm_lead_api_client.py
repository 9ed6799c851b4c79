# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiClient(models.Model):
    """Choose the form of a client's answers."""

    _inherit = "crm.lead.api.client"

    has_warnings = fields.Boolean(
        "Warnings in Answers",
        tracking=True,
        help="The answer to a lead also has “warnings”, as a dry run has: ignored "
        "attributes, an unknown agent, a text that is no phone number, other contacts "
        "that match. For systems that cannot read an answer's headers.",
    )
