# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiClient(models.Model):
    """Set the time in which staff call the customers of new leads."""

    _inherit = "crm.lead.api.client"

    plans_call = fields.Boolean(
        "Plan a Call",
        default=True,
        tracking=True,
        help="Each new lead gets a call for its salesperson to do.",
    )
    call_minutes = fields.Integer(
        "Call Within",
        default=15,
        tracking=True,
        help="In working minutes, by the working hours of the salesperson or else of "
        "the company.",
    )

    _call_minutes_positive = models.Constraint(
        "CHECK(call_minutes >= 0)", "The minutes until a call cannot be less than 0."
    )
