# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merge other matching contacts into the customer of a lead."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # Odoo proposes the newest contact, whatever the context says.
        if partner_id := self.env.context.get("default_dst_partner_id"):
            values["dst_partner_id"] = partner_id
        return values
