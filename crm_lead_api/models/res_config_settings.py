# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .ir_config_parameter import LEAD_API_DEFAULTS, PREFIX


def _setting(name, label):
    return fields.Integer(
        label, config_parameter=PREFIX + name, default=LEAD_API_DEFAULTS[name]
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_api_answer_days = _setting("answer_days", "Days to Keep Answers")
    lead_api_payload_days = _setting("payload_days", "Days to Keep Payloads")
    lead_api_max_body = _setting("max_body", "Largest Body in KiB")
    lead_api_max_depth = _setting("max_depth", "Deepest Nesting")
    lead_api_max_items = _setting("max_items", "Longest List")
    lead_api_test_days = _setting("test_days", "Days to Keep Tests")
    lead_api_wrong_tokens = _setting("wrong_tokens", "Wrong Tokens per Hour")

    @api.constrains(*(f"lead_api_{name}" for name in LEAD_API_DEFAULTS))
    def _check_lead_api_settings(self):
        for settings in self:
            if any(settings[f"lead_api_{name}"] < 1 for name in LEAD_API_DEFAULTS):
                raise ValidationError(
                    self.env._("The numbers of the lead API must be at least 1.")
                )
