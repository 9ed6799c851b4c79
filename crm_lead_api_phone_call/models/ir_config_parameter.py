# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

PREFIX = "crm_lead_api_phone_call."
DEFAULTS = {
    "recording_days": 90,
    "recording_size": 25,  # MiB
    "call_back_minutes": 60,
}


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _get_phone_call_int(self, name):
        """Return a setting of phone calls.

        :param str name: a key of ``DEFAULTS``
        :rtype: int
        """
        # sudo: only administrators may read parameters
        value = self.sudo().get_param(PREFIX + name)
        return int(value) if value else DEFAULTS[name]
