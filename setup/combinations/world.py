# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep the steps of a run, and the records that are to be there after them."""

import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from combinations.scene import MEMBERS, RESET, STAFF, Scene
from combinations.steps import Step

COMPANIES = {"looker": ("east", "west"), "reader": ("east",), "texter": ("east",)}
# Of the attributes in bodies
PATHS = {
    **{"street": ("street",), "email": ("email_from",), "phone": ("phone_no2",)},
    **{"zalo": ("zalo_acc",), "online": ("work_online",)},
    "goals": ("customer_portrait", "term_goals"),
    **{"bus": ("customer_portrait", "transport"), "card": ("card",)},
}
# What clients send and staff edit, each in several versions; 0 empties it
ATTRIBUTES = (*PATHS, "services")
# Tables of which a run makes rows
TABLES = (
    *("crm_lead", "crm_lead_service", "res_partner", "crm_customer_portrait"),
    *("crm_customer_portrait_item", "crm_lead_proposal", "mail_message"),
    *("mail_activity", "crm_booking", "crm_lead_phone_call", "crm_lead_api_event"),
    *("calendar_event", "ir_attachment", "crm_lead_api_request"),
    *("crm_lead_api_look_up", "crm_lead_api_look_up_contact"),
    *("crm_lead_api_message", "crm_lead_api_question"),
    *("crm_first_call", "crm_first_call_decision"),
)
NUMBERS = itertools.count(123_456)  # of runs; the demo data have lower phones


class Wrong(AssertionError):
    """Something is not as it should be.

    :param kind: a word for the kind of fault
    :ivar steps: that led to it
    """

    def __init__(self, kind: str, text: Any):
        super().__init__(f"{kind}: {text}")
        self.steps: list[str] = []

    def __str__(self):
        return "\n".join([super().__str__(), "", *self.steps])


def wrong(kind: str, text: Any) -> None:
    """Raise an exception about a kind of fault."""
    raise Wrong(kind, text)


@dataclass
class Lead:
    """A lead of a run.

    :param client: who sent it; ``""``: staff made it
    :param values: what its client is to read, by attribute, as far as it is known
    :param wrote: what its client last wrote, by attribute
    :param sent: the attributes that its client made it with; of others the client does
        not read what staff write
    :param places: the companies in which it was; ``""``: in none
    :param merged_into: the lead that stayed
    :param mergers: the authors of Odoo's notes with the texts of merged leads
    :param readers: the staff who could see it when it was deleted
    """

    id: int
    client: str = ""
    values: dict = field(default_factory=dict)
    wrote: dict = field(default_factory=dict)
    sent: frozenset = frozenset()
    places: set[str] = field(default_factory=set)
    merged_into: "Lead | None" = None
    mergers: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)

    @property
    def last(self) -> "Lead":
        """The lead that is there now, if it was not deleted."""
        return self.merged_into.last if self.merged_into else self


@dataclass
class Connection:
    """A connection of a run.

    :param key: of its address
    """

    id: int
    key: str
    is_paused: bool = False


@dataclass
class Message:
    """A message of a platform, which is about one lead.

    :param by: the client of the lead
    :param ref: the platform's number of it; ``None``: it has none
    :param body: as it was sent
    :param day: of its arrival
    :param former_state: that it has again if nobody discards it any more
    :param is_unclear: the lead lacks the service of a word without a meaning
    :param is_healed: nothing of it is to be given to the lead any more
    """

    id: int
    by: str
    ref: int | None
    body: dict
    customer: int
    secret: str
    day: int
    state: str = "waiting"
    former_state: str = "waiting"
    lead: Lead | None = None
    is_unclear: bool = False
    is_healed: bool = False

    @property
    def is_word(self) -> bool:
        """Tell whether the service is a word that has no meaning at first."""
        return (self.body["service"] or "").startswith("Từ")

    def is_same(self, by: str, ref: int | None, body: dict, day: int) -> bool:
        """Tell whether what a platform sends is this message again: by its number, or
        else, for a day, by its content."""
        is_equal = self.body == body and self.day == day if ref is None else True
        return (self.by, self.ref) == (by, ref) and is_equal


@dataclass
class Member:
    """A member of the team that gives its leads out.

    :param limit: of leads that wait for a first call; 0: none
    :param place: the branch whose leads the member has the skills for; ``""``: all
    """

    is_on_duty: bool = True
    is_active: bool = True
    limit: int = 0
    place: str = ""


@dataclass
class Done:
    """Hold the effects of a step.

    :param changed: the leads whose bodies may have changed
    :param is_equal: nothing at all may have changed
    """

    changed: list[Lead] = field(default_factory=list)
    is_equal: bool = False


class World:
    """The records of a run of steps, with customers and tickets of its own."""

    def __init__(self, scene: Scene):
        self.scene, self.query = scene, scene.query
        self.number = next(NUMBERS)
        self.said: list[str] = []
        self.leads: list[Lead] = []
        self.tickets: dict[tuple[str, int], list[Lead]] = {}
        self.secrets: dict[str, list[Lead]] = {}  # the leads that each is about
        self.refused: dict[str, list[set]] = {}  # companies, of secrets in vain
        self.contacts = {3: [scene.colleague]}  # ids, by customer
        self.heirs: dict[int, int] = {}  # the contact that stayed in a merge
        self.requests: dict[str, tuple] = {}  # the last one of each client
        self.keys: dict[tuple, tuple] = {}
        self.contents: dict[str, list[tuple]] = {}  # of POST, by client
        self.notes: list[tuple[int, Lead]] = []
        self.calls: dict[tuple[str, int], datetime] = {}  # when they began
        self.bookings: dict[int, int] = {}  # by lead
        self.connections: dict[str, Connection] = {}  # by client
        self.messages: list[Message] = []
        self.mapped: set[str] = set()  # clients whose question has an attribute
        self.named: set[str] = set()  # clients whose word has a meaning
        self.members = {name: Member() for name in MEMBERS}
        self.rules = {"gives_leads_out"}  # of the team that are on
        self.is_closed = False  # the team, for a holiday
        self.first_calls: dict[int, tuple] = {}  # by lead
        self.look_ups = 0
        self.erased: list[tuple] = []
        self.days = self.minutes = 0  # that have passed
        self.reason = ""  # for which staff could not do the last step
        self.newest = scene.database.read_newest()
        self.last_decision = self.newest["crm_first_call_decision"]
        scene.query(RESET, scene.team)
        self.start = scene.query("SELECT now() AT TIME ZONE 'utc'")[0][0]
        self.facts: dict[int, tuple] = {}  # of each lead in the database
        self.bodies: dict[str, dict[int, dict]] = {name: {} for name in COMPANIES}

    def may(self, step: Step) -> bool:
        """Tell whether a step makes sense now."""
        return not step.needs or bool(getattr(self, step.needs))

    # ------------------------------------------------------------ the scene

    def send(self, by: str, method: str, path: str, payload=None, key="", headers=()):
        """Send a request of a client.

        :param by: the client
        """
        token, headers = self.scene.tokens[by], [*headers, ("Idempotency-Key", key)]
        answer = self.scene.server.call(token, method, path, payload, *headers)
        if answer.status >= 500:
            wrong("Fault", f"{method} {path} got {answer.status}: {answer.body}")
        return answer

    def run_cron(self, cron: int) -> None:
        """Let a scheduled action run now."""
        if cron == self.scene.team["cron"] and self.is_closed:
            for member in self.members.values():  # whose working day is over
                member.is_on_duty &= not member.is_active
        self.call("boss", "ir.cron", "method_direct_trigger", [cron])

    def age(self, days: int = 0, minutes: int = 0) -> None:
        """Let all that the run made become older."""
        for table in TABLES:
            sets = ", ".join(
                f"{column} = {column} - interval '{days} days {minutes} minutes'"
                for column, has_days_alone in self.scene.times[table]
                if days or not has_days_alone
            )
            if sets:
                update = f"UPDATE {table} SET {sets} WHERE id > %s"  # noqa: S608
                self.query(update, self.newest[table])
        for call in self.calls:
            self.calls[call] -= timedelta(days=days, minutes=minutes)
        self.days += days
        self.minutes += minutes

    def call(self, who: str, model: str, method: str, ids=(), context=(), **arguments):
        """Let a member of staff call a method, as the web client does.

        :return: what the method returned; ``None``: the person was told why not
        :raise Wrong: a traceback
        """
        places = [self.scene.companies[place] for place in STAFF[who][0]]
        own = {"allowed_company_ids": places, "tz": "Asia/Ho_Chi_Minh"}
        context = {**own, **dict(context)}
        data = {"context": context, **({"ids": list(ids)} if ids else {}), **arguments}
        key, act = self.scene.keys[who], self.scene.server.act
        status, text = act(key, f"{model}/{method}", **data)
        result = json.loads(text)
        if status == 200:
            self.reason = ""
            return result if result is not None else True
        module, _dot, self.reason = result["name"].rpartition(".")
        self.message = result["message"]
        if module != "odoo.exceptions":
            wrong("Traceback", f"{who}: {model}.{method}: {result['debug']}")
        return None

    # ------------------------------------------------------------ what is there

    def take_snapshot(self) -> dict[str, str]:
        """Return a hash of the run's rows of each table, without the log."""
        tables = [table for table in TABLES if not table.startswith("crm_lead_api_r")]
        tables = [table for table in tables if "look_up" not in table]
        hashes = " UNION ALL ".join(
            f"SELECT '{t}', md5(string_agg(t::text, '' ORDER BY id)) FROM {t} t "  # noqa: S608
            f"WHERE id > {self.newest[t]}"
            for t in tables
        )
        return dict(self.query(hashes))

    def get_lead(self, number: int) -> Lead:
        """Return one of the leads that were made, counted from 1."""
        return self.leads[(number - 1) % len(self.leads)].last

    def find_lead(self, lead_id: int) -> Lead | None:
        return next((each for each in self.leads if each.id == lead_id), None)

    def is_there(self, lead: Lead) -> bool:
        return lead.id in self.facts

    def find_open(self, by: str, ticket: int) -> list[Lead]:
        """Return the open leads of a client's ticket."""
        leads = {lead.last.id: lead.last for lead in self.tickets.get((by, ticket), ())}
        bodies = self.bodies[by]
        return [
            lead
            for lead in leads.values()
            if lead.id in bodies and bodies[lead.id]["state"] not in ("won", "lost")
        ]

    def is_own(self, by: str, lead: Lead) -> bool:
        """Tell whether a client has sent a lead, or one that was merged into it."""
        return any(each.last is lead.last and each.client == by for each in self.leads)

    def may_change(self, by: str, lead: Lead) -> bool:
        """Tell whether a client may change a lead, which it can read."""
        return lead.id in self.bodies[by] and self.is_own(by, lead)

    def sees(self, who: str, lead: Lead) -> bool:
        """Tell whether a member of staff may see a lead."""
        lead = lead.last
        if not self.is_there(lead):
            return who in lead.readers
        places, sees_all = STAFF[who]
        company, user = self.facts[lead.id][:2]
        in_place = company is None or company in self.get_company_ids(places)
        return in_place and (sees_all or user in (None, self.scene.users[who]))

    def get_company_ids(self, places) -> set[int]:
        return {self.scene.companies[place] for place in places}

    def get_contact(self, customer: int) -> int | None:
        """Return the contact of a customer, as a client learned of it first."""
        return next(iter(self.contacts.get(customer, ())), None)

    def find_heir(self, contact: int) -> int:
        """Return the contact that a contact was merged into, or itself."""
        while contact in self.heirs:
            contact = self.heirs[contact]
        return contact

    def get_same_contact(self, lead: Lead) -> list[Lead]:
        """Return the leads with the contact of a lead."""
        return self.find_of_contact(self.facts[lead.id][2])

    def find_of_contact(self, contact: int | None) -> list[Lead]:
        return [
            lead
            for lead in self.leads
            if contact and self.is_there(lead) and self.facts[lead.id][2] == contact
        ]

    def forget_values(self, contact: int | None) -> list[Lead]:
        """Foretell nothing more of the leads of a contact, and return them."""
        leads = self.find_of_contact(contact)
        for lead in leads:
            lead.values = {}
        return leads

    def discard_messages(self, contact: int) -> None:
        """Foretell that what waits of an erased person never becomes a lead."""
        query = "SELECT phone, phone2, phone3 FROM res_partner WHERE id = %s"
        phones = {phone for row in self.query(query, contact) for phone in row}
        for message in self.messages:
            if message.state == "waiting" and message.body["phone"] in phones:
                message.state = "discarded"

    # ------------------------------------------------------------ what is sent

    def get_secret(self, *words) -> str:
        """Return a text that only those may see who may see what the words name."""
        return f"secret-{'-'.join(map(str, (self.number, *words)))}x"

    def find_secrets(self, text: str) -> set[str]:
        """Return the secrets of this run in a text."""
        return set(re.findall(rf"secret-{self.number}-[\w-]+x", text))

    def own_secret(self, secret: str, lead: Lead) -> None:
        """Note that a secret is about a lead."""
        owners = self.secrets.setdefault(secret, [])
        owners += [] if lead in owners else [lead]

    def refuse(self, secret: str, *places: str) -> None:
        """Note that a secret is in the log for those who have all of the companies."""
        self.refused.setdefault(secret, []).append({*places})

    def get_value(self, name: str, version: int, secret: str, customer: int = 1):
        """Return a version of an attribute."""
        if not version:
            return None
        return {
            "street": f"{version} Lê Lợi",
            "email": f"k{self.number}.{version}@example.com",
            "phone": f"08{self.number:06}{customer}{version}",
            "zalo": f"zalo.{self.number}.{version}",
            "online": ("yes", "no")[version - 1],
            "goals": f"goals {version} {secret}",
            "bus": ("bus", "car")[version - 1],
            "card": f"card {version}",
            "services": self.scene.services[:version],
        }[name]

    def to_payload(self, values: dict) -> dict:
        """Return a payload with the values of attributes."""
        payload: dict = {}
        for name, value in values.items():
            if name == "services":
                payload["crm_line_ids"] = value or self.scene.services[1:]
                continue
            *parents, last = PATHS[name]
            part = payload
            for parent in parents:
                part = part.setdefault(parent, {})
            part[last] = value
        return payload

    def to_ticket(self, by: str, ticket: int):
        """Return a ticket as a client names it."""
        number = self.number * 10 + ticket
        return f"TCK-{number}" if by == "texter" else number


def read(body: dict, name: str) -> Any:
    """Return the value of an attribute in what a client reads."""
    for key in PATHS[name]:
        body = body[key]
    return body
