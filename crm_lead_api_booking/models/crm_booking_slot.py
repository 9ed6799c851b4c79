# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.intervals import Intervals

from ..tools.free_time import (
    MINUTE,
    find_starts,
    localize,
    to_intervals,
    to_moment,
    to_seconds,
)
from .crm_booking import OPEN_STATES

MAX_NEAREST = 3
NEAREST_DAYS = 31


class Slot(NamedTuple):
    """Hold a free start.

    :param start: with the time zone of the branch
    :param stop: the end of the booking
    :param seat_ids: of the free seats, the first one to be taken first
    """

    start: datetime
    stop: datetime
    seat_ids: list[int]


class CrmBookingSlot(models.AbstractModel):
    """Compute the free starts of seats; nothing of them is stored."""

    _name = "crm.booking.slot"
    _description = "Free Starts of Bookings"

    @api.model
    def _find(self, company, seats, minutes, begin, end, booking=None):
        """Return the free starts of a branch, from a moment to another.

        :param company: the branch
        :param seats: ``resource.resource``, with superuser rights
        :param int minutes: the length of the booking
        :param datetime begin: the first possible start, with a time zone
        :param datetime end: the last possible start
        :param booking: does not count as taking its seat
        :rtype: list[Slot]
        """
        zone = company._get_booking_zone()
        first = max(to_seconds(begin), to_seconds(fields.Datetime.now()))
        last, length = to_seconds(end), minutes * MINUTE
        if first > last:
            return []
        grid = int(company.sudo().booking_grid)  # sudo: as for the time zone
        free = self._get_free(seats, first, last + length, booking)
        starts = defaultdict(list)
        for seat in seats:
            for start in find_starts(free[seat], length, grid, zone):
                starts[start].append(seat.id)
        return [
            Slot(to_moment(start, zone), to_moment(start + length, zone), seat_ids)
            for start, seat_ids in sorted(starts.items())
        ]

    @api.model
    def _find_nearest(self, company, seats, minutes, moment, booking=None):
        """Return the free starts that are nearest to a moment, the earliest first.

        :param datetime moment: with a time zone
        """
        days = timedelta(days=NEAREST_DAYS)
        now = pytz.utc.localize(fields.Datetime.now())
        begin, end = max(moment, now) - days, max(moment, now) + days
        slots = self._find(company, seats, minutes, begin, end, booking)
        wanted = [slot for slot in slots if abs(slot.start - moment) <= days] or slots
        wanted.sort(key=lambda slot: (abs(slot.start - moment), slot.start))
        return sorted(wanted[:MAX_NEAREST])

    @api.model
    def _filter_working(self, seats, start, stop):
        """Return the seats that work from a moment to another."""
        begin, end = to_seconds(start), to_seconds(stop)
        work = self._get_work(seats, begin, end)
        return seats.filtered(lambda seat: _covers(work[seat], begin, end))

    @api.model
    def _filter_free(self, seats, start, stop, booking=None):
        """Return the seats that have no open booking between two moments."""
        taken = self._get_taken(seats, to_seconds(start), to_seconds(stop), booking)
        return seats.filtered(lambda seat: seat.id not in taken)

    @api.model
    def _get_free(self, seats, begin, end, booking=None):
        """Return the free time of seats.

        :rtype: dict[resource.resource, Intervals]
        """
        work = self._get_work(seats, begin, end)
        taken = self._get_taken(seats, begin, end, booking)
        return {seat: work[seat] - to_intervals(taken[seat.id]) for seat in seats}

    @api.model
    def _get_taken(self, seats, begin, end, booking=None):
        """Return the times of open bookings, by id of the seat.

        :rtype: dict[int, list[tuple[int, int]]]
        """
        # sudo: everybody has to know which times are taken
        bookings = self.env["crm.booking"].sudo()
        bounds = [to_moment(each).replace(tzinfo=None) for each in (begin, end)]

        def to_sql(model, alias, query):
            # As in the constraint, whose index serves seat and time: otherwise bookings
            # of the past that nobody closed would be read each time.
            columns = [
                model._field_to_sql(alias, name, query) for name in ("start", "stop")
            ]
            return SQL("tsrange(%s, %s) && tsrange(%s, %s)", *columns, *bounds)

        domain = (
            Domain("seat_id", "in", seats.ids)
            & Domain("state", "in", OPEN_STATES)
            & Domain.custom(to_sql=to_sql)
        )
        if booking:
            domain &= Domain("id", "not in", booking.ids)
        taken = defaultdict(list)
        names = ["seat_id", "start", "stop"]
        for each in bookings.search_fetch(domain, names, order="id"):
            taken[each.seat_id.id].append(
                (to_seconds(each.start), to_seconds(each.stop))
            )
        return taken

    @api.model
    def _get_work(self, seats, begin, end):
        """Return the working time of seats, without holidays and time off.

        The working hours of all seats are read at once, and so is their time off: the
        number of statements does not grow with the seats.

        :rtype: dict[resource.resource, Intervals]
        """
        calendars = {seat: seat._get_booking_calendar() for seat in seats}
        distinct = self.env["resource.calendar"].union(*calendars.values()).sudo()
        attendances = self._find_attendances(distinct)
        by_calendar = {
            calendar: self._get_hours(calendar, attendances, begin, end)
            for calendar in distinct
        }
        # Odoo: a resource without working hours works at any time.
        always = to_intervals([(begin, end)])
        leaves = self._find_leaves(seats, begin, end)
        return {
            seat: by_calendar.get(calendar, always)
            - to_intervals(_get_time_off(seat, calendar, leaves))
            for seat, calendar in calendars.items()
        }

    @api.model
    def _find_attendances(self, calendars):
        """Return the attendances of calendars; Odoo's own method searches those of each
        calendar anew.

        :rtype: dict[resource.calendar, resource.calendar.attendance]
        """
        # sudo: as of the seats
        attendances = self.env["resource.calendar.attendance"].sudo()
        names = ["calendar_id", "dayofweek", "hour_from", "hour_to", "week_type"]
        return attendances.search_fetch(
            Domain("calendar_id", "in", calendars.ids)
            & Domain("display_type", "=", False)
            & Domain("day_period", "!=", "lunch"),
            names,
        ).grouped("calendar_id")

    @api.model
    def _get_hours(self, calendar, attendances, begin, end):
        """Return the working hours of a calendar; flexible hours as Odoo means them.

        :param dict attendances: of each calendar
        :rtype: Intervals
        """
        zone = pytz.timezone(calendar.tz or "UTC")
        if calendar.flexible_hours:
            bounds = (to_moment(begin, zone), to_moment(end, zone))
            hours = calendar._attendance_intervals_batch(*bounds, tz=zone)[False]
            return to_intervals(
                (to_seconds(start), to_seconds(stop)) for start, stop, _each in hours
            )
        by_day = defaultdict(list)
        for each in attendances.get(calendar, ()):
            weeks = (each.week_type,) if calendar.two_weeks_calendar else ("0", "1")
            for week in weeks:
                hours = (each.hour_from, each.hour_to)
                by_day[int(week), int(each.dayofweek)].append(hours)
        get_week = self.env["resource.calendar.attendance"].get_week_type
        day, last = (to_moment(each, zone).date() for each in (begin, end))
        pairs = []
        while day <= last:
            for hours in by_day[get_week(day), day.weekday()]:
                start, stop = (localize(day, hour, zone) for hour in hours)
                pairs.append((max(start, begin), min(stop, end)))
            day = _add_day(day)
        return to_intervals(pairs)

    @api.model
    def _find_leaves(self, seats, begin, end):
        """Return the time off of seats, and the holidays of their branches.

        The domain is that of ``resource.calendar._leave_intervals_batch``.

        :return: ``resource.calendar.leaves``, with superuser rights
        """
        # sudo: time off is personal; a client learns of it only as times to be booked
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                Domain("time_type", "=", "leave")
                & Domain("resource_id", "in", [False, *seats.ids])
                & Domain("date_from", "<=", to_moment(end).replace(tzinfo=None))
                & Domain("date_to", ">=", to_moment(begin).replace(tzinfo=None)),
                ["date_from", "date_to", "calendar_id", "resource_id", "company_id"],
            )
        )


def _covers(work: Intervals, begin: int, end: int) -> bool:
    return any(start <= begin and end <= stop for start, stop, _nothing in work)


def _add_day(day: date) -> date:
    return day + timedelta(days=1)


def _get_time_off(seat, calendar, leaves):
    """Return the times at which a seat does not work, as pairs of seconds."""
    return [
        (to_seconds(leave.date_from), to_seconds(leave.date_to))
        for leave in leaves
        if leave.calendar_id in (calendar, calendar.browse())
        and (
            leave.resource_id == seat
            or (not leave.resource_id and leave.company_id == seat.company_id)
        )
    ]
