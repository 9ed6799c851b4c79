# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any

import pydantic

from odoo.tools.translate import LazyTranslate

from ..exceptions import FieldError
from .record_list import get_not_an_id
from .resemblance import REQUIRED, find_similar
from .value import FIRST_YEAR, LAST_YEAR

_lt = LazyTranslate(__name__, default_lang="en_US")


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

    def to_body(self) -> dict:
        """Return the JSON object, without empty attributes."""
        return self.model_dump(exclude_none=True)


class TokenErrorResponse(pydantic.BaseModel):
    """The body of a 401."""

    type: str
    message: str


def field_error(error: dict[str, Any]) -> FieldError:
    """Turn an error of pydantic into an error of the contract.

    :param error: an item of ``pydantic.ValidationError.errors()``
    """
    context = dict(error.get("ctx", {}))
    did_you_mean = None
    kind = error["type"]
    if kind in ("int_type", "not_an_id") and isinstance(error["input"], str):
        *above, name = error["loc"]
        if name == "ticket_id":
            kind = "text_ticket"
        elif isinstance(name, int) and "," in error["input"]:
            kind, context["name"] = "joined", above[-1]
    if kind == "literal_error":
        # pydantic's own list of the choices is a text: 'a', 'b' or 'c'
        choices = context["expected"].replace(" or ", ", ")[1:-1].split("', '")
        context["allowed"] = choices
    if allowed := context.get("allowed"):
        if isinstance(error["input"], str):
            did_you_mean = find_similar(error["input"], tuple(allowed))
    return FieldError(
        field=".".join(map(str, error["loc"])),
        code=CODES[kind],
        message=MESSAGES[kind](context),
        allowed=tuple(context.get("allowed", ())),
        did_you_mean=did_you_mean,
        candidates=tuple(context.get("candidates", ())),
    )


# By the type of an error, pydantic's or our own
CODES = {
    "missing": "required",
    "int_type": "type",
    "not_an_id": "type",
    "text_ticket": "type",
    "joined": "type",
    "float_type": "type",
    "number_type": "type",
    "bool_type": "type",
    "string_type": "type",
    "list_type": "type",
    "model_type": "type",
    "literal_error": "choice",
    "choice": "choice",
    "code_unknown": "unknown",
    "code_ambiguous": "ambiguous",
    "date_format": "format",
    "datetime_format": "format",
    "string_pattern_mismatch": "format",
    "idempotency_key": "format",
    "email_format": "format",
    "birth_date_range": "range",
    "year": "range",
    "future": "range",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "less_than": "range",
    "finite_number": "range",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "too_short": "too_few",
    "characters": "characters",
    "comma": "characters",
    "string_unicode": "characters",
}
MESSAGES = {
    "missing": lambda c: REQUIRED,
    "int_type": lambda c: _lt('Send a whole number, such as 241 or "241".'),
    "not_an_id": lambda c: get_not_an_id(c["attribute"]),
    "text_ticket": lambda c: _lt(
        'Send a whole number, such as 241 or "241". An administrator of Odoo can allow '
        "texts for the tickets of your client."
    ),
    "joined": lambda c: _lt(
        "Send each value by itself: [1, 6] in JSON; in a form or an address repeat the "
        "name, %(name)s=1&%(name)s=6.",
        name=c["name"],
    ),
    "float_type": lambda c: _lt("Send the hour of the day as a number: 8.5 is 08:30."),
    "number_type": lambda c: _lt('Send a number, such as 1.5 or "1.5".'),
    "bool_type": lambda c: _lt("Send true or false."),
    "string_type": lambda c: _lt(
        'Send a text in quotation marks, such as "0968 011 111".'
    ),
    "list_type": lambda c: _lt("Send a list, in square brackets."),
    "model_type": lambda c: _lt("Send an object, in curly brackets."),
    "literal_error": lambda c: _lt(
        "Send one of: %(allowed)s.", allowed=", ".join(c["allowed"])
    ),
    "choice": lambda c: MESSAGES["literal_error"](c),
    "code_unknown": lambda c: _lt(
        "No record that this token may use has this code or name."
    ),
    "code_ambiguous": lambda c: _lt(
        "Several records have this code or name: send the id of one of the candidates."
    ),
    "date_format": lambda c: _lt("Send a date as year-month-day, such as 1990-12-31."),
    "datetime_format": lambda c: _lt(
        "Send a date and time with its time zone, such as 2026-12-31T17:00:00+07:00."
    ),
    "string_pattern_mismatch": lambda c: _lt("Send it as an earlier answer had it."),
    "idempotency_key": lambda c: IMPOSSIBLE_KEY,
    "email_format": lambda c: _lt("Send one e-mail address, such as lan@example.com."),
    "birth_date_range": lambda c: _lt(
        "Send a date of birth between 1900-01-01 and today."
    ),
    "year": lambda c: _lt(
        "Send a date of the years %(first)s to %(last)s.",
        first=FIRST_YEAR,
        last=LAST_YEAR,
    ),
    "future": lambda c: _lt("Send a date and time that is not in the future."),
    "greater_than_equal": lambda c: _lt(
        "Send a number of at least %(limit)s.", limit=int(c["ge"])
    ),
    "less_than_equal": lambda c: _lt(
        "Send a number of at most %(limit)s.", limit=int(c["le"])
    ),
    "less_than": lambda c: _lt("Send a number below %(limit)s.", limit=int(c["lt"])),
    "finite_number": lambda c: _lt(
        "Send an hour of the day: a number from 0 to below 24."
    ),
    "string_too_long": lambda c: _lt(
        "Send a text of at most %(limit)s characters.", limit=c["max_length"]
    ),
    "too_long": lambda c: _lt("Send at most %(limit)s items.", limit=c["max_length"]),
    "too_short": lambda c: _lt("Send at least one item."),
    "characters": lambda c: _lt(
        "The text has characters that cannot be stored (NUL, or half of a "
        "surrogate pair): send it without them."
    ),
    "comma": lambda c: _lt("Send the text without commas."),
    "string_unicode": lambda c: MESSAGES["characters"](c),
}
