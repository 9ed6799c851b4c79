# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the promises to administrators: limits on several servers, secrets."""

import json
import re
import time
from collections import Counter

import pytest
from waiting import run_at_once

CALLS, LIMIT = 200, 60


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
