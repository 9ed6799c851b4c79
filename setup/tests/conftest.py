# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases and servers for the tests of the addon as administrators run it.

``setup/test`` gives the configuration and the first part of the databases' names.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from configparser import ConfigParser
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from psycopg2.sql import SQL, Identifier

CONFIG = os.environ.get("CRM_LEAD_API_CONFIG")
PREFIX = os.environ.get("CRM_LEAD_API_DATABASES")
JSON = ("Content-Type", "application/json")
PATIENCE = 120  # seconds that a server gets to start or stop

MAKE_TOKEN = """
from datetime import datetime, timedelta
client = env.ref("crm_lead_api.demo_client")
client.requests_per_minute = 0
print(">>" + client._generate_token("test", datetime.now() + timedelta(days=1)))
env.cr.commit()
"""
MAKE_PAYLOAD = """
import json
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}").id
print(">>" + json.dumps({
    "phone_no1": "0900 000 303", "ticket_id": 1, "agent_email": "lan@example.com",
    "user_id": demo("agent"), "contact_name": "Vũ Hải Yến", "gender": "female",
    "country_id": env.ref("base.vn").id, "state_id": env.ref("base.state_vn_VN-SG").id,
    "street": "12 Lê Lợi", "company_id": demo("company"),
    "price_list_id": demo("pricelist"),
    "category_source_id": demo("source_group_social"),
    "source_id": demo("source_zalo"), "campaign_id": demo("campaign_beauty"),
    "crm_line_ids": [demo("service_kham")],
}))
"""


def execute(statement: str, *names: str) -> None:
    """Run a statement, with names of databases in it, on the server itself."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        query = SQL(statement).format(*map(Identifier, names))
        connection.cursor().execute(query)


@dataclass
class Database:
    """A database with Odoo in it.

    :param addons: a folder of addons besides those of the configuration
    """

    name: str
    addons: Path | None = None

    def odoo(self, *arguments: str, stdin: str = "") -> str:
        """Run Odoo's command line on it, and return its log.

        :raise AssertionError: it failed, or logged an error
        """
        process = subprocess.run(
            self.get_command(*arguments),
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.returncode == 0, process.stdout
        assert not find_errors(process.stdout), process.stdout
        return process.stdout

    def get_command(self, *arguments: str) -> list[str]:
        options = [f"--config={CONFIG}", f"--database={self.name}"]
        if arguments[0] != "i18n":
            options.append(f"--db-filter=^{self.name}$")
        if self.addons:
            options.append(f"--addons-path={get_addons_path()},{self.addons}")
        return [sys.executable, "-m", "odoo", *arguments, *options]

    def run(self, script: str) -> str:
        """Run a script in ``odoo shell``, and return what it printed after ``>>``."""
        output = self.odoo("shell", "--no-http", stdin=script)
        return "\n".join(re.findall(r"^>>(.*)", output, re.MULTILINE))

    def query(self, statement: str, *values) -> list[tuple]:
        """Run an SQL query, and return its rows."""
        with closing(psycopg2.connect(dbname=self.name)) as connection:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall()

    def count_leads(self) -> int:
        return self.query("SELECT count(*) FROM crm_lead")[0][0]

    def copy(self, name: str, addons: Path | None = None) -> "Database":
        execute("DROP DATABASE IF EXISTS {}", f"{PREFIX}_{name}")
        execute("CREATE DATABASE {} TEMPLATE {}", f"{PREFIX}_{name}", self.name)
        return Database(f"{PREFIX}_{name}", addons)


def get_addons_path() -> str:
    config = ConfigParser(interpolation=None)
    config.read(CONFIG)
    return config["options"]["addons_path"]


def find_errors(log: str) -> list[str]:
    """Return the lines of an Odoo log that nobody wants to see."""
    # Odoo only warns when demo data cannot be loaded.
    pattern = r"^\S+ \S+ \d+ (?:ERROR|CRITICAL|WARNING .* demo data failed) .*"
    return re.findall(pattern, log, re.MULTILINE)


@pytest.fixture(scope="session")
def empty():
    """A database without anything in it."""
    name = f"{PREFIX}_empty"
    execute("DROP DATABASE IF EXISTS {}", name)
    execute("CREATE DATABASE {}", name)
    return Database(name)


@pytest.fixture(scope="session")
def demo(empty):
    """A database with the addon and its demo data; copy it, don't change it."""
    database = empty.copy("demo")
    database.odoo("--init=crm_lead_api", "--with-demo", "--stop-after-init")
    return database


@dataclass
class Server:
    """A running Odoo."""

    port: int
    process: subprocess.Popen
    log: Path

    def send(self, method: str, path: str, headers: list[tuple[str, str]], body=""):
        """Send a request byte for byte as given, and return (status, head, body).

        Clients of HTTP tidy up headers; this one does not.
        """
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers]
        body = body.encode()
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        with socket.create_connection(("localhost", self.port)) as connection:
            connection.sendall("\r\n".join(lines).encode() + body)
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        head, _blank, body = answer.partition("\r\n\r\n")
        return int(head.split()[1]), head, body

    def post(self, token: str, payload: dict, key: str = ""):
        """Call the lead API, and return (status, head, body).

        :param key: the ``Idempotency-Key``
        """
        headers = [
            JSON,
            ("Authorization", f"Bearer {token}"),
            ("Idempotency-Key", key),
        ]
        return self.send("POST", "/api/v1/lead", headers, json.dumps(payload))

    def is_up(self) -> bool:
        try:
            return self.send("GET", "/web/health", [])[0] == 200
        except (OSError, IndexError):
            return False


def get_free_port() -> int:
    with closing(socket.create_server(("localhost", 0))) as server:
        return server.getsockname()[1]


@pytest.fixture
def free_port():
    return get_free_port()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory):
    """Return a function that starts a server; they are stopped at the module's end."""
    servers = []

    def start(database: Database, *options: str) -> Server:
        port = get_free_port()
        log = tmp_path_factory.mktemp("server") / "odoo.log"
        command = database.get_command(
            f"--http-port={port}", f"--gevent-port={get_free_port()}", *options
        )
        with log.open("w") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True
            )
        server = Server(port, process, log)
        servers.append(server)
        deadline = time.monotonic() + PATIENCE
        while not server.is_up():
            assert process.poll() is None, Path(log).read_text()
            assert time.monotonic() < deadline, Path(log).read_text()
            time.sleep(0.1)
        return server

    yield start
    for server in servers:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def token(database):
    return database.run(MAKE_TOKEN)


@pytest.fixture(scope="module")
def payload(database):
    return database.run(MAKE_PAYLOAD)
