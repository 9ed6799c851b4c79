# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..schemas import StoredPhoneCall


class CrmLeadApiCustomerReader(models.AbstractModel):
    """Read the phone calls of customers that a client looks up."""

    _inherit = "crm.lead.api.customer.reader"

    @api.model
    def _read_parts(self, partners, words):
        parts = super()._read_parts(partners, words)
        if "phone_calls" in words:
            found = self.env["crm.lead.api.phone.call.reader"]._find_newest(partners)
            parts["phone_calls"] = {
                partner.id: [StoredPhoneCall.from_call(call) for call in calls]
                for partner, calls in found.items()
            }
        return parts
