# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, fields, models

from ..schemas.booking_request import LEAD


class CrmLeadApiRequest(models.Model):
    """Log the requests about bookings."""

    _inherit = "crm.lead.api.request"

    kind = fields.Selection(
        selection_add=[
            ("booking", "Booking"),
            ("booking_change", "Change of a Booking"),
        ],
        ondelete={"booking": "cascade", "booking_change": "cascade"},
    )

    @api.model
    def _prepare_payload_values(self, received, with_phones=True):
        values = super()._prepare_payload_values(received, with_phones)
        lead = received.data.get(LEAD) if received.kind == "booking" else None
        if not isinstance(lead, dict):
            return values
        payload = getattr(received.payload, LEAD, None)
        of_lead = super()._prepare_payload_values(
            replace(received, data=lead, payload=payload), with_phones
        )
        return {**values, **{name: each for name, each in of_lead.items() if each}}
