# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command, Domain

MEETING_FIELDS = {
    *("start", "stop", "duration", "seat_id", "state", "lead_id", "service_ids"),
}
AWAY = ("no_show", "cancelled")  # states without a meeting
BATCH = 100
# Odoo would invite the doctor to the doctor's own meeting.
QUIET = {
    "dont_notify": True,
    "skip_attendee_notification": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class CrmBooking(models.Model):
    """Show bookings to the people of seats, as meetings in Odoo's own calendar.

    A scheduled action writes the meetings within moments, so that neither a request
    nor a click waits for them.
    """

    _inherit = "crm.booking"

    meeting_id = fields.Many2one(
        "calendar.event", copy=False, readonly=True, index="btree_not_null"
    )
    is_meeting_outdated = fields.Boolean(copy=False)

    _meeting_index = models.Index("(id) WHERE is_meeting_outdated")

    @api.model_create_multi
    def create(self, vals_list):
        bookings = super().create(vals_list)
        bookings._mark_meetings()
        return bookings

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & MEETING_FIELDS:
            self._mark_meetings()
        return result

    def unlink(self):
        # sudo: the meetings are those of other users
        self.sudo().meeting_id.with_context(**QUIET).unlink()
        return super().unlink()

    def _mark_meetings(self):
        """Note that meetings have to be made, changed or deleted, soon."""
        # sudo: who books may not read the users of seats
        bookings = self.sudo()
        changed = bookings.filtered(
            lambda each: (
                (each.meeting_id or each.seat_id.user_id) and not each.is_lead_api_test
            )
        )
        if changed:
            changed.is_meeting_outdated = True
            cron = self.env.ref("crm_lead_api_booking.ir_cron_write_meetings", False)
            if cron:  # a booking is saved even if somebody has deleted the action
                # sudo: scheduled actions are for administrators
                cron.sudo()._trigger()

    @api.model
    def _cron_write_meetings(self):
        """Make, change and delete the meetings of changed bookings."""
        domain = Domain("is_meeting_outdated", "=", True)
        while bookings := self.search(domain, limit=BATCH, order="id"):
            for booking in bookings.with_context(**QUIET):
                booking._write_meeting()
            if not self.env["ir.cron"]._commit_progress(len(bookings)):
                break

    def _write_meeting(self):
        self.ensure_one()
        user, meeting = self.seat_id.user_id, self.meeting_id
        if not user or self.state in AWAY:
            meeting.unlink()
        elif meeting:
            meeting.write(self._prepare_meeting(user))
        else:
            self.meeting_id = meeting.create(self._prepare_meeting(user))
        self.is_meeting_outdated = False

    def _prepare_meeting(self, user):
        """Prepare the meeting, in the language of a seat's user."""
        booking = self.with_context(lang=user.lang)
        parts = (booking.partner_id.name, booking.service_names)
        return {
            "name": ": ".join(part for part in parts if part),
            "start": self.start,
            "stop": self.stop,
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "location": self.company_id.name,
            "description": self.note,
            "privacy": "confidential",
            "show_as": "busy",
        }
