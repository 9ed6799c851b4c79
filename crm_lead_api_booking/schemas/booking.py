# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import datetime
from typing import Literal

import pydantic
import pytz
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Answer, DryRunResponse
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.lead import LeadWarning
from odoo.addons.crm_lead_api.schemas.me import NamedRecord
from odoo.addons.crm_lead_api.schemas.stored_lead import Service

_lt = LazyTranslate(__name__, default_lang="en_US")

State = Literal["booked", "confirmed", "arrived", "done", "no_show", "cancelled"]
# Attributes that count for no ETag: they depend on the language, or on the server
UNTAGGED = {
    "services": {"__all__": {"name"}},
    "company": {"name"},
    "seat": {"name"},
    "link_booking_detail": True,
}


class FreeStart(pydantic.BaseModel):
    """A free start, with its seats."""

    start: datetime = about(_lt("When the booking can begin."), default=...)
    end: datetime = about(_lt("When it would end."), default=...)
    seats: list[int] = about(
        _lt("The free seats; the first one is taken if no seat is sent."), default=...
    )

    @classmethod
    def from_slot(cls, slot) -> Self:
        """Return the free start for a ``Slot`` of the model."""
        return cls.model_construct(start=slot.start, end=slot.stop, seats=slot.seat_ids)


class Booking(pydantic.BaseModel):
    """An appointment of a customer at a branch."""

    id_booking: int | None = about(
        _lt("The booking's id; null in the answer to a dry run.")
    )
    code: str | None = about(
        _lt("The booking's code, for people; null in the answer to a dry run."),
        example="BK-2026-000123",
    )
    state: State = about(
        _lt("booked, confirmed and arrived are open, the others are closed."),
        default=...,
    )
    start: datetime = about(_lt("When it begins, in the branch's zone."), default=...)
    end: datetime = about(_lt("When it ends."), default=...)
    company: NamedRecord = about(_lt("The branch."), default=...)
    seat: NamedRecord = about(_lt("The room, chair or doctor."), default=...)
    services: list[Service] = about(_lt("The services with their prices."), default=...)
    id_lead: int | None = about(_lt("The lead; null: a dry run would make the lead."))
    ticket_id: int | str | None = about(_lt("The ticket in your system."))
    account_id: int | None = about(_lt("The customer's account, a contact's id."))
    note: str | None = about(_lt("A note for the branch."))
    link_booking_detail: str | None = about(_lt("Where staff find the booking."))

    @classmethod
    def from_booking(cls, booking) -> Self:
        """Return the booking for a ``crm.booking`` that the client may read."""
        lead = booking.lead_id
        client = lead.env.user._get_lead_api_client() or lead.lead_api_client_id
        tickets = lead._get_ticket_ids(client)
        zone = booking.company_id._get_booking_zone()
        start, end = (
            pytz.utc.localize(moment).astimezone(zone)
            for moment in (booking.start, booking.stop)
        )
        return cls.model_construct(
            id_booking=booking.id,
            code=booking.code,
            state=booking.state,
            start=start,
            end=end,
            company=_name(booking.company_id),
            seat=_name(booking.seat_id),
            services=[Service.from_line(line) for line in booking.service_ids],
            id_lead=lead.id,
            ticket_id=tickets[0] if tickets else None,
            account_id=booking.partner_id.id or None,
            note=booking.note or None,
            link_booking_detail=booking._get_staff_url(),
        )

    def get_etag(self) -> str:
        """Return the ETag of the booking, without quotes."""
        data = self.model_dump(mode="json", exclude=UNTAGGED)
        text = json.dumps(data, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _name(record) -> NamedRecord:
    return NamedRecord(id=record.id, name=record.name)


class BookingResponse(Answer):
    """One booking."""

    data: Booking

    @classmethod
    def from_booking(cls, booking) -> Self:
        """Return the answer for a ``crm.booking`` that the client may read."""
        return cls.model_construct(data=Booking.from_booking(booking))

    def get_headers(self) -> dict[str, str]:
        return {"ETag": f'"{self.data.get_etag()}"'}


class BookingPage(pydantic.BaseModel):
    items: list[Booking]
    next_cursor: str | None = about(
        _lt("The cursor for the bookings after these; null: there are no more yet.")
    )


class BookingsResponse(Answer):
    """Several bookings, the oldest change first."""

    data: BookingPage

    @classmethod
    def from_bookings(cls, bookings, next_cursor: str | None) -> Self:
        """Return the answer for ``crm.booking`` records that the client may read."""
        page = BookingPage.model_construct(
            items=list(map(Booking.from_booking, bookings)), next_cursor=next_cursor
        )
        return cls.model_construct(data=page)


class BookingDryRun(pydantic.BaseModel):
    dry_run: Literal[True] = True
    booking: Booking = about(
        _lt("The booking that a real request would make, or leave."), default=...
    )
    lead: dict | None = about(
        _lt("The lead that would be made, as in a dry run of POST /api/v1/lead.")
    )
    free: list[FreeStart] = about(_lt("The free starts of that day."), default=...)
    warnings: list[LeadWarning] = []


class BookingDryRunResponse(Answer):
    """The booking that a dry run would have made."""

    data: BookingDryRun

    @classmethod
    def from_booking(cls, booking, slots, made, new_contacts, is_new) -> Self:
        """Return the answer for a ``crm.booking`` that is about to be rolled back.

        :param slots: the free starts of the day
        :param made: the lead that is rolled back with the booking; or ``None``
        :param new_contacts: the contacts that are rolled back
        :param is_new: the booking was made, not changed
        """
        data, lead = Booking.from_booking(booking), None
        if is_new:
            data.id_booking = data.code = data.link_booking_detail = None
        if made:
            data.id_lead = None
            data.account_id = (booking.partner_id - new_contacts).id or None
            lead = DryRunResponse.from_lead(made, new_contacts).to_body()["data"]
        return cls.model_construct(
            data=BookingDryRun.model_construct(
                booking=data, lead=lead, free=list(map(FreeStart.from_slot, slots))
            )
        )
