# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmStage(models.Model):
    """Let a stage be the one of customers who have booked."""

    _inherit = "crm.stage"

    lead_api_after = fields.Selection(
        selection_add=[("booking", "A booking")], ondelete={"booking": "set null"}
    )
