# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLeadService(models.Model):
    _inherit = "crm.lead.service"

    def _is_of_staff(self):
        """Tell whether a user other than a client's wrote the service last."""
        self.ensure_one()
        return not self.write_uid._get_lead_api_client()
