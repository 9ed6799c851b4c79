# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Count in working hours, of a calendar of Odoo's; without a calendar all time counts.

Times are in naive UTC.
"""

from datetime import datetime, timedelta
from typing import Any

import pytz

from .day import to_stored

# In the context of calendars
EXACT_TIME_OFF = "crm_lead_api_exact_time_off"
ALL_HOLIDAYS = "crm_lead_api_all_holidays"  # with the domain of ``get_leave_domain``


def add_working_minutes(
    calendar: Any,
    company: Any,
    start: datetime,
    minutes: float,
    resource: Any = None,
) -> datetime:
    """Return the end of some working minutes.

    :param company: whose holidays count if the calendar is of no company
    :param resource: whose time off counts, too
    """
    context = {EXACT_TIME_OFF: True, ALL_HOLIDAYS: True}
    end = calendar and calendar.with_context(**context).plan_hours(
        minutes / 60,
        pytz.utc.localize(start),
        compute_leaves=True,
        domain=get_leave_domain(calendar, company),
        resource=resource,
    )
    return to_stored(end) if end else start + timedelta(minutes=minutes)


def count_working_minutes(
    calendar: Any, company: Any, start: datetime, end: datetime
) -> float:
    """Return the working minutes between two times; 0 if the end is the earlier one."""
    if end <= start:
        return 0
    if not calendar:
        return (end - start) / timedelta(minutes=1)
    domain = get_leave_domain(calendar, company)
    hours = calendar.get_work_hours_count(start, end, domain=domain)
    return round(60 * hours, 3)


def get_leave_domain(calendar: Any, company: Any) -> list:
    """Return the domain of the leaves that count for a calendar, which companies may
    share: those of its company, and of the companies above. Odoo takes all."""
    companies = (calendar.company_id or company).parent_ids  # its own among them
    return [
        ("time_type", "=", "leave"),
        "|",
        ("resource_id", "!=", False),
        "|",
        ("calendar_id", "!=", False),
        ("company_id", "in", [*companies.ids, False]),
    ]
