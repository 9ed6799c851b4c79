# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PostgreSQL goes away and comes back, while Odoo runs as the unit for systemd in
docs/deployment says; and Odoo with worker processes is behind PgBouncer."""

import getpass
import json
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from odoo_database import takes_connections
from odoo_server import UNIT, Supervisor, read_unit
from odoo_websocket import check_notifications
from postgresql_cluster import drop_root, find_programs, run_cluster
from waiting import adapt, running, wait_until

OPTIONS = ("--workers=2", "--max-cron-threads=1")
PGBOUNCER = shutil.which(os.environ.get("PGBOUNCER") or "pgbouncer")
PORT = os.environ.get("PGPORT", "5432")
needs_pgbouncer = pytest.mark.skipif(not PGBOUNCER, reason="no PgBouncer")
needs_postgresql = pytest.mark.skipif(
    not find_programs(), reason="PostgreSQL's programs are not on this machine"
)


@needs_postgresql
@pytest.mark.parametrize(
    "options",
    [["--db-filter="], ["--workers=2", "--load=base,rpc,web,crm_lead_api"]],
    ids=["threaded", "workers"],
)
def test_postgresql_ends_and_returns(demo, token, payload, tmp_path, options):
    """Meanwhile requests are answered with 503 in JSON, or refused. Afterwards leads
    are made again, and with workers scheduled actions run again, too."""
    with ExitStack() as stack:
        cluster = stack.enter_context(run_cluster("fsync=off"))
        database = cluster.copy(demo)
        options = ["--max-cron-threads=1", *options]
        server = database.serve(tmp_path / "odoo.log", *options)
        server = stack.enter_context(server)
        supervisor = stack.enter_context(Supervisor(server))

        def ask(method, path, body=""):
            """Return (status, type of the error), or nothing: it was refused."""
            headers = [("Authorization", f"Bearer {token}")]
            try:
                status, head, body = server.send(method, path, headers, body)
            except (OSError, IndexError):
                return None
            if status == 503:
                assert "Retry-After: 2\r\n" in head
            return status, json.loads(body).get("type")

        def is_good():
            return ask("GET", "/api/v1/health") == (200, None)

        assert is_good()
        assert server.post(token, payload)[0] == 200
        cluster.stop(signal.SIGQUIT)
        bad = (None, (503, "unavailable"))
        wait_until(lambda: ask("GET", "/api/v1/health") in bad, seconds=5)
        for path in ("/api/v1/lead", "/clinic/api/v1/lead"):
            assert ask("POST", path, json.dumps(payload)) in bad
        if "--workers=2" in options:  # then it ends, and does not start meanwhile
            wait_until(lambda: supervisor.count >= 2)
            assert ask("GET", "/api/v1/health") in bad
        cluster.start()
        wait_until(is_good)
        data = {**payload, "ticket_id": 2}
        # A connection that another worker has kept is found broken by a request.
        wait_until(lambda: server.post(token, data, "after")[0] == 200)
        assert database.count("crm_lead") >= 2
        if "--workers=2" in options:
            database.change("UPDATE ir_cron SET nextcall = '2020-01-01'")
            wait_until(lambda: have_actions_run(database))
        else:
            assert supervisor.count == 0


def have_actions_run(database):
    database.wake_servers_up()
    return database.count("ir_cron", "active AND nextcall > '2020-01-01'")


def test_unit_never_gives_up():
    unit = read_unit()
    assert unit["Service"]["Restart"] == "always"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd is not on this machine"
)
def test_unit_is_right(tmp_path):
    changes = {"/usr/bin/odoo": "/bin/true", "User=odoo": "User=root"}
    path = tmp_path / "odoo.service"
    path.write_text(adapt(UNIT.read_text(), changes))
    verify = ["systemd-analyze", "verify", path]
    done = subprocess.run(verify, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# ------------------------------------------------------------ PgBouncer


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
    text = adapt(UNIT.with_name("pgbouncer.ini").read_text(), changes)
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


@needs_pgbouncer
def test_requests(server, token, payload):
    server.check_requests(token, payload)


@needs_pgbouncer
def test_notifications(database, server):
    """They need a connection that stays the same: Odoo's LISTEN is lost otherwise."""
    check_notifications(database, f"ws://localhost:{server.gevent_port}")
