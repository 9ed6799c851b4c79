# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

KINDS = ("phone_call", "recording")


class CrmLeadApiRequest(models.Model):
    """Log requests about phone calls."""

    _inherit = "crm.lead.api.request"

    kind = fields.Selection(
        selection_add=[("phone_call", "Phone Call"), ("recording", "Recording")],
        ondelete=dict.fromkeys(KINDS, "cascade"),
    )

    @api.model
    def _prepare_payload_values(self, received, with_phones=True):
        values = super()._prepare_payload_values(received, with_phones)
        phone = received.data.get("phone")
        if received.kind == "phone_call" and with_phones and isinstance(phone, str):
            calls = self.env["crm.lead.phone.call"]
            values["phones"] = calls._get_phone_key(phone[:255]) or ""
        return values
