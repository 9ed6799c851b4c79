# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The requests about bookings and phone calls, beside the one that makes a lead."""

import itertools
import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlencode

from odoo_server import Server

from benchmark.client import Caller
from benchmark.database import LONG_LIMITS, BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.measurement import (
    COUNTING,
    Clock,
    Figure,
    count_statements,
    say,
    warm_up,
)
from benchmark.ways import Callers, Ours, Way

ADDONS = ("crm_lead_api_booking", "crm_lead_api_phone_call")
SEATS = 20  # of a branch
BRANCHES = 20
HOURS = 12  # that a branch works each day
LENGTH = 3  # hours, as long as the services of a lead take, or longer
# It is noon at the branches, or the reminders would wait for the morning.
NOW = datetime.now(timezone.utc).replace(tzinfo=None)
OPENING = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(hours=4)
ZONE = f"Etc/GMT{NOW.hour - 12:+}"
MAKE_SEATS = f"""
from datetime import datetime, timedelta
client = env.ref("crm_lead_api.demo_client")
client.books_appointments = True
other = env["crm.lead.api.client"].create({{
    "name": "Kiosk", "company_ids": client.company_ids.ids,
    "company_id": client.company_id.id, "books_appointments": True,
    "user_id": client.user_id.copy({{"login": "kiosk", "name": "Kiosk"}}).id,
}})
print(">>" + other._generate_token("bench", datetime.now() + timedelta(days=1)))
company = env.ref("crm_lead_api.demo_company")
branches = company | env["res.company"].create([
    {{"name": f"Chi nhánh {{number}}", "parent_id": company.id}}
    for number in range(1, {BRANCHES})
])
calendar = env["resource.calendar"].create({{
    "name": "Ca", "tz": "{ZONE}", "company_id": False, "attendance_ids": [
        (0, 0, {{"name": "Ca", "dayofweek": str(day), "hour_from": 8,
                "hour_to": {8 + HOURS}, "day_period": "morning"}})
        for day in range(7)
    ],
}})
branches.resource_calendar_id = calendar
env["resource.resource"].search([("is_seat", "=", True)]).is_seat = False
env["resource.resource"].create([
    {{"name": f"Phòng {{number:02}}", "company_id": branch.id, "is_seat": True,
     "resource_type": "material", "calendar_id": calendar.id}}
    for branch in branches for number in range({SEATS})
])
env.cr.commit()
"""
READ_LEADS = """
  SELECT lead.id, lead.phone
    FROM crm_lead AS lead
   WHERE lead.phone_key LIKE '+843%%'
     AND NOT EXISTS (SELECT FROM crm_booking AS booking
                      WHERE booking.partner_id = lead.partner_id
                        AND booking.state = 'booked')
ORDER BY lead.id DESC
   LIMIT 1000
"""

LEAD = "a lead of a new customer"
BOOKING_NEW = "a booking with a new lead"
BOOKING_KNOWN = "a booking of a lead"
PHONE_CALL = "a phone call"
SLOTS = f"free starts of a month, {SEATS} seats"
# Beside the lead in the same run, and at most so many times as long
RATIOS = {BOOKING_NEW: 1.5, BOOKING_KNOWN: 0.8, PHONE_CALL: 0.5}
MORE_STATEMENTS = 20  # of a booking with a new lead than of the lead, at most
SLOTS_MS = 150
LATER = 40  # days until the first booking that is measured


class Appointments:
    """Measures the requests about bookings and phone calls, on one server process.

    :param size: leads in the database beforehand
    :param rounds: in which each request has its turn
    :param folder: for logs
    """

    def __init__(self, size: int, rounds: int, folder: Path):
        self.size = size
        self.rounds = rounds
        self.folder = folder
        self.figures: dict[str, Figure] = {}
        self.notes: list[str] = []

    def run(self) -> None:
        say("making the database")
        database = make_database("appointments", self.size)
        log = self.folder / "appointments.log"
        log.unlink(missing_ok=True)
        with serve([database], log, *LONG_LIMITS) as server:
            ways = make_ways(database, server)
            warm_up(ways)
            figures = Clock("threaded").measure(ways, 1, self.rounds, 1)
            self.figures = {figure.way: figure for figure in figures}
        with serve([database], log, COUNTING, *LONG_LIMITS) as server:
            say("counting statements")
            ways = make_ways(database, server)
            warm_up(ways)
            for way in ways:
                self.figures[way.name].statements = count_statements(
                    server, way.send, times=5, is_ours=True
                )

    # ------------------------------------------------------------ what came of it

    def get_goals(self) -> list[Goal]:
        lead, new = self.figures[LEAD], self.figures[BOOKING_NEW]
        more = new.statements - lead.statements
        return [
            *(
                Goal(
                    f"median, {name} / {LEAD}",
                    self.figures[name].median / lead.median,
                    "≤",
                    limit,
                )
                for name, limit in RATIOS.items()
            ),
            Goal(f"SQL statements more, {BOOKING_NEW}", more, "≤", MORE_STATEMENTS),
            Goal(f"median ms, {SLOTS}", self.figures[SLOTS].median, "≤", SLOTS_MS),
        ]

    def to_table(self) -> list[list[str]]:
        table = [["request", "median ms", "p95 ms", "that / lead", "SQL"]]
        for name, figure in self.figures.items():
            table.append(
                [
                    *(name, f"{figure.median:.0f}", f"{figure.p95:.0f}"),
                    f"{figure.median / self.figures[LEAD].median:.2f}",
                    f"{figure.statements:.0f}",
                ]
            )
        return table

    def to_json(self) -> dict:
        return {
            "leads_in_database": self.size,
            "figures": [figure.to_json() for figure in self.figures.values()],
        }


def make_database(name: str, size: int) -> BenchDatabase:
    """Make a database with both addons, branches with seats, and another client.

    :param size: leads
    """
    database = BenchDatabase(name, size, ADDONS)
    database.callers["other"] = database.database.run(MAKE_SEATS)
    return database


def make_ways(database: BenchDatabase, server: Server) -> list[Way]:
    """Return the ways to send each kind of request."""
    callers = database.get_callers(server)
    leads = iter(database.database.query(READ_LEADS))
    starts = Starts()
    return [
        Ours(LEAD, callers.token, callers.leads),
        BookNew(BOOKING_NEW, callers, starts),
        BookKnown(BOOKING_KNOWN, callers, starts, leads),
        Phone(PHONE_CALL, callers, leads),
        make_slots(callers),
    ]


def make_slots(callers: Callers) -> "Get":
    payload = callers.leads.payload
    first, last = ((NOW + timedelta(days=days)).date() for days in (2, 32))
    query = {
        "company_id": payload["company_id"],
        "crm_line_ids": payload["crm_line_ids"],
        **{"from": first.isoformat(), "to": last.isoformat()},
    }
    return Get(SLOTS, callers.token, "/slots", query, "slots")


class Starts:
    """Hand out starts of bookings, for each as many as there are seats."""

    numbers = itertools.count()  # of all, for a database may be measured twice

    def get_next(self) -> str:
        turn = next(self.numbers) // SEATS
        days, position = divmod(turn, HOURS // LENGTH)
        start = OPENING + timedelta(days=LATER + days, hours=position * LENGTH)
        return f"{start.isoformat()}Z"


@dataclass
class BookNew(Way):
    """``POST /api/v1/bookings`` with a lead of a new customer."""

    name: str
    callers: Callers
    starts: Starts

    def send(self):
        booking = {
            "lead": self.callers.leads.make_new(),
            "start": self.starts.get_next(),
        }
        self.callers.token.post("/api/v1/bookings", booking)


@dataclass
class BookKnown(BookNew):
    """``POST /api/v1/bookings`` of a lead that is there.

    :param leads: ids and phones, whose customers have no booking
    """

    leads: itertools.chain

    def send(self):
        lead_id, _phone = next(self.leads)
        booking = {"id_lead": lead_id, "start": self.starts.get_next()}
        self.callers.token.post("/api/v1/bookings", booking)


@dataclass
class Phone(Way):
    """``PUT /api/v1/phone-calls`` of a customer with a lead, who is found by phone."""

    name: str
    callers: Callers
    leads: itertools.chain

    def send(self):
        _lead_id, phone = next(self.leads)
        start = datetime.now(timezone.utc).replace(microsecond=0)
        call = {
            "direction": "in",
            "phone": phone,
            "agent_email": self.callers.leads.payload["agent_email"],
            "started_at": (start - timedelta(minutes=5)).isoformat(),
            "answered_at": (start - timedelta(minutes=4)).isoformat(),
            "ended_at": start.isoformat(),
            "outcome": "answered",
            "note": "Khách hỏi giá nâng mũi, hẹn gọi lại.",
        }
        number = self.callers.leads.make_new()["ticket_id"]
        path = f"/api/v1/phone-calls/measured-{number}"
        self.callers.token.send("PUT", path, json.dumps(call).encode())


@dataclass
class Get(Way):
    """A request that reads something that is there.

    :param path: below ``/api/v1``
    :param query: the parameters
    :param attribute: of the answer, with what was found
    """

    name: str
    caller: Caller
    path: str
    query: dict
    attribute: str = "items"

    def send(self):
        query = urlencode(self.query, doseq=True)
        answer = self.caller.send("GET", f"/api/v1{self.path}?{query}")
        assert json.loads(answer)["data"][self.attribute], self.query
