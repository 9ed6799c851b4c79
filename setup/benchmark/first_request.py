# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The first request of a worker process that has just started."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmark.client import Caller
from benchmark.database import BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.measurement import (
    COUNTING,
    OWN_LINE,
    STATEMENT,
    count_own_statements,
    read_log,
    say,
    time_sending,
)
from benchmark.ways import (
    JSON2,
    OURS_KNOWN,
    OURS_NEW,
    REPLAYED,
    STATEMENTS,
    UNAUTHORIZED,
    WRONG_TOKEN,
    Callers,
)

TABLE = re.compile(r'(?:FROM|INTO|UPDATE)\s+"?([a-z]\w+)', re.IGNORECASE)
FREQUENT = 5  # tables that are named


class FirstRequest:
    """Measures the first request after a start, with nothing answered before but
    ``/web/health``: its time, beside JSON-2's three requests, and its statements.

    :param starts: of which the median is taken
    :param folder: for logs
    """

    def __init__(self, starts: int, folder: Path):
        self.starts = starts
        self.log = folder / "first_request.log"
        self.durations: dict[str, list[float]] = {OURS_NEW: [], JSON2: []}
        self.statements: dict[str, int] = {}
        self.tables: dict[str, Counter] = {}  # how many statements name each first
        self.notes: list[str] = []

    def run(self) -> None:
        say("making the database")
        self.log.unlink(missing_ok=True)
        database = BenchDatabase("first_request", 1000)
        for number in range(self.starts):
            for name, durations in self.durations.items():
                say(f"start {number + 1} of {self.starts}, {name}")
                with serve([database], self.log, "--workers=1") as server:
                    callers = database.get_callers(server)
                    [way] = [way for way in callers.get_ways() if way.name == name]
                    durations.append(time_sending(way))
        replayed = database.leads.make_new()
        with serve([database], self.log) as server:
            database.get_callers(server).token.post("/api/v1/lead", replayed)
        for name in STATEMENTS:
            say(f"counting the statements of a first request: {name}")
            with serve([database], self.log, COUNTING) as server:
                send = self.make_send(name, database.get_callers(server), replayed)
                log = read_log(server, send, OWN_LINE)
                self.statements[name] = count_own_statements(log)
                self.tables[name] = count_tables(STATEMENT.findall(log))
        tables = self.tables[OURS_NEW].most_common(FREQUENT)
        self.notes.append(
            "Of the statements of a first request by a new customer most are for "
            + ", ".join(f"{table} ({count})" for table, count in tables)
            + "."
        )

    def make_send(self, name: str, callers: Callers, replayed: dict) -> Callable:
        """Return a function that sends a request.

        :param name: one of ``STATEMENTS``
        :param replayed: the payload of a request that was answered before
        """
        caller, status, payload = callers.token, 200, replayed
        if name == OURS_NEW:
            payload = callers.leads.make_new()
        elif name == OURS_KNOWN:
            payload = callers.leads.make_known()
        elif name == UNAUTHORIZED:
            caller, status = Caller(caller.port, WRONG_TOKEN, caller.database), 401
        else:
            assert name == REPLAYED, name
        return lambda: caller.post("/api/v1/lead", payload, status)

    # ------------------------------------------------------------ what came of it

    def get_goals(self) -> list[Goal]:
        return [
            Goal(
                f"SQL statements, first request, {name}",
                self.statements[name],
                "≤",
                limit,
            )
            for name, limit in STATEMENTS.items()
        ]

    def get_medians(self) -> dict[str, float]:
        """Return the time of each way, in milliseconds."""
        return {name: 1000 * median(each) for name, each in self.durations.items()}

    def to_table(self) -> list[list[str]]:
        medians = self.get_medians()
        names = dict.fromkeys([*self.durations, *self.statements])
        return [
            ["first request of a worker", "median ms", "SQL"],
            *(
                [
                    name,
                    f"{medians[name]:.0f}" if name in medians else "–",
                    str(self.statements.get(name, "–")),
                ]
                for name in names
            ),
        ]

    def to_json(self) -> dict:
        return {
            "starts": self.starts,
            "median_ms": {k: round(v, 1) for k, v in self.get_medians().items()},
            "statements": self.statements,
            "tables": {k: dict(v.most_common()) for k, v in self.tables.items()},
        }


def count_tables(statements: list[str]) -> Counter:
    """Return how many statements there are, by the first table that each names."""
    found = map(TABLE.search, statements)
    return Counter(match[1] for match in found if match)
