# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_lead_api.models.res_config_settings import integer_setting

from ..booking.crm_booking import CLOSE_HOURS
from ..booking.crm_booking_state import DEFAULT_HOURS, PARAMETER, parse_hours


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def set_param(self, key, value):
        before = super().set_param(key, value)
        if key == PARAMETER:
            self.env["crm.booking"]._plan_all_reminders()
        return before


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    booking_reminder_hours = fields.Char(
        "Reminders of Bookings", config_parameter=PARAMETER, default=DEFAULT_HOURS
    )
    booking_close_hours = integer_setting(
        CLOSE_HOURS, "Hours until a Forgotten Booking Is Closed", 24
    )
    booking_grid = fields.Selection(
        related="company_id.booking_grid", readonly=False, required=True
    )

    @api.constrains("booking_reminder_hours")
    def _check_booking_reminder_hours(self):
        for settings in self:
            try:
                parse_hours(settings.booking_reminder_hours or DEFAULT_HOURS)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Write the hours before a booking as whole numbers, such as "
                        "24, 2; 0 means no reminders."
                    )
                ) from error
