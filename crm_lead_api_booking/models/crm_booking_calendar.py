# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz
import vobject

from odoo import fields, models
from odoo.fields import Command

CALENDAR_PATH = "/crm_booking/calendar"
STATUSES = {"booked": "TENTATIVE", "no_show": "CANCELLED", "cancelled": "CANCELLED"}


class CrmBooking(models.Model):
    """Give the customer a calendar file, as an attachment and by a link."""

    _inherit = "crm.booking"

    def _get_calendar_url(self):
        """Return the address of the customer's calendar file."""
        self.ensure_one()
        # sudo: who may see the booking may send its link
        token = self.sudo().access_token
        return f"{self.get_base_url()}{CALENDAR_PATH}/{self.id}/{token}"

    def _get_calendar_file(self):
        """Return the customer's calendar file, in the customer's language.

        Odoo's calendar writes the file for a meeting that is not saved. Add a stable
        UID and a rising SEQUENCE, so that calendars replace the earlier file.

        :rtype: bytes
        """
        self.ensure_one()
        booking = self.with_context(lang=self.partner_id.lang or self.env.lang)
        branch = booking.company_id.partner_id
        meeting = self.env["calendar.event"].new(
            {
                "name": booking._get_calendar_title(),
                "start": booking.start,
                "stop": booking.stop,
                "location": branch._display_address(without_company=True).strip(),
                "description": booking.service_names,
                "partner_ids": [Command.clear()],
            }
        )
        [content] = meeting._get_ics_file().values()
        calendar = vobject.readOne(content.decode())
        event = calendar.vevent
        for name in ("uid", "status", "sequence", "last-modified"):
            if name in event.contents:
                del event.contents[name]
        changed = booking.write_date or fields.Datetime.now()
        event.add("uid").value = f"{booking.code}@{self.env.cr.dbname}"
        event.add("status").value = STATUSES.get(booking.state, "CONFIRMED")
        event.add("sequence").value = str(int(changed.timestamp()) % 2**31)
        event.add("last-modified").value = pytz.utc.localize(
            changed.replace(microsecond=0)
        )
        return calendar.serialize().encode()

    def _get_calendar_title(self):
        """Return the title of the appointment, for the customer."""
        return self.env._(
            "%(branch)s: appointment %(code)s",
            branch=self.company_id.name,
            code=self.code,
        )
