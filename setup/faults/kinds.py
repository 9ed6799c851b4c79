# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Break parts of a machine, any number of times, while requests run."""

import errno
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from faults.client import THREADS, chance
from faults.scene import Scene, find_workers
from odoo_database import Database, execute
from odoo_server import Server
from postgresql_cluster import Cluster
from waiting import wait_until

# Nothing that PostgreSQL has confirmed may be lost.
DURABLE = (
    *("fsync=on", "synchronous_commit=on", "full_page_writes=on"),
    # After a crash the disk is told once to write all, instead of for each file.
    "recovery_init_sync_method=syncfs",
)
# Each commit takes some microseconds more, so that there is often one going on.
SLOW_COMMITS = ("commit_delay = 20000", "commit_siblings = 0")
WORKERS = ("--workers=2", "--max-cron-threads=1")
TABLES = (
    *("crm_lead", "res_partner", "crm_lead_service", "crm_customer_portrait_item"),
    *("crm_lead_api_request", "crm_lead_api_answer", "crm_lead_api_lock"),
    *("crm_lead_proposal", "mail_message"),
    *("crm_booking", "crm_lead_phone_call", "crm_lead_api_event"),
    *("crm_lead_api_message", "crm_first_call", "crm_team_member"),
)
# Also those by which scheduled actions are woken up
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname IN (current_database(), 'postgres')
           AND application_name LIKE 'odoo-%%'
"""


class Fault:
    """A fault, which has the name of its class: ``worker-killed``."""

    name = ""
    server_count = 1

    def __init_subclass__(cls):
        cls.name = re.sub(r"\B([A-Z])", r"-\1", cls.__name__).lower()

    def get_obstacle(self) -> str:
        """Return why this machine cannot do it, or ``""``."""
        return ""

    def get_options(self, servers: list[Server]) -> tuple[str, ...]:
        """Return the options of Odoo's command line for another server.

        :param servers: those that run already
        """
        return WORKERS

    @contextmanager
    def prepare(self, cluster: Cluster, template: Database) -> Iterator[tuple]:
        """Provide a cluster and a database in it, of its own.

        :param cluster: the one that faults share
        :param template: a database there, to be copied
        """
        database = template.copy(self.name.replace("-", "_"))
        for setting in SLOW_COMMITS:
            execute(
                f"ALTER DATABASE {{}} SET {setting}", database.name, host=database.host
            )
        # Else a crash takes ids back: a sequence does not log its next 32 values, which
        # the one that it was copied from had logged, unless there was a checkpoint.
        execute("CHECKPOINT", host=database.host)
        yield cluster, database

    def strike(self, scene: Scene) -> None:
        """Let it happen once, and mend what does not mend itself."""
        raise NotImplementedError

    def end(self, scene: Scene) -> None:
        """Let the queues be worked off, after the last strike."""


class WorkerKilled(Fault):
    """A worker process is killed while it works on a request (SIGKILL)."""

    def strike(self, scene):
        workers = sorted(find_workers(scene.servers))
        scene.catch_request()
        os.kill(chance.choice(workers), signal.SIGKILL)


class ServerKilled(Fault):
    """All processes of the server are killed, and it is started again (SIGKILL)."""

    def strike(self, scene):
        scene.catch_request()
        scene.servers[0].kill()
        wait_until(scene.servers[0].is_up)


class PostgresqlCrashed(Fault):
    """PostgreSQL ends without cleaning up, and is started again (SIGQUIT)."""

    def strike(self, scene):
        scene.catch_request()
        scene.cluster.stop(signal.SIGQUIT)
        scene.mend()


class ConnectionsCut(Fault):
    """All connections between Odoo and PostgreSQL are cut (pg_terminate_backend)."""

    def strike(self, scene):
        scene.catch_request()
        scene.database.query(CUT)


class CallersCut(Fault):
    """Callers hang up before the answer, or within the request, and try again."""

    def strike(self, scene):
        scene.caller.cut(2 * THREADS)


def find_faketime() -> str | None:
    """Return the path of libfaketime: that in the environment, else Debian's."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return os.environ.get("FAKETIME_LIBRARY") or next(map(str, found), None)


@dataclass
class SteppedDatabase(Database):
    """A database whose servers have the clock that a file says."""

    clock: Path | None = None

    def get_command(self, *arguments):
        environment = {
            "LD_PRELOAD": find_faketime(),
            "FAKETIME_TIMESTAMP_FILE": self.clock,
            "FAKETIME_NO_CACHE": 1,
            # Only the time of day is wrong: a second lasts a second.
            "FAKETIME_DONT_FAKE_MONOTONIC": 1,
        }
        settings = [f"{name}={value}" for name, value in environment.items()]
        return ["env", *settings, *super().get_command(*arguments)]


class ClockStepped(Fault):
    """The clock of Odoo's server jumps by up to an hour, forth and back."""

    def get_obstacle(self):
        return "" if find_faketime() else "libfaketime is not on this machine"

    @contextmanager
    def prepare(self, cluster, template):
        with super().prepare(cluster, template) as (cluster, database):
            with tempfile.TemporaryDirectory() as folder:
                self.clock = Path(folder) / "clock"
                self.set_clock(0)
                yield cluster, SteppedDatabase(**vars(database), clock=self.clock)

    def strike(self, scene):
        scene.catch_request()
        self.set_clock(chance.randrange(-3600, 3600))
        scene.caller.wait_for_successes(THREADS)

    def end(self, scene):
        # Queued work from the time when the clock was fast is due by now.
        self.set_clock(2 * 3600)

    def set_clock(self, seconds):
        """Let the server's clock differ from the machine's by that much."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"{seconds:+}\n")
        new.replace(self.clock)


@contextmanager
def mount_disk() -> Iterator[Path]:
    """Have a small disk of its own, and yield its folder.

    :raise subprocess.CalledProcessError: this is not permitted here
    """
    with tempfile.TemporaryDirectory(prefix="crm_lead_api.", dir="/tmp") as folder:  # noqa: S108
        command = ["mount", "-t", "tmpfs", "-o", "size=512M,mode=711", "tmpfs", folder]
        subprocess.run(command, check=True, capture_output=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(path: Path) -> None:
    """Write a file until the disk has no byte left."""
    try:
        with path.open("wb", buffering=0) as file:
            while file.write(bytes(1 << 16)):
                pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


class DiskFull(Fault):
    """PostgreSQL's disk is full for a while."""

    def get_obstacle(self):
        try:
            with mount_disk():
                return ""
        except subprocess.CalledProcessError as error:
            return f"mount is not permitted: {error.stderr.decode().strip()}"

    @contextmanager
    def prepare(self, cluster, template):
        with mount_disk() as folder:
            with Cluster(folder, *DURABLE, "max_wal_size=64MB") as small:
                yield small, small.copy(template)

    def strike(self, scene):
        filler = scene.cluster.folder / "filler"
        try:
            fill(filler)
            scene.caller.wait_for_failures(THREADS, 20)
        finally:
            filler.unlink()
        scene.mend()


class DatabaseSlow(Fault):
    """Another transaction holds a table for up to two seconds (LOCK TABLE)."""

    def strike(self, scene):
        scene.lock(chance.choice(TABLES), chance.uniform(0.5, 2))


class WorkersRecycled(Fault):
    """Odoo ends its workers for their number of requests, their time, their memory."""

    server_count = 2
    seconds = 5  # that a request may take; an idle worker speaks up after 4
    memory = 1 << 20  # bytes that a worker may get besides those of its first requests

    def get_options(self, servers):
        if not servers:
            return *WORKERS, "--limit-request=5", f"--limit-time-real={self.seconds}"
        limit = self.memory + max(
            psutil.Process(worker).memory_info().vms for worker in find_workers(servers)
        )
        gevent = f"--limit-memory-soft-gevent={1 << 40}"
        return *WORKERS, f"--limit-memory-soft={limit}", gevent

    def strike(self, scene):
        before = find_workers(scene.servers[:1])
        if chance.random() < 0.3:
            scene.lock(chance.choice(TABLES), self.seconds + 1.5)
        while before & find_workers(scene.servers[:1]):
            scene.caller.wait_for_successes(1)


class OneOfTwoKilled(Fault):
    """Two servers serve one database; one is killed, and started again (SIGKILL)."""

    server_count = 2

    def strike(self, scene):
        scene.catch_request()
        server = chance.choice(scene.servers)
        server.kill()
        scene.caller.wait_for_successes(THREADS)  # of the other
        wait_until(server.is_up)


FAULTS = {fault.name: fault for fault in Fault.__subclasses__()}
