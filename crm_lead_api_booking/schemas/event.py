# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from typing import Literal, get_args

import pydantic

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Event
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend
from odoo.addons.crm_lead_api.schemas.event import EventData, EventType

_lt = LazyTranslate(__name__, default_lang="en_US")

BOOKING_EVENTS = (
    "booking.booked",
    "booking.confirmed",
    "booking.moved",
    "booking.arrived",
    "booking.done",
    "booking.no_show",
    "booking.cancelled",
)
REMINDER = "booking.reminder_due"


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
