# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Count the minutes of work between two times."""

from datetime import datetime

import pytz


def count_working_minutes(calendar, start: datetime, end: datetime) -> float:
    """Return the minutes of work between two times, in naive UTC; without a calendar
    all minutes count."""
    if end <= start:
        return 0
    if not calendar:
        return (end - start).total_seconds() / 60
    hours = calendar.get_work_hours_count(
        pytz.utc.localize(start), pytz.utc.localize(end)
    )
    return round(60 * hours, 3)
