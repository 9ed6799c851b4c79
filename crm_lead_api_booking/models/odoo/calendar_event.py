# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

TIMES = {"start", "stop", "duration", "allday", "start_date", "stop_date", "active"}
# In the context of what Google's or Microsoft's calendar has changed
SYNC = "dont_notify"


class CalendarEvent(models.Model):
    """Keep the meetings of bookings at the bookings' times: whoever moves one would
    not move the customer."""

    _inherit = "calendar.event"

    def write(self, vals):
        is_move = bool(TIMES & vals.keys())
        result = super().write(vals)
        if is_move:
            self._keep_times(self._find_kept_bookings().filtered(_is_moved))
        return result

    def unlink(self):
        bookings = self._find_kept_bookings()
        is_sync = self.env.context.get(SYNC)
        if not is_sync:
            self._keep_times(bookings)
        result = super().unlink()
        if is_sync:
            self._keep_times(bookings)
        return result

    def _cancel(self):
        """Delete what was deleted in Google's calendar, of whose addon this method is,
        and bring back the meetings of bookings."""
        return super(CalendarEvent, self.with_context(**{SYNC: True}))._cancel()

    def _cancel_microsoft(self):
        """Do so for Microsoft's calendar."""
        return super(
            CalendarEvent, self.with_context(**{SYNC: True})
        )._cancel_microsoft()

    def _find_kept_bookings(self):
        """Return the open bookings to come whose meetings people may not move."""
        # sudo: doctors may have no rights on bookings
        bookings = self.env["crm.booking"].sudo()
        if self.env.su and not self.env.context.get(SYNC):
            return bookings  # no person, but an addon, such as this one
        return bookings.search(
            Domain("meeting_id", "in", self.ids)
            & bookings._get_domain_to_come()
            & Domain("is_meeting_outdated", "=", False)
        )

    @api.model
    def _keep_times(self, bookings):
        """Bring back the meetings of bookings that another calendar has moved or
        deleted; if a person has, raise a UserError, or a RedirectWarning to the booking
        for those who may move it."""
        # Another calendar's changes come by a scheduled action, without a language.
        self = self.with_context(lang=self.env.user.lang)
        bookings = bookings.with_env(bookings.env(context=self.env.context))
        for booking in bookings:
            text = self.env._(
                "This is the meeting of the booking %(code)s, %(start)s: the customer "
                "comes at this time. Move or cancel the booking; the meeting follows.",
                code=booking.code,
                start=booking._format_day(),
            )
            if self.env.context.get(SYNC):
                if not booking.meeting_id.active:
                    booking.meeting_id = False
                booking._mark_meetings()
                self.env["mail.thread"].message_notify(
                    partner_ids=self.env.user.partner_id.ids,
                    subject=self.env._("A meeting comes back"),
                    body=text,
                )
            elif booking.sudo(False).has_access("write"):
                action = booking.get_formview_action()
                raise RedirectWarning(text, action, self.env._("Open the Booking"))
            else:
                raise UserError(text)


def _is_moved(booking):
    meeting = booking.meeting_id
    if not meeting.active or meeting.allday:
        return True
    return (meeting.start, meeting.stop) != (booking.start, booking.stop)
