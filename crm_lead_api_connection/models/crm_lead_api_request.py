# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiRequest(models.Model):
    """Log the leads that are made of messages."""

    _inherit = "crm.lead.api.request"

    kind = fields.Selection(
        selection_add=[("message", "Message")], ondelete={"message": "cascade"}
    )
