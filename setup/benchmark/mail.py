# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure whether the lead API waits for a mail server, and whether notices arrive."""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median

from odoo_database import Database
from odoo_server import get_free_port
from waiting import wait_until

from benchmark.database import BenchDatabase, serve
from benchmark.goals import Goal
from benchmark.mail_server import MailServer, run_mail_server
from benchmark.measurement import say, time_sending, warm_up
from benchmark.ways import Ours

ROUNDS = 100
DELAYS = {"instant": 0.0, "50 ms per command": 0.05}  # in seconds
NONE = "none"
LIMIT = 0.05  # that the medians may differ by
# The mails of the demo data
FORGET_MAILS = """
env["mail.mail"].search([]).unlink()
env.cr.commit()
"""
UNFINISHED = "SELECT count(*) FROM crm_lead_api_follow_up WHERE is_failed IS NOT TRUE"


class Mail:
    """Measures it, on servers of their own, with Odoo's scheduled actions running.

    :param folder: for logs
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.medians: dict[str, float] = {}  # by mail server, in ms
        self.arrived: dict[str, int] = {}
        self.sent = 0
        self.notes: list[str] = []

    def run(self) -> None:
        with ExitStack() as stack:
            servers = {
                name: stack.enter_context(run_mail_server(self.folder, delay))
                for name, delay in DELAYS.items()
            }
            servers[NONE] = MailServer(get_free_port(), self.folder / "none.txt")
            ways, databases = {}, {}
            for number, (name, mail) in enumerate(servers.items()):
                say(f"making a database, for mail server: {name}")
                database = BenchDatabase(f"mail_{number}", 10)
                database.database.run(FORGET_MAILS)
                databases[name] = database.database
                server = stack.enter_context(
                    serve(
                        [database],
                        self.folder / f"mail_{number}.log",
                        "--max-cron-threads=1",
                        *mail.to_options(),
                    )
                )
                callers = database.get_callers(server)
                ways[name] = Ours(name, callers.token, callers.leads)
            warm_up(ways.values())
            wait_until_finished(databases.values())
            durations = {name: [] for name in ways}
            for number in range(ROUNDS):
                say(f"round {number + 1} of {ROUNDS}")
                for name in list(ways) if number % 2 else reversed(ways):
                    durations[name].append(time_sending(ways[name]))
                    # Or the processor has that to do while the others have their turn.
                    wait_until_finished([databases[name]])
            self.sent = ROUNDS + 3  # those to warm up
            self.wait(servers, self.sent)
            self.arrived = {name: mail.count() for name, mail in servers.items()}
        self.medians = {name: 1000 * median(each) for name, each in durations.items()}

    def wait(self, servers: dict[str, MailServer], count: int) -> None:
        """Wait until so many messages have arrived at each, or long enough."""
        say("waiting for the notices")
        with suppress(AssertionError):
            wait_until(lambda: all(servers[name].count() >= count for name in DELAYS))

    def get_goals(self) -> list[Goal]:
        instant = self.medians["instant"]
        return [
            *(
                Goal(
                    f"difference of medians, mail server {name} / instant",
                    abs(value / instant - 1),
                    "≤",
                    LIMIT,
                )
                for name, value in self.medians.items()
                if name != "instant"
            ),
            *(
                Goal(
                    f"notices that arrived of {self.sent}, mail server {name}",
                    self.arrived[name],
                    "≥",
                    self.sent,
                )
                for name in DELAYS
            ),
        ]

    def to_table(self) -> list[list[str]]:
        return [
            ["our call with mail server", "median ms", "notices that arrived"],
            *(
                [name, f"{value:.1f}", f"{self.arrived[name]} of {self.sent}"]
                for name, value in self.medians.items()
            ),
        ]

    def to_json(self) -> dict:
        return {
            "median_ms": {k: round(v, 1) for k, v in self.medians.items()},
            "calls": self.sent,
            "notices": self.arrived,
        }


def wait_until_finished(databases: Iterable[Database]) -> None:
    """Wait until what follows the answers has been done."""
    for database in databases:
        wait_until(lambda each=database: each.query(UNFINISHED) == [(0,)])
