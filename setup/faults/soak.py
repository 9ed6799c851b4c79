# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/soak: sends leads at a steady rate, and looks for what grows."""

import argparse
import json
import signal
import sys
import threading
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import fmean, median, quantiles

import psutil
from customers import AGENT
from odoo_database import CONFIG, PREFIX, Database
from odoo_server import Server

from faults.client import chance, send
from faults.follow_up import count_waiting, wait_for_queues
from faults.kinds import WORKERS
from faults.scene import find_cron_workers, find_workers
from faults.ticket import Ticket

# The kinds of ten requests
KINDS = (
    *("new", "known", "new", "replayed", "new"),
    *("known", "refused", "new", "replayed", "known"),
)
STATUSES = {"new": 200, "known": 200, "replayed": 200, "refused": 422}
THREADS = 16  # requests at once, at most
INTERVAL = 300  # seconds, at most
INTERVALS = 10  # at least
RECENT = 200  # tickets whose requests may be sent again
# By how much the last third may be above the first: what grows, grows more in an hour.
LIMITS = {
    "median ms": 0.3,
    "p95 ms": 0.5,
    "CPU ms": 0.2,
    "RSS MiB": 0.1,
    "PSS MiB": 0.1,
    "USS MiB": 0.1,
    "connections": 0.2,
}
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass
class Measurement:
    """Hold the figures of an interval of requests.

    :param seconds: until each request was answered, from when it was due
    :param wrong: answers that should have been others, by ``(kind, status)``
    :param figures: by names of ``LIMITS``
    :param workers: RSS, PSS and USS of each worker in MiB, as text
    :param waiting: work that scheduled actions have not done yet
    """

    seconds: list[float] = field(default_factory=list)
    wrong: Counter = field(default_factory=Counter)
    figures: dict[str, float] = field(default_factory=dict)
    workers: str = ""
    waiting: int = 0


class Soak:
    """Requests to a server, which come when they are due and not when it is ready.

    :param template: of tickets
    """

    def __init__(self, database: Database, server: Server, token: str, template: dict):
        self.database = database
        self.server = server
        self.token = token
        self.template = template
        self._recent: deque[Ticket] = deque(maxlen=RECENT)
        self._measurement = Measurement()
        self._lock = threading.Lock()
        self._cpu: dict[int, float] = {}

    def run(self, seconds: float, rate: float):
        """Send requests, and yield a :class:`Measurement` of each interval.

        :param rate: requests per second
        """
        interval = min(INTERVAL, seconds / INTERVALS)
        start = time.monotonic()
        self._measure()
        end_of_interval = start + interval
        with ThreadPoolExecutor(THREADS) as pool:
            for number in count(1):
                due = start + number / rate
                if due > end_of_interval:
                    time.sleep(max(0, end_of_interval - time.monotonic()))
                    yield self._measure()
                    end_of_interval += interval
                if due > start + seconds:
                    break
                time.sleep(max(0, due - time.monotonic()))
                pool.submit(self._send, number, due)

    def _send(self, number, due):
        with self._lock:
            earlier = chance.choice(self._recent) if self._recent else None
        kind = KINDS[number % len(KINDS)] if earlier else "new"
        if kind == "replayed":
            [request] = earlier.lead.requests
        else:
            customer = number if kind == "new" else earlier.customer
            ticket = Ticket(self.template, number, customer)
            request = ticket.lead.make()
        if kind == "refused":
            del request.payload["gender"]
        attempt = send(self.server.port, self.token, request)
        with self._lock:
            self._measurement.seconds.append(time.monotonic() - due)
            if kind == "new" and attempt.status == 200:
                self._recent.append(ticket)
            is_right = attempt.status == STATUSES[kind] and (
                attempt.is_replayed == (kind == "replayed")
            )
            if not is_right:
                self._measurement.wrong[kind, attempt.status] += 1

    def _measure(self):
        """Return the figures since the last measurement, and begin anew."""
        with self._lock:
            measurement, self._measurement = self._measurement, Measurement()
        before, self._cpu, memory = self._cpu, {}, []
        servers = [self.server]
        workers = find_workers(servers) | find_cron_workers(servers)
        for worker in map(psutil.Process, sorted(workers)):
            times = worker.cpu_times()
            self._cpu[worker.pid] = times.user + times.system
            info = worker.memory_full_info()
            memory.append([part / 2**20 for part in (info.rss, info.pss, info.uss)])
        used = sum(cpu - before.get(pid, 0) for pid, cpu in self._cpu.items())
        measurement.workers = " ".join(
            "/".join(f"{part:.0f}" for part in parts) for parts in memory
        )
        measurement.waiting = count_waiting(self.database)
        rss, pss, uss = map(sum, zip(*memory, strict=True))
        if seconds := measurement.seconds:
            measurement.figures = {
                "median ms": 1000 * median(seconds),
                "p95 ms": 1000 * quantiles(seconds, n=20, method="inclusive")[-1],
                "CPU ms": 1000 * used / len(seconds),
                "RSS MiB": rss,
                "PSS MiB": pss,
                "USS MiB": uss,
                "connections": self.database.query(CONNECTIONS)[0][0],
            }
        return measurement


def find_drift(measurements: list[Measurement]) -> dict[str, tuple[float, float]]:
    """Return the means of the first and of the last third, by names of ``LIMITS``.

    The first tenth is left out: there the server warms up.
    """
    warm = measurements[max(1, len(measurements) // 10) :]
    third = max(1, len(warm) // 3)
    return {
        name: (
            fmean(each.figures[name] for each in warm[:third]),
            fmean(each.figures[name] for each in warm[-third:]),
        )
        for name in LIMITS
    }


def report_drift(drift: dict[str, tuple[float, float]]) -> bool:
    """Print what has become of each figure, and return whether one has grown."""
    is_grown = False
    print(f"\n{'':12}{'first third':>12}{'last third':>12}{'change':>9}")
    for name, (first, last) in drift.items():
        change = last / first - 1
        verdict = "grows" if change > LIMITS[name] else ""
        is_grown = is_grown or bool(verdict)
        print(f"{name:12}{first:12.1f}{last:12.1f}{change:+9.0%} {verdict}".rstrip())
    return is_grown


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="setup/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="(60)")
    parser.add_argument("--rate", type=float, default=2, help="requests a second (2)")
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    database = Database(PREFIX).copy("soak")
    token = database.make_token()
    template = {**json.loads(database.make_payload()), "agent_email": AGENT}
    log = Path(CONFIG).parent / "soak.log"
    log.unlink(missing_ok=True)
    measurements, wrong = [], Counter()
    print(
        f"{'minutes':>8}{'sent':>7}{'median':>8}{'p95':>8}{'CPU':>8}"
        f"{'conn.':>7}{'waiting':>9}  RSS/PSS/USS of each worker"
    )
    with database.serve(log, *WORKERS) as server:
        soak = Soak(database, server, token, template)
        start = time.monotonic()
        for measurement in soak.run(60 * arguments.minutes, arguments.rate):
            measurements.append(measurement)
            wrong += measurement.wrong
            minutes = (time.monotonic() - start) / 60
            figures = measurement.figures
            print(
                f"{minutes:8.1f}{len(measurement.seconds):7}"
                f"{figures['median ms']:8.0f}{figures['p95 ms']:8.0f}"
                f"{figures['CPU ms']:8.0f}{figures['connections']:7}"
                f"{measurement.waiting:9}  {measurement.workers}",
                flush=True,
            )
        is_followed_up = wait_for_queues(database, server.is_up)
    is_grown = report_drift(find_drift(measurements))
    for (kind, status), number in wrong.items():
        print(f"{number} requests of the kind {kind!r} were answered with {status}")
    if not is_followed_up:
        print("Not all that was to follow the answers was done.")
    print("It grows." if is_grown else "Nothing grows.")
    return int(is_grown or bool(wrong) or not is_followed_up)


if __name__ == "__main__":
    # The server is to be stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
