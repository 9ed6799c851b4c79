# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

PREFIX = "crm_lead_api."
LEAD_API_DEFAULTS = {
    "answer_days": 7,
    "payload_days": 90,
    "max_body": 256,  # KiB
    "max_depth": 32,
    "max_items": 100,
    "test_days": 7,
    "wrong_tokens": 10,
}


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _get_lead_api_int(self, name):
        """Return a setting of the lead API.

        :param str name: a key of ``LEAD_API_DEFAULTS``
        :rtype: int
        """
        # sudo: only administrators may read parameters
        value = self.sudo().get_param(PREFIX + name)
        return int(value) if value else LEAD_API_DEFAULTS[name]
