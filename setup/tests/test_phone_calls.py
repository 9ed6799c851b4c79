# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test crm_lead_api_phone_call on real servers: requests in the same instant, and large
recordings."""

import itertools

import psutil
import pytest
from waiting import run_at_once

TEMPLATE = "addons"
CALLS = 100
THREADS = 25
TICKETS = itertools.count(810_000)
MIB = 1024 * 1024
MAX_GROWTH = 16 * MIB  # of a worker's memory, by a recording of 25 MiB


@pytest.fixture(scope="module")
def call():
    """The body of a call that rings."""
    return {
        "direction": "in",
        "phone": "0912 345 678",
        "agent_email": "lan@example.com",
        "started_at": "2026-11-25T08:15:00+07:00",
    }


def test_many_puts_make_one_call(database, servers, token, call):
    def put(number):
        body = {**call, "note": f"Ghi chú {number}"}
        return servers[number % 2].insist(token, "PUT", "/phone-calls/at-once", body)

    answers = run_at_once(put, range(CALLS), THREADS)
    assert [answer.data["created"] for answer in answers].count(True) == 1
    assert database.count("crm_lead_phone_call", "call_ref = 'at-once'") == 1


def test_calls_and_lead_of_a_ticket_at_once(database, servers, token, call, payload):
    """Whoever comes first, each call is on the lead of its ticket."""
    tickets = [next(TICKETS) for _ in range(CALLS // 2)]

    def put(number):
        ticket, is_lead = tickets[number // 2], number % 2
        server = servers[number % 4 // 2]
        if is_lead:
            phone = f"0976{ticket}"
            body = {**payload, "ticket_id": ticket, "phone_no1": phone}
            return server.insist(token, "POST", "/lead", body)
        body = {**call, "ticket_id": ticket, "phone": None}
        return server.insist(token, "PUT", f"/phone-calls/ticket-{ticket}", body)

    answers = run_at_once(put, range(CALLS), THREADS)
    assert {status for status, _head, _body in answers} == {200}, answers[:2]
    alone = "call_ref LIKE 'ticket-%%' AND lead_id IS NULL"
    assert database.count("crm_lead_phone_call", alone) == 0


@pytest.fixture(scope="module")
def worker(database, start_server):
    """A server with one worker, and the worker's process."""
    server = start_server(database, "--workers=1", "--max-cron-threads=0")
    # Odoo's server process starts the worker, and another one for websockets.
    children = psutil.Process(server.process.pid).children()
    [process] = [each for each in children if "gevent" not in each.cmdline()]
    return server, process


def test_a_large_recording_takes_little_memory(worker, token, call):
    """A recording of 25 MiB is never in memory as a whole, in neither direction."""
    server, process = worker
    assert server.call(token, "PUT", "/phone-calls/large", call)[0] == 200
    path = "/api/v1/phone-calls/large/recording"
    headers = [("Authorization", f"Bearer {token}"), ("Content-Type", "audio/wav")]

    def put(size):
        content = b"RIFF\0\0\0\0WAVE".ljust(size, b"x")
        status, _head, body = server.send("PUT", path, headers, content)
        assert status == 200, body
        status, _head, body = server.send("GET", path, headers)
        assert (status, len(body)) == (200, size)

    put(MIB)
    before = read_peak(process)
    put(25 * MIB)
    assert read_peak(process) - before < MAX_GROWTH


def read_peak(process):
    """Return the most memory that a process ever had, in bytes."""
    with open(f"/proc/{process.pid}/status") as status:
        [line] = [each for each in status if each.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024
