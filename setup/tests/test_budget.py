# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many SQL statements a call may cost, and that none reads a whole table: however
many leads and contacts there are."""

import json
import re
from contextlib import closing

import pytest
from bench_rows import multiply
from waiting import wait_until

MANY = 20_000  # leads
# What it takes today, so that one more is noticed. The goals were 50, 40, 12 and 6.
STATEMENTS = {"new": 21, "known": 19, "replayed": 7, "refused": 4}
LINE = re.compile(r"call operation=\S+ request=(\S+) .* queries=(\d+)")
# What grows with the calls
GROWING = (
    *("crm_lead", "res_partner", "crm_customer_portrait", "crm_customer_portrait_item"),
    *("crm_lead_service", "crm_lead_api_request", "crm_lead_api_answer"),
    *("mail_message", "mail_followers"),
)
# There, as always, but not to be reached
LIMITS = """
env.ref("crm_lead_api.demo_client").requests_per_minute = 10**6
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**6)
env.cr.commit()
"""
AGENT = "SELECT login FROM res_users WHERE id = %s"


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("budget")


@pytest.fixture(scope="module")
def server(database, token, start_server):
    database.run(LIMITS)  # after the token, whose client gets no limit
    # With a filter of databases Odoo opens a connection at each request.
    return start_server(database, "--db-filter=")


@pytest.fixture(scope="module")
def full_payload(database, payload):
    """All that the budgets are for: two services, seven words of a portrait."""
    payload = json.loads(payload)
    [[second]] = database.query(
        "SELECT res_id FROM ir_model_data WHERE name = 'demo_service_nang_mui'"
    )
    [[agent]] = database.query(AGENT, payload["user_id"])
    return {
        **payload,
        "agent_email": agent,
        "crm_line_ids": [*payload["crm_line_ids"], second],
        "email_from": "yen@example.com",
        "birth_date": "1990-05-20",
        "customer_portrait": {
            "transport": "car",
            "hobby": ["âm nhạc", "xem phim"],
            "pain_point": ["đau", "ngại"],
            "desires": ["đẹp", "trẻ", "khoẻ"],
        },
    }


def make_calls(server, token, payload, first):
    """Make a call of each kind, twice, for what the first of them leaves in caches.

    :param first: a number, of which no other calls have the thousand after it
    :return: the id of the last call of each kind
    """
    calls = {}

    def post(kind, number, phone, sent_token=token, status=200):
        payload["ticket_id"] = first + number
        headers = [
            ("Content-Type", "application/json"),
            ("Authorization", f"Bearer {sent_token}"),
            ("X-Request-Id", f"{kind}-{first + number}"),
        ]
        data = {
            **payload,
            **{f"phone_no{n}": f"096{n}{first + phone:06}" for n in (1, 2, 3)},
            "email_from": f"yen{first + phone}@example.com",
        }
        answer = server.send("POST", "/api/v1/lead", headers, json.dumps(data))
        assert answer[0] == status, answer
        calls[kind] = f"{kind}-{first + number}"

    for again in (0, 100, 200):
        post("new", again + 1, again)
        post("known", again + 2, again)
        post("known", again + 3, again)
        post("replayed", again + 3, again)
        post("refused", again + 4, again, f"crmlead_{'0' * 40}", 401)
    return calls


def read_statements(server, calls):
    """Return how many statements each call took, by Odoo's own count."""

    def read():
        counts = dict(LINE.findall(server.log.read_text()))
        if counts.keys() >= set(calls.values()):
            return {kind: int(counts[call]) for kind, call in calls.items()}
        return None

    return wait_until(read)


def test_statements(server, token, full_payload):
    counts = read_statements(server, make_calls(server, token, full_payload, 10_000))
    assert counts == STATEMENTS


def test_commits_and_connections(database, server, token, full_payload):
    """Two commits for a lead: what counts against the limit stays counted. After the
    answer one, in no database of Odoo's, wakes it up. No connection is opened."""
    make_calls(server, token, full_payload, 50_000)
    before = read_work(database)
    calls = 40
    for number in range(calls):
        payload = {**full_payload, "ticket_id": 60_000 + number}
        payload |= {f"phone_no{n}": f"097{n}{number:06}" for n in (1, 2, 3)}
        assert server.post(token, payload)[0] == 200
    after = read_work(database)
    few = calls // 2  # what measures, and what PostgreSQL does by itself
    assert after["commits"] - before["commits"] <= 3 * calls + few
    for name in (database.name, "postgres"):
        assert after[name] - before[name] <= few


def test_many_leads(database, server, token, full_payload):
    """No statement more, and no table read from its beginning to its end."""
    [[lead_id]] = database.query("SELECT max(id) FROM crm_lead")
    multiply(database, lead_id, MANY)
    make_calls(server, token, full_payload, 30_000)
    before = read_scans(database)
    counts = read_statements(server, make_calls(server, token, full_payload, 40_000))
    after = read_scans(database)
    assert counts == STATEMENTS
    assert {name: after[name] - before[name] for name in GROWING} == dict.fromkeys(
        GROWING, 0
    )


def read_work(database):
    """Return how many commits of changes there were, and by database connections."""
    end_connections(database)
    [[last]] = database.query("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    sessions = dict(database.query("SELECT datname, sessions FROM pg_stat_database"))
    return {"commits": int(last), **sessions}


def read_scans(database):
    """Return how often each table was read as a whole."""
    end_connections(database)
    return dict(database.query("SELECT relname, seq_scan FROM pg_stat_user_tables"))


def end_connections(database):
    """Let PostgreSQL count what they have done, at the latest when they end."""
    with closing(database.connect()) as connection, connection:
        connection.cursor().execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
