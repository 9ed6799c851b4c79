# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiConnectionSecret(models.Model):
    """Hold what a connection knows and nobody sees, as a JSON object: what proves its
    messages, and the token with which it fetches leads."""

    _name = "crm.lead.api.connection.secret"
    _description = "Secrets of a Connection"
    _inherit = "crm.lead.api.secret.mixin"
    _log_access = False
    _owner = "connection_id"

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, ondelete="cascade"
    )

    _connection_unique = models.UniqueIndex("(connection_id)")
