# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the addresses of connections on Odoo's own servers: their keys are in no log,
and setup/connect sends the examples of platforms to them."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from connection_sender import main, read_platforms
from odoo_database import APP, CONNECT_ALL, SECRET
from odoo_server import JSON
from waiting import wait_until

CONNECT = Path(__file__).parents[1] / "connect"
TEMPLATE = "addons"
LIVE = """
env["crm.lead.api.connection"].search([]).is_live = True
"""


@pytest.fixture(scope="module")
def keys(database):
    """The keys of a connection of each platform, by platform."""
    found = json.loads(database.run(CONNECT_ALL + LIVE))
    return {platform: key for platform, (_connection, key) in found.items()}


@pytest.fixture(scope="module", params=[0, 2], ids=["threaded", "workers"])
def server(request, database, start_server):
    options = ("--max-cron-threads=0", "--log-level=debug")
    return start_server(database, f"--workers={request.param}", *options)


def test_no_key_in_logs(server, database, keys, monkeypatch):
    """Find no key after a 200, a 400, a 401, a 404, a 413 and a crash, however the key
    is written, nor after a request to the server for websockets."""
    ports = [server.port]
    if "--workers=2" in server.command:
        ports.append(server.gevent_port)
    key, other, path = keys["other"], keys["meta"], "/api/v1/connections"
    sent = [
        ("POST", f"{path}/{key}", [JSON], '{"id": "1", "name": "Vi"}', 200),
        ("POST", f"/hoamai{path}/{key}?a=b", [JSON], '{"id": "1"}', 200),
        ("POST", f"/api/v1/%63onnections/{key}", [JSON], '{"id": "1"}', 200),
        ("POST", f"{path}/{key}", [JSON], "{", 400),
        ("POST", f"{path}/{other}", [JSON], "{}", 401),
        ("GET", f"{path}/{other}?hub.verify_token=tu-da", [], "", 401),
        ("GET", f"{path}/{key}", [], "", 404),
        ("POST", f"{path}/{key}x", [JSON], "{}", 404),
        ("PUT", f"{path}/{key}", [JSON], "{}", 405),
        ("POST", f"{path}/{key}", [JSON], " " * 2**18 + "{}", 413),
    ]
    for port in ports:
        monkeypatch.setattr(server, "port", port)
        wait_until(server.is_up)
        for *request, expected in sent:
            status, _head, body = server.send(*request)
            assert status == expected, (request, body)
        database.change("ALTER TABLE crm_lead_api_message RENAME TO gone")
        try:
            request = ("POST", f"{path}/{key}", [JSON], '{"id": "2"}')
            status, _head, body = server.send(*request)
        finally:
            database.change("ALTER TABLE gone RENAME TO crm_lead_api_message")
        assert status in (500, 503), body
    server.process.send_signal(signal.SIGQUIT)  # lists what each thread does
    log, lines = server.log, len(ports) * 6
    wait_until(lambda: log.read_text().count("POST /api/v1/connections/***") >= lines)
    text = log.read_text()
    assert "operation=receive_message" in text
    for secret in (key, other, key[:-1], "tu-da", SECRET):
        found = [line for line in text.splitlines() if secret in line]
        assert not found, found[:3]


def test_examples(server, keys, capsys):
    """Take the messages of setup/connect: each platform's example, and another."""
    for code, platform in read_platforms().items():
        address = f"http://localhost:{server.port}/api/v1/connections/{keys[code]}"
        options = ["--secret", SECRET, "--app", APP]
        assert main([address, code, *options]) == 0, (code, capsys.readouterr())
        assert main([address, code, *options, "--new"]) == 0, code
        if platform.proof != "none":
            assert main([address, code, "--secret", "x" * 8, "--app", APP]) == 1, code
    assert main([f"{address}x", code]) == 1
    assert "404" in capsys.readouterr().out


def test_new_examples_are_new(database, server, keys):
    for code in ("meta", "google", "tiktok", "zalo", "caresoft", "typeform", "other"):
        address = f"http://localhost:{server.port}/api/v1/connections/{keys[code]}"
        before = database.count("crm_lead_api_message")
        for _attempt in range(2):
            arguments = [address, code, "--secret", SECRET, "--app", APP, "--new"]
            assert main(arguments) == 0
        assert database.count("crm_lead_api_message") == before + 2, code


def test_command_without_odoo():
    """Import what setup/connect runs where Odoo is not installed."""
    code = "import sys; sys.modules['odoo'] = None; import connection_sender"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=CONNECT.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_command():
    """Explain the command, and refuse wrong arguments."""
    for arguments, status, text in (
        (["--help"], 0, "Usage: setup/connect ADDRESS PLATFORM"),
        (["--list"], 0, "Facebook and Instagram lead ads"),
        (["https://odoo.example.com", "meta"], 2, "name the --secret"),
        (["odoo.example.com", "other"], 2, "begins with https://"),
        (["https://odoo.example.com", "myspace"], 2, "invalid choice"),
    ):
        command = [CONNECT, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        assert text in done.stdout + done.stderr
