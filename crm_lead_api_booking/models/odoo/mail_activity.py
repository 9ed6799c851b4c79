# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class MailActivity(models.Model):
    """Name the reasons of calls that bookings plan."""

    _inherit = "mail.activity"

    call_reason = fields.Selection(
        selection_add=[
            ("no_show", "No-show"),
            ("cancelled", "Cancelled booking"),
            ("reminder", "Remind of the booking"),
        ],
        ondelete=dict.fromkeys(("no_show", "cancelled", "reminder"), "set null"),
    )
