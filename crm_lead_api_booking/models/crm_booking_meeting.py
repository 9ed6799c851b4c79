# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from ..tools.attempt import attempt

MEETING_FIELDS = {
    *("start", "stop", "duration", "seat_id", "state", "lead_id", "service_ids"),
}
AWAY = ("no_show", "cancelled")  # states without a meeting
BATCH = 100


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
        self.sudo().meeting_id.unlink()
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
        """Make, change and delete the meetings of changed bookings.

        A meeting that fails is tried again by the next run.
        """
        outdated = Domain("is_meeting_outdated", "=", True)
        failed = []
        while bookings := self.search(
            outdated & Domain("id", "not in", failed), limit=BATCH, order="id"
        ):
            for booking in bookings:
                if not attempt(booking, booking._write_meeting):
                    failed.append(booking.id)
            if not self.env["ir.cron"]._commit_progress(len(bookings)):
                break

    def _write_meeting(self):
        """Make, change or delete the meeting, in the name of the seat's user.

        So Odoo sends this user neither an invitation nor a mail about the own meeting,
        and the user need not accept it.
        """
        self.ensure_one()
        user = self.seat_id.user_id
        # sudo: as the scheduled action
        meeting = self.meeting_id.with_user(user).with_context(lang=user.lang).sudo()
        if not user or self.state in AWAY:
            meeting.unlink()
        elif not meeting:
            self.meeting_id = meeting.create(self._prepare_new_meeting(user))
        elif changes := self._prepare_meeting_changes(meeting, user):
            meeting.write(changes)
        self.is_meeting_outdated = False

    def _prepare_meeting(self, user):
        """Prepare the values of a meeting that follow the booking, in the language of
        a seat's user."""
        booking = self.with_context(lang=user.lang)
        parts = (booking.partner_id.name, booking.service_names)
        return {
            "name": ": ".join(part for part in parts if part),
            "start": self.start,
            "stop": self.stop,
            "user_id": user.id,
            "location": self.company_id.name,
        }

    def _prepare_new_meeting(self, user):
        """Prepare the values of a new meeting."""
        return {
            **self._prepare_meeting(user),
            "partner_ids": [Command.set(user.partner_id.ids)],
            "description": self.note and plaintext2html(self.note),
            "privacy": "confidential",
            "show_as": "busy",
        }

    def _prepare_meeting_changes(self, meeting, user):
        """Prepare the changed values of a meeting.

        Guests and notes that people have added to the meeting stay.
        """
        values = self._prepare_meeting(user)
        present = meeting.read(values, load=None)[0]
        changes = {
            name: value for name, value in values.items() if present[name] != value
        }
        if "user_id" in changes:
            changes["partner_ids"] = [
                *(Command.unlink(each.id) for each in meeting.user_id.partner_id),
                Command.link(user.partner_id.id),
            ]
        return changes
