# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The requests of a client for a booking, and for what becomes of it."""

from collections import Counter
from collections.abc import Iterator

from faults.request import Request, Work

PATH = "/bookings"
MINUTES = 25
TRIES = 20  # times that a client asks for before it does without a booking


class BookingWork(Work):
    """Book an appointment, move it, and let the customer come or cancel.

    Eight tickets in a row want one of three seats, and four of them are of one
    customer, who may have one booking: a client that is refused takes a free time, or
    leaves it.

    :param starts: the times to ask for, in ISO format
    """

    def __init__(self, ticket, starts):
        super().__init__(ticket)
        self.starts = starts

    @property
    def done(self) -> list[Request]:
        return [request for request in self.requests if request.answers]

    @property
    def booking(self) -> dict:
        """The booking as the newest answer has it; empty without one."""
        return self.done[-1].data if self.done else {}

    @property
    def bookings(self) -> dict[int, dict]:
        """Each booking as the newest answer about it has it, by its id."""
        return {each.data["id_booking"]: each.data for each in self.done}

    def get_sent(self, booking: int) -> dict:
        """Return the newest value of each attribute that was sent for a booking.

        :param booking: its id
        """
        return {
            name: value
            for request in self.done
            if request.data["id_booking"] == booking
            for name, value in request.payload.items()
        }

    @property
    def refused(self) -> list[Request]:
        return [request for request in self.requests if request.refusal]

    @property
    def events(self) -> Counter:
        """The types of the events that the requests cause."""
        events, before = Counter(), {}
        for request in self.done:
            data = request.data
            if request.kind == "booking":
                events["booking.booked"] += 1
            else:
                is_moved = data["start"] != before["start"]
                events["booking.moved"] += is_moved or data["seat"] != before["seat"]
                if data["state"] != before["state"]:
                    events[f"booking.{data['state']}"] += 1
            before = data
        return +events

    def make(self, later: int = 0) -> Iterator[Request]:
        """Book for the lead, by its id or its ticket.

        :param later: number of times after the one that the tickets in a row want
        """
        if self.ticket.number % 2:
            subject = {"id_lead": self.ticket.lead_id}
        else:
            subject = {"ticket_id": self.ticket.id}
        yield from self._book(subject, later)

    def make_with_lead(self) -> Iterator[Request]:
        """Book, and make the lead by the same request."""
        yield from self._book({"lead": self.ticket.payload})

    def make_changes(self) -> Iterator[Request]:
        """Change the booking.

        Without a key a late attempt at the first change would undo the second, and one
        at a booking that is closed would make another one: then there is one change,
        which leaves the booking open.
        """
        group = self.ticket.number // 4
        if not self.ticket.has_keys:
            if group % 2:
                yield from self._move()
            else:
                yield self._change(state="arrived")
            return
        yield self._change(state="confirmed")
        yield from self._move()
        if group % 3 < 2:
            yield self._change(state="arrived")
        if group % 3 == 1:
            yield self._change(state="done", note="Đã xong")
        if group % 3 == 2:
            yield self._change(state="cancelled", cancel_reason="Khách bận")
            yield from self.make(later=2)

    def _book(self, subject, later=0):
        start = self._get_start(later)
        for _try in range(TRIES):
            payload = {**subject, "start": start, "duration": MINUTES}
            request = self.add("booking", payload, PATH, self.ticket.has_keys)
            yield request
            if request.refusal.get("type") != "slot_taken":
                return
            start = self._pick(request)

    def _move(self):
        start = self._get_start(later=1)
        for _try in range(TRIES):
            request = self._change(start=start)
            yield request
            if not request.refusal:
                return
            start = self._pick(request)

    def _change(self, **payload):
        path = f"{PATH}/{self.booking['id_booking']}"
        return self.add("booking_change", payload, path, self.ticket.has_keys)

    def _get_start(self, later):
        return self.starts[(self.ticket.number // 8 + later) % len(self.starts)]

    def _pick(self, request):
        """Return one of the free starts in a refusal."""
        free = request.refusal["free"]
        return free[self.ticket.number % len(free)]["start"]
