# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models

LINE_FIELDS = ("start", "seat_id", "state")


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
        is_told = not vals.keys().isdisjoint(LINE_FIELDS)
        before = {booking: booking._read_line_fields() for booking in self if is_told}
        result = super().write(vals)
        for booking, old in before.items():
            booking._write_line(old)
        return result

    def _read_line_fields(self):
        return {name: self[name] for name in LINE_FIELDS}

    def _write_line(self, old):
        """Write a line about the booking, or about its change, if there is one.

        :param dict old: the values before; empty: the booking is new
        """
        if old == self._read_line_fields() or self.env.context.get("mail_create_nolog"):
            return
        # sudo: who books need not have rights on the lead
        booking, author = self.sudo(), self.env.user.partner_id
        message = booking.lead_id._message_log(author_id=author.id, email_from=False)
        message._write_bodies(
            lambda lang: booking.with_context(lang=lang)._describe_change(old)
        )

    def _describe_change(self, old):
        """Return the booking, or its change, in a line."""
        parts = [self.env._("Booking"), self.code]
        for name in LINE_FIELDS:
            before, after = old.get(name), self[name]
            if before != after:
                texts = [self._format_value(name, each) for each in (before, after)]
                parts.append(" → ".join(filter(None, texts)))
        return Markup("<p>%s</p>") % " · ".join(parts)

    def _format_value(self, name, value):
        if not value:
            return ""
        if name == "start":
            return self._format_day(value)
        if name == "seat_id":
            return value.sudo().name  # sudo: as for the line
        return dict(self._fields["state"]._description_selection(self.env))[value]
