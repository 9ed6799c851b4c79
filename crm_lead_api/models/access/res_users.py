# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .crm_lead_api_client import MANAGER_GROUP


class ResUsers(models.Model):
    _inherit = "res.users"

    lead_api_client_ids = fields.One2many(
        "crm.lead.api.client", "user_id", groups=MANAGER_GROUP
    )

    @api.model
    def _open_lead_api_guide(self, name):
        """Return the action that opens a guide, in Vietnamese for users who read it.

        :param str name: of the guide below ``static/guides``
        """
        language = "_vi" if (self.env.lang or "").startswith("vi") else ""
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_lead_api/static/guides/{name}{language}.html",
            "target": "new",
        }

    def _get_lead_api_client(self):
        """Return the client that uses the lead API as this user, as superuser."""
        # sudo: only Lead API administrators may read clients
        return self.sudo().lead_api_client_ids
