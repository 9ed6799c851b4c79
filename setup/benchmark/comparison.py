# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lead API beside the other ways, on one server in one run."""

from collections.abc import Iterator
from pathlib import Path

from benchmark.cost import TIMES, measure_cost, run_mail_server
from benchmark.database import FASTAPI_ADDON, LONG_LIMITS, BenchDatabase, serve
from benchmark.measurement import (
    COUNTING,
    Figure,
    count_statements,
    measure,
    warm_up,
)
from benchmark.report import Goal
from benchmark.ways import (
    CHANGE,
    FASTAPI,
    JSON2,
    JSON2_KNOWN,
    LOOK_UP,
    OURS,
    OURS_KNOWN,
    OURS_NEW,
    REPLAYED,
    Callers,
    Way,
)
from postgresql_cluster import run_cluster
from waiting import say_on_line

SIZE = 10_000  # leads in the database beforehand
BULK = 100
SERVERS = {"threaded": 0, "2 workers": 2}  # and how many worker processes
SAFE = "threaded, fsync=on"  # whose PostgreSQL waits for the disk
# At most so many times as long as the other way
SHARES = {JSON2: 0.8, FASTAPI: 1.0}
COST_SHARE = 0.9  # of its processor time
# At least so many times as many leads per second
BULK_SHARES = {JSON2: 1.7}
CHANGE_SPREAD = 3  # times the median, at most, that one of twenty may take
ALONE = (REPLAYED, LOOK_UP, CHANGE)  # which JSON-2 has not


class Comparison:
    """Measures it.

    :param quick: fewer rounds, one kind of server, 1 and 4 clients at once
    :ivar rounds: in which each way has its turn, with 4 clients or more
    """

    def __init__(self, folder: Path, quick: bool):
        self.folder = folder
        self.quick = quick
        self.servers = list(SERVERS)[: 1 if quick else None]
        self.clients = [1, 4] if quick else [1, 4, 8]
        self.rounds = 5 if quick else 10
        self.figures: list[Figure] = []
        self.costs: dict[str, dict[str, float]] = {}

    def run(self) -> None:
        say_on_line("making the databases")
        # Two, for the addon fastapi costs each call a statement, ours too.
        databases = [
            BenchDatabase("comparison", SIZE),
            BenchDatabase("fastapi", SIZE, [FASTAPI_ADDON]),
        ]
        log = self.folder / "comparison.log"
        log.unlink(missing_ok=True)
        with run_mail_server() as (_mails, mail_options):
            options = (*LONG_LIMITS, *mail_options)
            for kind in self.servers:
                workers = f"--workers={SERVERS[kind]}"
                with serve(databases, log, workers, *options) as server:
                    self.measure(
                        kind, *(each.get_callers(server) for each in databases)
                    )
            with serve(databases, log, COUNTING, *options) as server:
                callers = [each.get_callers(server) for each in databases]
                ways = self.get_ways(*callers) + callers[0].get_bulk_ways(BULK)
                count_statements(server, ways, self.figures)
        rounds, leads = (2, 30) if self.quick else (4, 50)
        names = [OURS_NEW, JSON2]
        self.costs = measure_cost(databases[0], names, rounds, leads, log)
        self.measure_safe(databases[0], names, log)

    def measure(self, kind: str, callers: Callers, of_fastapi: Callers) -> None:
        ways = self.get_ways(callers, of_fastapi)
        say_on_line(f"{kind}: warming up")
        warm_up(ways, 4)
        for clients in self.clients:
            # Often one after the other, rather than each way for long.
            rounds = self.rounds * 4 // min(clients, 4)
            self.figures += measure(ways, kind, clients, rounds, min(clients, 2))
        if kind == self.servers[0]:
            warm_up(callers.get_bulk_ways(2))
            ways = callers.get_bulk_ways(BULK)
            self.figures += measure(ways, kind, 1, 2 if self.quick else 5)

    def measure_safe(self, database: BenchDatabase, names: list[str], log) -> None:
        """Measure ways on a PostgreSQL server that waits for the disk."""
        say_on_line(f"{SAFE}: copying the database")
        with run_cluster("fsync=on", "max_connections=300") as cluster:
            database.move_to(cluster)
            with serve([database], log, *LONG_LIMITS) as server:
                ways = database.get_callers(server).get_ways()
                ways = [way for way in ways if way.name in names]
                warm_up(ways, 4)
                self.figures += measure(ways, SAFE, 1, self.rounds * 4)

    def get_ways(self, callers: Callers, of_fastapi: Callers) -> list[Way]:
        return [*callers.get_ways(), of_fastapi.get_fastapi_way()]

    # ------------------------------------------------------------ what came of it

    def get_goals(self) -> Iterator[Goal]:
        for figure in self.figures:
            where = f"{figure.server}, clients: {figure.clients}"
            other, _comma, bulk = figure.way.partition(", ")
            ratio = self.get_ratio(figure)
            if figure.way in SHARES:
                name = f"median, {OURS_NEW} / {figure.way}, {where}"
                yield Goal(name, ratio, "≤", SHARES[figure.way])
            if "at once" in bulk and other in BULK_SHARES:
                name = f"leads/s in bulk of {BULK}, {OURS} / {other}"
                yield Goal(name, 1 / ratio, "≥", BULK_SHARES[other])
            if figure.way == CHANGE:
                name = f"p95 / median, {CHANGE}, {where}"
                yield Goal(name, figure.p95 / figure.median, "≤", CHANGE_SPREAD)
        ours, that = (
            sum(self.costs[name][time] for time in TIMES) for name in (OURS_NEW, JSON2)
        )
        name = f"processor time of everything, {OURS_NEW} / {JSON2}"
        yield Goal(name, ours / that, "≤", COST_SHARE)

    def get_ratio(self, figure: Figure) -> float | None:
        """Return how long we take, as a share of what a way takes for the same."""
        if figure.way in ALONE:
            return None
        name = OURS_KNOWN if figure.way in (OURS_KNOWN, JSON2_KNOWN) else OURS_NEW
        if "at once" in figure.way:
            name = f"{OURS}, {figure.way.partition(', ')[2]}"
        place = (name, figure.server, figure.clients)
        [ours] = [f for f in self.figures if (f.way, f.server, f.clients) == place]
        return ours.median / figure.median

    def to_json(self) -> dict:
        return {
            "leads_in_database": SIZE,
            "figures": [
                {**figure.to_json(), "ours_to_that": self.get_ratio(figure)}
                for figure in self.figures
            ],
            "everything_per_lead": self.costs,
        }
