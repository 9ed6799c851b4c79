# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests to Odoo's own HTTP server, threaded and with worker processes; limits on
several servers, and secrets."""

import json
import re
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiosmtpd.controller import Controller
from customers import AGENT, make_payload
from odoo_database import Database
from odoo_server import JSON
from waiting import PATIENCE, run_at_once, wait_until

CALLS, LIMIT = 200, 60


@pytest.fixture(
    scope="module",
    params=[0, pytest.param(2, marks=pytest.mark.slow)],
    ids=["threaded", "workers"],
)
def server(request, database, start_server):
    return start_server(database, f"--workers={request.param}")


def test_odd_requests(server, payload):
    """A health check by HTTP/1.0 has no Host; a database may not be served here."""
    with socket.create_connection(("localhost", server.port)) as connection:
        connection.sendall(b"GET /api/v1/health HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b" 200 OK\r\n" in answer
    headers = [("X-Odoo-Database", "no_such_database")]
    request = "/api/v1/lead", headers, json.dumps(payload)
    status, _head, body = server.send("POST", *request)
    assert (status, json.loads(body)["type"]) == (400, "malformed")


def test_lead_wakes_scheduled_actions_up(database, server, token, payload):
    """By a notice to PostgreSQL's database "postgres", as Odoo's own do."""
    with Database("postgres").open() as cursor:
        cursor.execute("LISTEN cron_trigger")

        def is_woken_up():
            cursor.connection.poll()
            payloads = [notice.payload for notice in cursor.connection.notifies]
            return database.name in payloads

        lead = {**payload, "ticket_id": server.port}
        assert server.post(token, lead, f"wake-up-{server.port}")[0] == 200
        wait_until(is_woken_up)


def test_answers_tell_what_was_made(database, start_server, token, payload):
    """A 200 for each lead that is there and none for others, with too few connections
    to the database: some calls are refused, and what comes after a commit may fail."""
    server = start_server(database, "--db_maxconn=4")
    headers = [JSON, ("access_token", token)]

    def post(number):
        data = {**payload, "phone_no1": f"09099{number:05}"}
        return server.send("POST", "/api/v1/lead", headers, json.dumps(data))

    before = database.count("crm_lead")
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(post, range(24)))
    statuses = Counter(status for status, _head, _body in answers)
    assert set(statuses) <= {200, 500, 503}, statuses
    assert statuses[200] == database.count("crm_lead") - before


class Mailbox:
    """Keep the recipients of all messages."""

    def __init__(self):
        self.recipients = []

    async def handle_DATA(self, server, session, envelope):
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class MailServer(Controller):
    """Answer those who have connected to a socket that listens."""

    def __init__(self, listener):
        self.listener = listener
        super().__init__(Mailbox(), *listener.getsockname(), ready_timeout=PATIENCE)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.listener)


def test_silent_mail_server(demo, token, payload, start_server):
    """Answer requests without delay; the notices arrive once the server answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = start_server(
            demo.copy("mail_server"),
            *("--max-cron-threads=1", "--smtp=127.0.0.1", f"--smtp-port={port}"),
            "--email-from=odoo@example.com",
        )
        # Who connects now waits for the greeting, and fails in the end.
        assert server.post(token, make_payload(payload, 1, agent_email=AGENT)).data
        mail_server = MailServer(listener)
        mail_server.start()
        try:
            recipients = mail_server.handler.recipients
            wait_until(lambda: AGENT in recipients, "no notice has arrived")
        finally:
            mail_server.stop()


# ------------------------------------------------------------ limits, secrets


@pytest.fixture
def limit(database):
    """The client may call so many times a minute, and has not called yet."""
    database.set_client(requests_per_minute=LIMIT)
    database.change("DELETE FROM crm_lead_api_rate")
    yield LIMIT
    database.set_client(requests_per_minute=0)


@pytest.mark.parametrize(
    "workers", [0, pytest.param(2, marks=pytest.mark.slow)], ids=["threaded", "workers"]
)
def test_calls_per_minute_are_counted_on_all_servers(
    database, start_server, token, payload, limit, workers
):
    servers = [start_server(database, f"--workers={workers}") for _ in range(2)]
    before = database.count("crm_lead")

    def send(number):
        data = {**payload, "ticket_id": workers * CALLS + number + 1}
        sent = time.time()
        status, head, _body = servers[number % 2].post(token, data)
        return sent, status, head

    # In bursts: never more at once than the servers have connections for.
    answers = run_at_once(send, range(CALLS), 20)
    statuses = Counter(status for _sent, status, _head in answers)
    assert statuses == {200: limit, 429: CALLS - limit}
    assert database.count("crm_lead") - before == limit
    [(end,)] = database.query(
        "SELECT extract(epoch FROM start AT TIME ZONE 'utc') + 60"
        " FROM crm_lead_api_rate"
    )
    for sent, status, head in answers:
        if status == 429:
            wait = int(re.search(r"Retry-After: (\d+)", head)[1])
            # The first second in which a call passes again, seen from when it was sent
            assert sent + wait <= float(end) + 1
            assert time.time() + wait >= float(end)


def test_no_token_is_found_anywhere(database, start_server, token, payload):
    server = start_server(database, "--log-level=debug")
    for more in ({}, {"gender": "x"}, {"access_token": token}):
        data = {**payload, **more}
        server.post(token, data, "key-1")
        server.post(token, data)
    headers = [("Content-Type", "application/json"), ("X-Request-Id", token)]
    bearer = ("Authorization", f"Bearer {token}")
    statuses = [
        server.send("POST", path, [*headers, *more], body)[0]
        for path, more, body in (
            ("/api/v1/lead", [bearer], "{"),
            ("/api/v1/lead", [bearer], token),
            ("/api/v1/lead", [bearer], json.dumps({**payload, token: token})),
            (f"/api/v1/lead?access_token={token}", [], json.dumps(payload)),
            (f"/{token}/api/v1/lead", [bearer], "[]"),
            (f"/api/v1/{token}", [bearer], json.dumps(payload)),
        )
    ]
    assert statuses == [400, 400, 200, 401, 400, 404]
    secret = token.removeprefix("crmlead_")
    # The search finds data that are there.
    assert "crm_lead_api_request" in database.find_text("Vũ Hải Yến")
    assert database.find_text(secret) == []
    log = server.log.read_text()
    assert "POST /api/v1/lead" in log
    assert secret not in log
    # Mistakes of clients are no warnings in Odoo's log.
    assert not re.search(r" (WARNING|ERROR) ", log)
