# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure whether requests get slower while there are more bookings and phone calls."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from odoo_server import Server

from benchmark.appointment_rows import COMING, fill_appointments
from benchmark.appointments import (
    NOW,
    OPENING,
    BookNew,
    Get,
    Starts,
    make_database,
    make_ways,
)
from benchmark.client import Caller
from benchmark.database import BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.measurement import say, time_sending, warm_up
from benchmark.other_ways import LookUp
from benchmark.ways import Way

LEADS = 100_000  # in each database
ROUNDS = 40
LIMIT = 1.15  # times as long as with the fewest
DUE, TURNS = 20, 6
REMINDERS = f"reminders of {DUE} bookings"
# Who is read has a booking to come and a phone call, however many there are of others.
READ_CUSTOMER = """
  SELECT lead.phone
    FROM crm_lead AS lead
    JOIN crm_booking AS booking ON booking.lead_id = lead.id
    JOIN crm_lead_phone_call AS call ON call.lead_id = lead.id
   WHERE booking.code LIKE 'BM-%%' AND booking.start > %s
ORDER BY lead.id DESC
   LIMIT 1
"""
REMIND = f"""
import json, time
from datetime import datetime, timedelta
bookings = env["crm.booking"].search(
    [("reminder_date", "!=", False)], limit={DUE * TURNS}, order="start, id"
)
durations = []
for number in range({TURNS}):
    due = bookings[{DUE} * number:{DUE} * (number + 1)]
    due.reminder_date = datetime.now() - timedelta(minutes=1)
    env.cr.commit()
    env.invalidate_all()
    start = time.perf_counter()
    due._cron_remind()
    durations.append(time.perf_counter() - start)
    assert len(due.reminder_call_id) == {DUE}, due.mapped("reminder_date")
print(">>" + json.dumps(durations[1:]))
"""


class AppointmentGrowth:
    """Measures it, on one server process.

    :param sizes: the numbers of phone calls, by numbers of bookings
    :param folder: for logs
    """

    def __init__(self, sizes: dict[int, int], folder: Path):
        self.sizes = sizes
        self.folder = folder
        self.medians: dict[str, list[float]] = {}  # of each size, in ms, by request
        self.notes: list[str] = []

    def run(self) -> None:
        say("making the database")
        empty = make_database("appointments_0", LEADS)
        databases = []
        for bookings, calls in self.sizes.items():
            say(f"making {bookings:,} bookings and {calls:,} phone calls")
            database = empty.copy(f"appointments_{bookings}")
            fill_appointments(database.database, bookings, calls, OPENING)
            databases.append(database)
        with serve(databases, self.folder / "appointment_growth.log") as server:
            self.measure([make_all_ways(each, server) for each in databases])
        say("reminding")
        self.medians[REMINDERS] = [
            1000 * median(json.loads(each.database.run(REMIND))) for each in databases
        ]

    def measure(self, sizes: list[list[Way]]) -> None:
        """Take the median of each way with each size, which all have their turns."""
        durations = {way.name: [[] for _size in sizes] for way in sizes[0]}
        for ways in sizes:
            warm_up(ways)
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}")
            turns = list(enumerate(zip(*sizes, strict=True)))
            for _position, ways in turns if number % 2 else reversed(turns):
                for size, way in enumerate(ways):
                    durations[way.name][size].append(time_sending(way))
        self.medians = {
            name: [1000 * median(each) for each in of_sizes]
            for name, of_sizes in durations.items()
        }

    def get_goals(self) -> list[Goal]:
        most = list(self.sizes)[-1]
        return [
            Goal(
                f"median, {name}, {most:,} bookings / {COMING:,}",
                medians[-1] / medians[0],
                "≤",
                LIMIT,
            )
            for name, medians in self.medians.items()
        ]

    def to_table(self) -> list[list[str]]:
        head = [f"{n:,} bookings, {calls:,} calls" for n, calls in self.sizes.items()]
        return [
            ["median ms", *head],
            *(
                [name, *(f"{value:.1f}" for value in medians)]
                for name, medians in self.medians.items()
            ),
        ]

    def to_json(self) -> dict:
        return {
            "leads_in_database": LEADS,
            "phone_calls": self.sizes,
            "median_ms": {
                name: {
                    bookings: round(value, 1)
                    for bookings, value in zip(self.sizes, medians, strict=True)
                }
                for name, medians in self.medians.items()
            },
        }


def make_all_ways(database: BenchDatabase, server: Server) -> list[Way]:
    """Return the ways to make bookings and calls, and to read them."""
    callers = database.get_callers(server)
    [[phone]] = database.database.query(READ_CUSTOMER, NOW)
    day = (OPENING + timedelta(days=4)).date().isoformat()
    # So long ago that each size has a page of changes
    recent = f"{(NOW - timedelta(days=30)).isoformat(timespec='seconds')}Z"
    of_branch = {"company_id": callers.leads.payload["company_id"], "day": day}
    token = callers.token
    other = Caller(server.port, database.callers["other"], database.database.name)
    BookNew("", replace(callers, token=other), Starts()).send()
    return [
        *make_ways(database, server),
        Get("of a client with few, /bookings", other, "/bookings", {}),
        *(
            Get(f"{name}{path}", token, path, query)
            for path in ("/bookings", "/phone-calls")
            for name, query in (
                ("of a customer, ", {"phone": phone}),
                ("changed within a month, ", {"updated_since": recent}),
            )
        ),
        Get("of a branch's day, /bookings", token, "/bookings", of_branch),
        LookUp("a customer, /customers", callers, phone),
    ]
