# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import difflib
import re
from functools import lru_cache
from itertools import islice
from typing import Any

import pydantic

from ..exceptions import FieldError
from ..translate import _lt
from .record_list import get_not_an_id
from .value import FIRST_YEAR, LAST_YEAR

REQUIRED = _lt("This attribute is required: send a value for it.")
# A payload may have thousands of unknown attributes, and comparing takes its time.
MAX_NAMES = 20
MAX_NAME = 64  # characters
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def find_similar(text: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that a text resembles most, among equals the first:
    ``contactName`` resembles ``contact_name``."""
    text = HUMP.sub("_", text.strip()).lower().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(text, choices)
    return max(
        (choice for choice in choices if choice in close),
        key=lambda choice: difflib.SequenceMatcher(None, choice, text).ratio(),
        default=None,
    )


def find_meant(payload) -> dict[str, str]:
    """Return the attributes, not sent, that unknown attributes of a :class:`Schema`
    resemble, by path of the unknown attribute."""
    attributes = tuple(type(payload).model_fields)
    wrong = {error.field.split(".")[0] for error in payload.get_errors()}
    short = (name for name in payload.model_extra if len(name) <= MAX_NAME)
    meant = {
        name: each
        for name in islice(short, MAX_NAMES)
        if (each := find_similar(name, attributes))
        and each not in payload.model_fields_set | wrong
    }
    for name in payload.get_objects():
        if (value := getattr(payload, name)) is not None:
            for path, each in find_meant(value).items():
                meant[f"{name}.{path}"] = f"{name}.{each}"
    return meant


def replace_surrogates(name: str) -> str:
    """Replace halves of surrogate pairs, which neither pydantic nor UTF-8 can have."""
    return name.encode(errors="replace").decode()


def describe_wrapper(data: dict, attributes: set[str]) -> FieldError | None:
    """Return the error for a payload wrapped into an object, ``{"data": {…}}``."""
    if attributes & data.keys():
        return None
    for name, value in data.items():
        if isinstance(value, dict) and attributes & value.keys():
            name = replace_surrogates(name)
            message = _lt(
                "The attributes are inside %(name)s: send the inner object alone, "
                "without %(name)s around it.",
                name=name[:MAX_NAME],
            )
            return FieldError(name, "unknown", message)
    return None


IMPOSSIBLE_KEY = _lt(
    "Send an Idempotency-Key of at most 255 visible ASCII characters, without spaces."
)


class Candidate(pydantic.BaseModel):
    """A record that a code may mean."""

    id: int
    name: str


class ErrorItem(pydantic.BaseModel):
    """One wrong attribute, in an answer."""

    field: str
    code: str
    message: str
    allowed: list[str] | None = None
    did_you_mean: str | None = None
    candidates: list[Candidate] | None = None


class ErrorResponse(pydantic.BaseModel):
    """The body of every error but 401; ``error`` is the HTTP status."""

    error: int
    type: str
    message: str
    errors: list[ErrorItem] | None = None
    state: str | None = None
    leads: list[int] | None = None
    reference: str | None = None


class TokenErrorResponse(pydantic.BaseModel):
    """The body of a 401."""

    type: str
    message: str


def field_error(error: dict[str, Any]) -> FieldError:
    """Turn an item of ``pydantic.ValidationError.errors()`` into our error."""
    kind, context, sent = error["type"], dict(error.get("ctx", {})), error["input"]
    is_text = isinstance(sent, str)
    if kind in ("int_type", "not_an_id") and is_text:
        *above, name = error["loc"]
        if name == "ticket_id":
            kind = "text_ticket"
        elif isinstance(name, int) and "," in sent:
            kind, context["name"] = "joined", above[-1]
    if kind == "literal_error":
        # pydantic's own list of the choices is a text: 'a', 'b' or 'c'
        choices = context["expected"].replace(" or ", ", ")[1:-1].split("', '")
        context["allowed"] = choices
    text, allowed = MESSAGES[kind], tuple(context.get("allowed", ()))
    return FieldError(
        field=".".join(map(str, error["loc"])),
        code=CODES[kind],
        message=text(context) if callable(text) else text,
        allowed=allowed,
        did_you_mean=find_similar(sent, allowed) if allowed and is_text else None,
        candidates=tuple(context.get("candidates", ())),
    )


def miss(name: str, sent: str | None = None) -> FieldError:
    """Return the error for a required attribute; an unknown one may be meant for it."""
    if sent is None:
        return FieldError(name, "required", REQUIRED)
    message = _lt(
        "This attribute is required: send a value for it. The attribute %(sent)s, "
        "which was sent, is unknown.",
        sent=sent,
    )
    return FieldError(name, "required", message, did_you_mean=sent)


# By the type of an error, pydantic's or our own
CODES = {
    kind: code
    for code, kinds in {
        "required": "missing",
        "type": "int_type not_an_id text_ticket joined float_type number_type "
        "bool_type string_type list_type model_type",
        "choice": "literal_error choice",
        "unknown": "code_unknown",
        "ambiguous": "code_ambiguous",
        "format": "date_format datetime_format string_pattern_mismatch idempotency_key "
        "email_format",
        "range": "birth_date_range year future greater_than_equal less_than_equal "
        "less_than finite_number",
        "too_long": "string_too_long",
        "too_many": "too_long",
        "too_few": "too_short",
        "characters": "characters comma string_unicode",
    }.items()
    for kind in kinds.split()
}
# Texts, or functions of the error's context
MESSAGES = {
    "missing": REQUIRED,
    "int_type": _lt('Send a whole number, such as 241 or "241".'),
    "not_an_id": lambda c: get_not_an_id(c["attribute"]),
    "text_ticket": _lt(
        'Send a whole number, such as 241 or "241". An administrator of Odoo can allow '
        "texts for the tickets of your client."
    ),
    "joined": lambda c: _lt(
        "Send each value by itself: [1, 6] in JSON; in a form or an address repeat the "
        "name, %(name)s=1&%(name)s=6.",
        name=c["name"],
    ),
    "float_type": _lt("Send the hour of the day as a number: 8.5 is 08:30."),
    "number_type": _lt('Send a number, such as 1.5 or "1.5".'),
    "bool_type": _lt("Send true or false."),
    "string_type": _lt('Send a text in quotation marks, such as "0968 011 111".'),
    "list_type": _lt("Send a list, in square brackets."),
    "model_type": _lt("Send an object, in curly brackets."),
    "literal_error": lambda c: _lt(
        "Send one of: %(allowed)s.", allowed=", ".join(c["allowed"])
    ),
    "code_unknown": _lt("No record that this token may use has this code or name."),
    "code_ambiguous": _lt(
        "Several records have this code or name: send the id of one of the candidates."
    ),
    "date_format": _lt("Send a date as year-month-day, such as 1990-12-31."),
    "datetime_format": _lt(
        "Send a date and time with its time zone, such as 2026-12-31T17:00:00+07:00."
    ),
    "string_pattern_mismatch": _lt("Send it as an earlier answer had it."),
    "idempotency_key": IMPOSSIBLE_KEY,
    "email_format": _lt("Send one e-mail address, such as lan@example.com."),
    "birth_date_range": _lt("Send a date of birth between 1900-01-01 and today."),
    "year": _lt(
        "Send a date of the years %(first)s to %(last)s.",
        first=FIRST_YEAR,
        last=LAST_YEAR,
    ),
    "future": _lt("Send a date and time that is not in the future."),
    "greater_than_equal": lambda c: _lt(
        "Send a number of at least %(limit)s.", limit=int(c["ge"])
    ),
    "less_than_equal": lambda c: _lt(
        "Send a number of at most %(limit)s.", limit=int(c["le"])
    ),
    "less_than": lambda c: _lt("Send a number below %(limit)s.", limit=int(c["lt"])),
    "finite_number": _lt("Send an hour of the day: a number from 0 to below 24."),
    "string_too_long": lambda c: _lt(
        "Send a text of at most %(limit)s characters.", limit=c["max_length"]
    ),
    "too_long": lambda c: _lt("Send at most %(limit)s items.", limit=c["max_length"]),
    "too_short": _lt("Send at least one item."),
    "characters": _lt(
        "The text has characters that cannot be stored (NUL, or half of a "
        "surrogate pair): send it without them."
    ),
    "comma": _lt("Send the text without commas."),
}
MESSAGES |= {
    "choice": MESSAGES["literal_error"],
    "string_unicode": MESSAGES["characters"],
}
