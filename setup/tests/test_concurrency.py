# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many calls in the same instant, to two servers on one database."""

import itertools
import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from waiting import PATIENCE, wait_until

CALLS = 50
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("concurrency")


@pytest.fixture(scope="module", params=[0, 2], ids=["threaded", "workers"])
def servers(request, database, start_server):
    return [start_server(database, f"--workers={request.param}") for _ in range(2)]


@pytest.fixture
def phone():
    """A phone that no other test has."""
    return f"0977 {next(NUMBERS):03} 303"


def post_at_once(servers, token, payloads, key=""):
    """Send the payloads in the same instant, in turn to each of the servers."""
    barrier = threading.Barrier(len(payloads))

    def send(number):
        barrier.wait(PATIENCE)
        server = servers[number % len(servers)]
        return server.post(token, payloads[number], key)

    with ThreadPoolExecutor(len(payloads)) as pool:
        return list(pool.map(send, range(len(payloads))))


def count_contacts(database, phone):
    return database.query("SELECT count(*) FROM res_partner WHERE phone = %s", phone)[
        0
    ][0]


def count_leads(database, phone):
    return database.query("SELECT count(*) FROM crm_lead WHERE phone = %s", phone)[0][0]


def test_one_new_phone_makes_one_contact(database, servers, token, payload, phone):
    payloads = [
        {
            **json.loads(payload),
            "phone_no1": phone,
            "ticket_id": number,
            "contact_name": f"Khách {number}",
        }
        for number in range(1, CALLS + 1)
    ]
    answers = post_at_once(servers, token, payloads)
    assert {status for status, _head, _body in answers} == {200}
    assert count_leads(database, phone) == CALLS
    assert count_contacts(database, phone) == 1


def test_phones_that_overlap_make_one_contact(database, servers, token, payload, phone):
    """Each request has the shared phone at another place, beside phones of its own."""
    payloads = []
    for number in range(1, 13):
        phones = [f"0966 {number:03} 30{place}" for place in range(3)]
        phones[number % 3] = phone
        names = ("phone_no1", "phone_no2", "phone_no3")
        payloads.append(
            {
                **json.loads(payload),
                **dict(zip(names, phones, strict=True)),
                "ticket_id": number,
            }
        )
    answers = post_at_once(servers, token, payloads)
    assert {status for status, _head, _body in answers} == {200}
    having = "SELECT count(*) FROM res_partner WHERE %s IN (phone, phone2, phone3)"
    assert database.query(having, phone) == [(1,)]


@pytest.mark.parametrize("key", ["", "8e03978e-40d5-43dd-bc93-6894a57f9324"])
def test_repeated_call_makes_one_lead(database, servers, token, payload, phone, key):
    data = {**json.loads(payload), "phone_no1": phone}
    key = key and f"{key}-{phone.replace(' ', '')}"
    answers = post_at_once(servers, token, [data] * CALLS, key)
    assert {status for status, _head, _body in answers} == {200}
    assert len({body for _status, _head, body in answers}) == 1
    replayed = [
        head for _s, head, _b in answers if "Idempotency-Replayed: true" in head
    ]
    assert len(replayed) == CALLS - 1
    assert count_leads(database, phone) == 1


@pytest.mark.parametrize("key", ["", "killed"])
def test_server_killed_in_the_middle(
    database, start_server, token, payload, phone, key
):
    """Before the commit: the lead is half made, and the caller has no answer."""
    doomed, other = start_server(database), start_server(database)
    data = {**json.loads(payload), "phone_no1": phone}
    with (
        closing(psycopg2.connect(dbname=database.name)) as blocker,
        ThreadPoolExecutor(2) as pool,
    ):
        # Lets a call go on until it has made the lead.
        blocker.cursor().execute("LOCK crm_lead_service IN SHARE MODE")
        first = pool.submit(doomed.post, token, data, key)
        wait_for_lock(database, "crm_lead_service")
        doomed.process.send_signal(signal.SIGKILL)
        doomed.process.wait(PATIENCE)
        retry = pool.submit(other.post, token, data, key)
        assert count_leads(database, phone) == 0
        blocker.rollback()
        status, head, _body = retry.result(PATIENCE)
        with pytest.raises((OSError, IndexError)):
            first.result(PATIENCE)
    assert status == 200
    assert "Idempotency-Replayed" not in head
    assert count_leads(database, phone) == 1
    assert count_contacts(database, phone) == 1


def wait_for_lock(database, table):
    waiting = """
        SELECT count(*) FROM pg_locks
         WHERE relation = %s::regclass AND NOT granted
    """
    wait_until(
        lambda: database.query(waiting, table) != [(0,)], f"nobody waits for {table}"
    )
