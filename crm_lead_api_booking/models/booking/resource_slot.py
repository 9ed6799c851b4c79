# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta, tzinfo

import pytz

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.intervals import Intervals

from odoo.addons.crm_lead_api.models.resource_calendar import EXACT_TIME_OFF

from ...schemas import FreeStart
from .crm_booking import OPEN_BOOKINGS

MAX_NEAREST = 3
NEAREST_DAYS = 31
NOTHING = frozenset()  # Odoo's intervals belong to records; these belong to none
MINUTE = 60


class ResourceResource(models.Model):
    """Compute the free times of the seats of a branch; nothing of them is stored."""

    _inherit = "resource.resource"

    def _find_slots(self, minutes, begin, end, booking=None):
        """Return the free times, on the branch's clock, from a moment to another.

        :param int minutes: the length of the booking
        :param datetime begin: the first possible start, with a time zone
        :param datetime end: the last possible start
        :param booking: does not count as taking its seat
        :rtype: list[FreeStart]
        """
        first = max(to_seconds(begin), to_seconds(fields.Datetime.now()))
        last, length = to_seconds(end), minutes * MINUTE
        if not self or first > last:
            return []
        zone = self.company_id._get_booking_zone()
        grid = int(self.company_id.sudo().booking_grid)  # sudo: as for the time zone
        work = self._get_work(first, last + length)
        taken = self._get_taken(first, last + length, booking)
        starts = defaultdict(list)
        for seat in self:
            free = work[seat] - to_intervals(taken[seat.id])
            for start in find_starts(free, length, grid, zone):
                starts[start].append(seat.id)
        return [
            FreeStart.model_construct(
                start=to_moment(start, zone),
                end=to_moment(start + length, zone),
                seats=seats_of_start,
            )
            for start, seats_of_start in sorted(starts.items())
        ]

    def _find_nearest_slots(self, minutes, moment, booking=None):
        """Return the free times that are nearest to a moment with a time zone, the
        earliest first."""
        days = timedelta(days=NEAREST_DAYS)
        now = pytz.utc.localize(fields.Datetime.now())
        begin, end = max(moment, now) - days, max(moment, now) + days
        slots = self._find_slots(minutes, begin, end, booking)
        wanted = [slot for slot in slots if abs(slot.start - moment) <= days] or slots
        wanted.sort(key=lambda slot: (abs(slot.start - moment), slot.start))
        return sorted(wanted[:MAX_NEAREST], key=lambda slot: slot.start)

    def _filter_working(self, start, stop):
        """Return the seats that work from a moment to another."""
        begin, end = to_seconds(start), to_seconds(stop)
        work = self._get_work(begin, end)
        return self.filtered(
            lambda seat: any(a <= begin and end <= b for a, b, _no in work[seat])
        )

    def _get_longest_shift(self, begin, end):
        """Return how many minutes a seat works without a break between two moments."""
        work = self._get_work(to_seconds(begin), to_seconds(end)).values()
        shifts = (b - a for periods in work for a, b, _no in periods)
        return max(shifts, default=0) // MINUTE

    def _filter_free(self, start, stop, booking=None):
        """Return the seats that are not taken between two moments."""
        taken = self._get_taken(to_seconds(start), to_seconds(stop), booking)
        return self.filtered(lambda seat: seat.id not in taken)

    def _get_taken(self, begin, end, booking=None):
        """Return the times of open bookings, as pairs of seconds, by id of the seat:
        those of the seat, and those of its user's other seats."""
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

        seats = self.sudo()  # sudo: who books may not read the users of seats
        by_user = seats.grouped("user_id")
        by_user.pop(seats.user_id.browse(), None)
        users = [user.id for user in by_user]
        domain = (
            (Domain("seat_id", "in", seats.ids) | Domain("seat_user_id", "in", users))
            & OPEN_BOOKINGS
            & Domain.custom(to_sql=to_sql)
        )
        if booking:
            domain &= Domain("id", "not in", booking.ids)
        taken = defaultdict(list)
        names = ["seat_id", "seat_user_id", "start", "stop"]
        for each in bookings.search_fetch(domain, names, order="id"):
            times = (to_seconds(each.start), to_seconds(each.stop))
            for seat in each.seat_id | by_user.get(each.seat_user_id, each.seat_id):
                taken[seat.id].append(times)
        return taken

    def _get_work(self, begin, end):
        """Return the working time of seats, by seat, as Odoo and its addons compute it:
        without holidays, time off, and the time after a contract.

        The number of statements grows with the calendars, and not with the seats.
        """
        # sudo: time off is personal; a client learns of it only as times to be booked
        # A branch without hours has not those of the user's company.
        seats = self.sudo().with_company(self.company_id[:1])
        bounds = (to_moment(begin), to_moment(end))
        periods = seats._get_calendars_validity_within_period(*bounds)
        by_calendar = defaultdict(dict)
        for seat in seats:
            for calendar, period in periods[seat.id].items():
                by_calendar[calendar or seat._get_booking_calendar()][seat] = period
        work = dict.fromkeys(seats, to_intervals(()))
        for calendar, of_seats in by_calendar.items():
            hours = seats.union(*of_seats)._get_hours(calendar, begin, end)
            for seat, period in of_seats.items():
                work[seat] |= hours[seat] & to_whole_seconds(period)
        if holidays := seats._get_holidays_above(bounds):
            work = {seat: work[seat] - holidays for seat in work}
        return work

    def _get_holidays_above(self, bounds):
        """Return the holidays of the companies above the branch: its own are Odoo's."""
        above = self.company_id.parent_ids - self.company_id
        if not above:
            return to_intervals(())
        begin, end = (fields.Datetime.to_string(moment) for moment in bounds)
        holidays = above.env["resource.calendar.leaves"].search_fetch(
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & Domain("company_id", "in", above.ids)
            & Domain("calendar_id", "in", [False, *above.resource_calendar_id.ids])
            & Domain("date_from", "<", end)
            & Domain("date_to", ">", begin),
            ["date_from", "date_to"],
        )
        return to_intervals(
            (to_seconds(each.date_from), to_seconds(each.date_to)) for each in holidays
        )

    def _get_hours(self, calendar, begin, end):
        """Return the working time of the seats, by seat, in the weeks of two moments.

        Odoo fills a week of flexible hours from the first day that it is asked for:
        whole weeks have the same hours each time.
        """
        zone = pytz.timezone(calendar.tz or "UTC")
        first, last = (to_moment(each, zone).date() for each in (begin, end))
        first -= timedelta(days=first.weekday())
        last += timedelta(days=7 - last.weekday())
        weeks = [zone.localize(datetime.combine(day, time())) for day in (first, last)]
        calendar = calendar.with_context(**{EXACT_TIME_OFF: True})
        if not calendar:  # Odoo: without working hours a resource works at any time
            always = to_whole_seconds([(*weeks, NOTHING)])
            leaves = calendar._leave_intervals_batch(*weeks, self, tz=zone)
            return {seat: always - to_whole_seconds(leaves[seat.id]) for seat in self}
        found = calendar._work_intervals_batch(*weeks, self, tz=zone)
        return {seat: to_whole_seconds(found[seat.id]) for seat in self}


# Times are whole seconds since 1970.


def to_seconds(moment: datetime) -> int:
    """Return a moment, naive UTC or with a time zone, in seconds."""
    if moment.tzinfo is None:
        moment = pytz.utc.localize(moment)
    return math.floor(moment.timestamp())


def to_moment(seconds: int, zone: tzinfo = pytz.utc) -> datetime:
    """Return the moment in a time zone."""
    return datetime.fromtimestamp(seconds, zone)


def to_intervals(pairs: Iterable[tuple[int, int]]) -> Intervals:
    """Return intervals that neither overlap nor touch."""
    return Intervals((begin, end, NOTHING) for begin, end in pairs)


def to_whole_seconds(intervals: Iterable[tuple]) -> Intervals:
    """Return Odoo's intervals, with whole seconds: a day of Odoo's ends a microsecond
    before midnight."""
    return to_intervals(
        (round(begin.timestamp()), round(end.timestamp()))
        for begin, end, _records in intervals
    )


def find_starts(
    free: Intervals, duration: int, grid: int, zone: tzinfo
) -> Iterator[int]:
    """Yield the starts on the clock's grid from which a time is free.

    :param duration: the length of the time, in seconds
    :param grid: the distance of starts, in minutes; the clock of the zone shows a
        multiple of it after midnight
    """
    step = grid * MINUTE
    for begin, end, _nothing in free:
        last = end - duration
        start = _align(begin, step, zone)
        if start > last:
            continue
        if _get_offset(start, zone) % step == _get_offset(last, zone) % step:
            yield from range(start, last + 1, step)
            continue
        while start <= last:  # the clock is changed by a part of the grid
            yield start
            start = _align(start + 1, step, zone)


def _align(moment: int, step: int, zone: tzinfo) -> int:
    """Return the first moment of the grid that is not before a moment."""
    while late := (moment + _get_offset(moment, zone)) % step:
        moment += step - late
    return moment


def _get_offset(moment: int, zone: tzinfo) -> int:
    return int(to_moment(moment, zone).utcoffset().total_seconds())
