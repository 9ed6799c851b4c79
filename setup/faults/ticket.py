# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A ticket of a client's system, with all requests about it."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from faults.booking_work import BookingWork
from faults.lead_work import LeadWork
from faults.phone_call_work import PhoneCallWork
from faults.request import Request

FIRST_TICKET = 1_000_000


class Ticket:
    """A ticket, from its first phone call to the booking; its number decides which
    requests are made about it.

    :param template: a payload of a lead with ids that exist in the database
    :param customer: a number that the tickets of one customer share
    :param starts: of bookings, in ISO format; without them there are none
    """

    def __init__(self, template: dict, number: int, customer: int, starts=()):
        self.id = FIRST_TICKET + number
        self.number = number
        self.customer = customer
        self.payload = {
            **template,
            "ticket_id": self.id,
            "phone_no1": f"0977{customer:06}",
            "contact_name": f"Khách {customer}",
            "customer_portrait": {
                "transport": "scooter",
                "hobby": ["âm nhạc", f"sở thích {customer}"],
                "desires": [f"mong muốn {number}"],
            },
        }
        self.lead = LeadWork(self)
        self.booking = BookingWork(self, starts)
        self.phone_call = PhoneCallWork(self)

    @property
    def requests(self) -> list[Request]:
        works = (self.lead, self.booking, self.phone_call)
        return list(chain.from_iterable(work.requests for work in works))

    @property
    def lead_id(self) -> int | None:
        """The lead that an answer has named first."""
        requests = self.lead.requests + self.booking.requests
        return next((each.data["id_lead"] for each in requests if each.data), None)

    @property
    def is_made_by_booking(self) -> bool:
        """Tell whether a booking has made the lead."""
        return any("lead" in request.payload for request in self.booking.done)

    @property
    def events(self) -> Counter:
        """The types of the events that the requests cause."""
        contacts = Counter({"lead.contacted": int(self.phone_call.is_answered)})
        return Counter(["lead.assigned"]) + contacts + self.booking.events

    @property
    def has_keys(self) -> bool:
        """Tell whether the requests after the lead have keys."""
        return self.number % 4 < 2

    def make_requests(self) -> Iterator[Request]:
        """Make the requests, each when the one before is settled.

        Three of seven leads are made by PUT, every sixth together with its booking;
        half of all are changed later.
        """
        number = self.number
        # The phone may ring before there is a lead.
        if number % 4 == 1:
            yield from self.phone_call.ring()
        is_booked = self.booking.starts and number % 3
        if is_booked and number % 6 == 5:
            yield from self.booking.make_with_lead()
        if not self.lead_id:
            yield self.lead.make("upsert" if number % 7 in (2, 4, 6) else "create")
        if not self.lead_id:
            return
        if number % 8 < 4:
            yield from self.lead.make_later_requests()
        if number % 4 in (0, 2):
            yield from self.phone_call.ring()
        if is_booked and not self.booking.requests:
            yield from self.booking.make()
        # Nobody is told of the contact with a customer who has arrived.
        if self.phone_call.requests:
            yield from self.phone_call.end()
        if self.booking.booking:
            yield from self.booking.make_changes()
