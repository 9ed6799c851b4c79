# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PostgreSQL goes away and comes back, while Odoo runs as the unit for systemd in
docs/deployment says."""

import json
import shutil
import signal
import subprocess
from contextlib import ExitStack

import pytest
from odoo_server import UNIT, Supervisor, read_unit
from postgresql_cluster import find_programs, run_cluster
from waiting import adapt, wait_until

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
