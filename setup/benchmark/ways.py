# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ways to get leads into Odoo over HTTP, as an integrator would write each."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from urllib.parse import urlencode

from google_form import make_message
from odoo_server import JSON, Server

# How the ways are called in tables and goals
OURS = "ours"
OURS_NEW = "ours, new customer"
OURS_KNOWN = "ours, known customer"
REPLAYED = "ours, replayed"
LOOK_UP = "ours, look-up"
CHANGE = "ours, PATCH"
KEPT = "a message, kept"  # of a connection that is not live yet
MADE = "a message, made a lead"
FASTAPI = "fastapi"
JSON2 = "JSON-2"
JSON2_QUIET = "JSON-2 quiet"
JSON2_NOTRACK = "JSON-2 no tracking"
JSON2_KNOWN = "JSON-2, known contact"
CONTEXTS = {
    JSON2: {},
    JSON2_QUIET: {"mail_auto_subscribe_no_notify": True},
    JSON2_NOTRACK: {"tracking_disable": True},
}
CHANGED_LEADS = 20  # so many that clients at once rarely change the same
# Of a contact and of a lead by JSON-2: its names, and those of the payload
SAME = ("street", "state_id", "country_id")
PARTNER = {
    **{"name": "contact_name", "phone": "phone_no1", "email": "email_from"},
    **dict(zip(SAME, SAME, strict=True)),
}
LEAD = {
    **{"name": "contact_name", "contact_name": "contact_name", "phone": "phone_no1"},
    **{name: name for name in ("email_from", "company_id", "source_id", "campaign_id")},
    **dict(zip(SAME, SAME, strict=True)),
}


@dataclass
class Caller:
    """Sends JSON to a server, for a database, with a token or an API key."""

    server: Server
    secret: str
    database: str

    def post(self, path: str, data):
        """Send a request, and return the content of its answer."""
        return json.loads(self.send("POST", path, data))

    def send(self, method: str, path: str, data=None) -> str:
        headers = [JSON, ("Authorization", f"Bearer {self.secret}")]
        headers.append(("X-Odoo-Database", self.database))
        body = "" if data is None else json.dumps(data)
        status, _head, text = self.server.send(method, path, headers, body)
        assert status == 200, f"{path}: {status} {text}"
        return text


class Leads:
    """Payloads of leads that nobody has sent before.

    :param payload: a full one
    :ivar customers: what of a payload known customers say, who are sent in turn
    """

    def __init__(self, payload: dict):
        self.payload = payload
        self.numbers = itertools.count(10_000_000)
        self.customers: Iterator[dict] = iter(())
        self.lock = Lock()

    def make_new(self) -> dict:
        """Return one of a new customer."""
        number = next(self.numbers)
        return {
            **self.payload,
            **{f"phone_no{n}": f"0{10 - n}{number:08}" for n in (1, 2, 3)},
            "ticket_id": number,
            "contact_name": f"Trần Thị {number}",
            "email_from": f"c{number}@example.com",
            "facebook_acc": f"c{number}",
            "zalo_acc": f"09{number:08}",
        }

    def make_known(self) -> dict:
        """Return one of a known customer."""
        with self.lock:  # threads share it
            customer = next(self.customers)
        return {**self.payload, **customer, "ticket_id": next(self.numbers)}


@dataclass
class Way:
    """A way to make leads.

    :param name: for people
    :param send: makes them, with as many requests as it takes
    :param size: how many leads it makes at once
    """

    name: str
    send: Callable[[], object]
    size: int = 1


@dataclass
class Callers:
    """Hold the clients of a server.

    :param token: has one of the lead API
    :param key: has a key for JSON-2 and fastapi
    :param agent_id: the salesperson of the leads
    :param addresses: for messages of a platform, paths by the name of the way
    """

    token: Caller
    key: Caller
    leads: Leads
    agent_id: int
    addresses: dict[str, str] = field(default_factory=dict)

    def get_ways(self) -> list[Way]:
        """Return the ways of one lead that each database has."""
        leads = self.leads
        replayed = leads.make_new()
        self.post(replayed)
        changed = [leads.make_known() for _number in range(CHANGED_LEADS)]
        for payload in changed:
            self.post(payload)
        tickets = [payload["ticket_id"] for payload in changed]
        numbers = itertools.count()
        return [
            Way(OURS_NEW, lambda: self.post(leads.make_new())),
            Way(OURS_KNOWN, lambda: self.post(leads.make_known())),
            *(self.make_json2(name, name) for name in CONTEXTS),
            self.make_json2(JSON2_KNOWN, JSON2, is_known=True),
            Way(REPLAYED, lambda: self.post(replayed)),
            Way(LOOK_UP, lambda: self.look_up(leads.make_known()["phone_no1"])),
            Way(CHANGE, lambda: self.change(tickets, next(numbers))),
            *(Way(name, partial(self.send_message, name)) for name in self.addresses),
        ]

    def get_bulk_ways(self, size: int) -> list[Way]:
        """Return the ways to make many leads at once."""
        ours = Way(f"{OURS}, {size} at once", lambda: self.post_many(size), size)
        names = {name: f"{name}, {size} at once" for name in CONTEXTS}
        return [ours, *(self.make_json2(names[each], each, size) for each in names)]

    def get_fastapi_way(self) -> Way:
        """Return the one that only a database with that addon has."""
        path, make = "/fastapi/leads/lead", self.leads.make_new
        return Way(FASTAPI, lambda: self.key.post(path, make()))

    def send_message(self, name: str) -> None:
        """Let a platform send the message of a new customer."""
        message = make_message(self.leads.make_new())
        self.token.post(self.addresses[name], message)

    def post(self, payload: dict) -> dict:
        return self.token.post("/api/v1/lead", payload)

    def post_many(self, size: int) -> None:
        leads = [{**self.leads.make_new(), "ref": str(n)} for n in range(size)]
        answer = self.token.post("/api/v1/leads", {"leads": leads})
        statuses = [result["status"] for result in answer["data"]["results"]]
        assert statuses == [200] * size, answer

    def look_up(self, phone: str) -> None:
        agent = self.leads.payload["agent_email"]
        self.get("/customers", {"phone": phone, "agent_email": agent}, "customers")

    def get(self, path: str, query: dict, attribute: str = "items") -> None:
        """Read something that is there.

        :param path: below ``/api/v1``
        :param attribute: of the answer, with what was found
        """
        query = urlencode(query, doseq=True)
        answer = json.loads(self.token.send("GET", f"/api/v1{path}?{query}"))
        assert answer["data"][attribute], (path, query)

    def change(self, tickets: list[int], number: int) -> None:
        """Change the street, the services and the portrait of a lead."""
        turn, position = divmod(number, len(tickets))
        services = self.leads.payload["crm_line_ids"]
        change = {
            "street": f"{turn} Hai Bà Trưng",
            "crm_line_ids": services if turn % 2 else services[:1],
            "customer_portrait": {"desires": [f"mong muốn {turn}"]},
        }
        path = f"/api/v1/lead?ticket_id={tickets[position]}"
        self.token.send("PATCH", path, change)

    def make_json2(self, name: str, context: str, size=1, is_known=False) -> Way:
        """Return the way by Odoo's own API: look for the contacts, make those that are
        not there, make the leads. That is less than the lead API does: it has no
        services, no portrait, no log."""
        make = self.leads.make_known if is_known else self.leads.make_new

        def call(model, method, **arguments):
            arguments["context"] = CONTEXTS[context]
            return self.key.post(f"/json/2/{model}/{method}", arguments)

        def send():
            payloads = [make() for _number in range(size)]
            phones = [payload["phone_no1"] for payload in payloads]
            found = call(
                *("res.partner", "search_read"),
                domain=[["phone", "in", phones]],
                fields=["phone"],
                limit=len(phones),
            )
            partners = {partner["phone"]: partner["id"] for partner in found}
            assert len(partners) == (size if is_known else 0), found
            if not is_known:
                values = [{k: each[v] for k, v in PARTNER.items()} for each in payloads]
                ids = call("res.partner", "create", vals_list=values)
                partners = dict(zip(phones, ids, strict=True))
            values = [
                {
                    **{name: payload[source] for name, source in LEAD.items()},
                    "partner_id": partners[payload["phone_no1"]],
                    "user_id": self.agent_id,
                }
                for payload in payloads
            ]
            call("crm.lead", "create", vals_list=values)

        return Way(name, send, size)
