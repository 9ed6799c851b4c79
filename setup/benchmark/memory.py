# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure whether a worker process grows with the requests that it answers."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from faults.scene import find_workers

from benchmark.database import BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.measurement import say, time_sending, warm_up
from benchmark.ways import Ours

CALLS = (2_000, 20_000)  # after which it is looked at
CLIENTS = 2
STEP = 100
LIMIT = 1.10  # times as much after the last as after the first


class Memory:
    """Measures it, on one worker.

    :param folder: for logs
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.sizes: dict[int, float] = {}  # by number of calls, in MiB
        self.notes: list[str] = []

    def run(self) -> None:
        say("making the database")
        database = BenchDatabase("memory", 10)
        log = self.folder / "memory.log"
        with (
            # One that is not replaced by another for its age.
            serve([database], log, "--workers=1", "--limit-request=1000000") as server,
            ThreadPoolExecutor(CLIENTS) as pool,
        ):
            callers = database.get_callers(server)
            way = Ours("", callers.token, callers.leads)
            warm_up([way])
            [pid] = find_workers([server])
            worker = psutil.Process(pid)
            done = 3
            for calls in CALLS:
                while done < calls:
                    say(f"call {done} of {CALLS[-1]}, {read_size(worker):.0f} MiB")
                    list(pool.map(time_sending, [way] * STEP))
                    done += STEP
                assert find_workers([server]) == {pid}, "another worker took its place"
                self.sizes[calls] = read_size(worker)

    def get_goals(self) -> list[Goal]:
        first, last = self.sizes.values()
        name = f"memory after {CALLS[1]:,} calls / after {CALLS[0]:,}"
        return [Goal(name, last / first, "≤", LIMIT)]

    def to_table(self) -> list[list[str]]:
        return [
            ["calls", "MiB"],
            *([f"{calls:,}", f"{size:.0f}"] for calls, size in self.sizes.items()),
        ]

    def to_json(self) -> dict:
        return {"mebibytes_after": {k: round(v, 1) for k, v in self.sizes.items()}}


def read_size(process: psutil.Process) -> float:
    """Return the resident memory of a process, in MiB."""
    return process.memory_info().rss / 2**20
