# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiConnectionDay(models.Model):
    """Count the messages without proof of a connection on a day."""

    _name = "crm.lead.api.connection.day"
    _description = "Messages without Proof"
    _order = "date desc, connection_id"
    _log_access = False

    connection_id = fields.Many2one(
        "crm.lead.api.connection", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    unproven = fields.Integer("Without Proof", required=True)

    _day_unique = models.UniqueIndex("(connection_id, date)")
