# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CrmLeadApiAnswer(models.Model):
    """Keep the ids of bookings in answers whose personal data was erased."""

    _inherit = "crm.lead.api.answer"

    @api.model
    def _get_kept_attributes(self):
        return super()._get_kept_attributes() | {"id_booking", "code"}
