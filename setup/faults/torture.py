# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/torture: lets everything go wrong while a client works on tickets.

What is to be shown: an answer of 200 means that the lead, its change or note, the
booking, the phone call is there, once, whole; and after no answer, or another, sending
again is safe. A platform's message that was answered so becomes one lead. A lead that
is given out has one owner, and is recalled once. No seat is taken twice, each event and
each reminder comes once.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from textwrap import fill

from customers import AGENT
from faults.check import Evidence, Findings, check, check_reminders
from faults.client import THREADS, Caller
from faults.kinds import DURABLE, FAULTS, Fault
from faults.scene import (
    AT_ONCE,
    Scene,
    listening,
    make_due,
    make_late,
    make_score,
    prepare,
    wait_for_queues,
)
from faults.ticket import Ticket
from odoo_database import CONFIG, PREFIX, Database
from odoo_server import Supervisor
from postgresql_cluster import Cluster, find_programs, run_cluster
from waiting import say_on_line

SECOND_SERVICE = """
    SELECT res_id FROM ir_model_data
     WHERE module = 'crm_lead_api' AND name = 'demo_service_nang_mui'
"""
SHOWN = 20  # problems of a fault that are told one by one
LEGEND = """
sent: attempts. 200: those answered so. late: requests that were done before their
caller knew of it, which it did when it sent again. refused: bookings whose time was
taken, or whose customer had one. none: attempts without an answer. 5xx: those other
than 503. other: other statuses. lost, doubled, half-made: of all that is there in the
end, with what belongs to it; doubled is also a seat with two bookings at a time, and a
customer with two open ones."""


def describe(name: str, tickets: list[Ticket], findings: Findings, **values) -> str:
    """Describe what a fault did, in a paragraph.

    :param values: what to tell besides, before the numbers of ``LEGEND``
    """
    requests = [request for ticket in tickets for request in ticket.requests]
    statuses = Counter(
        "refused" if attempt.is_refusal else attempt.status
        for request in requests
        for attempt in request.attempts
    )
    expected = (0, 200, 503, "refused")  # by callers
    others = {each: statuses[each] for each in statuses if each not in expected}
    faults = sum(count for status, count in others.items() if status >= 500)
    values |= {
        **{"sent": statuses.total(), "200": statuses[200]},
        "late": sum(request.is_rescued for request in requests),
        **{"refused": statuses["refused"], "none": statuses[0]},
        **{"503": statuses[503], "5xx": faults},
        "other": sum(others.values()) - faults,
        **findings.counts,
        "changes": sum(request.kind == "change" for request in requests),
        "notes": sum(request.kind == "note" for request in requests),
        **{"lost": len(findings.lost), "doubled": len(findings.doubled)},
        "half-made": len(findings.half_made),
    }
    text = ", ".join(f"{each} {value}" for each, value in values.items())
    text = fill(f"{name}: {text}", 88, subsequent_indent="    ")
    if others:
        told = [f"{status} ({others[status]})" for status in sorted(others)]
        text += f"\n    answered with {', '.join(told)}"
    return text


class Torture:
    """Faults that strike in copies of one database.

    :param cluster: of PostgreSQL, which faults may stop and start
    :param source: a database with the addons' demo data, on another server
    :param folder: for the servers' logs
    :param rounds: of each fault that are to come
    """

    def __init__(self, cluster: Cluster, source: Database, folder: Path, rounds: int):
        self.cluster, self.folder, self.rounds = cluster, folder, rounds
        self.original = original = cluster.copy(source)
        token, payload = original.make_access()
        payload["agent_email"] = AGENT
        second = original.query(SECOND_SERVICE)[0][0]
        payload["crm_line_ids"] += [second, second]
        self.score = make_score(original, payload)
        self.template = prepare(original, token, payload, rounds * AT_ONCE)
        # Only now: with it copying takes long.
        cluster.stop(signal.SIGINT)
        cluster.options += DURABLE
        cluster.start()

    def run(self, fault: Fault) -> tuple[str, list[str]]:
        """Let a fault strike while requests run, and look at what is there in the end.

        :return: what came of it, in words, and the problems
        """
        start = time.monotonic()
        with fault.prepare(self.cluster, self.original) as (cluster, database):
            newest = database.read_newest()
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
                caller = Caller(ports, self.template)
                scene = Scene(cluster, database, servers, caller)
                with caller.run():
                    for number in range(1, self.rounds + 1):
                        say_on_line(f"{fault.name} {number}/{self.rounds}")
                        caller.wait_for_successes(THREADS)
                        scene.due += make_due(database, scene.due)
                        make_late(database)
                        fault.strike(scene)
                    caller.wait_for_successes(THREADS)
                say_on_line(f"{fault.name}: waiting for what follows")
                fault.end(scene)
                wait_for_queues(database, scene.mend_and_make_late)
            findings = check(
                database, Evidence(caller.tickets, newest, self.score, listener.came)
            )
            check_reminders(database, scene.due, findings)
        values = {"rounds": self.rounds, "seconds": round(time.monotonic() - start)}
        text = describe(fault.name, caller.tickets, findings, **values)
        return text, findings.problems


def main(arguments: list[str] | None = None, source: str = PREFIX) -> int:
    """Run the torture, and return the exit status.

    :param arguments: of the command line; else those that it was called with
    :param source: the name of a database with the addons' demo data
    """
    parser = argparse.ArgumentParser(prog="setup/torture")
    parser.add_argument("faults", nargs="*", choices=[[], *FAULTS])
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args(arguments)
    if not find_programs():
        sys.exit("This needs PostgreSQL's programs, such as initdb.")
    folder = Path(CONFIG).parent / "torture"
    folder.mkdir(exist_ok=True)
    is_wrong = False
    with run_cluster("fsync=off") as cluster:
        say_on_line("copying the database")
        torture = Torture(cluster, Database(source), folder, options.rounds)
        for name in options.faults or FAULTS:
            fault = FAULTS[name]()
            if obstacle := fault.get_obstacle():
                say_on_line()
                print(f"{name:<20}skipped: {obstacle}", flush=True)
                continue
            text, problems = torture.run(fault)
            say_on_line()
            print(text, flush=True)
            for problem in problems[:SHOWN]:
                print(f"    {problem}", flush=True)
            is_wrong = is_wrong or bool(problems)
    print(f"{LEGEND}\nThe servers' logs are in {folder}.")
    return int(is_wrong)


if __name__ == "__main__":
    # Servers and PostgreSQL are to be stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
