# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

PREFIX = "crm_lead_api."
# Of days, hours or minutes: much more leads to years that Python does not know.
TIMES, MAX_TIME = ("_days", "_hours", "_minutes"), 36_500
INTEGERS = {}  # the defaults of settings, by the key of the parameter


def integer_setting(key, label, default):
    """Declare a setting, a whole number of at least 1, by a parameter's full key."""
    INTEGERS[key] = default
    return fields.Integer(label, config_parameter=key, default=default)


def _setting(name, label, default):
    return integer_setting(PREFIX + name, label, default)


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _get_lead_api_int(self, name) -> int:
        """Return a setting of :func:`integer_setting`, for this addon by its name."""
        key = name if "." in name else PREFIX + name
        # sudo: only administrators may read parameters
        value = int(self.sudo().get_param(key) or INTEGERS[key])
        return min(value, MAX_TIME) if key.endswith(TIMES) else value


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_api_answer_days = _setting("answer_days", "Days to Keep Answers", 7)
    lead_api_payload_days = _setting("payload_days", "Days to Keep Payloads", 90)
    lead_api_max_body = _setting("max_body", "Largest Body in KiB", 256)
    lead_api_max_depth = _setting("max_depth", "Deepest Nesting", 32)
    lead_api_max_items = _setting("max_items", "Longest List", 100)
    lead_api_test_days = _setting("test_days", "Days to Keep Tests", 7)
    group_lead_api_companies = fields.Boolean(
        "Buttons for Companies",
        implied_group="crm_lead_api.crm_lead_api_group_companies",
    )
    lead_api_wrong_tokens = _setting("wrong_tokens", "Wrong Tokens per Hour", 10)

    @api.model
    def _get_lead_api_integers(self):
        return [
            name
            for name, field in self._fields.items()
            if getattr(field, "config_parameter", None) in INTEGERS
        ]

    @api.model
    def default_get(self, fields):
        """Return times as they are used, also where longer ones were saved before."""
        values = super().default_get(fields)
        for name in self._get_lead_api_integers():
            if name in values and name.endswith(TIMES):
                values[name] = min(values[name], MAX_TIME)
        return values

    @api.constrains(lambda self: self._get_lead_api_integers())
    def _check_lead_api_settings(self):
        names = self._get_lead_api_integers()
        if any(settings[name] < 1 for settings in self for name in names):
            raise ValidationError(
                self.env._("The numbers of the lead API must be at least 1.")
            )
        times = [name for name in names if name.endswith(TIMES)]
        if any(settings[name] > MAX_TIME for settings in self for name in times):
            raise ValidationError(
                self.env._(
                    "Days, hours and minutes of the lead API must be at most %s.",
                    MAX_TIME,
                )
            )
