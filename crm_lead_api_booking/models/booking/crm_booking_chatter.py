# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models

TOLD = ("start", "seat_id", "state")


class CrmBooking(models.Model):
    """Tell of bookings in the chatter of their leads, a line for each change."""

    _inherit = "crm.booking"

    @api.model_create_multi
    def create(self, vals_list):
        bookings = super().create(vals_list)
        for booking in bookings:
            booking._write_line({})
        return bookings

    def write(self, vals):
        is_told = not vals.keys().isdisjoint(TOLD)
        before = {booking: booking._read_told() for booking in self if is_told}
        result = super().write(vals)
        for booking, old in before.items():
            booking._write_line(old)
        return result

    def _read_told(self):
        return {
            "start": fields.Datetime.to_string(self.start),
            "seat_id": self.seat_id.id,
            "state": self.state,
        }

    def _write_line(self, old):
        """Write a line about the booking, or about its change, if there is one.

        :param dict old: the values before; empty: the booking is new
        """
        new = self._read_told()
        if old == new or self.env.context.get("mail_create_nolog"):
            return
        line = {"model": self._name, "id": self.id, "old": old, "new": new}
        # sudo: who books need not have rights on the lead; only the code fills in what
        # a line tells
        body = self.sudo().with_context(lang=self.env.user.lang)._get_chatter_line(line)
        message = self.lead_id.sudo()._message_log(
            body=body, author_id=self.env.user.partner_id.id, email_from=False
        )
        message.chatter_line = line

    def _get_chatter_line(self, line):
        """Return the booking, or its change, in a line in the reader's language."""
        parts = [self.env._("Booking"), self.code]
        for name in TOLD:
            old, new = (
                values and self._format_told(name, values.get(name))
                for values in (line["old"], line["new"])
            )
            if not old:
                parts.append(new)
            elif old != new:
                parts.append(f"{old} → {new}")
        return Markup("<p>%s</p>") % " · ".join(parts)

    def _format_told(self, name, value):
        if name == "start":
            return self._format_day(fields.Datetime.to_datetime(value))
        if name == "seat_id":
            seat = self.seat_id.browse(value)
            return (seat if seat == self.seat_id else seat.exists()).name or "–"
        return dict(self._fields["state"]._description_selection(self.env))[value]
