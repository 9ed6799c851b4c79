# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import datetime, timezone

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Answer
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.ticket import Ticket

from .phone_call import Direction, Outcome

_lt = LazyTranslate(__name__, default_lang="en_US")

# Attributes that follow from others, or from other requests
UNTAGGED = {"updated_at", "id_lead", "created"}


class Recording(pydantic.BaseModel):
    """The recording that your system has sent."""

    media_type: str = about(_lt("The type of the sound."), default=...)
    size: int = about(_lt("In bytes."), default=...)


class StoredPhoneCall(pydantic.BaseModel):
    """A phone call as it is now."""

    call_id: str = about(_lt("Your own id of the phone call."), default=...)
    direction: Direction = about(_lt("in or out."), default=...)
    phone: str | None = about(_lt("The customer's number, as sent; null: withheld."))
    agent_email: str = about(_lt("The agent."), default=...)
    started_at: datetime = about(_lt("When it began to ring, UTC."), default=...)
    answered_at: datetime | None = about(_lt("When somebody answered, UTC."))
    ended_at: datetime | None = about(_lt("When it ended, UTC."))
    duration: int = about(
        _lt("Seconds from the answer to the end; 0 without an answer."), default=...
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
    created_at: datetime = about(_lt("When Odoo first heard of it, UTC."), default=...)
    updated_at: datetime = about(_lt("When it last changed, UTC."), default=...)

    @classmethod
    def from_call(cls, call, **values) -> Self:
        """Return the phone call for a ``crm.lead.phone.call`` that the client may read.

        :param values: of further attributes
        """
        account, lead = call._get_visible_records()
        recording = None
        if call.recording_type:
            recording = Recording(
                media_type=call.recording_type, size=call.recording_size
            )
        return cls.model_construct(
            call_id=call.call_ref,
            direction=call.direction,
            phone=call.phone or None,
            agent_email=call.agent_email,
            started_at=_to_utc(call.start_date),
            answered_at=_to_utc(call.answer_date),
            ended_at=_to_utc(call.end_date),
            duration=round(call.duration * 60),
            outcome=call.outcome or None,
            ticket_id=call._get_ticket_id(),
            account_id=account.id or None,
            id_lead=lead.id or None,
            call_type=call.call_type or None,
            note=call.note or None,
            callback_at=_to_utc(call.callback_date),
            recording_url=call.recording_url or None,
            recording=recording,
            created_at=_to_utc(call.create_date),
            updated_at=_to_utc(call.write_date),
            **values,
        )

    def get_etag(self) -> str:
        """Return the ETag of the phone call, without quotes."""
        data = self.model_dump(mode="json", exclude=UNTAGGED)
        text = json.dumps(data, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _to_utc(moment):
    return moment.replace(tzinfo=timezone.utc) if moment else None


class StoredPhoneCallResponse(Answer):
    """One phone call."""

    data: StoredPhoneCall

    @classmethod
    def from_call(cls, call) -> Self:
        """Return the answer for a ``crm.lead.phone.call`` that the client may read."""
        return cls.model_construct(data=StoredPhoneCall.from_call(call))

    def get_headers(self) -> dict[str, str]:
        return {"ETag": f'"{self.data.get_etag()}"'}


class PutPhoneCall(StoredPhoneCall):
    """A phone call after it was made or changed."""

    created: bool = about(_lt("true: made; false: changed."), default=...)


class PutPhoneCallResponse(StoredPhoneCallResponse):
    """The answer to a phone call that was made or changed."""

    data: PutPhoneCall

    @classmethod
    def from_change(cls, call, created: bool) -> Self:
        """Return the answer for a ``crm.lead.phone.call``."""
        data = PutPhoneCall.from_call(call, created=created)
        return cls.model_construct(data=data)


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

    @classmethod
    def from_calls(cls, calls, next_cursor: str | None = None) -> Self:
        """Return the answer for ``crm.lead.phone.call`` records that the client may
        read."""
        page = StoredPhoneCallPage.model_construct(
            items=[StoredPhoneCall.from_call(call) for call in calls],
            next_cursor=next_cursor,
        )
        return cls.model_construct(data=page)
