# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .ir_config_parameter import DEFAULTS, PREFIX


def _setting(name, label):
    return fields.Integer(label, config_parameter=PREFIX + name, default=DEFAULTS[name])


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    phone_call_recording_days = _setting("recording_days", "Days to Keep Recordings")
    phone_call_recording_size = _setting("recording_size", "Largest Recording in MiB")
    phone_call_call_back_minutes = _setting(
        "call_back_minutes", "Working Minutes to Call Back"
    )

    @api.constrains(*(f"phone_call_{name}" for name in DEFAULTS))
    def _check_phone_call_settings(self):
        for settings in self:
            if any(settings[f"phone_call_{name}"] < 1 for name in DEFAULTS):
                raise ValidationError(
                    self.env._("The numbers of phone calls must be at least 1.")
                )
