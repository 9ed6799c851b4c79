# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the queries of the routes: the part of an address after the question mark."""

import difflib
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode

from dateutil.parser import isoparse
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from ..exceptions import FieldError
from ..tools.text import to_nfc
from ..translate import _lt
from .about import STRICT_LANG, about
from .base import Schema
from .value import MAX_ID, MAX_NUMBER, AlsoTakes, check_storable, check_year, to_integer

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
# The date and time of RFC 3339; a "+" that was not encoded arrives as a space.
DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?[+-]\d\d:\d\d", re.ASCII
)


def _datetime_from_text(value: Any) -> Any:
    text = value.strip().upper() if isinstance(value, str) else ""
    text = text.replace(" ", "+").replace("Z", "+00:00")
    try:
        if not DATE_TIME.fullmatch(text):
            raise ValueError
        return isoparse(text).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise PydanticCustomError("datetime_format", "no date and time") from None


def _decode_again(text: str) -> str:
    """Correct a text sent without percent-encoding, which Odoo reads as Latin-1."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _whole_number(maximum: int) -> Any:
    limits = Field(strict=True, ge=1, le=maximum)
    return Annotated[int, limits, BeforeValidator(to_integer)]


Id = _whole_number(MAX_ID)
Number = _whole_number(MAX_NUMBER)
Limit = _whole_number(MAX_LIMIT)
# Of a comparison alone: some systems send the year 1 for "all".
AnyMoment = Annotated[
    datetime, BeforeValidator(_datetime_from_text), AlsoTakes({"format": "date-time"})
]
Moment = Annotated[AnyMoment, AfterValidator(check_year)]
SearchText = Annotated[
    str, Field(max_length=255), AfterValidator(check_storable), AfterValidator(to_nfc)
]
Switch = Literal["0", "1", "false", "true"]
ON = ("1", "true")  # of a switch
LIMIT = _lt(
    "The number of records in the answer at most, up to %(max)s; %(default)s if not "
    "sent.",
    max=MAX_LIMIT,
    default=DEFAULT_LIMIT,
)
TICKET = about(_lt("The ticket in your system."), example=100234, required=True)
MEANT = _lt("There is no such parameter: dry_run may be meant.")
NO_TICKET = _lt(
    "Send ticket_id to read the leads of a ticket. To make a lead, send POST: a "
    "redirect, such as from http to https, turns POST into GET."
)
CURSOR = _lt(
    "The next_cursor of the page before; without a cursor the first page is answered."
)


class Query(Schema):
    """Base of all queries; unknown parameters are ignored, and named in the answer."""

    is_dry_run: ClassVar[bool] = False
    # The model reports the errors, together with errors that show only in the database.
    is_checked_by_model: ClassVar[bool] = False

    @classmethod
    def parse_query(cls, args, is_encoded: bool) -> Self:
        """Parse a MultiDict of werkzeug; :meth:`get_errors` returns its errors."""
        lists = cls.get_lists()
        decode = str if is_encoded else _decode_again
        sent = {name: list(map(decode, each)) for name, each in args.lists()}
        query = cls.parse(
            {name: each if name in lists else each[0] for name, each in sent.items()}
        )
        query._errors += [
            FieldError(name, "too_many", _lt("Send this parameter once."))
            for name, values in sent.items()
            if len(values) > 1 and name in cls.model_fields and name not in lists
        ]
        return query

    def to_text(self) -> str:
        """Return the parameters that name records, as the part of an address."""
        names = set(type(self).model_fields) - {"dry_run"}
        return urlencode(self.model_dump(include=names, exclude_none=True))

    @classmethod
    def is_sent(cls, value):
        return True  # in a query an empty text is wrong, not "not sent"

    @classmethod
    def _describe(cls, schema, is_required):
        wanted, *_null = schema.pop("anyOf", [{}])
        if STRICT_LANG.get() and wanted.get("format") == "date":
            wanted = {"type": "string"}  # some generators would add a time
        schema.pop("default", None)
        return schema | wanted


class LeadOptions(Query):
    """The options of ``POST /api/v1/lead``."""

    dry_run: Switch | None = about(
        _lt("1: describe the records that the request would make, and save nothing.")
    )

    def get_errors(self):
        """Return also an error for each parameter that resembles ``dry_run``: unlike
        other unknown parameters, it must not be ignored."""
        return super().get_errors() + [
            FieldError(name, "unknown", MEANT, did_you_mean="dry_run")
            for name in self.get_ignored_fields()
            if difflib.get_close_matches(name.lower(), ["dry_run"])
        ]

    @property
    def is_dry_run(self) -> bool:
        return self.dry_run in ON


class TicketOptions(LeadOptions):
    """The options of a request about the lead of a ticket."""

    ticket_id: Number | None = TICKET


class DocumentQuery(Query):
    """The kind of the OpenAPI document.

    ``strict=1``: with one language, by ``Accept-Language``, and one type for each
    attribute, for generators of clients.
    """

    strict: Switch | None = None

    @property
    def is_strict(self) -> bool:
        return self.strict in ON


class TicketQuery(Query):
    """The leads of one ticket."""

    ticket_id: Number | None = TICKET

    def _find_missing(self):
        return [
            error if error.did_you_mean else replace(error, message=NO_TICKET)
            for error in super()._find_missing()
        ]


class LeadsQuery(Query):
    """The leads that have changed."""

    updated_since: AnyMoment | None = about(
        _lt(
            "Only leads whose updated_at is this time, as of RFC 3339, or later: a "
            "lead that changed at this very time is included."
        ),
        example="2026-11-25T08:00:00Z",
    )
    limit: Limit | None = about(LIMIT)
    cursor: Annotated[str, Field(pattern=r"^([0-9]{1,17}-[0-9]{1,10})?$")] | None = (
        about(CURSOR)
    )


class ReferenceQuery(Query):
    """Choose records of a reference list: which, and how many at once."""

    q: SearchText | None = about(
        _lt(
            "Only records whose code or name contains this text, with or without "
            "accents."
        )
    )
    country_id: Id | None = about(
        _lt("Only states of that country."), model="res.country"
    )
    state_id: Id | None = about(
        _lt("Only districts of that state."), model="res.country.state"
    )
    category_source_id: Id | None = about(
        _lt("Only sources of that group."), model="utm.source.group"
    )
    company_id: Id | None = about(
        _lt("Only records that the company may use."), model="res.company"
    )
    price_list_id: Id | None = about(
        _lt("The price list for the prices of services."), model="product.pricelist"
    )
    limit: Limit | None = about(LIMIT)
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,10}$")] | None = about(CURSOR)
