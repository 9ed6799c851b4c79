# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The requests of a client for a lead, and the answers to them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

PATH = "/api/v1/lead"
FIRST_TICKET = 1_000_000
NOTE = "Khách hẹn gọi lại."  # of each lead: equal notes of two leads are two
# Of HTTP, by the kind that the log gives to a request
METHODS = {"create": "POST", "upsert": "PUT", "change": "PATCH", "note": "POST"}


@dataclass
class Attempt:
    """Hold the answer to one sending of a request.

    :param status: of HTTP; 0: there was no answer, or no whole one
    :param lead_id: that a 200 named
    :param is_replayed: the answer is that of an earlier attempt, or the lead was there
    :param note_id: that a 200 named
    """

    status: int
    lead_id: int | None = None
    is_replayed: bool = False
    note_id: int | None = None


@dataclass
class Request:
    """A request, and every attempt at it.

    :param kind: one of ``METHODS``
    :param key: its ``Idempotency-Key``; ``""``: it has none
    """

    kind: str
    payload: dict
    ticket: int
    key: str = ""
    path: str = PATH
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def method(self) -> str:
        return METHODS[self.kind]

    @property
    def answers(self) -> list[Attempt]:
        """The attempts that were answered with 200."""
        return [attempt for attempt in self.attempts if attempt.status == 200]

    @property
    def is_rescued(self) -> bool:
        """Tell whether the request was done before the client knew of it."""
        return bool(self.answers) and self.answers[0].is_replayed

    @property
    def is_done_once(self) -> bool:
        """Tell whether further attempts only get the answer to the first one."""
        return self.method == "POST" or bool(self.key)


@dataclass
class Call(Request):
    """The request for a lead, and what the client sends after it about that lead.

    :param customer: a number that those of one customer share
    """

    customer: int = 0
    changes: list[Request] = field(default_factory=list)
    notes: list[Request] = field(default_factory=list)

    @property
    def requests(self) -> list[Request]:
        return [self, *self.changes, *self.notes]

    @property
    def wanted(self) -> dict:
        """The payload that makes the lead as it is after the changes."""
        wanted = self.payload
        for change in self.changes:
            portrait = wanted["customer_portrait"] | change.payload["customer_portrait"]
            services = change.payload.get("add_crm_line_ids", [])
            wanted = {
                **wanted,
                "street": change.payload.get("street", wanted["street"]),
                "crm_line_ids": wanted["crm_line_ids"] + services,
                "customer_portrait": portrait,
            }
        return wanted

    def make_later_requests(self, number: int) -> Iterator[Request]:
        """Add changes of the lead and a note, each when the one before is done.

        :param number: of the call
        """
        path = f"{PATH}/{self.answers[0].lead_id}" if number % 2 else PATH
        query = "" if number % 2 else f"?ticket_id={self.ticket}"
        has_keys = number % 4 < 2
        # Without a key, a late attempt at the first change would undo the second.
        for position in range(1 + has_keys):
            payload = self._make_change(number, position, has_keys)
            key = make_key(has_keys)
            change = Request("change", payload, self.ticket, key, f"{path}{query}")
            self.changes.append(change)
            yield change
        payload = {"text": NOTE, "agent_email": self.payload["agent_email"]}
        key = make_key(has_keys)
        note = Request("note", payload, self.ticket, key, f"{path}/notes{query}")
        self.notes.append(note)
        yield note

    def _make_change(self, number, position, has_key):
        words = [f"nỗi lo {self.customer}", f"nỗi lo {number}.{position}"]
        change = {"customer_portrait": {"pain_point": words}}
        # A late attempt at a PUT without a key writes its own values once more: only
        # what it leaves out stays changed.
        if self.is_done_once:
            change["street"] = f"{number}.{position} Hai Bà Trưng"
            if has_key:
                change["add_crm_line_ids"] = self.payload["crm_line_ids"][:1]
        return change


def make_call(template: dict, number: int, customer: int, kind: str = "create") -> Call:
    """Return a call of a new ticket; every third has a key.

    :param template: a payload with ids that exist in the database
    :param kind: of its request, ``create`` or ``upsert``
    """
    payload = {
        **template,
        "ticket_id": FIRST_TICKET + number,
        "phone_no1": f"0977{customer:06}",
        "contact_name": f"Khách {customer}",
        "customer_portrait": {
            "transport": "scooter",
            "hobby": ["âm nhạc", f"sở thích {customer}"],
            "desires": [f"mong muốn {number}"],
        },
    }
    key = make_key(number % 3 == 0)
    return Call(kind, payload, payload["ticket_id"], key, customer=customer)


def make_key(is_wanted: bool) -> str:
    return str(uuid.uuid4()) if is_wanted else ""
