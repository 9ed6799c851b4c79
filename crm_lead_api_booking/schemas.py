# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, get_args

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from odoo.addons.crm_lead_api.exceptions import FieldError
from odoo.addons.crm_lead_api.schemas import (
    Answer,
    DryRunResponse,
    ErrorResponse,
    Event,
    LeadRequest,
    LeadsQuery,
    Query,
    Schema,
)
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import StoredRecord, extend
from odoo.addons.crm_lead_api.schemas.customer import MAX_RECORDS, SentPhone
from odoo.addons.crm_lead_api.schemas.error import miss
from odoo.addons.crm_lead_api.schemas.event import EventData, EventType
from odoo.addons.crm_lead_api.schemas.lead import Ids, LeadWarning, Service
from odoo.addons.crm_lead_api.schemas.lead_change import ServicesChange
from odoo.addons.crm_lead_api.schemas.me import NamedRecord
from odoo.addons.crm_lead_api.schemas.query import AnyMoment, Moment
from odoo.addons.crm_lead_api.schemas.query import Id as IdParameter
from odoo.addons.crm_lead_api.schemas.query import Number as NumberParameter
from odoo.addons.crm_lead_api.schemas.value import (
    Date,
    Id,
    Line,
    Number,
    Text,
    check_year,
    integer,
)
from odoo.addons.crm_lead_api.tools.day import to_local

from .translate import _lt

State = Literal["booked", "confirmed", "arrived", "done", "no_show", "cancelled"]


class FreeStart(pydantic.BaseModel):
    """A free time, with its seats."""

    start: datetime = about(_lt("When the booking can begin."), ...)
    end: datetime = about(_lt("When it would end."), ...)
    seats: list[int] = about(
        _lt("The free seats; the first one is taken if no seat is sent."), ...
    )


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
        return cls.model_construct(
            id_booking=booking.id,
            code=booking.code,
            state=booking.state,
            start=to_local(booking.start, zone),
            end=to_local(booking.stop, zone),
            company=NamedRecord.from_record(booking.company_id),
            seat=NamedRecord.from_record(booking.seat_id),
            services=[Service.from_line(line) for line in booking.service_ids],
            id_lead=lead.id,
            ticket_id=tickets[0] if tickets else None,
            account_id=booking.partner_id.id or None,
            note=booking.note or None,
            link_booking_detail=booking._get_staff_url(),
            **values,
        )


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
    def from_booking(cls, booking, made, is_new) -> Self:
        """Return the answer for a ``crm.booking``, new or changed, that is about to be
        rolled back, perhaps with the lead that was made."""
        data, lead, free = Booking.from_record(booking), None, []
        if is_new:
            data.id_booking = data.code = data.link_booking_detail = None
            free = booking._find_slots_of_day()
        if made:
            partner = booking.partner_id
            contacts = partner.filtered(lambda _: made.match_method == "none")
            data.id_lead, data.account_id = None, (partner - contacts).id or None
            lead = DryRunResponse.from_lead(made, contacts).to_body()["data"]
        data = BookingDryRun.model_construct(booking=data, lead=lead, free=free)
        return cls.model_construct(data=data)


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


class QuoteData(pydantic.BaseModel):
    services: list[Service] = about(
        _lt("The services with their prices, in the order of the request."), ...
    )
    total: float = about(_lt("The sum of all services."), ...)
    currency: str = about(_lt("The currency of the price list."), ...)


class QuoteResponse(Answer):
    """The price of services."""

    data: QuoteData


# ------------------------------------------------------------ queries

MAX_DAYS = 31
FROM, TO = "from", "to"
MOMENT = pydantic.TypeAdapter(Moment)
Day = Annotated[Date, AfterValidator(check_year)]
DAY = pydantic.TypeAdapter(Day)


def _day_or_moment(value: Any) -> Any:
    """Read a date, 2026-12-01, or a date and time with its zone."""
    is_moment = isinstance(value, str) and "T" in value.upper()
    try:
        return (MOMENT if is_moment else DAY).validate_python(value)
    except pydantic.ValidationError as error:
        raise PydanticCustomError(error.errors()[0]["type"], "no time") from None


DayOrMoment = Annotated[
    date | datetime,
    BeforeValidator(_day_or_moment),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }
    ),
]
Services = Annotated[list[IdParameter], Field(min_length=1, max_length=100)]
TOO_LONG = _lt("Send a time up to %(max)s days after from.", max=MAX_DAYS)


class ServicesQuery(Query):
    """The services that are to be booked, and the days."""

    company_id: IdParameter | None = about(
        _lt("The branch."), example=2, required=True, model="res.company"
    )
    crm_line_ids: Services | None = about(
        _lt("The services, as a parameter each: their minutes are the length."),
        example=[38],
        required=True,
        model="product.product",
    )


# "from" is a word of Python.
SlotsQuery = pydantic.create_model(
    "SlotsQuery",
    __base__=ServicesQuery,
    __doc__=ServicesQuery.__doc__,
    __module__=__name__,
    **{
        FROM: (
            DayOrMoment | None,
            about(
                _lt("The first day, in the branch's zone, or a date and time."),
                example="2026-12-01",
                required=True,
            ),
        ),
        TO: (
            DayOrMoment | None,
            about(
                _lt(
                    "The last day, which is included, or a date and time; up to "
                    "%(max)s days.",
                    max=MAX_DAYS,
                ),
                example="2026-12-07",
                required=True,
            ),
        ),
    },
)


class QuoteQuery(Query):
    """The services whose price is asked for."""

    company_id: IdParameter | None = about(
        _lt("The branch."), example=2, required=True, model="res.company"
    )
    price_list_id: IdParameter | None = about(
        _lt("The price list, which the branch may use."),
        example=4,
        required=True,
        model="product.pricelist",
    )
    crm_line_ids: Services | None = about(
        _lt("The services, as a parameter each; one sent twice has quantity 2."),
        example=[38, 43],
        required=True,
        model="product.product",
    )


class BookingsQuery(LeadsQuery):
    """The bookings to read; several parameters limit each other."""

    updated_since: AnyMoment | None = about(
        _lt("Only bookings that changed at this time, as of RFC 3339, or later."),
        example="2026-11-25T08:00:00Z",
    )
    ticket_id: NumberParameter | None = about(
        _lt("The ticket in your system."), example=100234
    )
    phone: SentPhone | None = about(
        _lt("A phone of the customer."), example="0900000202"
    )
    company_id: IdParameter | None = about(_lt("The branch."), example=2)
    day: Day | None = about(
        _lt("The day of the branch on which the bookings begin."), example="2026-12-01"
    )

    def get_errors(self) -> list[FieldError]:
        errors = super().get_errors()
        if self.day and not self._was_sent("company_id"):
            errors.append(miss("company_id"))
        return errors


# ------------------------------------------------------------ requests

MIN_MINUTES, MAX_MINUTES = 5, 720
LEAD = "lead"
SUBJECTS = ("id_lead", "ticket_id", LEAD)
ONE_SUBJECT = _lt("Send one of id_lead, ticket_id and lead.")
NEEDS_CANCEL = _lt('A cancel_reason goes with "state": "cancelled".')
Minutes = integer(MIN_MINUTES, MAX_MINUTES)


class BookingRequest(Schema):
    """The body of ``POST /api/v1/bookings``."""

    takes_codes: ClassVar[bool] = True
    takes_defaults: ClassVar[bool] = False

    id_lead: Id | None = about(_lt("The lead."), example=594142)
    ticket_id: Number | None = about(
        _lt("The ticket in your system, of your client's open lead."), example=100234
    )
    lead: LeadRequest | None = about(
        _lt(
            "The body of POST /api/v1/lead: lead, customer and booking are made "
            "together. Errors are named lead.gender."
        )
    )
    start: Moment | None = about(
        _lt("When the booking begins, as of RFC 3339, with a time zone."),
        example="2026-12-01T09:00:00+07:00",
        required=True,
    )
    company_id: Id | None = about(
        _lt(
            "The branch: the lead's company, or one of its group. By default the first."
        ),
        example=2,
        model="res.company",
    )
    seat_id: Id | None = about(
        _lt("The room, chair or doctor; without it the first free one."),
        example=3,
        model="resource.resource",
    )
    duration: Minutes | None = about(
        _lt(
            "Minutes, from %(min)s to %(max)s; by default the sum of the services'.",
            min=MIN_MINUTES,
            max=MAX_MINUTES,
        ),
        example=45,
    )
    crm_line_ids: Ids | None = about(
        _lt("The services; by default the lead's."),
        example=[38],
        model="product.product",
    )
    note: Text | None = about(_lt("A note for the branch."))

    def check_subject(self) -> None:
        """Add an error unless exactly one attribute names the lead."""
        sent = [name for name in SUBJECTS if self._was_sent(name)]
        if not sent:
            self._errors.append(miss(SUBJECTS[0]))
        self._errors += [FieldError(name, "mismatch", ONE_SUBJECT) for name in sent[1:]]


class BookingChange(ServicesChange):
    """The body of ``PATCH /api/v1/bookings``: the attributes that change.

    ``null`` empties the note; ``""`` means "not sent", as everywhere.
    """

    takes_codes: ClassVar[bool] = True

    start: Moment | None = about(
        _lt("The new start; the length stays."), example="2026-12-01T10:00:00+07:00"
    )
    seat_id: Id | None = about(
        _lt("The new seat."), example=3, model="resource.resource"
    )
    crm_line_ids: Ids | None = about(
        _lt("The new whole list of services; the length follows the services."),
        example=[38],
        model="product.product",
    )
    add_crm_line_ids: Ids | None = about(
        _lt("Services to add; a service that is there gets one more."),
        model="product.product",
    )
    remove_crm_line_ids: Ids | None = about(_lt("Services to remove."))
    note: Text | None = about(_lt("A note for the branch; null empties it."))
    state: State | None = about(
        _lt(
            "The new state. booked: confirmed, arrived, no_show or cancelled may "
            "follow; confirmed: arrived, no_show, cancelled; arrived: done, cancelled."
        ),
        example="confirmed",
    )
    cancel_reason: Line | None = about(_lt("Why it is cancelled."))

    @classmethod
    def is_needed(cls, name):
        return name not in ("note", "cancel_reason")

    def _find_contradictions(self):
        errors = super()._find_contradictions()
        if self.cancel_reason and self.state != "cancelled":
            errors.append(FieldError("cancel_reason", "mismatch", NEEDS_CANCEL))
        return errors


# ------------------------------------------------------------ events

EVENT_LABELS = {
    "booking.booked": "Booked",
    "booking.confirmed": "Booking Confirmed",
    "booking.moved": "Booking Moved",
    "booking.arrived": "Customer Arrived",
    "booking.done": "Booking Done",
    "booking.no_show": "No-Show",
    "booking.cancelled": "Booking Cancelled",
    "booking.reminder_due": "Reminder Due",
}
*BOOKING_EVENTS, REMINDER = EVENT_LABELS


class BookingEventData(pydantic.BaseModel):
    """The booking, in an event about it; without the customer's data."""

    id_booking: int = about(_lt("The booking's id."), ...)
    code: str = about(_lt("The booking's code."), ...)
    state: str = about(_lt("The state of the booking."), ...)
    start: datetime = about(_lt("When it begins, in the branch's zone."), ...)
    end: datetime = about(_lt("When it ends."), ...)
    company_id: int = about(_lt("The branch."), ...)
    seat_id: int = about(_lt("The room, chair or doctor."), ...)
    cancel_reason: str | None = about(_lt("Why it was cancelled."))
    hours_before: int | None = about(_lt("Of a reminder: how many hours before."))
    link_booking_detail: str = about(_lt("Where staff find the booking."), ...)
    link_calendar: str = about(
        _lt(
            "The customer's calendar file, an address for the message to the customer."
        ),
        ...,
    )


class BookedEventData(pydantic.BaseModel):
    booking: BookingEventData | None = about(_lt("The booking, in events about one."))


BookingEvent = extend(
    Event,
    type=Literal[(*get_args(EventType), *BOOKING_EVENTS, REMINDER)],
    data=extend(EventData, BookedEventData),
)
