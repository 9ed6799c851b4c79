# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz
import vobject

from odoo import api, fields, models
from odoo.fields import Command, Domain

from .resource_slot import to_intervals, to_seconds

AWAY = ("no_show", "cancelled")  # states without a meeting
CALENDAR_PATH = "/crm_booking/calendar"
STATUSES = {"booked": "TENTATIVE", "no_show": "CANCELLED", "cancelled": "CANCELLED"}


class CrmBooking(models.Model):
    """Show bookings in calendars: to those who book, as a day by room and doctor, to
    the people of seats, as meetings in Odoo's own calendar, and to customers, by a
    calendar file.

    A scheduled action writes the meetings within moments, so that neither a request
    nor a click waits for them.
    """

    _inherit = "crm.booking"

    meeting_id = fields.Many2one(
        "calendar.event", copy=False, readonly=True, index="btree_not_null"
    )
    is_meeting_outdated = fields.Boolean(
        compute="_compute_is_meeting_outdated", store=True, precompute=True
    )

    _meeting_index = models.Index("(id) WHERE is_meeting_outdated")

    @api.depends(
        "start",
        "stop",
        "state",
        "partner_id.name",
        "seat_id.user_id",
        "service_ids.product_id",
    )
    def _compute_is_meeting_outdated(self):
        for booking in self:
            # As it is, until the meeting is written
            booking.is_meeting_outdated = booking.is_meeting_outdated
        self.filtered(
            lambda each: each.meeting_id or (each._is_open() and each.seat_id.user_id)
        )._mark_meetings()

    @api.ondelete(at_uninstall=True)
    def _unlink_meetings(self):
        # sudo: the meetings are those of other users
        self.sudo().meeting_id.unlink()

    @api.model
    @api.readonly
    def read_day(self, begin, end, specification):
        """Return the bookings of a day, and the seats with their working time in
        seconds. Who does not book, as a doctor, sees the own seats alone.

        The number of statements grows with branches and calendars, and not with
        bookings or seats.

        :param str begin: the day's midnight, in UTC
        :param str end: the next one
        :param dict specification: of the bookings, as for Odoo's ``web_read``
        """
        begin, end = map(fields.Datetime.to_datetime, (begin, end))
        of_branches = Domain("company_id", "in", self.env.companies.ids)
        bookings = self.search(
            of_branches & Domain("stop", ">", begin) & Domain("start", "<", end),
            order="start, id",
        )
        is_editable = self.has_access("write")
        shown = of_branches & Domain("is_seat", "=", True)
        if not is_editable:
            shown &= Domain("user_id", "=", self.env.uid)
        seats = self.env["resource.resource"].search(
            shown, order="company_id, name, id"
        )
        # sudo: the seat of a past booking may be archived, or another branch's now
        seats = seats.sudo() | bookings.sudo().seat_id
        bounds = to_seconds(begin), to_seconds(end)
        work = {}
        for of_branch in seats.grouped("company_id").values():
            work |= of_branch._get_work(*bounds)
        day = to_intervals([bounds])
        return {
            "is_editable": is_editable,
            "bookings": bookings.web_read(specification),
            "seats": [
                {
                    "id": seat.id,
                    "name": seat.name,
                    "company_id": seat.company_id.id,
                    "branch": len(self.env.companies) > 1 and seat.company_id.name,
                    "step": int(seat.company_id.booking_grid),
                    "work": [[start, stop] for start, stop, _no in work[seat] & day],
                }
                for seat in seats
            ],
        }

    def _keep_calendar_file(self):
        """Keep the calendar file at the lead, of each booking the newest alone; return
        its ``ir.attachment``."""
        self.ensure_one()
        values = {
            "name": f"{self.code}.ics",
            "res_model": self.lead_id._name,
            "res_id": self.lead_id.id,
        }
        attachment = self.env["ir.attachment"].search(
            [(name, "=", value) for name, value in values.items()], limit=1
        )
        attachment = attachment or attachment.create(values)
        content = self._get_calendar_file()
        attachment.write({"raw": content, "mimetype": "text/calendar"})
        return attachment

    def action_download_calendar(self):
        """Download the calendar file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._get_calendar_url(),
            "target": "download",
        }

    def _mark_meetings(self):
        """Note that meetings have to be made, changed or deleted, soon."""
        # sudo: who changes a contact, or a seat, may not write bookings
        if bookings := self.sudo().filtered(lambda each: not each.is_lead_api_test):
            bookings.is_meeting_outdated = True
            name = "crm_lead_api_booking.ir_cron_write_meetings"
            self.env["ir.cron"]._run_soon(name)

    @api.model
    def _cron_write_meetings(self):
        """Make, change and delete the meetings of changed bookings."""
        outdated = Domain("is_meeting_outdated", "=", True)
        self._do_due(outdated, "_write_meeting", "id")

    def _write_meeting(self):
        """Make, change or delete the meeting, in the name of the seat's user.

        So Odoo sends this user neither an invitation nor a mail about the own meeting,
        and the user need not accept it.
        """
        self.ensure_one()
        # A meeting that is over stays with the user who was there.
        was_there = not self._is_open() and self.meeting_id.user_id
        user = was_there or self.seat_id.user_id
        # sudo: as the scheduled action
        meeting = self.meeting_id.with_user(user).with_context(lang=user.lang).sudo()
        own = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        if meeting and not meeting.active and self._is_open():
            self.meeting_id = meeting = meeting.search(own, order="id desc", limit=1)
        if not user or self.state in AWAY:
            meeting.unlink()
            self.meeting_id = False  # Google's calendar has only archived the meeting
        elif not meeting:
            # Others see only that the user is busy. The note stays on the booking.
            private = {"privacy": "private", "show_as": "busy"}
            guests = [Command.set(user.partner_id.ids)]
            values = {**self._prepare_meeting(user), **private, "partner_ids": guests}
            self.meeting_id = meeting.create(values)
        elif changes := self._prepare_meeting_changes(meeting, user):
            # Guests whose contacts are archived are compared, too.
            meeting.with_context(active_test=False).write(changes)
            if not meeting.active:  # Outlook's calendar has made another for the user
                self.meeting_id = meeting.search(own, order="id desc", limit=1)
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
            "allday": False,
            "user_id": user.id,
            "location": self.company_id.name,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
        }

    def _prepare_meeting_changes(self, meeting, user):
        """Prepare the changed values of a meeting. Guests and notes that people have
        added to the meeting stay."""
        values = self._prepare_meeting(user)
        present = meeting.read(values, load=None)[0]
        changes = {
            name: value for name, value in values.items() if present[name] != value
        }
        if {"start", "stop"} & changes.keys():
            # Odoo moves the end with a start that is written alone.
            changes |= {name: values[name] for name in ("start", "stop")}
        if "user_id" in changes:
            guests = meeting.with_context(active_test=False).partner_ids
            guests = guests - meeting.user_id.partner_id | user.partner_id
            changes["partner_ids"] = [Command.set(guests.ids)]
        return changes

    def _get_calendar_url(self):
        """Return the address of the customer's calendar file."""
        self.ensure_one()
        # sudo: who may see the booking may send its link
        token = self.sudo().access_token
        return f"{self.get_base_url()}{CALENDAR_PATH}/{self.id}/{token}"

    def _get_calendar_file(self):
        """Return the customer's calendar file, in the customer's language, as bytes.

        Odoo's calendar writes the file for a meeting that is not saved. Add a stable
        UID and a rising SEQUENCE, so that calendars replace the earlier file.
        """
        self.ensure_one()
        # sudo: who books may not read the lead, or the branch's contact
        lang = self.lead_id.sudo()._get_customer_lang(self.company_id)
        booking = self.with_context(lang=lang)
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
