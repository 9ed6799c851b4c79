# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

import pydantic
from pydantic import Field

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import Answer, LeadsQuery, Schema
from odoo.addons.crm_lead_api.schemas.about import About, about
from odoo.addons.crm_lead_api.schemas.base import Change, StoredRecord
from odoo.addons.crm_lead_api.schemas.customer import MAX_RECORDS, SentPhone
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.query import Moment
from odoo.addons.crm_lead_api.schemas.query import Number as NumberParameter
from odoo.addons.crm_lead_api.schemas.ticket import Ticket
from odoo.addons.crm_lead_api.schemas.value import Id, Line, Number, Text, line
from odoo.addons.crm_lead_api.tools.day import to_stored, to_utc

from .translate import _lt

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


class PhoneCallRequest(Change):
    """The body of ``PUT /api/v1/phone-calls/<call_id>``: the attributes that are known,
    or have changed.

    ``null`` empties an attribute; ``""`` means "not sent", as everywhere.
    """

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
        _lt("The note of the agent, as plain text."), example="Khách hỏi giá nâng mũi."
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
    def is_needed(cls, name):
        return name != "phone" and super().is_needed(name)

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

    def find_missing_of_new(self) -> list[FieldError]:
        """Return an error for each attribute that a new call needs."""
        return [
            miss(name)
            for name in type(self).model_fields
            if self.get_about(name).required
            and name not in self.model_fields_set
            and not self._has_error(name)
        ]

    def to_values(self) -> dict[str, Any]:
        """Return the values of the fields of the call, by field; ``False`` empties a
        field."""
        return {
            field: _to_value(getattr(self, name))
            for name, field in FIELDS.items()
            if self.names(name)
        }


def _to_value(value):
    if isinstance(value, datetime):
        return to_stored(value)
    if isinstance(value, int):
        return str(value)  # a ticket
    return value or False


def _from_value(value):
    return to_utc(value) if isinstance(value, datetime) else value or None


class PhoneCallsQuery(LeadsQuery):
    """The phone calls that have changed, of a ticket, of a phone, or all."""

    ticket_id: NumberParameter | None = about(
        _lt("Only calls of this ticket, or of its lead."), example=100234
    )
    phone: SentPhone | None = about(
        _lt("Only calls with this number, in any notation."), example="0900000202"
    )


class Recording(pydantic.BaseModel):
    """The recording that your system has sent."""

    media_type: str = about(_lt("The type of the sound."), ...)
    size: int = about(_lt("In bytes."), ...)


class StoredPhoneCall(StoredRecord):
    """A phone call as it is now."""

    # They follow from others, or from other requests.
    untagged: ClassVar[set] = {"updated_at", "id_lead", "created"}

    call_id: str = about(_lt("Your own id of the phone call."), ...)
    direction: Direction = about(_lt("in or out."), ...)
    phone: str | None = about(_lt("The customer's number, as sent; null: withheld."))
    agent_email: str = about(_lt("The agent."), ...)
    started_at: datetime = about(_lt("When it began to ring, UTC."), ...)
    answered_at: datetime | None = about(_lt("When somebody answered, UTC."))
    ended_at: datetime | None = about(_lt("When it ended, UTC."))
    duration: int = about(
        _lt("Seconds from the answer to the end; 0 without an answer."), ...
    )
    outcome: Outcome | None = about(_lt("The result; null: not known yet."))
    ticket_id: Ticket | None = about(_lt("The ticket in your system."))
    account_id: int | None = about(
        _lt(
            "The customer's account: as sent, or of the lead; of a customer who was "
            "found by phone only if your client looks customers up."
        )
    )
    id_lead: int | None = about(
        _lt("The lead; null: there is none yet that your client may read.")
    )
    call_type: str | None = about(_lt("Your own word for the kind of call."))
    note: str | None = about(_lt("The note of the agent."))
    callback_at: datetime | None = about(_lt("When to call again, UTC."))
    recording_url: str | None = about(_lt("The recording in your system."))
    recording: Recording | None = about(
        _lt("The recording that Odoo keeps; null: none came yet, or it was erased.")
    )
    created_at: datetime = about(_lt("When Odoo first heard of it, UTC."), ...)
    updated_at: datetime = about(_lt("When it last changed, UTC."), ...)

    @classmethod
    def from_record(cls, record, **values):
        call = record
        account, lead = call._get_visible_records()
        recording = None
        if call.recording_type:
            recording = Recording(
                media_type=call.recording_type, size=call.recording_size
            )
        sent = {name: _from_value(call[field]) for name, field in FIELDS.items()}
        return cls.model_construct(
            **{**sent, "ticket_id": call._get_ticket_id()},
            call_id=call.call_ref,
            duration=round(call.duration * 60),
            account_id=account.id or None,
            id_lead=lead.id or None,
            recording=recording,
            created_at=to_utc(call.create_date),
            updated_at=to_utc(call.write_date),
            **values,
        )


class CallingCustomer(Schema):
    """Add the phone calls to a customer."""

    phone_calls: list[StoredPhoneCall] = about(
        _lt(
            "The %(max)s newest phone calls that the client may read.", max=MAX_RECORDS
        ),
        [],
        is_part=True,
    )


class StoredPhoneCallResponse(Answer):
    """One phone call."""

    data: StoredPhoneCall


class PutPhoneCall(StoredPhoneCall):
    """A phone call after it was made or changed."""

    created: bool = about(_lt("true: made; false: changed."), ...)


class PutPhoneCallResponse(StoredPhoneCallResponse):
    """The answer to a phone call that was made or changed."""

    data: PutPhoneCall


class RecordingResponse(StoredPhoneCallResponse):
    """The phone call with its new recording."""


class StoredPhoneCallPage(pydantic.BaseModel):
    items: list[StoredPhoneCall]
    next_cursor: str | None = about(
        _lt("The cursor for the calls after these; null: there are no more calls yet.")
    )


class StoredPhoneCallsResponse(Answer):
    """Several phone calls."""

    data: StoredPhoneCallPage
