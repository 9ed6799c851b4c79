# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test changes of one lead in the same instant, by two servers on one database."""

import itertools
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from odoo_server import JSON
from waiting import PATIENCE

CHANGES = 100
THREADS = 25
TICKETS = itertools.count(700_000)
ETAG = re.compile(r'^ETag: ("\S+")', re.MULTILINE | re.IGNORECASE)


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("change_concurrency")


@pytest.fixture(scope="module")
def servers(database, start_server):
    return [start_server(database) for _ in range(2)]


@pytest.fixture(scope="module")
def open_token(database, token):
    database.run("""
env["crm.lead.api.client"].search([]).requests_per_minute = 0
env.cr.commit()
""")
    return token


@pytest.fixture
def data(payload):
    """The payload of a ticket of its own."""
    ticket = next(TICKETS)
    return {**json.loads(payload), "ticket_id": ticket, "phone_no1": f"0975{ticket}"}


def send(server, token, method, path, data=None, **headers):
    """Send a request; return status, ETag and body."""
    names = [(name.replace("_", "-"), value) for name, value in headers.items()]
    status, head, body = server.send(
        method,
        f"/api/v1{path}",
        [JSON, ("Authorization", f"Bearer {token}"), *names],
        json.dumps(data) if data is not None else "",
    )
    found = ETAG.search(head)
    return status, found and found[1], json.loads(body)


def run_at_once(count, task):
    """Run a task of a number so many times, ``THREADS`` of them in the same instant."""
    barrier = threading.Barrier(THREADS)

    def run(number):
        barrier.wait(PATIENCE)
        return task(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(count)))


def test_no_change_is_lost(database, servers, open_token, data):
    """Each thread reads the lead, adds two digits to the street, and sends the ETag;
    a thread that is too late reads again."""
    data["street"] = "-"
    status, _etag, body = send(servers[0], open_token, "POST", "/lead", data)
    assert status == 200, body
    path = f"/lead/{body['data']['id_lead']}"
    late = []

    def add(number):
        server = servers[number % 2]
        while True:
            _status, etag, body = send(server, open_token, "GET", path)
            change = {"street": f"{body['data']['street']}{number:02}"}
            status, _etag, body = send(
                server, open_token, "PATCH", path, change, If_Match=etag
            )
            if status == 200:
                return body["data"]["street"]
            # 503: other changes came first again and again
            assert status in (412, 503), body
            late.append(number)

    run_at_once(CHANGES, add)
    [[street]] = database.query(
        "SELECT street FROM crm_lead WHERE phone = %s", data["phone_no1"]
    )
    numbers = re.findall(r"\d\d", street)
    assert sorted(map(int, numbers)) == list(range(CHANGES))
    assert late, "the test is one only if some are too late"


@pytest.mark.parametrize("differ", [False, True], ids=["equal", "different"])
def test_many_puts_of_a_ticket_make_one_lead(
    database, servers, open_token, data, differ
):
    def put(number):
        own = {**data, "street": f"Số {number}"} if differ else data
        while True:
            answer = send(servers[number % 2], open_token, "PUT", "/lead", own)
            if answer[0] != 503:  # send it again, says the answer
                return answer

    answers = run_at_once(CHANGES, put)
    assert {status for status, _etag, _body in answers} == {200}, [
        body for status, _etag, body in answers if status != 200
    ][:1]
    made = [body["data"]["created"] for _status, _etag, body in answers]
    assert made.count(True) == 1
    assert len({body["data"]["id_lead"] for _s, _e, body in answers}) == 1
    assert database.query(
        "SELECT count(*) FROM crm_lead WHERE ticket_ref = %s", str(data["ticket_id"])
    ) == [(1,)]
