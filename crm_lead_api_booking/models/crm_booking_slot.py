# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.intervals import Intervals

from ..tools.free_time import (
    MINUTE,
    NOTHING,
    find_starts,
    get_weeks,
    to_intervals,
    to_moment,
    to_seconds,
    to_whole_seconds,
)
from .crm_booking import OPEN_STATES
from .resource_calendar import EXACT_TIME_OFF

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
        """Return the working time of seats, as Odoo and its addons compute it: without
        holidays, time off, and the time after a contract.

        The number of statements grows with the calendars, and not with the seats.

        :rtype: dict[resource.resource, Intervals]
        """
        # sudo: time off is personal; a client learns of it only as times to be booked
        # A branch without hours has not those of the user's company.
        seats = seats.sudo().with_company(seats.company_id[:1])
        bounds = (to_moment(begin), to_moment(end))
        periods = seats._get_calendars_validity_within_period(*bounds)
        by_calendar = defaultdict(dict)
        for seat in seats:
            for calendar, period in periods[seat.id].items():
                by_calendar[calendar or seat._get_booking_calendar()][seat] = period
        work = dict.fromkeys(seats, to_intervals(()))
        for calendar, of_seats in by_calendar.items():
            hours = self._get_hours(calendar, seats.union(*of_seats), begin, end)
            for seat, period in of_seats.items():
                work[seat] |= hours[seat] & to_whole_seconds(period)
        return work

    @api.model
    def _get_hours(self, calendar, seats, begin, end):
        """Return the working time of seats in the weeks of two moments.

        Odoo fills a week of flexible hours from the first day that it is asked for:
        whole weeks have the same hours each time.

        :rtype: dict[resource.resource, Intervals]
        """
        zone = pytz.timezone(calendar.tz or "UTC")
        weeks = get_weeks(begin, end, zone)
        calendar = calendar.with_context(**{EXACT_TIME_OFF: True})
        if not calendar:  # Odoo: without working hours a resource works at any time
            always = to_whole_seconds([(*weeks, NOTHING)])
            leaves = calendar._leave_intervals_batch(*weeks, seats, tz=zone)
            return {seat: always - to_whole_seconds(leaves[seat.id]) for seat in seats}
        found = calendar._work_intervals_batch(*weeks, seats, tz=zone)
        hours = {seat: to_whole_seconds(found[seat.id]) for seat in seats}
        if others := seats.filtered(lambda seat: not seat.calendar_id):
            # Odoo lets them work at any time; here they have their branch's hours.
            own = calendar._attendance_intervals_batch(*weeks, tz=zone)[False]
            branch = to_whole_seconds(own)
            hours |= {seat: hours[seat] & branch for seat in others}
        return hours


def _covers(work: Intervals, begin: int, end: int) -> bool:
    return any(start <= begin and end <= stop for start, stop, _nothing in work)
