# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.crm_lead_api.models.res_config_settings import integer_setting

PREFIX = "crm_lead_api_phone_call."
RECORDING_DAYS = f"{PREFIX}recording_days"
RECORDING_SIZE = f"{PREFIX}recording_size"  # MiB
CALL_BACK_MINUTES = f"{PREFIX}call_back_minutes"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    phone_call_recording_days = integer_setting(
        RECORDING_DAYS, "Days to Keep Recordings", 90
    )
    phone_call_recording_size = integer_setting(
        RECORDING_SIZE, "Largest Recording in MiB", 25
    )
    phone_call_call_back_minutes = integer_setting(
        CALL_BACK_MINUTES, "Working Minutes to Call Back", 60
    )
