from .booking import (
    Booking,
    BookingDryRunResponse,
    BookingResponse,
    BookingsResponse,
    FreeStart,
)
from .booking_change import BookingChange
from .booking_query import BookingsQuery, QuoteQuery, SlotsQuery
from .booking_request import BookingRequest
from .error import BookingErrorResponse
from .event import BookingEvent, BookingEventData
from .quote import QuoteResponse
from .slot import SlotsResponse
