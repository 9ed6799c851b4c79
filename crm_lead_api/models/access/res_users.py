# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .crm_lead_api_client import MANAGER_GROUP


class ResUsers(models.Model):
    _inherit = "res.users"

    lead_api_client_ids = fields.One2many(
        "crm.lead.api.client", "user_id", groups=MANAGER_GROUP
    )

    def _get_lead_api_client(self):
        """Return the client that uses the lead API as this user, as superuser."""
        # sudo: only Lead API administrators may read clients
        return self.sudo().lead_api_client_ids
