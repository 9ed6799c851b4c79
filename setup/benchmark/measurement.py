# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measuring ways to make leads, in turn: what the machine does meanwhile hits all."""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from statistics import median, quantiles

from benchmark.ways import FASTAPI, JSON2, Way
from odoo_server import Server
from waiting import say_on_line, wait_until

# Statements are counted by the cursors' own log, of all threads: fastapi works in
# another than the request's, which Odoo's access log does not count.
COUNTING = "--log-handler=odoo.sql_db:DEBUG"
STATEMENT = re.compile(
    r" odoo\.sql_db: \[[\d.]+ ms\] query: (.*?)(?=^\d{4}-\d\d-\d\d |\Z)",
    re.DOTALL | re.MULTILINE,
)
OWN_LINE = re.compile(r" operation=\S+ request=\S+ .* queries=(\d+)")


@dataclass
class Figure:
    """Hold the times of one way, with one number of clients.

    :param durations: of each sending, in seconds
    :param leads: how many were made
    :param busy: in how many seconds
    :param statements: of SQL for a lead; ``None``: they were not counted
    """

    way: str
    server: str
    clients: int
    durations: list[float] = field(default_factory=list)
    leads: int = 0
    busy: float = 0
    statements: float | None = None

    @property
    def median(self) -> float:  # in milliseconds
        return 1000 * median(self.durations)

    @property
    def p95(self) -> float:  # in milliseconds
        if len(self.durations) < 2:
            return self.median
        return 1000 * quantiles(self.durations, n=20, method="inclusive")[-1]

    @property
    def rate(self) -> float:  # leads per second
        return self.leads / self.busy

    def to_json(self) -> dict:
        return {
            **{"way": self.way, "server": self.server, "clients": self.clients},
            "samples": len(self.durations),
            "median_ms": round(self.median, 1),
            "p95_ms": round(self.p95, 1),
            "leads_per_second": round(self.rate, 1),
            "statements_per_lead": self.statements,
        }


def measure(
    ways: list[Way], server: str, clients: int, rounds: int, sendings: int = 1
) -> list[Figure]:
    """Send by each way in turn, once forth and once back.

    :param server: what kind it is, for people
    :param clients: how many send at once
    :param sendings: of each client in a round
    """
    figures = [Figure(way.name, server, clients) for way in ways]
    turns = list(zip(ways, figures, strict=True))
    with ThreadPoolExecutor(clients) as pool:
        for number in range(rounds):
            for way, figure in turns if number % 2 else reversed(turns):
                turn = f"round {number + 1} of {rounds}, {way.name}"
                say_on_line(f"{server}, {clients} clients: {turn}")
                count = clients * sendings
                start = time.perf_counter()
                figure.durations += pool.map(time_sending, [way] * count)
                figure.busy += time.perf_counter() - start
                figure.leads += count * way.size
    return figures


def time_sending(way: Way) -> float:
    """Return how many seconds a sending takes."""
    start = time.perf_counter()
    way.send()
    return time.perf_counter() - start


def warm_up(ways: Iterable[Way], clients: int = 1) -> None:
    """Let each worker load what it needs."""
    with ThreadPoolExecutor(clients) as pool:
        for way in ways:
            list(pool.map(time_sending, [way] * clients * 3))


def count_statements(server: Server, ways: list[Way], figures: list[Figure]) -> None:
    """Count the SQL statements of ways, and keep them with the figures.

    Of ours those of the request alone, by the line that the lead API logs of each; the
    thread that wakes Odoo up afterwards has statements, too.

    :param server: that logs them, by ``COUNTING``
    """
    say_on_line("counting statements")
    warm_up(way for way in ways if way.size == 1)
    counts = {way.name: [] for way in ways}
    for way in ways:
        for _time in range(5 if way.size == 1 else 1):
            read = partial(read_log, server, server.log.stat().st_size)
            way.send()
            if way.name.startswith((JSON2, FASTAPI)):
                count = len(STATEMENT.findall(read()))
            else:
                found = wait_until(partial(find_own_line, read), "a line is missing")
                count = int(found[1])
            counts[way.name].append(count / way.size)
    for figure in figures:
        figure.statements = median(counts[figure.way])


def read_log(server: Server, start: int) -> str:
    """Read what the server has logged since the log had a size."""
    with server.log.open(errors="replace") as log:
        log.seek(start)
        return log.read()


def find_own_line(read: Callable) -> re.Match | None:
    return OWN_LINE.search(read())
