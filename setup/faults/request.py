# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A request of a client, and the answers to it."""

import uuid
from dataclasses import dataclass, field

# Of HTTP, by the kind that the log gives to a request
METHODS = {
    **{"create": "POST", "upsert": "PUT", "change": "PATCH", "note": "POST"},
    **{"booking": "POST", "booking_change": "PATCH"},
    **{"phone_call": "PUT", "recording": "PUT"},
}
# The types of a 409 after which a client sends another request
REFUSALS = ("slot_taken", "open_booking")


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

    @property
    def lead_id(self) -> int | None:
        """The lead that a 200 named."""
        return self.data.get("id_lead")


@dataclass
class Request:
    """A request, and every attempt at it.

    :param kind: one of ``METHODS``
    :param payload: in JSON; bytes are sent as they are, as a sound
    :param key: its ``Idempotency-Key``; ``""``: it has none
    """

    kind: str
    payload: dict | bytes
    ticket: int
    path: str
    key: str = ""
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


class Work:
    """Make the requests about a part of a ticket, each when the one before is settled.

    :ivar requests: those that were made
    """

    def __init__(self, ticket):
        self.ticket = ticket
        self.requests: list[Request] = []

    def add(self, kind: str, payload: dict | bytes, path: str, has_key=False):
        """Return a new request of the ticket."""
        key = str(uuid.uuid4()) if has_key else ""
        request = Request(kind, payload, self.ticket.id, f"/api/v1{path}", key)
        self.requests.append(request)
        return request

    def get_requests(self, kind: str) -> list[Request]:
        return [request for request in self.requests if request.kind == kind]
