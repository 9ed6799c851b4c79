# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResPartner(models.Model):
    """Choose the language of the contacts that requests make."""

    _inherit = "res.partner"

    @api.model
    def _get_customer_lang(self):
        """Return the language of a new customer: the client's choice, or else the
        default of another addon, or else the language of the current company.

        :return: the code of an installed language; ``False``: as Odoo does
        """
        lang = self.env.user._get_lead_api_client().customer_lang
        if not lang:
            # Odoo itself keeps a default: the first language of the database.
            kept = self.env["ir.default"]._get_model_defaults(self._name).get("lang")
            if self.default_get(["lang"]).get("lang") == kept:
                lang = self.env.company.lead_api_lang
        return lang if self.env["res.lang"]._get_data(code=lang) else False
