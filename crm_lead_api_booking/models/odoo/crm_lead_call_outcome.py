# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

CONFIRMED = [("confirmed", "The appointment is confirmed")]


class CrmLeadCallOutcome(models.Model):
    """Let customers confirm their appointment in a call."""

    _inherit = "crm.lead.call.outcome"

    result = fields.Selection(
        selection_add=CONFIRMED, ondelete={"confirmed": "cascade"}
    )
