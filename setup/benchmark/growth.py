# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure whether the lead API gets slower while the database grows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from odoo_database import Database

from benchmark.database import BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.measurement import say, time_sending, warm_up
from benchmark.other_ways import LookUp
from benchmark.rows import grow_log, multiply
from benchmark.ways import Callers, Ours, Way

ROUNDS = 60
EARLIER_LEADS = (10, 5_000)  # as many as a look-up shows, and many
OF_CUSTOMER = ("same phone", "other phone", "look-up")
LIMIT = 1.15  # times as long as with next to nothing
LOG = 2_000_000  # entries of a year
PAGE_LIMIT = 50  # ms
GROWN = f"{LOG:,} entries in the log, new customer"
# What the pages of a client and of a token read, as the user opens them
TIME_PAGES = """
import json, time
client = env.ref("crm_lead_api.demo_client")
records = [client, client.token_ids[-1]]
env["crm.lead.api.day"]._count_days()
env.cr.commit()
times = {}
for record in records:
    view = record.get_views([(False, "form")])
    names = view["models"][record._name]["fields"]
    fields = {name: {} for name in names if record._fields[name].type != "binary"}
    durations = []
    for _again in range(11):
        env.invalidate_all()
        start = time.perf_counter()
        record.web_read(fields)
        durations.append(time.perf_counter() - start)
    times[record._name] = sorted(durations)[5] * 1000
print(">>" + json.dumps(times))
"""


class Growth:
    """Measures it, on one server process.

    :param sizes: numbers of leads and contacts
    :param folder: for logs
    """

    def __init__(self, sizes: list[int], folder: Path):
        self.sizes = sizes
        self.folder = folder
        self.medians: dict[str, float] = {}  # by what it is, in ms
        self.pages: dict[str, float] = {}  # of a large log, by model, in ms
        self.notes: list[str] = []

    def run(self) -> None:
        databases = []
        for size in self.sizes:
            say(f"making a database of {size:,} leads")
            databases.append(BenchDatabase(f"growth_{size}", size))
        say(f"making a log of {LOG:,} entries")
        grown = BenchDatabase("growth_log", self.sizes[0])
        [(entry_id,)] = grown.database.query(
            "SELECT max(id) FROM crm_lead_api_request WHERE payload IS NOT NULL"
        )
        grow_log(grown.database, entry_id, LOG)
        self.pages = json.loads(grown.database.run(TIME_PAGES))
        with serve([*databases, grown], self.folder / "growth.log") as server:
            callers = [each.get_callers(server) for each in databases]
            logged = grown.get_callers(server)
            self.measure(
                {
                    f"{size:,} leads, new customer": Ours("", each.token, each.leads)
                    for size, each in zip(self.sizes, callers, strict=True)
                }
                | {GROWN: Ours("", logged.token, logged.leads)}
            )
            self.measure_customers(databases[1].database, callers[1])

    def measure_customers(self, database: Database, callers: Callers) -> None:
        """Measure calls of a customer with many leads, beside one with few."""
        ways = {}
        for earlier in EARLIER_LEADS:
            payload = callers.leads.make_new()
            answer = callers.token.post("/api/v1/lead", payload)
            lead_id = answer["data"]["id_lead"]
            say(f"making a customer of {earlier:,} leads")
            multiply(database, lead_id, earlier, has_customers=False)
            [(partner_id,)] = database.query(
                "SELECT partner_id FROM crm_lead WHERE id = %s", lead_id
            )
            who = f"customer of {earlier:,} leads"
            for what, change in (
                ("same phone", lambda number: {}),
                ("other phone", lambda number: {"phone_no1": f"09{number:08}"}),
            ):
                known = {**payload, "account_id": partner_id}
                ways[f"{who}, {what}"] = Again(callers, known, change)
            ways[f"{who}, look-up"] = LookUp("", callers, payload["phone_no1"])
        self.measure(ways)

    def measure(self, ways: dict[str, Way]) -> None:
        """Take the median of each way, which all have their turns."""
        warm_up(ways.values())
        durations = {name: [] for name in ways}
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}")
            for name in list(ways) if number % 2 else reversed(ways):
                durations[name].append(time_sending(ways[name]))
        self.medians |= {name: 1000 * median(each) for name, each in durations.items()}

    def get_goals(self) -> list[Goal]:
        few, many = (f"{size:,} leads, new customer" for size in self.get_extremes())
        one, thousands = (f"customer of {n:,} leads" for n in EARLIER_LEADS)
        pairs = [(few, many), (few, GROWN)] + [
            (f"{one}, {what}", f"{thousands}, {what}") for what in OF_CUSTOMER
        ]
        return [
            Goal(
                f"median, {larger} / {smaller}",
                self.medians[larger] / self.medians[smaller],
                "≤",
                LIMIT,
            )
            for smaller, larger in pairs
        ] + [
            Goal(f"page of {name}, ms", value, "≤", PAGE_LIMIT)
            for name, value in self.pages.items()
        ]

    def get_extremes(self) -> tuple[int, int]:
        return self.sizes[0], self.sizes[-1]

    def to_table(self) -> list[list[str]]:
        return [
            ["our call with", "median ms"],
            *([name, f"{value:.1f}"] for name, value in self.medians.items()),
            *(
                [f"page of {name}", f"{value:.1f}"]
                for name, value in self.pages.items()
            ),
        ]

    def to_json(self) -> dict:
        return {"median_ms": {k: round(v, 1) for k, v in self.medians.items()}}


@dataclass
class Again(Way):
    """Sends further leads of a customer.

    :param change: from a number, which is another each time, to what differs
    """

    callers: Callers
    payload: dict
    change: Callable[[int], dict]

    def send(self):
        number = self.callers.leads.make_new()["ticket_id"]
        self.callers.token.post(
            "/api/v1/lead",
            {**self.payload, "ticket_id": number, **self.change(number)},
        )
