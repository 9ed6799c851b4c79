# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of a platform beside the same leads by POST, on one server in one run."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmark.cost import TIMES, measure_cost, run_mail_server
from benchmark.database import CONNECTIONS_ADDON, LONG_LIMITS, BenchDatabase, serve
from benchmark.measurement import (
    COUNTING,
    Figure,
    count_statements,
    measure,
    warm_up,
)
from benchmark.report import Goal
from benchmark.ways import KEPT, MADE, OURS_NEW, Way
from waiting import say_on_line, wait_until

SIZE = 10_000  # leads in the database beforehand
WITHOUT = "ours, without the addon"
ANSWER_SHARE = 0.35  # of the time of a POST, at most, that an answer takes
STATEMENTS = 15  # of an answer, at most
COST_SHARE = 1.15  # of the processor time of a POST, at most, that the lead takes
CROWD, MINUTE = 1_000, 60  # messages in so many seconds
PATIENCE = 300  # seconds from the first of them until all are leads
TAKE_CODES = "UPDATE crm_lead_api_client SET takes_codes = true, takes_own_codes = true"
LEFT = "SELECT count(*) FROM crm_lead_api_message WHERE lead_id IS NULL AND id > %s"


class Connections:
    """Measures it.

    :param quick: fewer rounds
    """

    def __init__(self, folder: Path, quick: bool):
        self.log = folder / "connections.log"
        self.rounds = 20 if quick else 100
        self.turns = (2, 30) if quick else (4, 50)  # rounds of the cost, and leads
        self.figures: list[Figure] = []
        self.costs: dict[str, dict[str, float]] = {}
        self.seconds = 0.0

    def run(self) -> None:
        say_on_line("making the databases")
        databases = [
            BenchDatabase("without", SIZE),
            BenchDatabase("connections", SIZE, [CONNECTIONS_ADDON]),
        ]
        databases[1].connect_forms()
        # Which a connection turns on: one statement of each lead
        databases[0].database.change(TAKE_CODES)
        self.log.unlink(missing_ok=True)
        with serve(databases, self.log, *LONG_LIMITS) as server:
            ways = self.get_ways(databases, server)
            warm_up(ways)
            self.figures = measure(ways, "threaded", 1, self.rounds)
        with serve(databases, self.log, COUNTING, *LONG_LIMITS) as server:
            ways = self.get_ways(databases, server)
            count_statements(server, ways, self.figures)
        names = [OURS_NEW, KEPT, MADE]
        self.costs = measure_cost(databases[1], names, *self.turns, self.log)
        self.seconds = self.measure_crowd(databases[1])

    def get_ways(self, databases, server) -> list[Way]:
        without, callers = (each.get_callers(server) for each in databases)
        ways = {way.name: way for way in callers.get_ways()}
        post = Way(WITHOUT, lambda: without.post(without.leads.make_new()))
        return [post, ways[OURS_NEW], ways[KEPT]]

    def measure_crowd(self, database) -> float:
        """Return the seconds from the first of many messages until all are leads."""
        options = ("--workers=2", "--max-cron-threads=1", *LONG_LIMITS)
        with (
            run_mail_server() as (_mails, mail_options),
            serve([database], self.log, *options, *mail_options) as server,
            ThreadPoolExecutor(4) as pool,
        ):
            [made] = [
                way
                for way in database.get_callers(server).get_ways()
                if way.name == MADE
            ]
            newest = database.database.query(
                "SELECT max(id) FROM crm_lead_api_message"
            )[0][0]
            start = time.monotonic()

            def send(number):
                due = start + number * MINUTE / CROWD
                time.sleep(max(0, due - time.monotonic()))
                made.send()

            list(pool.map(send, range(CROWD)))
            say_on_line(f"{CROWD} messages sent in {time.monotonic() - start:.0f} s")
            wait_until(
                lambda: not database.database.query(LEFT, newest)[0][0],
                "messages are left",
                10 * PATIENCE,
            )
            return time.monotonic() - start

    # ------------------------------------------------------------ what came of it

    def get_goals(self) -> Iterator[Goal]:
        figures = {figure.way: figure for figure in self.figures}
        post, kept = figures[OURS_NEW], figures[KEPT]
        name = f"median, {KEPT} / {OURS_NEW}"
        yield Goal(name, kept.median / post.median, "≤", ANSWER_SHARE)
        yield Goal(f"statements, {KEPT}", kept.statements, "≤", STATEMENTS)
        more = post.statements - figures[WITHOUT].statements
        yield Goal(f"statements that the addon adds to {OURS_NEW}", more, "≤", 0)
        ours, kept, made = (
            sum(self.costs[name][each] for each in TIMES)
            for name in (OURS_NEW, KEPT, MADE)
        )
        name = f"processor time of the lead of a message / {OURS_NEW}"
        yield Goal(name, (made - kept) / ours, "≤", COST_SHARE)
        name = f"seconds until {CROWD} messages of a minute are leads"
        yield Goal(name, self.seconds, "≤", PATIENCE)

    def to_json(self) -> dict:
        return {
            "figures": [figure.to_json() for figure in self.figures],
            "everything_for_one": self.costs,
            "seconds_of_crowd": round(self.seconds, 1),
        }
