# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests of the lead API besides the one that makes a lead."""

import itertools
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmark.client import Caller
from benchmark.ways import OURS_KNOWN, Callers, Ours, Way

ME = "ours, /me"
LOOK_UP = "ours, look-up"
CHANGE = "ours, PATCH"
UPSERT = "ours, PUT"
OTHERS = (ME, LOOK_UP, CHANGE, UPSERT)
# Each beside another in the same run, and at most so many times as long
RATIOS = {
    LOOK_UP: (ME, 1.5),
    CHANGE: (OURS_KNOWN, 1.1),
    UPSERT: (OURS_KNOWN, 1.1),
}
CHANGED_LEADS = 20  # so many that clients at once rarely change the same


@dataclass
class Me(Way):
    """``GET /api/v1/me``: what each request has to do."""

    name: str
    caller: Caller

    def send(self):
        self.caller.send("GET", "/api/v1/me")


@dataclass
class LookUp(Way):
    """``GET /api/v1/customers`` of known customers in turn, with leads and portrait.

    :param phone: of the only customer; ``""``: the known ones have their turns
    """

    name: str
    callers: Callers
    phone: str = ""

    def send(self):
        leads = self.callers.leads
        phone = self.phone or leads.make_known()["phone_no1"]
        agent = leads.payload["agent_email"]
        query = urlencode({"phone": phone, "agent_email": agent})
        answer = self.callers.token.send("GET", f"/api/v1/customers?{query}")
        assert json.loads(answer)["data"]["customers"], answer


@dataclass
class Change(Way):
    """``PATCH /api/v1/lead``: another street, other services, another portrait.

    :param tickets: of leads, which have their turns
    """

    name: str
    caller: Caller
    payload: dict
    tickets: list[int]
    numbers: itertools.count = field(default_factory=itertools.count)

    def send(self):
        turn, position = divmod(next(self.numbers), len(self.tickets))
        services = self.payload["crm_line_ids"]
        change = {
            "street": f"{turn} Hai Bà Trưng",
            "crm_line_ids": services if turn % 2 else services[:1],
            "customer_portrait": {"desires": [f"mong muốn {turn}"]},
        }
        self.caller.send(
            "PATCH",
            f"/api/v1/lead?ticket_id={self.tickets[position]}",
            json.dumps(change).encode(),
        )


class Upsert(Ours):
    """``PUT /api/v1/lead`` of a new ticket, with the full payload."""

    def send(self):
        payload = self.make_payload()
        self.caller.send("PUT", "/api/v1/lead", json.dumps(payload).encode())


def make_other_ways(callers: Callers) -> list[Way]:
    """Make the leads that are changed, and return the ways ``OTHERS``."""
    payloads = [callers.leads.make_known() for _number in range(CHANGED_LEADS)]
    for payload in payloads:
        callers.token.post("/api/v1/lead", payload)
    tickets = [payload["ticket_id"] for payload in payloads]
    return [
        Me(ME, callers.token),
        LookUp(LOOK_UP, callers),
        Change(CHANGE, callers.token, callers.leads.payload, tickets),
        Upsert(UPSERT, callers.token, callers.leads, is_known=True),
    ]
