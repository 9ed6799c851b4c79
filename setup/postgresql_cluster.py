# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A PostgreSQL server of one's own, which may be ended in all the ways there are."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from odoo_database import Database, execute, takes_connections
from waiting import PATIENCE, wait_until


def find_programs(name: str = "pg_dump") -> Path | None:
    """Return the folder of PostgreSQL's programs, if a program of this name is there.

    ``POSTGRESQL_PROGRAMS`` in the environment names another folder than the machine's;
    ``setup/test --postgresql`` does so. Its servers come without ``pg_dump``.
    """
    if named := os.environ.get("POSTGRESQL_PROGRAMS"):
        found = Path(named, name)
        return found.parent if found.exists() else None
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (path / name).exists():
            return path
    found = shutil.which(name)
    return Path(found).parent if found else None


def drop_root(folder: Path) -> list[str]:
    """Give a folder to the user ``postgres``, and return the command that runs another
    command as this user; nothing is done for others than root.

    PostgreSQL and PgBouncer refuse root. A capability lets them reach their files
    wherever these lie.
    """
    if os.geteuid():
        return []
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return [
        *("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"),
        *("--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"),
    ]


class Cluster:
    """A PostgreSQL server with options such as ``fsync=off``.

    :param folder: for the socket, whose path may have 107 bytes
    :param data: the folder of its files, which are kept; else below ``folder``
    """

    def __init__(self, folder: Path, *options: str, data: Path | None = None):
        self.programs = find_programs("initdb")
        self.folder = folder
        self.data = data or folder / "data"
        self.host = str(folder)
        self.options = [f"unix_socket_directories={folder}", "listen_addresses="]
        self.options += options
        self.process: subprocess.Popen | None = None
        self.prefix = drop_root(folder)

    def create(self) -> None:
        """Make the server's files, unless they are there."""
        if self.data.exists():
            return
        # An interrupted initdb leaves a part of the files.
        new = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        user = os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
        options = (f"--username={user}", "--auth=trust", "--encoding=UTF8")
        self._make("initdb", new, *options, "--locale=C.UTF-8")
        new.rename(self.data)

    def follow(self, primary: "Cluster") -> None:
        """Make the server's files, as those of a streaming replica."""
        options = (f"--host={primary.host}", "--write-recovery-conf")
        self._make("pg_basebackup", self.data, *options, "--checkpoint=fast")

    def _make(self, program, data, *options):
        command = [*self.prefix, self.programs / program, "-D", data, "--no-sync"]
        output = {"stdout": subprocess.DEVNULL, "cwd": self.folder}
        subprocess.run([*command, *options], **output, check=True)

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = [part for option in self.options for part in ("-c", option)]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [*self.prefix, self.programs / "postgres", "-D", self.data, *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._has_started, "PostgreSQL takes no connections")

    def _has_started(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()
        return takes_connections(self.host)

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """End it, unless it has ended.

        :param how: ``SIGQUIT``: at once, as a crash would; ``SIGINT``: fast, in order
        """
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)

    def __enter__(self) -> "Cluster":
        self.create()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error) -> None:
        self.stop(signal.SIGINT)

    def copy(self, database: Database) -> Database:
        """Make a copy here of a database of another server."""
        copy = Database(database.name, database.addons, self.host)
        execute("CREATE DATABASE {}", copy.name, host=self.host)
        dump = [self.programs / "pg_dump", database.name]
        if database.host:
            dump.append(f"--host={database.host}")
        load = [self.programs / "psql", "--quiet", "--host", self.host, copy.name]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
            subprocess.run(
                [*load, "--set=ON_ERROR_STOP=1"],
                stdin=dumping.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        assert dumping.returncode == 0
        return copy


@contextmanager
def run_cluster(*options: str, primary: Cluster | None = None) -> Iterator[Cluster]:
    """Run a new PostgreSQL server, or the streaming replica of a primary one, until the
    end of the block."""
    with tempfile.TemporaryDirectory(prefix="crm_lead_api.", dir="/tmp") as folder:  # noqa: S108
        cluster = Cluster(Path(folder), *options)
        Path(folder).chmod(0o711)
        if primary:
            cluster.follow(primary)
        with cluster:
            yield cluster
