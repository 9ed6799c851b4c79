# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A ticket of a client's system, all requests about it, and the answers to them."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from google_form import make_message

FIRST_TICKET = 1_000_000
FIRST_MESSAGE = 2_000_000  # of a platform, by the ticket of its lead
FIRST_GIVEN = 3_000_000  # of leads that are given out, by their tickets
# Of HTTP, by the kind that the log gives to a request
METHODS = {
    **{"create": "POST", "upsert": "PUT", "change": "PATCH", "note": "POST"},
    **{"booking": "POST", "booking_change": "PATCH"},
    **{"phone_call": "PUT", "recording": "PUT", "message": "POST"},
    "assignment": "POST",
}
OF_LEAD, OF_BOOKING, OF_CALL = [*METHODS][:4], [*METHODS][4:6], [*METHODS][6:8]
# The types of a 409 after which a client sends another request
REFUSALS = ("slot_taken", "open_booking")
NOTE = "Khách hẹn gọi lại."  # of each lead: equal notes of two leads are two
NOBODY = "nobody@example.com"
MINUTES = 25  # of a booking
TRIES = 20  # times that a client asks for before it does without a booking
STARTED = "2026-11-25T08:15:00+07:00"
ANSWERED = "2026-11-25T08:15:12+07:00"
ENDED = "2026-11-25T08:18:32+07:00"
SOUND = b"RIFF\x00\x00\x00\x00WAVE".ljust(20_000, b"x")


@dataclass
class Attempt:
    """Hold the answer to one sending of a request.

    :param status: of HTTP; 0: there was no answer, or no whole one
    :param data: of a 200; the whole body of another answer
    :param is_replayed: the answer is that of an earlier attempt, or the lead was there
    """

    status: int
    data: dict = field(default_factory=dict)
    is_replayed: bool = False

    @property
    def is_refusal(self) -> bool:
        return self.status == 409 and self.data.get("type") in REFUSALS


@dataclass
class Request:
    """A request, and every attempt at it.

    :param kind: one of ``METHODS``
    :param payload: in JSON; bytes are sent as they are, as a sound
    :param key: its ``Idempotency-Key``; ``""``: it has none
    :param token: of another client than the caller's
    """

    kind: str
    payload: dict | bytes
    ticket: int
    path: str
    key: str = ""
    token: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def method(self) -> str:
        return METHODS[self.kind]

    @property
    def answers(self) -> list[Attempt]:
        """The attempts that were answered with 200."""
        return [attempt for attempt in self.attempts if attempt.status == 200]

    @property
    def data(self) -> dict:
        """The data of the first 200; empty without one."""
        return self.answers[0].data if self.answers else {}

    @property
    def refusal(self) -> dict:
        """The body that asks for another request; empty without one."""
        refusals = [each.data for each in self.attempts if each.is_refusal]
        return refusals[-1] if refusals else {}

    @property
    def is_settled(self) -> bool:
        """Tell whether the client need not send the request again."""
        return bool(self.answers or self.refusal)

    @property
    def is_rescued(self) -> bool:
        """Tell whether the request was done before the client knew of it."""
        return bool(self.answers) and self.answers[0].is_replayed

    @property
    def is_done_once(self) -> bool:
        """Tell whether further attempts only get the answer to the first one."""
        return self.method == "POST" or bool(self.key)


@dataclass
class Template:
    """Hold what tickets are made with.

    :param payload: of a lead, with ids that exist in the database
    :param token: of the lead API
    :param starts: of bookings, in ISO format
    :param address: for a platform's messages, a path
    :param giving_token: of the client whose team gives its leads out
    """

    payload: dict
    token: str
    starts: list[str]
    address: str = ""
    giving_token: str = ""


class Ticket:
    """A ticket, from its first phone call to the booking; its number decides which
    requests are made about it.

    Eight tickets in a row want one of three seats, and four of them are of one
    customer, who may have one booking: a client that is refused takes a free time, or
    leaves it.

    :param customer: a number that the tickets of one customer share
    """

    def __init__(self, template: Template, number: int, customer: int):
        self.template = template
        self.id = FIRST_TICKET + number
        self.number = number
        self.customer = customer
        self.requests: list[Request] = []
        self.payload = {
            **template.payload,
            "ticket_id": self.id,
            "phone_no1": f"0977{customer:06}",
            "contact_name": f"Khách {customer}",
            "customer_portrait": {
                "transport": "scooter",
                "hobby": ["âm nhạc", f"sở thích {customer}"],
                "desires": [f"mong muốn {number}"],
            },
        }
        # What the customer enters into a platform's form meanwhile
        self.form = {
            **self.payload,
            "ticket_id": FIRST_MESSAGE + number,
            "customer_portrait": {"desires": [f"tin nhắn {number}"]},
        }
        # What the customer asks another team
        self.question = {
            **self.payload,
            "ticket_id": FIRST_GIVEN + number,
            "agent_email": NOBODY,
            "customer_portrait": {"desires": [f"câu hỏi {number}"]},
        }
        # What is there of it, by the columns that name it
        self.refs = {
            "ticket_ref": str(self.id),
            "call_ref": f"call-{self.id}",
            "message_ref": str(self.form["ticket_id"]),
        }
        # Whether the requests after the lead have keys
        self.has_keys = number % 4 < 2

    # ------------------------------------------------------------ what came of it

    def select(self, kinds: list[str]) -> list[Request]:
        return [request for request in self.requests if request.kind in kinds]

    @property
    def lead_id(self) -> int | None:
        """The lead that an answer has named first."""
        requests = self.select(OF_LEAD + OF_BOOKING)
        return next((each.data["id_lead"] for each in requests if each.data), None)

    @property
    def wanted(self) -> dict:
        """The payload that makes the lead as it is after the changes."""
        wanted = self.payload
        for change in self.select(["change"]):
            portrait = wanted["customer_portrait"] | change.payload["customer_portrait"]
            services = change.payload.get("add_crm_line_ids", [])
            wanted = {
                **wanted,
                "street": change.payload.get("street", wanted["street"]),
                "crm_line_ids": wanted["crm_line_ids"] + services,
                "customer_portrait": portrait,
            }
        return wanted

    @property
    def wanted_call(self) -> dict:
        """The attributes of the phone call after all requests."""
        requests = self.select(["phone_call"])
        return {k: v for request in requests for k, v in request.payload.items()}

    @property
    def is_answered(self) -> bool:
        """Tell whether somebody has answered the phone."""
        return bool(self.select(OF_CALL)) and self.number % 4 < 2

    @property
    def booked(self) -> list[Request]:
        """The requests about bookings that were done."""
        return [request for request in self.select(OF_BOOKING) if request.answers]

    @property
    def bookings(self) -> dict[int, dict]:
        """Each booking as the newest answer about it has it, by its id."""
        return {each.data["id_booking"]: each.data for each in self.booked}

    @property
    def is_made_by_booking(self) -> bool:
        """Tell whether a booking has made the lead."""
        return any("lead" in request.payload for request in self.booked)

    def get_sent(self, booking: int) -> dict:
        """Return the newest value of each attribute that was sent for a booking."""
        return {
            name: value
            for request in self.booked
            if request.data["id_booking"] == booking
            for name, value in request.payload.items()
        }

    @property
    def events(self) -> Counter:
        """The types of the events that the requests cause."""
        events = Counter(["lead.assigned"])
        events["lead.contacted"] += self.is_answered
        before = {}
        for request in self.booked:
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

    # ------------------------------------------------------------ requests

    def make_requests(self) -> Iterator[Request]:
        """Make the requests, each when the one before is settled.

        Three of seven leads are made by PUT, every sixth together with its booking;
        every third has a key; half of all are changed later. Before every second a
        platform sends a message of the same customer; before the others another client
        makes a lead, which is given out.
        """
        number, address = self.number, self.template.address
        if number % 2 == 0:
            message = Request("message", make_message(self.form), self.id, address)
            self.requests.append(message)
            yield message
        else:
            yield self._ask()
        # The phone may ring before there is a lead.
        if number % 4 == 1:
            yield self._ring()
        is_booked = number % 3
        if is_booked and number % 6 == 5:
            yield from self._book({"lead": self.payload})
        if not self.lead_id:
            kind = "upsert" if number % 7 in (2, 4, 6) else "create"
            yield self._add(kind, self.payload, "/lead", number % 3 == 0)
        if not self.lead_id:
            return
        if number % 8 < 4:
            yield from self._change()
        if number % 4 in (0, 2):
            yield self._ring()
        if is_booked and not self.select(OF_BOOKING):
            yield from self._book_lead()
        # Nobody is told of the contact with a customer who has arrived.
        if self.select(OF_CALL):
            yield from self._end_call()
        if self.booked:
            yield from self._change_booking()

    def _add(self, kind, payload, path, has_key):
        """Return a new request."""
        key = str(uuid.uuid4()) if has_key else ""
        request = Request(kind, payload, self.id, f"/api/v1{path}", key)
        self.requests.append(request)
        return request

    def _ask(self):
        """Make a lead of another client, which is given out."""
        request = self._add("assignment", self.question, "/lead", self.number % 4 == 1)
        request.token = self.template.giving_token
        return request

    def _change(self):
        """Change the lead, by its id or its ticket, and write a note."""
        path = f"/lead/{self.lead_id}" if self.number % 2 else "/lead"
        query = "" if self.number % 2 else f"?ticket_id={self.id}"
        # Without a key, a late attempt at the first change would undo the second.
        for position in range(1 + self.has_keys):
            change = self._make_change(position)
            yield self._add("change", change, f"{path}{query}", self.has_keys)
        note = {"text": NOTE, "agent_email": self.payload["agent_email"]}
        yield self._add("note", note, f"{path}/notes{query}", self.has_keys)

    def _make_change(self, position):
        words = [f"nỗi lo {self.customer}", f"nỗi lo {self.number}.{position}"]
        change = {"customer_portrait": {"pain_point": words}}
        # A late attempt at a PUT without a key writes its own values once more: only
        # what it leaves out stays changed.
        if all(request.is_done_once for request in self.select(["upsert"])):
            change["street"] = f"{self.number}.{position} Hai Bà Trưng"
            if self.has_keys:
                change["add_crm_line_ids"] = self.payload["crm_line_ids"][:1]
        return change

    def _book_lead(self, later=0):
        """Book for the lead, by its id or its ticket.

        :param later: number of times after the one that the tickets in a row want
        """
        by_id, by_ticket = {"id_lead": self.lead_id}, {"ticket_id": self.id}
        yield from self._book(by_id if self.number % 2 else by_ticket, later)

    def _book(self, subject, later=0):
        start = self._get_start(later)
        for _try in range(TRIES):
            payload = {**subject, "start": start, "duration": MINUTES}
            request = self._add("booking", payload, "/bookings", self.has_keys)
            yield request
            if request.refusal.get("type") != "slot_taken":
                return
            start = self._pick(request)

    def _change_booking(self):
        """Move the booking, and let the customer come or cancel.

        Without a key a late attempt at the first change would undo the second, and one
        at a booking that is closed would make another one: then there is one change,
        which leaves the booking open.
        """
        group = self.number // 4
        if not self.has_keys:
            if group % 2:
                yield from self._move()
            else:
                yield self._write(state="arrived")
            return
        yield self._write(state="confirmed")
        yield from self._move()
        if group % 3 < 2:
            yield self._write(state="arrived")
        if group % 3 == 1:
            yield self._write(state="done", note="Đã xong")
        if group % 3 == 2:
            yield self._write(state="cancelled", cancel_reason="Khách bận")
            yield from self._book_lead(later=2)

    def _move(self):
        start = self._get_start(later=1)
        for _try in range(TRIES):
            request = self._write(start=start)
            yield request
            if not request.refusal:
                return
            start = self._pick(request)

    def _write(self, **payload):
        path = f"/bookings/{self.booked[-1].data['id_booking']}"
        return self._add("booking_change", payload, path, self.has_keys)

    def _get_start(self, later):
        starts = self.template.starts
        return starts[(self.number // 8 + later) % len(starts)]

    def _pick(self, request):
        """Return one of the free starts in a refusal."""
        free = request.refusal["free"]
        return free[self.number % len(free)]["start"]

    def _ring(self):
        """Tell that the phone rings."""
        return self._put_call(
            direction="in",
            phone=self.payload["phone_no1"],
            agent_email=self.payload["agent_email"],
            started_at=STARTED,
            ticket_id=self.id,
        )

    def _end_call(self):
        """Tell how the call went on and ended, and send what was recorded."""
        if not self.is_answered:
            yield self._put_call(ended_at=ENDED, outcome="no_answer")
            return
        yield self._put_call(answered_at=ANSWERED)
        note = f"Hỏi giá {self.number}"
        yield self._put_call(ended_at=ENDED, outcome="answered", note=note)
        path = f"/phone-calls/{self.refs['call_ref']}/recording"
        yield self._add("recording", SOUND, path, False)

    def _put_call(self, **payload):
        path = f"/phone-calls/{self.refs['call_ref']}"
        return self._add("phone_call", payload, path, self.number % 8 < 4)
