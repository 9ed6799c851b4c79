# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ways to get leads into Odoo, as an integrator would write each."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from benchmark.client import Caller, Leads

QUIET = {"mail_auto_subscribe_no_notify": True}
NOTRACK = {"tracking_disable": True}


class Way(ABC):
    """A way to make leads.

    :param name: for people
    :param size: how many leads it makes at once
    """

    name: str
    size: int = 1

    @abstractmethod
    def send(self) -> None:
        """Make leads, with as many calls as it takes.

        :raise AssertionError: it was refused
        """


@dataclass
class Ours(Way):
    """``POST /api/v1/lead`` with the full payload."""

    name: str
    caller: Caller
    leads: Leads
    is_known: bool = False

    def send(self):
        self.caller.post("/api/v1/lead", self.make_payload())

    def make_payload(self) -> dict:
        return self.leads.make_known() if self.is_known else self.leads.make_new()


class Fastapi(Ours):
    """The same job, written on OCA's ``fastapi``."""

    def send(self):
        self.caller.post("/fastapi/leads/lead", self.make_payload())


@dataclass
class OursInBulk(Way):
    """``POST /api/v1/leads``."""

    name: str
    caller: Caller
    leads: Leads
    size: int

    def send(self):
        leads = [
            {**self.leads.make_new(), "ref": str(position)}
            for position in range(self.size)
        ]
        answer = self.caller.post("/api/v1/leads", {"leads": leads})
        results = answer["data"]["results"]
        statuses = [result["status"] for result in results]
        assert statuses == [200] * self.size, answer


@dataclass
class Json2(Way):
    """``POST /json/2/<model>/<method>``: look for the contacts, make those that are not
    there, make the leads. That is less than the lead API does: it has no services, no
    portrait, no log.

    :param agent_id: of the salesperson
    :param context: of Odoo, that leaves something out
    """

    name: str
    caller: Caller
    leads: Leads
    agent_id: int
    context: dict
    size: int = 1
    is_known: bool = False

    def send(self):
        payloads = [self.make_payload() for _number in range(self.size)]
        phones = [payload["phone_no1"] for payload in payloads]
        found = self.call(
            *("res.partner", "search_read"),
            domain=[["phone", "in", phones]],
            fields=["phone"],
            limit=len(phones),
        )
        partners = {partner["phone"]: partner["id"] for partner in found}
        assert len(partners) == (self.size if self.is_known else 0), found
        new = [p for p in payloads if p["phone_no1"] not in partners]
        if new:
            ids = self.call(
                "res.partner", "create", vals_list=list(map(to_partner_values, new))
            )
            partners |= dict(zip(phones, ids, strict=True))
        self.call(
            *("crm.lead", "create"),
            vals_list=[
                {
                    **to_lead_values(payload),
                    "partner_id": partners[payload["phone_no1"]],
                    "user_id": self.agent_id,
                }
                for payload in payloads
            ],
        )

    def make_payload(self) -> dict:
        return self.leads.make_known() if self.is_known else self.leads.make_new()

    def call(self, model: str, method: str, **arguments):
        return self.caller.post(
            f"/json/2/{model}/{method}", {**arguments, "context": self.context}
        )


def to_partner_values(payload: dict) -> dict:
    return {
        "name": payload["contact_name"],
        "phone": payload["phone_no1"],
        "email": payload["email_from"],
        "street": payload["street"],
        "state_id": payload["state_id"],
        "country_id": payload["country_id"],
    }


def to_lead_values(payload: dict) -> dict:
    return {
        "name": payload["contact_name"],
        "contact_name": payload["contact_name"],
        "phone": payload["phone_no1"],
        "email_from": payload["email_from"],
        "street": payload["street"],
        "state_id": payload["state_id"],
        "country_id": payload["country_id"],
        "company_id": payload["company_id"],
        "source_id": payload["source_id"],
        "campaign_id": payload["campaign_id"],
    }


# How the ways are called in tables and goals
OURS = "ours"
OURS_NEW = "ours, new customer"
OURS_KNOWN = "ours, known customer"
FASTAPI = "fastapi"
JSON2 = "JSON-2"
JSON2_QUIET = "JSON-2 quiet"
JSON2_NOTRACK = "JSON-2 no tracking"
JSON2_KNOWN = "JSON-2, known contact"
REPLAYED = "ours, replayed"
UNAUTHORIZED = "ours, wrong token"
# Of SQL, at most so many
STATEMENTS = {OURS_NEW: 40, OURS_KNOWN: 37, REPLAYED: 8, UNAUTHORIZED: 5}
WRONG_TOKEN = f"crmlead_{'0' * 40}"
CONTEXTS = {JSON2: {}, JSON2_QUIET: QUIET, JSON2_NOTRACK: NOTRACK}


@dataclass
class Callers:
    """Hold the clients of a server.

    :param token: has one of the lead API
    :param key: has a key for JSON-2 and fastapi
    :param agent_id: the salesperson of the leads
    """

    token: Caller
    key: Caller
    leads: Leads
    agent_id: int

    def get_ways(self) -> list[Way]:
        """Return the ways to make one lead that each database has."""
        return [
            Ours(OURS_NEW, self.token, self.leads),
            Ours(OURS_KNOWN, self.token, self.leads, is_known=True),
            *(self.make_json2(name, name) for name in CONTEXTS),
            self.make_json2(JSON2_KNOWN, JSON2, is_known=True),
        ]

    def get_fastapi_way(self) -> Way:
        """Return the one that only a database with that addon has."""
        return Fastapi(FASTAPI, self.key, self.leads)

    def get_bulk_ways(self, size: int) -> list[Way]:
        """Return the ways to make many leads at once."""
        return [
            OursInBulk(f"{OURS}, {size} at once", self.token, self.leads, size),
            *(
                self.make_json2(f"{name}, {size} at once", name, size=size)
                for name in CONTEXTS
            ),
        ]

    def make_json2(self, name: str, context: str, **options) -> Json2:
        return Json2(
            name, self.key, self.leads, self.agent_id, CONTEXTS[context], **options
        )
