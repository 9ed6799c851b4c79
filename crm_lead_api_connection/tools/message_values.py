# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the values of messages, in the form that attributes of a lead have."""

import json
import re
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timezone
from typing import Any, get_args, get_origin

import pytz
from dateutil import parser

from odoo.addons.crm_lead_api.schemas.base import unwrap
from odoo.addons.crm_lead_api.schemas.value import to_whole

NAMES = ("contact_name",)  # whose parts have a space between them
PHONE_MARK = re.compile(r"^\s*(p|tel|phone)\s*:\s*", re.IGNORECASE)  # of exports
YES = {"true", "yes", "y", "1", "on", "có", "co", "đúng", "x", "✓"}
NO = {"false", "no", "n", "0", "off", "không", "khong", "sai"}
# Words of a Vietnamese date: ngày 20 tháng 5 năm 1990
VIETNAMESE_DATE = re.compile(
    r"(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*(?:năm\s*|,\s*)?(\d{4})",
    re.IGNORECASE,
)
COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
HOUR = re.compile(
    r"(\d{1,2})\s*(?::|h|g|giờ)(?:\s*(\d{2}))?(?:\s*phút)?", re.IGNORECASE
)
SEPARATORS = re.compile(r"[,;|\n]")
MAX_DATE = 100  # characters of a date and time


def fit(
    schema: type, attribute: str, value: Any, day_first: bool, zone: str = "UTC"
) -> Any:
    """Return a value in the form of an attribute: a list where the attribute has one,
    a single value elsewhere, and a date as year-month-day.

    :param attribute: perhaps of the portrait, ``customer_portrait.hobby``
    :param day_first: of 03/04/1990 the day is the 3rd
    :param zone: of a date and time without one
    """
    name, _dot, rest = attribute.partition(".")
    if rest:
        return fit(schema._get_schema(name), rest, value, day_first, zone)
    types = unwrap(schema.model_fields[name].annotation)
    if list in map(get_origin, types):
        values = value if isinstance(value, list) else [value]
        [item, *_others] = [type_ for each in types for type_ in get_args(each)]
        change = to_text if str in unwrap(item) else _to_single
        return [each for each in map(change, values) if each not in (None, "")]
    if isinstance(value, list):
        texts = [text for each in value if (text := to_text(each))]
        if len(value) == 1 and not isinstance(value[0], list | dict):
            [value] = value
        else:
            value = (" " if name in NAMES else ", ").join(texts)
    value = _to_single(value)
    if datetime in types:
        return _to_moment(value, day_first, zone)
    if date in types:
        return _to_date(value, day_first, zone, is_past=name == "birth_date")
    if bool in types:
        return _to_boolean(value)
    if {"yes", "no"} == set(schema.get_choices().get(name, ())):
        return {True: "yes", False: "no"}.get(_to_boolean(value), value)
    if float in types and (found := HOUR.fullmatch(to_text(value))):
        return int(found[1]) + int(found[2] or 0) / 60
    if str in types:
        text = to_text(value)
        return PHONE_MARK.sub("", text) if name.startswith("phone") else text
    return value


def _to_single(value):
    if isinstance(value, dict):
        return to_text(value)
    return value.strip() if isinstance(value, str) else to_whole(value)


def to_text(value: Any) -> str:
    """Return a value as people read it: of a list its values, with commas."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(to_text, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(to_whole(value)).strip()


def split_words(value: Any) -> list[str]:
    """Return the words of a text that may be a list: ``Nâng mũi, Cắt mí``."""
    if not isinstance(value, str):
        return [value]
    return list(filter(None, map(str.strip, SEPARATORS.split(value))))


def _to_boolean(value):
    text = to_text(value).lower()
    return True if text in YES else False if text in NO else value


def _parse_moment(value, day_first) -> datetime | None:
    """Return the date, and perhaps time, that a text or number stands for; ``None``:
    it is none, or a part of it is missing."""
    text = to_text(value)
    if len(text) > MAX_DATE:
        return None
    if found := VIETNAMESE_DATE.fullmatch(text) or COMPACT_DATE.fullmatch(text):
        parts = list(map(int, found.groups()))
        year, month, day = parts if parts[0] > 31 else reversed(parts)
        text = f"{year:04}-{month:02}-{day:02}"
    is_year_first = re.match(r"\d{4}\D", text)
    found = []
    # What is missing in a text is taken from the default, and then differs.
    for default in (datetime(2000, 1, 1), datetime(2004, 2, 2)):
        try:
            found.append(
                parser.parse(
                    text, dayfirst=day_first and not is_year_first, default=default
                )
            )
            found[-1].utcoffset()  # of a day or more, which only this tells
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
    return found[0] if found[0] == found[1] else None


def _to_date(value, day_first, zone, is_past=False):
    """Return a date as year-month-day; another value as it is, which is wrong."""
    found = _parse_moment(value, day_first)
    if found and found.tzinfo and MINYEAR < found.year < MAXYEAR:
        # JavaScript sends a date as its midnight, in UTC: by the hour of the zone then,
        # or of today, as Vietnam had another one until 1975.
        zone = pytz.timezone(zone)
        today = timezone(datetime.now(zone).utcoffset())
        local = [found.astimezone(each) for each in (zone, today)]
        found = next((each for each in local if each.time() == time.min), found)
    has_century = re.search(r"\d{4}", to_text(value))
    if is_past and found and found.date() > date.today() and not has_century:
        found = found.replace(year=found.year - 100)  # 15/8/65
    return found.date().isoformat() if found else value


def _to_moment(value, day_first, zone):
    found = _parse_moment(value, day_first)
    if not found or not MINYEAR < found.year < MAXYEAR:  # pytz knows no others
        return value
    if not found.tzinfo:
        found = pytz.timezone(zone).localize(found)
    return found.replace(microsecond=0).isoformat()


def set_path(data: dict, path: str, value: Any) -> None:
    """Set the value at a path of an object, which grows as needed."""
    *parents, name = path.split(".")
    for parent in parents:
        data = data.setdefault(parent, {})
    data[name] = value


def is_empty(value: Any) -> bool:
    """Tell whether a message says nothing there."""
    if isinstance(value, list):
        return all(map(is_empty, value))
    return value is None or (isinstance(value, str) and not value.strip())


# ------------------------------------------------------------ as a tree
