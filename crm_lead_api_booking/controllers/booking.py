# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from typing import Annotated

from pydantic import Field
from werkzeug.exceptions import NotFound, ServiceUnavailable

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.crm_lead_api.http.outcome import Outcome
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
from odoo.addons.crm_lead_api.http.routes import api_route
from odoo.addons.crm_lead_api.schemas.about import About
from odoo.addons.crm_lead_api.schemas.value import MAX_ID
from odoo.addons.crm_lead_api.tools.update import RETRY_AFTER, get_problem

from .. import schemas
from ..models.booking.crm_booking_calendar import CALENDAR_PATH
from ..translate import _lt

booking_route = partial(api_route, tag=_lt("Bookings"))
KEY = _lt(
    "Your own key for each booking: a repeated request then makes no second booking."
)
NAME = About(_lt("The booking's id, or its code: BK-2026-000123."))
Name = Annotated[str, Field(json_schema_extra=NAME)]
SUBJECT = _lt(
    "**Whose booking:** send id_lead, or the ticket_id of your client's open lead, or "
    "lead, the whole body of POST /api/v1/lead. Then customer, lead and booking are "
    "made together, or nothing."
)
REFUSALS = _lt(
    "**Refusals, checked in this order:** the lead is won or lost (409, closed); "
    "nobody works then, or the start is past (422, start, with free times); no seat "
    "does the services (422, seat_id or crm_line_ids); the customer has an open "
    "booking in the branch's group (409, open_booking, with the booking); the time was "
    "taken in the meantime (409, slot_taken, with free times)."
)
RETRIES = _lt(
    "**Retries:** send an Idempotency-Key that comes from your own data. Without a key "
    "equal content within 24 hours is a repetition while that booking is open."
)
RETRIES_OF_CHANGE = _lt(
    "**Retries:** without an Idempotency-Key a change is made each time; the present "
    "state, sent again, changes nothing."
)
STATES = _lt(
    "**States:** booked may become confirmed, arrived, no_show or cancelled; confirmed "
    "may become arrived, no_show or cancelled; arrived may become done or cancelled. "
    "Anything else is a 409 of the type transition. A closed booking changes no more: "
    "409, closed."
)
IF_MATCH = _lt(
    "**If-Match:** send the ETag of the booking as you read it. If it has changed "
    "since, the answer is a 412, and nothing is written."
)
DRY_RUN = _lt(
    "**Dry runs:** with dry_run=1, or with the header Prefer: dry-run, nothing is "
    "saved. The answer has the booking that would be made, and the free times of that "
    "day."
)
LIST = _lt(
    "**Following changes:** keep the last page's cursor, or ask with updated_since. "
    "Your client reads the bookings of its own leads or, if it may read all leads, "
    "of all leads."
)
GRID = _lt(
    "**Free times** follow working hours, holidays, time off and bookings of the "
    "branch's seats. A start has its free seats, the first one to be taken first."
)
ERRORS = (400, 404, 409, 413, 415, 422)


class BookingController(http.Controller):
    @booking_route(
        "/slots",
        "GET",
        _lt("Read the free times of a branch"),
        details=(GRID,),
        errors=(422,),
    )
    def read_slots(self, query: schemas.SlotsQuery) -> schemas.SlotsResponse:
        return self.env["crm.booking"]._find_slots(query)

    @booking_route("/quote", "GET", _lt("Read the price of services"), errors=(422,))
    def read_quote(self, query: schemas.QuoteQuery) -> schemas.QuoteResponse:
        return self.env["crm.booking"]._quote(query)

    @booking_route(
        "/bookings",
        "POST",
        _lt("Make a booking"),
        details=(SUBJECT, REFUSALS, RETRIES, DRY_RUN),
        answers=(schemas.BookingDryRunResponse,),
        errors=ERRORS,
        error=schemas.BookingErrorResponse,
        nesting=1,  # the lead is an object in the object
        kind="booking",
        key=KEY,
    )
    def create_booking(
        self, received: ReceivedRequest[schemas.BookingRequest]
    ) -> Outcome[schemas.BookingResponse]:
        return self.env["crm.lead.api.engine"]._serve_booking(received)

    @booking_route(
        "/bookings", "GET", _lt("Read bookings"), details=(LIST,), errors=(422,)
    )
    def read_bookings(self, query: schemas.BookingsQuery) -> schemas.BookingsResponse:
        return self.env["crm.booking"]._read_page(query)

    @booking_route(
        "/bookings/<string:booking>",
        "GET",
        _lt("Read a booking"),
        details=(IF_MATCH,),
        errors=(404,),
    )
    def read_booking(self, booking: Name) -> schemas.BookingResponse:
        found = self.env["crm.booking"]._get_by_name(booking)
        return schemas.BookingResponse.from_record(found)

    @booking_route(
        "/bookings/<string:booking>",
        "PATCH",
        _lt("Change a booking"),
        details=(STATES, REFUSALS, IF_MATCH, RETRIES_OF_CHANGE, DRY_RUN),
        answers=(schemas.BookingDryRunResponse,),
        errors=(*ERRORS, 412),
        error=schemas.BookingErrorResponse,
        kind="booking_change",
    )
    def change_booking(
        self, booking: Name, received: ReceivedRequest[schemas.BookingChange]
    ) -> Outcome[schemas.BookingResponse]:
        return self.env["crm.lead.api.engine"]._serve_booking_change(received, booking)


class BookingCalendarController(http.Controller):
    @http.route(
        f"{CALENDAR_PATH}/<int:booking_id>/<string:access_token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def read_calendar(self, booking_id, access_token):
        """Answer with a customer's calendar file."""
        if get_problem(request.registry, request.env.cr):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        # sudo: the link's token opens this booking, and nothing else
        bookings = request.env["crm.booking"].sudo()
        if booking_id > MAX_ID or not access_token.isascii():
            raise NotFound()
        booking = bookings.browse(booking_id).exists()
        if not booking or not consteq(booking.access_token or "", access_token):
            raise NotFound()
        return request.make_response(
            booking._get_calendar_file(),
            {
                "Content-Type": "text/calendar; charset=utf-8",
                "Content-Disposition": http.content_disposition(f"{booking.code}.ics"),
                "Cache-Control": "private, no-store",
                "X-Robots-Tag": "noindex",
            },
        )
