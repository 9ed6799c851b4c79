# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prepare the scene of a fault: server processes, a database, running requests."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass

import psutil
from odoo_database import Database
from odoo_server import Server
from postgresql_cluster import Cluster
from psycopg2.sql import SQL, Identifier

from faults.client import Caller, chance
from faults.reminder import Reminders

CATCHING = 2  # seconds in which a request is to be caught at work
AT_WORK = """
    SELECT count(*)
      FROM pg_stat_activity
     WHERE datname = current_database()
           AND application_name LIKE ANY(%s)
           AND CASE WHEN %s
                    THEN query = 'COMMIT' AND state = 'active'
                    ELSE xact_start IS NOT NULL
               END
"""


@dataclass
class Scene:
    """The scene of a fault: servers on a database, and a client of theirs.

    :ivar reminders: those that become due
    """

    cluster: Cluster
    database: Database
    servers: list[Server]
    caller: Caller

    def __post_init__(self):
        self.reminders = Reminders(self.database)

    def catch_request(self, processes: Iterable[int] = ()) -> None:
        """Wait until a request is being worked on; each second time, until a commit is.

        A request that is cut off in its commit may have made its lead, without that
        anybody was told.

        :param processes: ids of those of Odoo's that are to be caught; else any
        """
        names = [f"odoo-{process}" for process in processes] or ["odoo-%"]
        is_commit = chance.random() < 0.5
        if not is_commit:
            time.sleep(chance.uniform(0, 0.2))
        deadline = time.monotonic() + CATCHING
        with closing(self.database.connect()) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            while time.monotonic() < deadline:
                cursor.execute(AT_WORK, [names, is_commit])
                if cursor.fetchone() != (0,):
                    return
                time.sleep(0.001)

    def mend(self) -> None:
        """Start PostgreSQL again, if it has ended, as it does when it has no space for
        its log. Odoo's servers have a supervisor.
        """
        if self.cluster.process.poll() is not None:
            self.cluster.start()

    def lock(self, table: str, seconds: float) -> None:
        """Let nobody else read or write a table for a while."""
        with closing(self.database.connect()) as connection:
            statement = SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
            connection.cursor().execute(statement.format(Identifier(table)))
            time.sleep(seconds)


def kill(server: Server) -> None:
    """End all of a server's processes at once, with what they are doing."""
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


def find_workers(servers: list[Server]) -> set[int]:
    """Return the ids of the processes that serve requests."""
    workers = set()
    for server in servers:
        parent = psutil.Process(server.process.pid)
        for child in parent.children():
            with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                # The child for websockets is a program of its own; those for
                # scheduled actions let requests go first.
                is_web = "gevent" not in child.cmdline()
                if is_web and child.nice() <= parent.nice():
                    workers.add(child.pid)
    return workers
