# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo with worker processes behind PgBouncer, as docs/deployment configures it."""

import getpass
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from odoo_database import takes_connections
from odoo_websocket import check_notifications
from postgresql_cluster import drop_root
from waiting import adapt, running

OPTIONS = ("--workers=2", "--max-cron-threads=1")
DEPLOYMENT = Path(__file__).parents[2] / "docs" / "deployment"
PGBOUNCER = shutil.which(os.environ.get("PGBOUNCER") or "pgbouncer")
PORT = os.environ.get("PGPORT", "5432")

pytestmark = pytest.mark.skipif(not PGBOUNCER, reason="no PgBouncer on this machine")


@contextmanager
def run_pgbouncer(folder):
    """Run PgBouncer before the tests' PostgreSQL, with its socket in a folder."""
    users = folder / "users"
    server = f"host={os.environ['PGHOST']} port={PORT}"
    if password := os.environ.get("PGPASSWORD"):
        server += f" password={password}"
    changes = {
        "host=10.0.0.10": server,
        "listen_addr = 10.0.0.9": "",
        "listen_port = 6432": f"listen_port = {PORT}",
        "unix_socket_dir =": f"unix_socket_dir = {folder}",
        "auth_type = scram-sha-256": "auth_type = trust",
        "/etc/pgbouncer/userlist.txt": str(users),
    }
    text = adapt((DEPLOYMENT / "pgbouncer.ini").read_text(), changes)
    (folder / "ini").write_text(text)
    user = os.environ.get("PGUSER") or getpass.getuser()
    users.write_text(f'"{user}" ""\n')
    # Unpacked, it has its libraries beside it.
    libraries = Path(PGBOUNCER).parents[1].glob("lib/*-linux-gnu")
    environment = os.environ | {"LD_LIBRARY_PATH": ":".join(map(str, libraries))}
    command = [*drop_root(folder), PGBOUNCER, "--quiet", folder / "ini"]
    with running(command, lambda: takes_connections(str(folder)), env=environment):
        yield


@pytest.fixture(scope="module")
def database(demo):
    with tempfile.TemporaryDirectory(prefix="crm_lead_api.") as folder:
        copy = demo.copy("pgbouncer")
        with run_pgbouncer(Path(folder)):
            yield replace(copy, host=folder)


def test_requests(server, token, payload):
    server.check_requests(token, payload)


def test_notifications(database, server):
    """They need a connection that stays the same: Odoo's LISTEN is lost otherwise."""
    check_notifications(database, f"ws://localhost:{server.gevent_port}")
