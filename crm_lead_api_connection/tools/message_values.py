# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bring the values of messages into the form that attributes of a lead have."""

from datetime import date
from typing import Any

from dateutil import parser

from odoo.addons.crm_lead_api.schemas.base import unwrap


def fit(schema: type, attribute: str, value: Any, day_first: bool) -> Any:
    """Return a value in the form of an attribute: a list where the attribute has one,
    a single value elsewhere, and a date as year-month-day.

    :param attribute: perhaps of the portrait, ``customer_portrait.hobby``
    :param day_first: of 03/04/1990 the day is the 3rd
    """
    name, _dot, rest = attribute.partition(".")
    if rest:
        return fit(schema._get_schema(name), rest, value, day_first)
    if name in schema.get_lists():
        return value if isinstance(value, list) else [value]
    if isinstance(value, list):
        texts = [str(each) for each in value if each is not None]
        value = texts[0] if len(texts) == 1 else ", ".join(texts)
    if date in unwrap(schema.model_fields[name].annotation) and isinstance(value, str):
        return _to_date(value.strip(), day_first)
    return value


def _to_date(text, day_first):
    """Return a date as year-month-day; another text as it is, which is refused."""
    is_year_first = text[:4].isdecimal()
    try:
        found = parser.parse(text, dayfirst=day_first and not is_year_first)
    except (ValueError, OverflowError):
        return text
    return found.date().isoformat()


def set_path(data: dict, path: str, value: Any) -> None:
    """Set the value at a path of an object, which grows as needed."""
    *parents, name = path.split(".")
    for parent in parents:
        data = data.setdefault(parent, {})
    data[name] = value
