# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_path

from .crm_lead_api_client import MANAGER_GROUP


class ResUsers(models.Model):
    _inherit = "res.users"

    lead_api_client_ids = fields.One2many(
        "crm.lead.api.client",
        "user_id",
        groups=MANAGER_GROUP,
        # Requests of an archived client are sent again as its user, too.
        context={"active_test": False},
    )

    @api.model
    def _open_lead_api_guide(self, name):
        """Return the action that opens a guide below ``static/guides``.

        :raise UserError: the guides are not rendered
        """
        url = self._find_lead_api_guide(name)
        if not url:
            raise UserError(
                self.env._(
                    "The guides are not on this server yet: in the source of the "
                    "addons, the command “setup/docs” makes them."
                )
            )
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    @api.model
    def _find_lead_api_guide(self, name) -> str | None:
        """Return the address of a guide, in Vietnamese for users who read it; ``None``
        where the guides are not rendered, as in a clone."""
        language = "_vi" if (self.env.lang or "").startswith("vi") else ""
        path = f"crm_lead_api/static/guides/{name}{language}.html"
        try:
            file_path(path)
        except FileNotFoundError:
            return None
        return f"/{path}"

    def _get_lead_api_client(self):
        """Return the client that uses the lead API as this user, as superuser."""
        # sudo: only Lead API administrators may read clients
        return self.sudo().lead_api_client_ids
