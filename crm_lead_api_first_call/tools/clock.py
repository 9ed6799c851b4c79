# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Count in the working hours of a calendar for many leads at once."""

from datetime import datetime, timedelta

import pytz

from odoo.addons.crm_lead_api.tools.working_time import get_leave_domain

DAYS = 14  # that are looked at


class WorkingTimes:
    """Hold the working hours of a calendar, to count in them for many leads: Odoo takes
    some milliseconds for each.

    :param start: the earliest time that is asked for, in naive UTC
    """

    def __init__(self, calendar, company, start: datetime):
        begin = pytz.utc.localize(start)
        end = begin + timedelta(days=DAYS)
        domain = get_leave_domain(calendar, company)
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
