# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The processor time of a lead: of its answer and of all the work that follows."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from benchmark.database import LONG_LIMITS, BenchDatabase, serve
from benchmark.measurement import warm_up
from benchmark.ways import Way
from odoo_server import get_free_port, is_free
from waiting import running, say_on_line, wait_until

CALM = 3  # seconds within which Odoo is woken up after an answer
PATIENCE = 300  # seconds for the work that follows: some of it starts once a minute
# Odoo's enrichment asks a service on the internet about leads with an address of their
# own. Those of the measurement have none: without the others it asks nobody.
FINISH_ENRICHMENT = """
env.cr.execute("UPDATE crm_lead SET iap_enrich_done = true")
"""
# Pieces of work that are left, scheduled actions that are due, statements that run. An
# action of every minute would be due nearly all the time; its work triggers it, too.
WORK = """
SELECT (SELECT count(*) FROM mail_message_schedule
         WHERE scheduled_datetime < now() AT TIME ZONE 'utc' + interval '1 hour')
     + (SELECT count(*) FROM mail_mail WHERE state = 'outgoing')
     + (SELECT count(*) FROM ir_cron
         WHERE active AND nextcall <= now() AT TIME ZONE 'utc'
           AND interval_type <> 'minutes')
     + (SELECT count(*) FROM ir_cron_trigger t JOIN ir_cron c ON c.id = t.cron_id
         WHERE c.active AND t.call_at <= now() AT TIME ZONE 'utc')
     + (SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend'
           AND pid <> pg_backend_pid() AND state <> 'idle')
"""
PARTS = ("requests", "scheduled actions", "PostgreSQL")
TIMES = [f"{part}, ms" for part in PARTS]


def measure_cost(
    database: BenchDatabase, names: list[str], rounds: int, leads: int, log: Path
) -> dict[str, dict[str, float]]:
    """Return the cost of a lead by each way: processor time, messages, e-mails.

    Each way has its turns alone on the server. A turn lasts until Odoo's scheduled
    actions have nothing left to do, so that work which is put off counts as well.

    :param leads: of a turn
    """
    database.database.run(FINISH_ENRICHMENT)
    costs = {name: Counter() for name in names}
    options = ("--workers=2", "--max-cron-threads=1", *LONG_LIMITS)
    with (
        run_mail_server() as (mails, mail_options),
        serve([database], log, *options, *mail_options) as server,
        database.database.open() as cursor,
    ):
        # Now, rather than by itself in the turn of one of the ways
        cursor.execute("VACUUM (ANALYZE)")
        meter = Meter(server.process.pid, cursor, mails)
        ways = {way.name: way for way in database.get_callers(server).get_ways()}
        say_on_line("warming up")
        warm_up([ways[name] for name in names], 4)
        meter.wait_for_work()
        for number in range(rounds):
            for name in names if number % 2 else reversed(names):
                say_on_line(f"processor time: round {number + 1} of {rounds}, {name}")
                costs[name].update(meter.measure(ways[name], leads))
    return {
        name: {what: total / rounds / leads for what, total in cost.items()}
        for name, cost in costs.items()
    }


class Meter:
    """Reads the processor time that Odoo's and PostgreSQL's processes have used.

    PostgreSQL has to run on this machine, and to serve nobody else.

    :param cursor: on the server's database, of a connection in autocommit mode
    :param mails: the folder of the messages that have arrived
    """

    def __init__(self, pid: int, cursor, mails: Path):
        self.cursor = cursor
        self.mails = mails
        self.odoo = psutil.Process(pid)
        # The meter's own connection: the time of its process does not count.
        self.own = psutil.Process(self.query("SELECT pg_backend_pid()"))
        self.postgresql = self.own.parent()
        assert "postgres" in self.postgresql.name(), "PostgreSQL runs somewhere else"

    def measure(self, way: Way, count: int) -> Counter:
        """Return the cost of so many sendings, with all the work that follows."""
        before = self.read()
        for _number in range(count):
            way.send()
        self.wait_for_work()
        after = self.read()
        return Counter({name: after[name] - before[name] for name in after})

    def read(self) -> dict[str, float]:
        processes = self.find_processes(self.odoo)
        # Odoo gives scheduled actions a lower priority.
        actions = {each for each in processes if each.nice() > self.odoo.nice()}
        parts = (processes - actions, actions, self.find_processes(self.postgresql))
        return {
            **dict(zip(TIMES, map(read_processor_time, parts), strict=True)),
            "messages": self.query("SELECT count(*) FROM mail_message"),
            "e-mails": len(list(self.mails.iterdir())),
        }

    def find_processes(self, root: psutil.Process) -> set[psutil.Process]:
        return {root, *root.children(recursive=True)} - {self.own}

    def wait_for_work(self) -> None:
        """Wait until Odoo has nothing left to do."""
        wait_until(self.stays_idle, "there is work left", PATIENCE)

    def stays_idle(self) -> bool:
        if self.query(WORK):
            return False
        time.sleep(CALM)
        return not self.query(WORK)

    def query(self, statement: str) -> int:
        self.cursor.execute(statement)
        return self.cursor.fetchone()[0]


def read_processor_time(processes: set[psutil.Process]) -> float:
    """Return the milliseconds that processes and their ended children have used."""
    return 1000 * sum(sum(process.cpu_times()[:4]) for process in processes)


@contextmanager
def run_mail_server() -> Iterator[tuple[Path, list[str]]]:
    """Run a mail server in a process of its own.

    :return: the folder of its messages, and the options by which Odoo sends mail to it
    """
    with TemporaryDirectory() as folder:
        port, box = get_free_port(), Path(folder, "box")
        command = [sys.executable, "-m", "aiosmtpd", "--nosetuid"]
        command += ["--listen", f"localhost:{port}"]
        command += ["--class", "aiosmtpd.handlers.Mailbox", box]
        options = ["--smtp=localhost", f"--smtp-port={port}"]
        with running(command, lambda: not is_free(port)):
            yield box / "new", [*options, "--email-from=odoo@example.com"]
