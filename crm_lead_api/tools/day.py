# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import datetime

import pytz

from odoo import fields
from odoo.tools import format_datetime, format_time

END_OF_DAY = datetime.time(23, 59, 59)


def get_end_of_day(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return the last second of a day in a time zone, in naive UTC.

    :param zone: of pytz
    """
    end = zone.localize(datetime.datetime.combine(day, END_OF_DAY))
    return end.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def tell_time(
    env, moment: datetime.datetime, zone: datetime.tzinfo
) -> tuple[datetime.date, str]:
    """Return the day of a moment, and the moment for people: a time of today, or else a
    date and a time.

    :param env: of Odoo, in the language of the reader
    :param moment: UTC, without a time zone
    :param zone: of pytz, of the reader
    """
    day, today = (
        pytz.utc.localize(each).astimezone(zone).date()
        for each in (moment, fields.Datetime.now())
    )
    if day == today:
        return day, format_time(env, moment, tz=zone.zone, time_format="short")
    return day, format_datetime(env, moment, tz=zone.zone, dt_format="short")
