# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models


class ResCompany(models.Model):
    """Choose the starts of a branch's bookings."""

    _inherit = "res.company"

    booking_grid = fields.Selection(
        [(str(minutes), f"{minutes}") for minutes in (5, 10, 15, 20, 30, 60)],
        string="Minutes between Starts",
        required=True,
        default="15",
        help="Free times of bookings are so many minutes apart.",
    )
    lacks_time_zone = fields.Boolean(compute="_compute_lacks_time_zone")

    @api.depends("resource_calendar_id.tz", "country_id", "partner_id.tz")
    def _compute_lacks_time_zone(self):
        for company in self:
            calendar = company.resource_calendar_id
            company.lacks_time_zone = company._lacks_time_zone(calendar)

    def action_set_time_zone(self):
        """Set the time zone of the branch's working hours; see
        :meth:`_set_time_zone`."""
        self.ensure_one()
        return self._set_time_zone(self.resource_calendar_id)

    def _lacks_time_zone(self, calendar):
        """Tell whether nobody has chosen the time zone of working hours: those of a
        database made by the command line are in UTC."""
        return calendar.tz == "UTC" and "UTC" not in self._get_time_zones()

    def _set_time_zone(self, calendar):
        """Set the time zone of working hours to that of the branch; if it is not known,
        return the dialog in which to choose."""
        zones = self._get_time_zones()
        if len(zones) == 1:
            calendar.tz = zones[0]
            return None
        view = self.env.ref("crm_lead_api_booking.resource_calendar_view_form_zone")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set the Time Zone"),
            "res_model": "resource.calendar",
            "res_id": calendar.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def _get_time_zones(self):
        """Return the time zones that the branch may have, by contact or country."""
        self.ensure_one()
        if self.partner_id.tz:
            return [self.partner_id.tz]
        return pytz.country_timezones.get(self.country_id.code or "", [])

    def _get_booking_zone(self):
        """Return the time zone of a branch: that of its working hours."""
        self.ensure_one()
        # sudo: a client may know the times of a branch
        company = self.sudo()
        tz = company.resource_calendar_id.tz or company.partner_id.tz
        return pytz.timezone(tz or "UTC")

    def _get_day(self, day):
        """Return the first moment of a branch's day, and of the next one, on its
        clock."""
        zone = self._get_booking_zone()
        days = (day, day + timedelta(days=1))
        return [zone.localize(datetime.combine(each, time())) for each in days]
