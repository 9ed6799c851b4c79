# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLeadApiEngine(models.AbstractModel):
    """Check messages as new leads, for *Send Again*."""

    _inherit = "crm.lead.api.engine"

    def _check_by_kind(self, received, **arguments):
        if received.kind != "message":
            return super()._check_by_kind(received, **arguments)
        self.env["crm.lead"]._find_payload_records(received.payload)
        return None
