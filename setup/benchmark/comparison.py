# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lead API beside the other ways, on one server in one run."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from odoo_server import Server

from benchmark.client import Caller
from benchmark.database import FASTAPI_ADDON, LONG_LIMITS, BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.mail_server import run_mail_server
from benchmark.measurement import (
    COUNTING,
    Clock,
    Figure,
    count_statements,
    say,
    warm_up,
)
from benchmark.other_ways import OTHERS, RATIOS, make_other_ways
from benchmark.ways import (
    FASTAPI,
    JSON2,
    JSON2_KNOWN,
    JSON2_NOTRACK,
    JSON2_QUIET,
    OURS,
    OURS_KNOWN,
    OURS_NEW,
    REPLAYED,
    STATEMENTS,
    UNAUTHORIZED,
    WRONG_TOKEN,
    Callers,
)

SERVERS = {"threaded": 0, "2 workers": 2}  # and how many worker processes
# At most so many times as long as the other way
SHARES = {JSON2: 0.46, JSON2_QUIET: 0.69, JSON2_NOTRACK: 0.95, FASTAPI: 1.0}
# At least so many times as many leads per second
BULK_SHARES = {JSON2_QUIET: 1.7, JSON2_NOTRACK: 0.75}


@dataclass
class Plan:
    """Plan the extent of a measurement.

    :param size: leads in the database beforehand
    :param servers: kinds of them, see ``SERVERS``
    :param clients: numbers of them
    :param rounds: in which each way has its turn, with 4 clients or more
    :param bulk: rounds, by number of leads that are sent at once
    :param only: part of the names of the ways that are measured, besides our own
    """

    size: int = 10_000
    servers: list[str] = field(default_factory=lambda: list(SERVERS))
    clients: list[int] = field(default_factory=lambda: [1, 4, 8])
    rounds: int = 10
    bulk: dict[int, int] = field(default_factory=lambda: {100: 5, 1000: 1})
    only: str = ""


class Comparison:
    """Measures what a plan says.

    :param folder: for logs
    """

    def __init__(self, plan: Plan, folder: Path):
        self.plan = plan
        self.folder = folder
        self.figures: list[Figure] = []
        self.notes: list[str] = []

    def run(self) -> None:
        say("making the database")
        # Two, for the addon fastapi costs each call a statement, ours too.
        databases = [
            BenchDatabase("comparison", self.plan.size),
            BenchDatabase("fastapi", self.plan.size, [FASTAPI_ADDON]),
        ]
        log = self.folder / "comparison.log"
        log.unlink(missing_ok=True)
        with run_mail_server(self.folder) as mail:
            options = (*LONG_LIMITS, *mail.to_options())
            for kind in self.plan.servers:
                workers = f"--workers={SERVERS[kind]}"
                with serve(databases, log, workers, *options) as server:
                    self.measure(kind, *(d.get_callers(server) for d in databases))
            leads, seconds = databases[0].follow_up()
            self.notes.append(
                "What follows our answers (creation notes, notices, scores) took a "
                f"scheduled action {1000 * seconds / leads:.0f} ms for each of "
                f"{leads:,} leads; it is not part of the figures above."
            )
            with serve(databases, log, COUNTING, *options) as server:
                self.count(server, *(d.get_callers(server) for d in databases))

    def measure(self, kind: str, callers: Callers, of_fastapi: Callers) -> None:
        ways = self.get_ways(callers, of_fastapi)
        say(f"{kind}: warming up")
        warm_up(ways, 4)
        clock = Clock(kind)
        for clients in self.plan.clients:
            # Often one after the other, rather than each way for long.
            rounds = self.plan.rounds * 4 // min(clients, 4)
            self.figures += clock.measure(ways, clients, rounds, min(clients, 2))
        self.notes.append(
            f"{kind}: the clients used {clock.get_client_share():.0%} of a core."
        )
        if kind != self.plan.servers[0]:
            return
        for size, rounds in self.plan.bulk.items():
            ways = self.choose(callers.get_bulk_ways(size))
            warm_up(self.choose(callers.get_bulk_ways(2)))
            self.figures += clock.measure(ways, 1, rounds, 1)

    def get_ways(self, callers: Callers, of_fastapi: Callers) -> list:
        ways = [*callers.get_ways(), of_fastapi.get_fastapi_way()]
        return self.choose(ways + make_other_ways(callers))

    def choose(self, ways: list) -> list:
        return [
            way
            for way in ways
            if way.name.startswith(OURS) or self.plan.only in way.name
        ]

    def count(self, server: Server, callers: Callers, of_fastapi: Callers) -> None:
        """Count the statements of each way, and of what else has a goal."""
        say("counting statements")
        ways = self.get_ways(callers, of_fastapi)
        for size in self.plan.bulk:
            if size <= 100:  # those of more are in proportion
                ways += self.choose(callers.get_bulk_ways(size))
        warm_up(way for way in ways if way.size == 1)
        counts = {
            way.name: count_statements(
                server,
                way.send,
                times=1 if way.size > 1 else 5,
                is_ours=way.name.startswith(OURS),
            )
            / way.size
            for way in ways
        }
        payload = callers.leads.make_new()
        callers.token.post("/api/v1/lead", payload)
        nobody = Caller(server.port, WRONG_TOKEN, callers.token.database)
        # Once more than is counted: Odoo reads some of it only the first time.
        for name, caller, status in (
            (REPLAYED, callers.token, 200),
            (UNAUTHORIZED, nobody, 401),
        ):

            def send(caller=caller, status=status):
                caller.post("/api/v1/lead", payload, status)

            send()
            counts[name] = count_statements(server, send, times=3, is_ours=True)
        self.counts = counts
        for figure in self.figures:
            figure.statements = counts.get(figure.way)

    # ------------------------------------------------------------ what came of it

    def get_goals(self) -> list[Goal]:
        return [
            *self.get_time_goals(),
            *self.get_ratio_goals(),
            *self.get_bulk_goals(),
            *(
                Goal(f"SQL statements, {name}", self.counts[name], "≤", limit)
                for name, limit in STATEMENTS.items()
            ),
        ]

    def get_time_goals(self) -> Iterable[Goal]:
        for other, share in SHARES.items():
            for figure in self.figures:
                if figure.way == other:
                    ours = self.find(OURS_NEW, figure.server, figure.clients)
                    yield Goal(
                        f"median, {ours.way} / {other}, {figure.server}, "
                        f"clients: {figure.clients}",
                        ours.median / figure.median,
                        "<" if other == FASTAPI else "≤",
                        share,
                    )

    def get_ratio_goals(self) -> Iterable[Goal]:
        """Compare our requests with each other."""
        for figure in self.figures:
            if figure.way in RATIOS:
                other, limit = RATIOS[figure.way]
                that = self.find(other, figure.server, figure.clients)
                yield Goal(
                    f"median, {figure.way} / {other}, {figure.server}, "
                    f"clients: {figure.clients}",
                    figure.median / that.median,
                    "≤",
                    limit,
                )

    def get_bulk_goals(self) -> Iterable[Goal]:
        for other, share in BULK_SHARES.items():
            that = self.find(f"{other}, 100 at once")
            ours = self.find(f"{OURS}, 100 at once")
            if that:
                yield Goal(
                    f"leads/s in bulk of 100, {OURS} / {other}",
                    ours and ours.rate / that.rate,
                    "≥",
                    share,
                )

    def find(self, way: str, server: str = "", clients: int = 1) -> Figure | None:
        return next(
            (
                figure
                for figure in self.figures
                if figure.way == way
                and figure.clients == clients
                and server in ("", figure.server)
            ),
            None,
        )

    def get_ratio(self, figure: Figure) -> float | None:
        """Return how long we take, as a share of what a way takes for the same."""
        if figure.way in OTHERS:
            return None
        name = OURS_KNOWN if figure.way in (OURS_KNOWN, JSON2_KNOWN) else OURS_NEW
        if "at once" in figure.way:
            name = f"{OURS}, {figure.way.partition(', ')[2]}"
        ours = self.find(name, figure.server, figure.clients)
        return ours and ours.median / figure.median

    def to_table(self) -> list[list[str]]:
        head = ["way", "server", "clients", "median ms", "p95 ms", "per second"]
        table = [[*head, "ours / that", "SQL"]]
        for figure in self.figures:
            ratio = self.get_ratio(figure)
            table.append(
                [
                    figure.way,
                    figure.server,
                    str(figure.clients),
                    f"{figure.median:,.0f}",
                    f"{figure.p95:,.0f}",
                    f"{figure.rate:.1f}",
                    f"{ratio:.2f}" if ratio else "–",
                    f"{figure.statements:.0f}" if figure.statements else "–",
                ]
            )
        return table

    def to_json(self) -> dict:
        return {
            "leads_in_database": self.plan.size,
            "figures": [
                {**figure.to_json(), "ours_to_that": self.get_ratio(figure)}
                for figure in self.figures
            ],
            "statements": self.counts,
        }
