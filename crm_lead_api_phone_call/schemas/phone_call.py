# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import datetime, timezone
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import Schema
from odoo.addons.crm_lead_api.schemas.about import About, about
from odoo.addons.crm_lead_api.schemas.error import field_error
from odoo.addons.crm_lead_api.schemas.query import Moment
from odoo.addons.crm_lead_api.schemas.value import (
    Id,
    Line,
    Number,
    Text,
    is_sent,
    line,
)

_lt = LazyTranslate(__name__, default_lang="en_US")

MAX_CALL_ID = 64  # characters
MAX_ADDRESS = 2048  # characters
PATTERN = r"^[A-Za-z0-9._:-]{1,64}$"
CallId = Annotated[
    str,
    Field(
        pattern=PATTERN,
        examples=["1716-20261127.0815"],
        json_schema_extra=About(
            _lt(
                "Your own id of the phone call: up to %(max)s letters without accents, "
                "digits, and . _ : -",
                max=MAX_CALL_ID,
            )
        ),
    ),
]
Direction = Literal["in", "out"]
Outcome = Literal[
    "answered", "no_answer", "busy", "voicemail", "wrong_number", "callback"
]
NO_ADDRESS = _lt("Send an address that begins with https://.")
# The field of a phone call for each attribute that goes there unchanged
FIELDS = {
    "direction": "direction",
    "phone": "phone",
    "agent_email": "agent_email",
    "started_at": "start_date",
    "answered_at": "answer_date",
    "ended_at": "end_date",
    "outcome": "outcome",
    "ticket_id": "ticket_ref",
    "call_type": "call_type",
    "note": "note",
    "callback_at": "callback_date",
    "recording_url": "recording_url",
}


def is_call_id(text: str) -> bool:
    """Tell whether a text is an id of a phone call."""
    return bool(re.fullmatch(PATTERN, text))


class PhoneCallRequest(Schema):
    """The body of ``PUT /api/v1/phone-calls/<call_id>``: the attributes that are known,
    or have changed.

    ``null`` empties an attribute; ``""`` means "not sent", as everywhere.
    """

    takes_defaults: ClassVar[bool] = False
    takes_codes: ClassVar[bool] = True

    direction: Direction | None = about(
        _lt("in: the customer called; out: the customer was called."),
        example="in",
        required=True,
    )
    phone: Line | None = about(
        _lt("The customer's number, as the telephone shows it; null: withheld."),
        example="0900 000 202",
        required=True,
    )
    agent_email: Line | None = about(
        _lt("The e-mail of the agent who spoke, or should have."),
        example="lan.nguyen@example.com",
        required=True,
    )
    started_at: Moment | None = about(
        _lt("When the telephone began to ring, as of RFC 3339."),
        example="2026-11-27T08:15:00+07:00",
        required=True,
    )
    answered_at: Moment | None = about(
        _lt("When somebody answered."), example="2026-11-27T08:15:12+07:00"
    )
    ended_at: Moment | None = about(
        _lt("When the call ended."), example="2026-11-27T08:18:32+07:00"
    )
    outcome: Outcome | None = about(
        _lt("The result, once it is known."), example="answered"
    )
    ticket_id: Number | None = about(
        _lt(
            "The ticket in your system. The call belongs to the ticket's newest open "
            "lead, or joins the lead as soon as there is one."
        ),
        example=100234,
    )
    account_id: Id | None = about(
        _lt("The customer's account, a contact's id; without it the phone decides."),
        model="res.partner",
    )
    call_type: Line | None = about(
        _lt("Your own word for the kind of call."), example="Nhắc tái khám"
    )
    note: Text | None = about(
        _lt("The note of the agent, as plain text."),
        example="Khách hỏi giá nâng mũi.",
    )
    callback_at: Moment | None = about(
        _lt("When to call the customer again: plans a call for the salesperson."),
        example="2026-11-28T09:00:00+07:00",
    )
    recording_url: line(MAX_ADDRESS) | None = about(
        _lt("Where staff hear the recording in your system, as an https address."),
        example="https://pbx.example.com/recordings/1716",
    )

    @classmethod
    def is_sent(cls, value):
        return value is None or is_sent(value)

    @classmethod
    def is_required(cls, name):
        return False

    def _find_missing(self):
        """Return an error for each attribute that a call needs, but is emptied."""
        return [
            _miss(name)
            for name in self._get_needed()
            if name != "phone" and self.names(name) and getattr(self, name) is None
        ]

    def _find_contradictions(self):
        address = self.recording_url
        if not address:
            return []
        try:
            url = urlsplit(address)
            is_right = url.scheme == "https" and url.hostname and " " not in address
        except ValueError:
            is_right = False
        return [] if is_right else [FieldError("recording_url", "format", NO_ADDRESS)]

    @classmethod
    def _get_needed(cls):
        return [name for name in cls.model_fields if cls.get_about(name).required]

    def find_missing_of_new(self) -> list[FieldError]:
        """Return an error for each attribute that a new call needs."""
        return [_miss(n) for n in self._get_needed() if not self._was_named(n)]

    def names(self, name: str) -> bool:
        """Tell whether a right value, or ``null``, was sent for an attribute."""
        return name in self.model_fields_set and not self._has_error(name)

    def _was_named(self, name):
        return name in self.model_fields_set or self._has_error(name)

    def _has_error(self, name):
        return any(error.field.split(".")[0] == name for error in self._errors)

    def to_values(self) -> dict[str, Any]:
        """Return the values of the fields of the call, by field; ``False`` empties a
        field."""
        return {
            field: _to_value(getattr(self, name))
            for name, field in FIELDS.items()
            if self.names(name)
        }


def _miss(name):
    return field_error({"type": "missing", "loc": (name,)})


def _to_value(value):
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    if isinstance(value, int):
        return str(value)  # a ticket
    return value or False
