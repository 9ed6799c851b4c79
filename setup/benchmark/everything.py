# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The processor time of a lead: of its answer and of all the work that follows."""

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
from odoo_server import Server
from waiting import wait_until

from benchmark.database import LONG_LIMITS, BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.mail_server import MailServer, run_mail_server
from benchmark.measurement import say, warm_up
from benchmark.ways import JSON2, OURS_NEW, Way

LIMIT = 0.60  # of the other way's processor time
OPTIONS = ("--workers=2", "--max-cron-threads=1", *LONG_LIMITS)
CALM = 3  # seconds within which Odoo is woken up after an answer
PATIENCE = 300  # seconds for the work that follows: some of it starts once a minute
# Odoo's enrichment asks a service on the internet about leads with an address of their
# own. Those of the measurement have none: without the others it asks nobody.
FINISH_ENRICHMENT = """
env.cr.execute("UPDATE crm_lead SET iap_enrich_done = true")
env.cr.commit()
"""
# Pieces of work that are left, scheduled actions that are due, statements that run
WORK = """
SELECT (SELECT count(*) FROM crm_lead_api_follow_up WHERE is_failed IS NOT TRUE)
     + (SELECT count(*) FROM mail_message_schedule
         WHERE scheduled_datetime < now() AT TIME ZONE 'utc' + interval '1 hour')
     + (SELECT count(*) FROM mail_mail WHERE state = 'outgoing')
     + (SELECT count(*) FROM ir_cron
         WHERE active AND nextcall <= now() AT TIME ZONE 'utc')
     + (SELECT count(*) FROM ir_cron_trigger t JOIN ir_cron c ON c.id = t.cron_id
         WHERE c.active AND t.call_at <= now() AT TIME ZONE 'utc')
     + (SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend'
           AND pid <> pg_backend_pid() AND state <> 'idle')
"""


TIMES = ("requests", "actions", "postgresql")


@dataclass
class Cost:
    """The processor time of leads that were made one way, and what came of them.

    :param requests: seconds of Odoo's processes without scheduled actions
    :param actions: seconds of Odoo's processes that run scheduled actions
    :param postgresql: seconds of all of PostgreSQL's processes
    :param messages: how many stand in the database
    :param mails: how many arrived at the mail server
    """

    leads: int = 0
    requests: float = 0
    actions: float = 0
    postgresql: float = 0
    messages: int = 0
    mails: int = 0

    def add(self, before: "Cost", after: "Cost") -> None:
        """Add the difference of two readings."""
        for name in vars(self):
            change = getattr(after, name) - getattr(before, name)
            setattr(self, name, getattr(self, name) + change)

    def per_lead(self, name: str) -> float:
        return getattr(self, name) / self.leads

    def get_times(self) -> dict[str, float]:
        """Return the milliseconds for a lead, by kind of process."""
        return {name: 1000 * self.per_lead(name) for name in TIMES}


class Everything:
    """Measures the processor time of the answer to a lead and of the work that follows.

    Each way has its turns alone on the server. A turn lasts until Odoo's scheduled
    actions have nothing left to do, so that work which is put off counts as well.

    :param size: leads in the database beforehand
    :param rounds: in which each way has its turn
    :param leads: of a turn
    :param folder: for logs
    """

    def __init__(self, size: int, rounds: int, leads: int, folder: Path):
        self.size = size
        self.rounds = rounds
        self.leads = leads
        self.folder = folder
        self.costs = {OURS_NEW: Cost(), JSON2: Cost()}
        self.notes: list[str] = []

    def run(self) -> None:
        say("making the database")
        database = BenchDatabase("everything", self.size)
        database.database.run(FINISH_ENRICHMENT)
        log = self.folder / "everything.log"
        log.unlink(missing_ok=True)
        with (
            run_mail_server(self.folder) as mail,
            serve([database], log, *OPTIONS, *mail.to_options()) as server,
            closing(database.database.connect()) as connection,
        ):
            connection.autocommit = True
            # Now, rather than by itself in the turn of one of the ways
            connection.cursor().execute("VACUUM (ANALYZE)")
            meter = Meter(server, connection.cursor(), mail)
            ways = {way.name: way for way in database.get_callers(server).get_ways()}
            say("warming up")
            warm_up([ways[name] for name in self.costs], 4)
            meter.wait_for_work()
            for number in range(self.rounds):
                for name in list(self.costs) if number % 2 else reversed(self.costs):
                    say(f"round {number + 1} of {self.rounds}, {name}")
                    self.measure(ways[name], meter)

    def measure(self, way: Way, meter: "Meter") -> None:
        before = meter.read()
        for _number in range(self.leads):
            way.send()
        meter.wait_for_work()
        self.costs[way.name].add(before, meter.read())

    # ------------------------------------------------------------ what came of it

    def get_goals(self) -> list[Goal]:
        ours, other = (
            sum(self.costs[name].get_times().values()) for name in (OURS_NEW, JSON2)
        )
        name = f"processor time of everything, {OURS_NEW} / {JSON2}"
        return [Goal(name, ours / other, "≤", LIMIT)]

    def to_table(self) -> list[list[str]]:
        table = [
            [
                *("everything, ms per lead", "leads", "requests", "scheduled actions"),
                *("PostgreSQL", "sum", "messages per lead", "e-mails per lead"),
            ]
        ]
        for name, cost in self.costs.items():
            times = cost.get_times().values()
            counts = [cost.per_lead("messages"), cost.per_lead("mails")]
            table.append(
                [
                    *(name, str(cost.leads)),
                    *(f"{time:.1f}" for time in (*times, sum(times))),
                    *(f"{count:.2f}" for count in counts),
                ]
            )
        return table

    def to_json(self) -> dict:
        return {
            "leads_in_database": self.size,
            "per_lead": {
                name: {
                    "leads": cost.leads,
                    **{f"{k}_ms": round(v, 1) for k, v in cost.get_times().items()},
                    "messages": round(cost.per_lead("messages"), 2),
                    "mails": round(cost.per_lead("mails"), 2),
                }
                for name, cost in self.costs.items()
            },
        }


class Meter:
    """Reads the processor time that Odoo's and PostgreSQL's processes have used.

    PostgreSQL has to run on this machine, and to serve nobody else.

    :param cursor: on the server's database, of a connection in autocommit mode
    :param mail: the server that Odoo sends its mail to
    """

    def __init__(self, server: Server, cursor, mail: MailServer):
        self.cursor = cursor
        self.mail = mail
        self.odoo = psutil.Process(server.process.pid)
        # The meter's own connection: the time of its process does not count.
        self.own = psutil.Process(self.query("SELECT pg_backend_pid()"))
        self.postgresql = self.own.parent()
        assert "postgres" in self.postgresql.name(), "PostgreSQL runs somewhere else"

    def read(self) -> Cost:
        requests, actions = self.read_odoo()
        return Cost(
            self.query("SELECT count(*) FROM crm_lead"),
            requests,
            actions,
            read_processor_time(self.find_processes(self.postgresql)),
            self.query("SELECT count(*) FROM mail_message"),
            self.mail.count(),
        )

    def read_odoo(self) -> tuple[float, float]:
        """Return the time of Odoo's processes without scheduled actions, and with."""
        processes = self.find_processes(self.odoo)
        # Odoo gives them a lower priority.
        actions = {each for each in processes if each.nice() > self.odoo.nice()}
        return read_processor_time(processes - actions), read_processor_time(actions)

    def find_processes(self, root: psutil.Process) -> set[psutil.Process]:
        return {root, *root.children(recursive=True)} - {self.own}

    def wait_for_work(self) -> None:
        """Wait until Odoo has nothing left to do."""
        wait_until(self.stays_idle, "there is work left", PATIENCE)

    def stays_idle(self) -> bool:
        if not self.is_idle():
            return False
        time.sleep(CALM)
        return self.is_idle()

    def is_idle(self) -> bool:
        return self.query(WORK) == 0

    def query(self, statement: str) -> int:
        self.cursor.execute(statement)
        return self.cursor.fetchone()[0]


def read_processor_time(processes: Iterable[psutil.Process]) -> float:
    """Return the seconds that processes have used, with those of ended children."""
    return sum(sum(process.cpu_times()[:4]) for process in processes)
