from .booking import (
    BookedCustomer,
    Booking,
    BookingDryRunResponse,
    BookingErrorResponse,
    BookingResponse,
    BookingsResponse,
    FreeStart,
    QuoteResponse,
    SlotsResponse,
)
from .booking_query import BookingsQuery, QuoteQuery, SlotsQuery
from .booking_request import BookingChange, BookingRequest
from .event import BookingEvent, BookingEventData
