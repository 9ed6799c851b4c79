# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure whether requests get slower while the database grows."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from benchmark.database import CONNECTIONS_ADDON, LONG_LIMITS, BenchDatabase, serve
from benchmark.measurement import Figure, measure, warm_up
from benchmark.report import Goal
from benchmark.rows import multiply
from benchmark.ways import KEPT, MADE, OURS_KNOWN, OURS_NEW, Caller, Callers, Way
from odoo_server import Server
from waiting import say_on_line

ADDONS = ("crm_lead_api_booking", "crm_lead_api_phone_call", CONNECTIONS_ADDON)
EARLIER = 5_000  # leads of one customer, in the larger database; in the smaller ten
LIMIT = 1.15  # times as long as with the fewest
SEATS = 20
HOURS = 12  # that the branch works each day
LENGTH = 3  # hours, as long as the services of a lead take, or longer
# It is noon at the branch, or the reminders would wait for the morning.
NOW = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
OPENING = NOW.replace(minute=0, second=0) - timedelta(hours=4)
LATER = 200  # days until the first booking that is measured: after all others
MAKE_SEATS = f"""
env.ref("crm_lead_api.demo_client").books_appointments = True
company = env.ref("crm_lead_api.demo_company")
company.resource_calendar_id = env["resource.calendar"].create(
    {{"name": "Ca", "tz": "Etc/GMT{NOW.hour - 12:+}", "company_id": False}})
set_hours(company.resource_calendar_id, (8, {8 + HOURS}))
env["resource.resource"].search([("is_seat", "=", True)]).is_seat = False
env["resource.resource"].create([
    {{"name": f"Phòng {{number:02}}", "company_id": company.id, "is_seat": True,
     "resource_type": "material", "calendar_id": company.resource_calendar_id.id}}
    for number in range({SEATS})
])
"""
# To let the queue of messages work within a request
GET_QUEUE = """
action = env.ref("crm_lead_api_connection.ir_cron_make_leads")
print(">>" + json.dumps([make_key(env.ref("base.user_admin")), action.id]))
"""
# Customers whose booking is to come, and those who have none
READ_LEADS = """
  SELECT lead.id, lead.phone FROM crm_lead AS lead
   WHERE lead.phone_key LIKE '+843%%'
     AND (SELECT count(*) FROM crm_booking AS booking
           WHERE booking.lead_id = lead.id AND booking.start > now()) = %s
ORDER BY lead.id DESC LIMIT 500
"""


class Growth:
    """Measures it, on one server process.

    :param quick: fewer rounds, smaller databases
    :ivar sizes: numbers of leads, each with a customer, a booking and a phone call
    """

    def __init__(self, folder: Path, quick: bool):
        self.folder = folder
        self.sizes = [2_000, 20_000] if quick else [10_000, 100_000]
        self.rounds = 10 if quick else 40
        self.figures: dict[str, list[Figure]] = {}  # one of each size, by way

    def run(self) -> None:
        databases = []
        for size in self.sizes:
            say_on_line(f"making a database of {size:,} leads")
            databases.append(make_database(f"growth_{size}", size))
        log = self.folder / "growth.log"
        log.unlink(missing_ok=True)
        with serve(databases, log, *LONG_LIMITS) as server:
            ways = []
            for size, database in zip(self.sizes, databases, strict=True):
                say_on_line(f"making a customer of many leads beside {size:,}")
                earlier = 10 if size == self.sizes[0] else EARLIER
                ways.append(make_ways(database, server, earlier))
            # Those of one kind one after the other
            ways = list(itertools.chain(*zip(*ways, strict=True)))
            warm_up(ways)
            for figure in measure(ways, "threaded", 1, self.rounds):
                self.figures.setdefault(figure.way, []).append(figure)

    def get_goals(self) -> Iterator[Goal]:
        few, many = self.sizes[0], self.sizes[-1]
        for name, figures in self.figures.items():
            ratio = figures[-1].median / figures[0].median
            yield Goal(f"median, {name}, {many:,} / {few:,}", ratio, "≤", LIMIT)

    def to_json(self) -> dict:
        medians = {}
        for name, figures in self.figures.items():
            times = [round(figure.median, 1) for figure in figures]
            medians[name] = dict(zip(self.sizes, times, strict=True))
        return {"median_ms": medians}


def make_database(name: str, size: int) -> BenchDatabase:
    """Make a database with the other addons, and a lead with a booking and a phone
    call, which are then copied; and a message that has become a lead."""
    database = BenchDatabase(name, 1, ADDONS)
    database.database.run(MAKE_SEATS)
    database.connect_forms()
    log = Path(database.log).with_name("growth.log")
    with serve([database], log) as server:
        callers = database.get_callers(server)
        lead = callers.leads.make_new()
        start = OPENING + timedelta(days=3)
        booked = book(callers, start, lead=lead)
        call(callers, lead["phone_no1"])
        callers.send_message(MADE)
        get_queue(database, server)()
    multiply(database.database, booked["id_lead"], size, has_appointments=True)
    database.read_customers()
    return database


def make_ways(database: BenchDatabase, server: Server, earlier: int) -> list[Way]:
    """Return the requests, of leads, bookings, phone calls and look-ups.

    :param earlier: leads of the customer who has many
    """
    callers = database.get_callers(server)
    leads = callers.leads
    frequent = leads.make_new()
    lead_id = callers.post(frequent)["data"]["id_lead"]
    multiply(database.database, lead_id, earlier, has_customers=False)
    [[partner_id]] = database.database.query(
        "SELECT partner_id FROM crm_lead WHERE id = %s", lead_id
    )
    frequent["account_id"] = partner_id
    others = iter(database.database.query(READ_LEADS, 0))
    [[_lead_id, phone], *_more] = database.database.query(READ_LEADS, 1)
    starts = make_starts()
    company_id = leads.payload["company_id"]
    first, last = ((NOW + timedelta(days=days)).date() for days in (2, 32))
    slots = {
        "company_id": company_id,
        "crm_line_ids": leads.payload["crm_line_ids"],
        **{"from": first.isoformat(), "to": last.isoformat()},
    }
    recent = {"updated_since": f"{(NOW - timedelta(days=30)).isoformat()}Z"}
    booked = OPENING + timedelta(days=4)
    day = {"company_id": company_id, "day": booked.date().isoformat()}

    def again(**changes):
        number = leads.make_new()["ticket_id"]
        callers.post({**frequent, "ticket_id": number, **changes})

    def get(path, query, attribute="items"):
        return lambda: callers.get(path, query, attribute)

    def book_next(**lead):
        book(callers, next(starts), **lead)

    def make_lead():
        callers.send_message(MADE)
        work()

    work = get_queue(database, server)
    many = frequent["phone_no1"]
    ways = {
        OURS_NEW: lambda: callers.post(leads.make_new()),
        OURS_KNOWN: lambda: callers.post(leads.make_known()),
        "a lead of a customer with many": again,
        "the same with another phone": lambda: again(
            phone_no1=leads.make_new()["phone_no1"]
        ),
        "look-up of a customer": lambda: callers.look_up(phone),
        "look-up of one with many leads": lambda: callers.look_up(many),
        "a booking with a new lead": lambda: book_next(lead=leads.make_new()),
        "a booking of a lead": lambda: book_next(id_lead=next(others)[0]),
        "a phone call": lambda: call(callers, next(others)[1]),
        f"free starts of a month, {SEATS} seats": get("/slots", slots, "slots"),
        "bookings of a customer": get("/bookings", {"phone": phone}),
        "bookings of a branch's day": get("/bookings", day),
        "changed bookings": get("/bookings", recent),
        "phone calls of a customer": get("/phone-calls", {"phone": phone}),
        "changed phone calls": get("/phone-calls", recent),
        KEPT: lambda: callers.send_message(KEPT),
        MADE: make_lead,
    }
    return [Way(name, send) for name, send in ways.items()]


def get_queue(database: BenchDatabase, server: Server) -> Callable:
    """Return a function by which the queue makes leads of all messages that wait."""
    key, action_id = json.loads(database.database.run(GET_QUEUE))
    admin = Caller(server, key, database.database.name)
    path = "/json/2/ir.cron/method_direct_trigger"
    return lambda: admin.post(path, {"ids": [action_id]})


def make_starts() -> Iterator[datetime]:
    """Hand out starts of bookings, each as often as there are seats."""
    for number in itertools.count():
        days, position = divmod(number // SEATS, HOURS // LENGTH)
        yield OPENING + timedelta(days=LATER + days, hours=position * LENGTH)


def book(callers: Callers, start: datetime, **lead) -> dict:
    booking = {**lead, "start": f"{start.isoformat()}Z"}
    return callers.token.post("/api/v1/bookings", booking)["data"]


def call(callers: Callers, phone: str) -> None:
    """Tell of a phone call of a customer with a lead, who is found by phone."""
    values = {
        "direction": "in",
        "phone": phone,
        "agent_email": callers.leads.payload["agent_email"],
        "started_at": f"{(NOW - timedelta(minutes=5)).isoformat()}Z",
        "answered_at": f"{(NOW - timedelta(minutes=4)).isoformat()}Z",
        "ended_at": f"{NOW.isoformat()}Z",
        "outcome": "answered",
        "note": "Khách hỏi giá nâng mũi, hẹn gọi lại.",
    }
    path = f"/api/v1/phone-calls/measured-{callers.leads.make_new()['ticket_id']}"
    callers.token.send("PUT", path, values)
