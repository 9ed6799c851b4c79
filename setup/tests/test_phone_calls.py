# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test crm_lead_api_phone_call on real servers: requests in the same instant, their SQL
statements, large recordings, and the end of the addon."""

import itertools
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import pytest
from erasure import ERASE, find_text
from odoo_server import JSON
from statement_counts import read_scans, read_statements
from waiting import PATIENCE

CALLS = 100
THREADS = 25
TICKETS = itertools.count(810_000)
MANY = 50_000  # calls
MIB = 1024 * 1024
MAX_GROWTH = 16 * MIB  # of a worker's memory, by a recording of 25 MiB
HALF = 20  # of the statements of a new lead, see test_budget.py
STATEMENTS = {
    **{"ringing": 19, "answered": 16, "ended": 13, "callback": 19, "missed": 18},
    **{"unchanged": 6, "unknown": 16, "of_phone": 16, "read": 5, "list": 11},
}
MAKE_CALLS = """
INSERT INTO crm_lead_phone_call
       (client_id, call_ref, company_id, direction, phone, phone_key, agent_email,
        start_date, outcome, is_missed, ticket_ref, create_date, write_date)
SELECT call.client_id, 'many-' || n, call.company_id, 'in', '0911', '+84911' || n,
       call.agent_email, call.start_date - n * interval '1 minute', 'no_answer', true,
       'many-' || n, now() - interval '1 day', now() - interval '1 day'
  FROM crm_lead_phone_call AS call, generate_series(1, %s) AS n
 WHERE call.id = (SELECT min(id) FROM crm_lead_phone_call)
"""

MAKE_CALL = """
import base64
client = env.ref("crm_lead_api.demo_client")
lead = env["crm.lead"].search([("lead_api_client_id", "=", client.id)], limit=1)
env["crm.lead.phone.call"].create({
    "client_id": client.id, "call_ref": "1", "company_id": lead.company_id.id,
    "direction": "in", "agent_email": "lan", "start_date": "2026-11-25 01:15:00",
    "lead_id": lead.id, "recording_type": "audio/wav",
    "recording": base64.b64encode(b"RIFF0000WAVE"),
})
env["crm.lead.api.request"].create({
    "date": "2026-11-25 01:15:00", "client_id": client.id, "kind": "phone_call",
    "status": 200, "state": "done", "payload": "{}",
})
env["ir.config_parameter"].set_param("crm_lead_api_phone_call.recording_days", 30)
env.cr.commit()
"""


@pytest.fixture(scope="module")
def installed(demo):
    """A database with the addon, which tests copy."""
    database = demo.copy("phone_calls_installed")
    database.odoo("--init=crm_lead_api_phone_call", "--stop-after-init")
    return database


@pytest.fixture(scope="module")
def database(installed):
    return installed.copy("phone_calls")


@pytest.fixture(scope="module")
def servers(counting_server, database, start_server):
    return [counting_server, start_server(database)]


@pytest.fixture(scope="module")
def call(full_payload):
    """The body of a call that rings."""
    return {
        "direction": "in",
        "phone": "0912 345 678",
        "agent_email": full_payload["agent_email"],
        "started_at": "2026-11-25T08:15:00+07:00",
    }


def send(server, token, method, path, body=None, *headers):
    """Send a request; return status and body."""
    names = [JSON, ("Authorization", f"Bearer {token}"), *headers]
    text = "" if body is None else json.dumps(body)
    status, _head, answer = server.send(method, f"/api/v1{path}", names, text)
    return status, json.loads(answer)


def run_at_once(count, task):
    """Run a task of a number so many times, ``THREADS`` of them in the same instant."""
    barrier = threading.Barrier(THREADS)

    def run(number):
        barrier.wait(PATIENCE)
        while True:
            answer = task(number)
            if answer[0] != 503:  # send it again, says the answer
                return answer

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(count)))


def test_many_puts_make_one_call(database, servers, token, call):
    def put(number):
        body = {**call, "note": f"Ghi chú {number}"}
        return send(servers[number % 2], token, "PUT", "/phone-calls/at-once", body)

    answers = run_at_once(CALLS, put)
    assert {status for status, _body in answers} == {200}, answers[:1]
    made = [body["data"]["created"] for _status, body in answers]
    assert made.count(True) == 1
    assert database.query(
        "SELECT count(*) FROM crm_lead_phone_call WHERE call_ref = 'at-once'"
    ) == [(1,)]


def test_calls_and_lead_of_a_ticket_at_once(
    database, servers, token, call, full_payload
):
    """Whoever comes first, each call is on the lead of its ticket."""
    tickets = [next(TICKETS) for _ in range(CALLS // 2)]

    def put(number):
        ticket, is_lead = tickets[number // 2], number % 2
        server = servers[number % 4 // 2]
        if is_lead:
            phone = f"0976{ticket}"
            body = {**full_payload, "ticket_id": ticket, "phone_no1": phone}
            return send(server, token, "POST", "/lead", body)
        body = {**call, "ticket_id": ticket, "phone": None}
        return send(server, token, "PUT", f"/phone-calls/ticket-{ticket}", body)

    answers = run_at_once(CALLS, put)
    assert {status for status, _body in answers} == {200}, answers[:2]
    alone = database.query(
        "SELECT call_ref FROM crm_lead_phone_call "
        "WHERE call_ref LIKE 'ticket-%%' AND lead_id IS NULL"
    )
    assert alone == []


def test_statements(counting_server, database, token, call, full_payload):
    """A call takes at most half of the statements of a lead, however many there are."""
    ids = {}

    def put(kind, path, body, method="PUT"):
        ids[kind] = f"{kind}-{again}"
        header = ("X-Request-Id", ids[kind])
        status, answer = send(counting_server, token, method, path, body, header)
        assert status == 200, answer

    for again in range(3):  # for what the first leaves in caches
        ticket = next(TICKETS)
        lead = {**full_payload, "ticket_id": ticket, "phone_no1": f"0977{ticket}"}
        assert send(counting_server, token, "POST", "/lead", lead)[0] == 200
        ringing = {**call, "ticket_id": ticket}
        answered = {"answered_at": "2026-11-25T08:15:10+07:00"}
        ended = {"ended_at": "2026-11-25T08:18:30+07:00", "outcome": "answered"}
        path = f"/phone-calls/budget-{ticket}"
        put("ringing", path, ringing)
        put("answered", path, answered)
        put("ended", path, {**ended, "note": "Hỏi giá"})
        put("callback", path, {"callback_at": "2199-11-28T08:18:30+07:00"})
        put("unchanged", path, ended)
        put("missed", path, {"outcome": "no_answer"})
        put("unknown", f"{path}-unknown", {**call, "phone": f"0978{ticket}"})
        put("of_phone", f"{path}-phone", {**call, "phone": f"0977{ticket}"})
        put("read", path, None, "GET")
        put("list", f"/phone-calls?ticket_id={ticket}&limit=10", None, "GET")
        if again == 1:
            with closing(database.connect()) as connection, connection:
                cursor = connection.cursor()
                cursor.execute(MAKE_CALLS, [MANY])
                cursor.execute("ANALYZE crm_lead_phone_call")
            before = read_scans(database)
    after = read_scans(database)
    table = "crm_lead_phone_call"
    counts = read_statements(counting_server, ids)
    assert counts == STATEMENTS
    assert max(counts.values()) <= HALF
    assert after[table] == before[table], "the table was read as a whole"


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
    assert send(server, token, "PUT", "/phone-calls/large", call)[0] == 200
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


def test_a_person_is_erased(installed, token, full_payload, call, start_server):
    """Odoo's Privacy Lookup finds calls, and leaves nothing of a person."""
    database = installed.copy("phone_calls_privacy")
    database.odoo("--init=privacy_lookup", "--stop-after-init")
    server = start_server(database)
    person = {
        **{"contact_name": "Vũ Hải Yến", "email_from": "yen.vu@example.com"},
        **{"ticket_id": next(TICKETS), "phone_no1": "0901777303"},
    }
    lead = {**full_payload, **person}
    assert send(server, token, "POST", "/lead", lead)[0] == 200
    called = {**call, "phone": "0901 777 303", "note": "thích hoa giấy"}
    for ticket in ({"ticket_id": person["ticket_id"]}, {}):
        path = f"/phone-calls/private-{len(ticket)}"
        assert send(server, token, "PUT", path, {**called, **ticket})[0] == 200
        assert send(server, token, "PUT", path, {**called, "outcome": "x"})[0] == 422
    assert "crm.lead.phone.call" in database.run(ERASE).split(",")
    for text in ("hoa giấy", "901777303", "0901 777 303"):
        assert find_text(database, text) == []


def test_uninstall(installed):
    """Leads, settings and log of crm_lead_api stay; nothing of the addon does."""
    database = installed.copy("phone_calls_end")
    database.run(MAKE_CALL)
    leads = "SELECT count(*), sum(id) FROM crm_lead"
    before = database.query(leads)
    database.run("""
env["ir.module.module"].search(
    [("name", "=", "crm_lead_api_phone_call")]
).button_immediate_uninstall()
""")
    assert database.query(leads) == before
    for table, condition in [
        ("ir_attachment", "res_model = 'crm.lead.phone.call'"),
        ("ir_config_parameter", "key LIKE 'crm_lead_api_phone_call.%%'"),
        ("crm_lead_api_request", "kind IN ('phone_call', 'recording')"),
        ("ir_model_data", "module = 'crm_lead_api_phone_call'"),
    ]:
        query = f"SELECT count(*) FROM {table} WHERE {condition}"  # noqa: S608
        assert database.query(query) == [(0,)], table
    assert database.query("SELECT to_regclass('crm_lead_phone_call')") == [(None,)]
