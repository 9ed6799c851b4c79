# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from typing import ClassVar, Literal

import pydantic
import pytz
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import (
    Answer,
    DryRunResponse,
    ErrorResponse,
    Schema,
)
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import StoredRecord
from odoo.addons.crm_lead_api.schemas.customer import MAX_RECORDS
from odoo.addons.crm_lead_api.schemas.lead import LeadWarning, Service
from odoo.addons.crm_lead_api.schemas.me import NamedRecord

_lt = LazyTranslate(__name__, default_lang="en_US")

State = Literal["booked", "confirmed", "arrived", "done", "no_show", "cancelled"]


class FreeStart(pydantic.BaseModel):
    """A free time, with its seats."""

    start: datetime = about(_lt("When the booking can begin."), ...)
    end: datetime = about(_lt("When it would end."), ...)
    seats: list[int] = about(
        _lt("The free seats; the first one is taken if no seat is sent."), ...
    )

    @classmethod
    def from_slot(cls, slot) -> Self:
        """Return the free time for a ``Slot`` of the model."""
        return cls.model_construct(start=slot.start, end=slot.stop, seats=slot.seat_ids)


class Booking(StoredRecord):
    """An appointment of a customer at a branch."""

    untagged: ClassVar[dict] = {
        "services": {"__all__": {"name"}},
        "company": {"name"},
        "seat": {"name"},
        "link_booking_detail": True,
    }

    id_booking: int | None = about(
        _lt("The booking's id; null in the answer to a dry run.")
    )
    code: str | None = about(
        _lt("The booking's code, for people; null in the answer to a dry run."),
        example="BK-2026-000123",
    )
    state: State = about(
        _lt("booked, confirmed and arrived are open, the others are closed."), ...
    )
    start: datetime = about(_lt("When it begins, in the branch's zone."), ...)
    end: datetime = about(_lt("When it ends."), ...)
    company: NamedRecord = about(_lt("The branch."), ...)
    seat: NamedRecord = about(_lt("The room, chair or doctor."), ...)
    services: list[Service] = about(_lt("The services with their prices."), ...)
    id_lead: int | None = about(_lt("The lead; null: a dry run would make the lead."))
    ticket_id: int | str | None = about(_lt("The ticket in your system."))
    account_id: int | None = about(_lt("The customer's account, a contact's id."))
    note: str | None = about(_lt("A note for the branch."))
    link_booking_detail: str | None = about(_lt("Where staff find the booking."))

    @classmethod
    def from_record(cls, record, **values):
        booking, lead = record, record.lead_id
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
            **values,
        )


def _name(record) -> NamedRecord:
    return NamedRecord(id=record.id, name=record.name)


class BookedCustomer(Schema):
    """Add the bookings to a customer."""

    bookings: list[Booking] = about(
        _lt(
            "The bookings that the client may read, up to %(max)s: open ones first, "
            "then the newest.",
            max=MAX_RECORDS,
        ),
        [],
        is_part=True,
    )


class BookingResponse(Answer):
    """One booking."""

    data: Booking


class BookingPage(pydantic.BaseModel):
    items: list[Booking]
    next_cursor: str | None = about(
        _lt("The cursor for the bookings after these; null: there are no more yet.")
    )


class BookingsResponse(Answer):
    """Several bookings, the oldest change first."""

    data: BookingPage


class BookingDryRun(pydantic.BaseModel):
    dry_run: Literal[True] = True
    booking: Booking = about(
        _lt("The booking that a real request would make, or leave."), ...
    )
    lead: dict | None = about(
        _lt("The lead that would be made, as in a dry run of POST /api/v1/lead.")
    )
    free: list[FreeStart] = about(_lt("The free times of that day."), ...)
    warnings: list[LeadWarning] = []


class BookingDryRunResponse(Answer):
    """The booking that a dry run would have made."""

    data: BookingDryRun

    @classmethod
    def from_booking(cls, booking, slots, made, new_contacts, is_new) -> Self:
        """Return the answer for a ``crm.booking`` that is about to be rolled back.

        :param slots: the free times of the day
        :param made: the lead that is rolled back with the booking; or ``None``
        :param new_contacts: the contacts that are rolled back
        :param is_new: the booking was made, not changed
        """
        data, lead = Booking.from_record(booking), None
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


class BookingErrorResponse(ErrorResponse):
    """The body of an error; ``error`` is the HTTP status."""

    free: list[FreeStart] | None = about(
        _lt("Of a start that cannot be booked: up to three free times near it.")
    )
    booking: Booking | None = about(
        _lt("Of a customer with an open booking: that booking.")
    )


class SlotsData(pydantic.BaseModel):
    slots: list[FreeStart] = about(
        _lt("The free times, with times in the branch's zone."), ...
    )


class SlotsResponse(Answer):
    """The free times of a branch."""

    data: SlotsData

    @classmethod
    def from_slots(cls, slots) -> Self:
        """Return the answer for free times of the model."""
        free = list(map(FreeStart.from_slot, slots))
        return cls.model_construct(data=SlotsData.model_construct(slots=free))


class QuoteData(pydantic.BaseModel):
    services: list[Service] = about(
        _lt("The services with their prices, in the order of the request."), ...
    )
    total: float = about(_lt("The sum of all services."), ...)
    currency: str = about(_lt("The currency of the price list."), ...)


class QuoteResponse(Answer):
    """The price of services."""

    data: QuoteData

    @classmethod
    def from_services(cls, services: list[Service], currency) -> Self:
        """Return the answer for services with prices, of a ``res.currency``."""
        total = currency.round(sum(service.price_subtotal for service in services))
        return cls(
            data=QuoteData(services=services, total=total, currency=currency.name)
        )
