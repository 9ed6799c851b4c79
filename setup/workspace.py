# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run a command of setup/ with a PostgreSQL server and a database of Odoo.

The command finds the configuration of Odoo in ``CRM_LEAD_API_CONFIG`` and ``ODOO_RC``,
the name of the database in ``CRM_LEAD_API_DATABASES``, and the server in ``PGHOST``.
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from first_page import BUILD, LOAD_LANGUAGE
from odoo_database import ODOO, Database, execute
from postgresql_cluster import Cluster

from docs import write_guides

ROOT = Path(__file__).parents[1]
VAR = ROOT / "var"
# In the environment of commands that another run of this module has started
OWN_SERVER = "CRM_LEAD_API_OWN_SERVER"
# Ends a command in order, as Ctrl-C does
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CommandError(Exception):
    """A command has failed, whose output is in a log."""

    def __init__(self, what: str, log: Path):
        super().__init__(f"Failed: {what} (the whole output is in {log})")
        self.log = log


def say_step(text: str) -> None:
    """Tell the next step, counted on from the steps of the shell script."""
    step = int(os.environ.get("STEP", 0)) + 1
    os.environ["STEP"] = str(step)
    print(f"[{step}/{os.environ.get('STEPS', step)}] {text}", file=sys.stderr)


def say(text: str) -> None:
    print(f"    {text}", file=sys.stderr)


class Workspace:
    """A folder below var/ with a configuration of Odoo, and a database.

    :param database: the kind of database, such as ``demo``
    """

    def __init__(self, name: str, database: str):
        self.folder = VAR / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = self.folder / f"{database}.conf"
        self.database = database
        if "PGHOST" in os.environ and OWN_SERVER not in os.environ:
            # On a shared server the name is the clone's own.
            digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
            self.database = f"crm_lead_api_{database}_{digest}"
        self.stamp = self.folder / f"{self.database}.stamp"

    @contextmanager
    def run_postgresql(self, *options: str) -> Iterator[None]:
        """Run the server of this folder, unless the environment names another server,
        with options such as ``fsync=off``."""
        say_step("PostgreSQL")
        if "PGHOST" in os.environ:
            yield
            return
        for name in ("PGPORT", "PGPASSWORD"):
            os.environ.pop(name, None)
        os.environ["PGUSER"] = "odoo"
        # A path to a socket may have 107 bytes, and var/ may be deep.
        with tempfile.TemporaryDirectory(prefix="crm_lead_api.") as sockets:
            data = self.folder / "postgresql"
            with Cluster(Path(sockets), *options, data=data):
                os.environ |= {"PGHOST": sockets, OWN_SERVER: "yes"}
                yield

    def configure(self, *lines: str) -> None:
        """Write Odoo's configuration, with further lines."""
        addons = str(ROOT)
        odoo = Path(os.environ["ODOO_PATH"]) / "addons"
        if (odoo / "crm").is_dir():
            addons += f",{odoo}"
        database = self.database
        named = [
            f"db_{name} = {os.environ[f'PG{name.upper()}']}"
            for name in ("host", "port", "user", "password")
            if os.environ.get(f"PG{name.upper()}")
        ]
        lines = [
            *("[options]", f"addons_path = {addons}"),
            *(f"data_dir = {self.folder / 'data'}", *named),
            *(f"db_name = {database}", f"dbfilter = ^{database}$", "list_db = False"),
            *lines,
        ]
        # It may hold a password.
        self.config.touch(mode=0o600)
        self.config.write_text("\n".join(lines) + "\n")
        os.environ |= {
            "ODOO_RC": str(self.config),
            "CRM_LEAD_API_CONFIG": str(self.config),
            "CRM_LEAD_API_DATABASES": database,
        }

    def prepare_database(
        self, addons: str, *options: str, template: str = "", is_bare: bool = False
    ) -> None:
        """Install addons into the database, or update crm_lead_api there, with the
        addons that depend on it.

        :param template: the name of a database to copy, instead of an empty one
        :param is_bare: without other addons that Odoo installs by itself, languages
            and pages
        """
        say_step("Database")
        stamp = f"{addons} {get_addon_stamp()}"
        old = self.stamp.read_text() if self.stamp.exists() else None
        if old == stamp:
            return
        init = [f"--init={addons}", "--stop-after-init", *options]
        if is_bare:
            init.append("--skip-auto-install")
        if old:
            say("updating crm_lead_api")
            # Of the addons only those that are new are installed.
            self.odoo("update", "server", "--update=crm_lead_api", *init)
        else:
            say(f"installing {addons} (about a minute)")
            # An interrupted installation may have left a part of the database.
            execute("DROP DATABASE IF EXISTS {}", self.database)
            if template:
                execute("CREATE DATABASE {} TEMPLATE {}", self.database, template)
                files = self.folder / "data" / "filestore"
                shutil.rmtree(files / self.database, ignore_errors=True)
                shutil.copytree(files / template, files / self.database)
            self.odoo("install", "server", *init)
        if not is_bare:
            # Odoo would build the pages' scripts during each test in the browser.
            script = BUILD if old or template else LOAD_LANGUAGE + BUILD
            Database(self.database, config=self.config).run(script)
        self.stamp.write_text(stamp)

    def odoo(self, name: str, command: str, *arguments: str) -> None:
        """Run a command of Odoo, with a name for the log below var/log."""
        options = [command, *arguments, f"--config={self.config}"]
        run_logged(name, [sys.executable, ODOO, *options])


def run_logged(name: str, command: list, **options) -> None:
    """Run a command with its output in a log below var/log.

    :raise CommandError: it has failed
    """
    log = VAR / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        code = run(command, stdout=output, stderr=output, **options)
    if code:
        raise CommandError(name, log)


def run(command: list, **options) -> int:
    """Run a command until it ends, and return its exit status.

    The command has a session of its own, so that a Ctrl-C reaches this process alone,
    which passes it on once to all of the command's processes.
    """
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        return process.wait()
    except SystemExit:
        os.killpg(process.pid, signal.SIGINT)
        raise
    finally:
        process.wait()


def get_addon_stamp() -> str:
    """Return a text that changes with the addons' files, without tests."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("crm_lead_api*/**/*")):
        if path.is_file() and path.suffix != ".pyc" and "tests" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def end(number, _frame):
    for each in SIGNALS:  # a second one must not end this half-way
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(usage="%(prog)s NAME [options] -- COMMAND ...")
    parser.add_argument("name", help="of the folder below var/")
    parser.add_argument("--database", help="the kind of database (else the name)")
    parser.add_argument("--addons", default="crm_lead_api", help="with commas")
    parser.add_argument("--with-demo", action="store_true", help="with demo data")
    bare = "without other addons that Odoo installs by itself, languages and pages"
    parser.add_argument("--bare", action="store_true", help=bare)
    parser.add_argument("--template", default="", help="the kind of database to copy")
    parser.add_argument("--anew", action="store_true", help="make the database anew")
    several = {"action": "append", "default": []}
    option = "an option of PostgreSQL, such as fsync=off"
    parser.add_argument("-p", "--postgresql", **several, help=option)
    line = "a line of Odoo's configuration, such as max_cron_threads=1"
    parser.add_argument("-o", "--odoo", **several, help=line)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def main() -> int:
    options = parse_arguments()
    for each in SIGNALS:
        signal.signal(each, end)
    workspace = Workspace(options.name, options.database or options.name)
    template = options.template and Workspace(options.name, options.template).database
    if options.anew:
        workspace.stamp.unlink(missing_ok=True)
    with workspace.run_postgresql(*options.postgresql):
        write_guides()
        workspace.configure("http_interface = 127.0.0.1", *options.odoo)
        workspace.prepare_database(
            options.addons,
            *(["--with-demo"] if options.with_demo else []),
            template=template,
            is_bare=options.bare,
        )
        return run(options.command)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandError as error:
        print(*error.log.read_text().splitlines()[-20:], sep="\n", file=sys.stderr)
        sys.exit(f"\n{error}\nMend what it says and run the command again.")
