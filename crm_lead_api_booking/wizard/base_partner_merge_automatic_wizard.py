# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # Odoo would delete the bookings of a contact whose bookings cannot be moved.
        partners = self.env["res.partner"].browse(partner_ids)
        partners |= dst_partner or partners
        partners._check_bookings_of_merged(partners)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners.exists()._mark_meetings()  # PostgreSQL has moved the bookings
        return result
