# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Count the minutes of work between two times."""

from datetime import datetime, timedelta

import pytz

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import get_leave_domain

DAYS = 14  # that are looked at for many leads at once


def count_working_minutes(calendar, start: datetime, end: datetime) -> float:
    """Return the minutes of work between two times, in naive UTC; without a calendar
    all minutes count."""
    if end <= start:
        return 0
    if not calendar:
        return (end - start).total_seconds() / 60
    hours = calendar.get_work_hours_count(
        pytz.utc.localize(start),
        pytz.utc.localize(end),
        domain=get_leave_domain(calendar),
    )
    return round(60 * hours, 3)


class WorkingTimes:
    """Hold the working hours of a calendar, to count in them for many leads: Odoo takes
    some milliseconds for each.

    :param start: the earliest time that is asked for, in naive UTC
    """

    def __init__(self, calendar, start: datetime):
        begin = pytz.utc.localize(start)
        end = begin + timedelta(days=DAYS)
        domain = get_leave_domain(calendar)
        found = calendar._work_intervals_batch(begin, end, domain=domain)[False]
        self.times = [
            tuple(each.astimezone(pytz.utc).replace(tzinfo=None) for each in times)
            for *times, _ in found
        ]

    def add(self, start: datetime, minutes: float) -> datetime | None:
        """Return the end of some minutes of work; ``None`` if it is too far away."""
        left = timedelta(minutes=minutes)
        for begin, end in self.times:
            begin = max(begin, start)
            if begin + left <= end:
                return begin + left
            left -= max(end - begin, timedelta())
        return None
