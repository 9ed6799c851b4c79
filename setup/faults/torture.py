# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/torture: lets everything go wrong while leads are sent and changed.

What is to be shown: an answer of 200 means that the lead, its change or its note is
there, once, whole; and after no answer, or another, sending again is safe.
"""

import argparse
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from customers import AGENT
from odoo_database import CONFIG, MAKE_KEY, MAKE_PAYLOAD, PREFIX, Database
from postgresql_cluster import Cluster, find_programs, run_cluster
from supervisor import Supervisor

from faults.call import Call, Request
from faults.check import Findings, check, get_newest
from faults.client import THREADS, Caller
from faults.follow_up import make_score, wait_for_queues
from faults.kinds import DURABLE, FAULTS, Fault
from faults.scene import Scene

SECOND_SERVICE = """
    SELECT res_id
      FROM ir_model_data
     WHERE module = 'crm_lead_api' AND name = 'demo_service_nang_mui'
"""
SHOWN = 20  # problems of a fault that are told one by one
COLUMNS = (
    *("fault", "rounds", "sent", "200", "late", "leads", "changes", "notes"),
    *("doubled", "lost", "half-made", "none", "503", "5xx", "other", "seconds"),
)
LEGEND = """
sent: attempts. 200: those answered so. late: leads, changes and notes that were there
before their caller knew of them, which it did when it sent again. changes, notes: of
leads that were there. none: attempts without an answer. 5xx: those other than 503.
other: other statuses. A line below has those two one by one."""


@dataclass
class Outcome:
    """Hold the outcome of a fault.

    :param seconds: that it took
    """

    fault: Fault
    rounds: int
    calls: list[Call]
    findings: Findings
    seconds: float
    statuses: Counter = field(init=False)

    def __post_init__(self):
        attempts = (attempt for each in self.requests for attempt in each.attempts)
        self.statuses = Counter(attempt.status for attempt in attempts)

    @property
    def requests(self) -> list[Request]:
        return [request for call in self.calls for request in call.requests]

    def to_row(self) -> tuple:
        """Return its values for ``COLUMNS``."""
        findings, statuses = self.findings, self.statuses
        faults = sum(n for status, n in statuses.items() if status >= 500)
        known = statuses[0] + statuses[200] + faults
        return (
            *(self.fault.name, self.rounds, statuses.total(), statuses[200]),
            *(sum(each.is_rescued for each in self.requests), findings.leads),
            sum(len(call.changes) for call in self.calls),
            sum(len(call.notes) for call in self.calls),
            *(len(findings.doubled), len(findings.lost), len(findings.half_made)),
            *(statuses[0], statuses[503], faults - statuses[503]),
            *(statuses.total() - known, round(self.seconds)),
        )

    def get_surprises(self) -> str:
        """Return how often there was what callers do not expect, by status."""
        return ", ".join(
            f"{status} ({number})"
            for status, number in sorted(self.statuses.items())
            if status not in (0, 200, 503)
        )


@dataclass
class Torture:
    """Faults that strike in copies of one database.

    :param cluster: of PostgreSQL, which faults may stop and start
    :param template: a database there with the addon and its demo data
    :param token: of the lead API, valid there
    :param payload: that makes a lead there
    :param score: the automated probability that Odoo gives to such leads, in percent
    :param folder: for the servers' logs
    """

    cluster: Cluster
    template: Database
    token: str
    payload: dict
    score: float
    folder: Path

    @classmethod
    def prepare(cls, cluster: Cluster, source: Database, folder: Path) -> "Torture":
        """Copy a database with the addon's demo data from another server.

        :param cluster: gets ``DURABLE`` after that, with which copying takes long
        """
        template = cluster.copy(source)
        token, payload = template.run(MAKE_KEY + MAKE_PAYLOAD).splitlines()
        payload = {**json.loads(payload), "agent_email": AGENT}
        second = template.query(SECOND_SERVICE)[0][0]
        payload["crm_line_ids"] += [second, second]
        score = make_score(template, payload)
        cluster.stop(signal.SIGINT)
        cluster.options += DURABLE
        cluster.start()
        return cls(cluster, template, token, payload, score, folder)

    def run(self, fault: Fault, rounds: int, report: Callable[[str], None]) -> Outcome:
        """Let a fault strike while calls run, and look at what is there in the end.

        :param report: is told what is going on
        """
        start = time.monotonic()
        with fault.prepare(self.cluster, self.template) as (cluster, database):
            newest = get_newest(database)
            with ExitStack() as stack:
                servers = []
                for number in range(1, fault.server_count + 1):
                    log = self.folder / f"{fault.name}-{number}.log"
                    log.unlink(missing_ok=True)
                    options = fault.get_options(servers)
                    server = stack.enter_context(database.serve(log, *options))
                    stack.enter_context(Supervisor(server))
                    servers.append(server)
                ports = [server.port for server in servers]
                caller = Caller(ports, self.token, self.payload)
                scene = Scene(cluster, database, servers, caller)
                with caller.run():
                    for number in range(1, rounds + 1):
                        report(f"{fault.name} {number}/{rounds}")
                        caller.wait_for_successes(THREADS)
                        fault.strike(scene)
                    caller.wait_for_successes(THREADS)
                report(f"{fault.name}: waiting for what follows")
                fault.end(scene)
                wait_for_queues(database, scene.mend)
            findings = check(database, caller.calls, newest, self.score)
        seconds = time.monotonic() - start
        return Outcome(fault, rounds, caller.calls, findings, seconds)


def format_row(values: tuple) -> str:
    first, *others = map(str, values)
    widths = [max(len(column), 6) for column in COLUMNS[1:]]
    cells = (other.rjust(width) for other, width in zip(others, widths, strict=True))
    return f"{first:<20}{' '.join(cells)}"


def report_progress(text: str) -> None:
    """Say on a line that is written over what is going on."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="\r", file=sys.stderr, flush=True)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/torture",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Lets everything go wrong while leads are sent and changed, and "
        "counts what is lost, doubled or half made.\nExits with 1 if anything is.",
        epilog="faults:\n"
        + "\n".join(
            f"  {name:<20}{fault.__doc__.partition(chr(10))[0]}"
            for name, fault in FAULTS.items()
        )
        + f"\n{LEGEND}",
    )
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="(else all)")
    parser.add_argument(
        "--rounds", type=int, default=20, help="how often each strikes (20)"
    )
    parsed = parser.parse_args(arguments)
    if unknown := set(parsed.faults) - FAULTS.keys():
        parser.error(f"no such fault: {', '.join(unknown)}")
    return parsed


def main(arguments: list[str] | None = None, source: str = PREFIX) -> int:
    """Run the torture, and return the exit status.

    :param arguments: of the command line; else those that it was called with
    :param source: the name of a database with the addon's demo data
    """
    options = parse_arguments(arguments)
    if not find_programs():
        sys.exit("This needs PostgreSQL's programs, such as initdb.")
    folder = Path(CONFIG).parent / "torture"
    folder.mkdir(exist_ok=True)
    is_wrong = False
    with run_cluster("fsync=off") as cluster:
        report_progress("copying the database")
        torture = Torture.prepare(cluster, Database(source), folder)
        print(format_row(COLUMNS), flush=True)
        for name in options.faults or FAULTS:
            fault = FAULTS[name]()
            if obstacle := fault.get_obstacle():
                print(f"{name:<20}skipped: {obstacle}", flush=True)
                continue
            outcome = torture.run(fault, options.rounds, report_progress)
            print(format_row(outcome.to_row()), flush=True)
            if surprises := outcome.get_surprises():
                print(f"    answered with {surprises}", flush=True)
            problems = outcome.findings.problems
            for problem in problems[:SHOWN]:
                print(f"    {problem}", flush=True)
            is_wrong = is_wrong or bool(problems)
    print(f"{LEGEND}\nThe servers' logs are in {folder}.")
    return int(is_wrong)


if __name__ == "__main__":
    # Servers and PostgreSQL are to be stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
