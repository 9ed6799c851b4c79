# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import datetime
import json
import re

import pytz

from odoo import fields
from odoo._monkeypatches.pytz import _tz_mapping
from odoo.tools import SQL, babel_locale_parse, format_datetime, get_lang

END_OF_DAY = datetime.time(23, 59, 59)
# In any time zone: Python has no later year.
LAST_DAY = datetime.date(9999, 12, 29)
# The names of today, by former ones, which browsers still give
ZONE_NAMES = SQL("%s::jsonb", json.dumps(_tz_mapping))


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
    day = min(day, LAST_DAY)
    end = zone.localize(datetime.datetime.combine(day, END_OF_DAY))
    return to_stored(end)


def get_sql_zone(*zones: SQL | str) -> SQL:
    """Return the first of some time zones that is set, or else UTC, by a name that each
    PostgreSQL knows."""
    zone = SQL("COALESCE(%s, 'UTC')", SQL(", ").join(zones))
    return SQL("COALESCE(%s ->> %s, %s)", ZONE_NAMES, zone, zone)


def tell_time(
    env, moment: datetime.datetime, zone: datetime.tzinfo
) -> tuple[datetime.date, str]:
    """Return the day of a moment in naive UTC, and the moment for people: a time of
    today, or else a date and a time; in the language of ``env`` and a time zone of
    pytz."""
    day, today = (
        to_local(each, zone).date() for each in (moment, fields.Datetime.now())
    )
    return day, format_moment(env, moment, zone.zone, has_date=day != today)


def format_moment(
    env,
    moment: datetime.datetime | None,
    tz: str | None = None,
    has_weekday: bool = False,
    has_date: bool = True,
    has_year: bool = False,
) -> str:
    """Return a moment in naive UTC for people, in the language of ``env``, as Odoo's
    fields show it: the name of the month, no seconds, and another year alone.

    :param tz: by default the user's
    :param has_year: this year, too, for a text that is stored
    """
    if not moment:
        return ""
    zone = pytz.timezone(tz or env.user.tz or "UTC")
    local, now = (to_local(each, zone) for each in (moment, fields.Datetime.now()))
    locale = babel_locale_parse(get_lang(env).code)
    has_year = has_year or local.year != now.year
    names = f"{'y' * has_year}MMM{'E' * has_weekday}d"
    day = re.sub("E+", "EEEE", str(locale.datetime_skeletons[names]))
    has_12_hours = "a" in str(locale.time_formats["short"])
    time = str(locale.datetime_skeletons["hm" if has_12_hours else "Hm"])
    layout = locale.datetime_formats["medium"].format(time, day) if has_date else time
    return format_datetime(env, moment, tz=zone.zone, dt_format=layout)
