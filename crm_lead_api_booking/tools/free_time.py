# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the free starts of seats, in whole seconds since 1970."""

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

import pytz

from odoo.tools.intervals import Intervals

NOTHING = frozenset()  # Odoo's intervals belong to records; these belong to none
MINUTE = 60


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


def get_weeks(begin: int, end: int, zone) -> tuple[datetime, datetime]:
    """Return the bounds of the weeks of two moments, from Monday to Monday.

    :param zone: of pytz
    """
    first, last = (to_moment(each, zone).date() for each in (begin, end))
    bounds = (
        first - timedelta(days=first.weekday()),
        last + timedelta(days=7 - last.weekday()),
    )
    first, last = (
        zone.localize(datetime.combine(day, datetime.min.time())) for day in bounds
    )
    return first, last


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
