# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/torture: lets everything go wrong while a client works on tickets.

What is to be shown: an answer of 200 means that the lead, its change or note, the
booking, the phone call is there, once, whole; and after no answer, or another, sending
again is safe. No seat is taken twice, each event and each reminder comes once.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from customers import AGENT
from odoo_database import CONFIG, MAKE_KEY, MAKE_PAYLOAD, PREFIX, Database
from postgresql_cluster import Cluster, find_programs, run_cluster
from supervisor import Supervisor

from faults import reminder
from faults.check import Evidence, check, get_newest
from faults.client import THREADS, Caller
from faults.event import listening
from faults.follow_up import ALL_WAITING, make_score, wait_for_queues
from faults.kinds import DURABLE, FAULTS, Fault
from faults.outcome import LEGEND, Outcome
from faults.scene import Scene

SECOND_SERVICE = """
    SELECT res_id
      FROM ir_model_data
     WHERE module = 'crm_lead_api' AND name = 'demo_service_nang_mui'
"""
SHOWN = 20  # problems of a fault that are told one by one


@dataclass
class Torture:
    """Faults that strike in copies of one database.

    :param cluster: of PostgreSQL, which faults may stop and start
    :param template: a database there with the addons and their demo data
    :param token: of the lead API, valid there
    :param payload: that makes a lead there
    :param starts: of bookings there, in ISO format
    :param score: the automated probability that Odoo gives to such leads, in percent
    :param folder: for the servers' logs
    """

    cluster: Cluster
    template: Database
    token: str
    payload: dict
    starts: list[str]
    score: float
    folder: Path

    @classmethod
    def prepare(
        cls, cluster: Cluster, source: Database, folder: Path, rounds: int
    ) -> "Torture":
        """Copy a database with the addons' demo data from another server.

        :param cluster: gets ``DURABLE`` after that, with which copying takes long
        :param rounds: that are to come
        """
        template = cluster.copy(source)
        token, payload = template.run(MAKE_KEY + MAKE_PAYLOAD).splitlines()
        payload = {**json.loads(payload), "agent_email": AGENT}
        second = template.query(SECOND_SERVICE)[0][0]
        payload["crm_line_ids"] += [second, second]
        score = make_score(template, payload)
        starts = reminder.prepare(template, payload, rounds * reminder.AT_ONCE)
        cluster.stop(signal.SIGINT)
        cluster.options += DURABLE
        cluster.start()
        return cls(cluster, template, token, payload, starts, score, folder)

    def run(self, fault: Fault, rounds: int, report: Callable[[str], None]) -> Outcome:
        """Let a fault strike while requests run, and look at what is there in the end.

        :param report: is told what is going on
        """
        start = time.monotonic()
        with fault.prepare(self.cluster, self.template) as (cluster, database):
            newest = get_newest(database)
            with ExitStack() as stack:
                listener = stack.enter_context(listening(database))
                servers = []
                for number in range(1, fault.server_count + 1):
                    log = self.folder / f"{fault.name}-{number}.log"
                    log.unlink(missing_ok=True)
                    options = fault.get_options(servers)
                    server = stack.enter_context(database.serve(log, *options))
                    stack.enter_context(Supervisor(server))
                    servers.append(server)
                ports = [server.port for server in servers]
                caller = Caller(ports, self.token, self.payload, self.starts)
                scene = Scene(cluster, database, servers, caller)
                with caller.run():
                    for number in range(1, rounds + 1):
                        report(f"{fault.name} {number}/{rounds}")
                        caller.wait_for_successes(THREADS)
                        scene.reminders.make_due()
                        fault.strike(scene)
                    caller.wait_for_successes(THREADS)
                report(f"{fault.name}: waiting for what follows")
                fault.end(scene)
                wait_for_queues(database, scene.mend, ALL_WAITING)
            findings = check(
                database, Evidence(caller.tickets, newest, self.score, listener.came)
            )
            scene.reminders.check(findings)
        seconds = time.monotonic() - start
        return Outcome(fault, rounds, caller.tickets, findings, seconds)


def report_progress(text: str) -> None:
    """Say on a line that is written over what is going on."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="\r", file=sys.stderr, flush=True)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/torture",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Lets everything go wrong while leads, bookings and phone calls "
        "are sent and changed, and counts\nwhat is lost, doubled or half made. Exits "
        "with 1 if anything is.",
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
    :param source: the name of a database with the addons' demo data
    """
    options = parse_arguments(arguments)
    if not find_programs():
        sys.exit("This needs PostgreSQL's programs, such as initdb.")
    folder = Path(CONFIG).parent / "torture"
    folder.mkdir(exist_ok=True)
    is_wrong = False
    with run_cluster("fsync=off") as cluster:
        report_progress("copying the database")
        torture = Torture.prepare(cluster, Database(source), folder, options.rounds)
        for name in options.faults or FAULTS:
            fault = FAULTS[name]()
            if obstacle := fault.get_obstacle():
                print(f"{name:<20}skipped: {obstacle}", flush=True)
                continue
            outcome = torture.run(fault, options.rounds, report_progress)
            print(outcome.to_text(), flush=True)
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
