# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define once how lenient the API is: ``""`` is "not sent", ``"241"`` is 241."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from odoo.tools import email_normalize

from ..tools.text import to_nfc
from .about import STRICT_LANG
from .record_list import BY_ATTRIBUTE, get_list_attribute

MAX_ID = 2**31 - 1  # the largest PostgreSQL integer, the type of Odoo's ids
MAX_NUMBER = 2**63 - 1
MAX_AMOUNT = 10**13  # up to this amount a float keeps two decimals when Odoo rounds
MAX_LINE = 255  # characters
MAX_ITEMS = 100  # of a list, if the settings have no other number
# Python cannot bring a time of the last day of its calendar into each time zone.
FIRST_YEAR, LAST_YEAR = 1900, 2199
OLDEST_BIRTH_DATE = date(1900, 1, 1)

LINE_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,255}")  # visible ASCII characters
QUOTED_KEY = re.compile(r'"([ !#-\[\]-~]|\\["\\])*"')
NUMBER = r"-?[0-9]{1,20}(\.[0-9]{1,20})?"
BOOLEAN = r"^\s*([Tt]rue|[Ff]alse|[01])\s*$"


def is_sent(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


@dataclass(frozen=True, eq=False)  # hashed by Python < 3.13, and a dict has no hash
class AlsoTakes:
    """Add the values that a validator takes besides its type to the JSON Schema."""

    changes: dict[str, Any]

    def __get_pydantic_json_schema__(self, core_schema, handler):
        schema = handler(core_schema)
        is_strict = STRICT_LANG.get() and "type" in self.changes
        is_left_out = is_strict or handler.mode != "validation"
        return schema if is_left_out else schema | self.changes


def to_whole(value: Any) -> Any:
    """Turn a number without a fraction, ``241.0``, into a whole number, as JSON Schema
    takes it for; return any other value unchanged.

    From 2**53 on a float may stand for another number than was sent.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def to_integer(value: Any) -> Any:
    """Turn a text of digits, or a number without a fraction, into a whole number."""
    value = to_whole(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value.strip()):
        return int(value.strip())  # int() strips fewer kinds of blanks
    return value


def _number_from_text(value: Any) -> Any:
    is_number = isinstance(value, str) and re.fullmatch(NUMBER, value.strip())
    return float(value.strip()) if is_number else value


def _to_amount(value: Any) -> float:
    value = _number_from_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number_type", "not a number")
    # A number that is out of range may be too long for a float.
    return float(max(-MAX_AMOUNT - 1, min(value, MAX_AMOUNT + 1)))


def _boolean_from_text(value: Any) -> Any:
    if isinstance(value, str) and (match := re.match(BOOLEAN, value)):
        return match[1] in ("true", "True", "1")
    return value


def _date_from_text(value: Any) -> Any:
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").date()
    except (AttributeError, ValueError):  # no text, or no date
        raise PydanticCustomError("date_format", "not a date") from None


def check_year(value: date) -> date:
    """Check that a date, or a date and time, is of a year that calendars can handle."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError("year", "no such year")
    return value


def _check_birth_date(value: date) -> date:
    # Tomorrow is allowed: it is already today east of the server.
    if not OLDEST_BIRTH_DATE <= value <= date.today() + timedelta(days=1):
        raise PydanticCustomError("birth_date_range", "not a birth date")
    return value


def is_storable(text: str) -> bool:
    """Tell whether PostgreSQL can store a text: no NUL, no half of a surrogate pair."""
    return not re.search("[\x00\ud800-\udfff]", text)


def check_storable(value: str) -> str:
    if not is_storable(value):
        raise PydanticCustomError("characters", "unstorable characters")
    return value


def unquote_idempotency_key(text: str) -> str:
    """Return the key in a string of structured fields (RFC 9651, section 3.3.3), or the
    text itself: ``"abc"`` and ``abc`` are the same key."""
    if not QUOTED_KEY.fullmatch(text):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _check_item_count(value: Any, info: pydantic.ValidationInfo) -> Any:
    limit = (info.context or {}).get("max_items", MAX_ITEMS)
    if isinstance(value, list) and len(value) > limit:
        raise PydanticCustomError("too_long", "too many items", {"max_length": limit})
    return value


def _check_email(value: str) -> str:
    normalized = email_normalize(value)
    # Odoo takes "@example.com" for an address.
    if not normalized or normalized.startswith("@"):
        raise PydanticCustomError("email_format", "not an e-mail address")
    return value


def _resolve_code(value: Any, info: pydantic.ValidationInfo) -> Any:
    if resolve := (info.context or {}).get("resolve"):
        return resolve(info.field_name, value, info.data)
    attribute = get_list_attribute(info.field_name)
    is_code = isinstance(to_integer(value), str) and is_sent(value)
    if is_code and attribute in BY_ATTRIBUTE:
        raise PydanticCustomError("not_an_id", "not an id", {"attribute": attribute})
    return value


INTEGER_TEXT = AlsoTakes(
    {"type": ["integer", "string"], "pattern": r"^\s*-?[0-9]{1,20}\s*$"}
)
NUMBER_TEXT = AlsoTakes({"type": ["number", "string"], "pattern": rf"^\s*{NUMBER}\s*$"})


def integer(minimum: int, maximum: int, *validators: Any) -> Any:
    """Return the type of a whole number; further validators run before."""
    limits = Field(strict=True, ge=minimum, le=maximum)
    validators = BeforeValidator(to_integer), *validators  # the last runs first
    return Annotated[(int, limits, *validators, INTEGER_TEXT)]


Id = integer(1, MAX_ID, BeforeValidator(_resolve_code))
Number = integer(1, MAX_NUMBER)
WholeNumber = integer(-MAX_ID - 1, MAX_ID)
Hour = Annotated[
    float,
    Field(strict=True, ge=0, lt=24, allow_inf_nan=False),
    BeforeValidator(_number_from_text),
    NUMBER_TEXT,
]
Amount = Annotated[
    float,
    Field(strict=True, ge=-MAX_AMOUNT, le=MAX_AMOUNT),
    BeforeValidator(_to_amount),
    NUMBER_TEXT,
]
Boolean = Annotated[
    bool,
    Field(strict=True),
    BeforeValidator(_boolean_from_text),
    AlsoTakes({"type": ["boolean", "string"], "pattern": BOOLEAN}),
]
Date = Annotated[date, BeforeValidator(_date_from_text)]
BirthDate = Annotated[Date, AfterValidator(_check_birth_date)]
Text = Annotated[
    str,
    Field(strict=True),
    StringConstraints(max_length=10_000),
    AfterValidator(check_storable),
    AfterValidator(to_nfc),
]


@lru_cache
def line(max_length: int = MAX_LINE) -> Any:
    """Return the type of a one-line text of so many characters at most."""
    return Annotated[
        str,
        Field(strict=True),
        StringConstraints(strip_whitespace=True, max_length=max_length),
        AfterValidator(check_storable),
        AfterValidator(to_nfc),
        AfterValidator(lambda value: LINE_BREAKS.sub(" ", value)),
    ]


@lru_cache
def choice(values: tuple[str, ...]) -> Any:
    """Return the type of a closed list whose values are unknown until Odoo runs."""

    def check(value: Any) -> Any:
        if value not in values:
            raise PydanticCustomError("choice", "no choice", {"allowed": values})
        return value

    return Annotated[Literal[values] if values else str, BeforeValidator(check)]


Line = line()
Email = Annotated[Line, AfterValidator(_check_email), AlsoTakes({"format": "email"})]
MaxItems = BeforeValidator(_check_item_count)
Texts = Annotated[
    list[Text | None],
    MaxItems,
    AfterValidator(lambda items: [item for item in items if is_sent(item)]),
]
