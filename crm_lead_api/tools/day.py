# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import datetime

from odoo import fields
from odoo.tools import format_datetime, format_time

END_OF_DAY = datetime.time(23, 59, 59)


def to_utc(moment: datetime.datetime | None) -> datetime.datetime | None:
    """Return a moment of Odoo's with its time zone; ``None`` if there is none."""
    return moment.replace(tzinfo=datetime.timezone.utc) if moment else None


def to_local(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """Return a moment of Odoo's on the clock of a time zone."""
    return to_utc(moment).astimezone(zone)


def to_stored(moment: datetime.datetime) -> datetime.datetime:
    """Return a moment with a time zone as Odoo stores it, in whole seconds."""
    moment = moment.astimezone(datetime.timezone.utc)
    return moment.replace(tzinfo=None, microsecond=0)


def get_end_of_day(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return the last second of a day in a time zone of pytz, in naive UTC."""
    end = zone.localize(datetime.datetime.combine(day, END_OF_DAY))
    return to_stored(end)


def tell_time(
    env, moment: datetime.datetime, zone: datetime.tzinfo
) -> tuple[datetime.date, str]:
    """Return the day of a moment in naive UTC, and the moment for people: a time of
    today, or else a date and a time; in the language of ``env`` and a time zone of
    pytz."""
    day, today = (
        to_local(each, zone).date() for each in (moment, fields.Datetime.now())
    )
    if day == today:
        return day, format_time(env, moment, tz=zone.zone, time_format="short")
    return day, format_datetime(env, moment, tz=zone.zone, dt_format="short")
