# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the number of SQL statements of changes, notes and look-ups: however many leads
and contacts there are."""

import json
from contextlib import closing

import pytest
from benchmark.rows import multiply
from odoo_server import JSON
from statement_counts import (
    GROWING,
    end_connections,
    read_scans,
    read_statements,
    send,
)

MANY = 20_000  # leads, each of another customer
FEW = 2_000  # leads that a request may read
# Of PUT for a new ticket, of PATCH, of PUT that changes much, nothing and the street
CHANGE_STATEMENTS = {
    **{"new": 42, "change": 39, "back": 56, "unchanged": 25, "changed": 30},
    "note": 25,
}
# Of a look-up, with its customers' leads and portraits; the goal is 12.
LOOK_UP_STATEMENTS = 12
# Another client, which has no leads
MAKE_CLIENT = """
from datetime import datetime, timedelta
demo = env.ref("crm_lead_api.demo_client")
client = env["crm.lead.api.client"].create({
    "name": "Kiosk",
    "user_id": demo.user_id.copy({"login": "kiosk", "name": "Kiosk"}).id,
    "company_ids": demo.company_ids.ids,
    "company_id": demo.company_id.id,
})
print(">>" + client._generate_token("test", datetime.now() + timedelta(days=1)))
env.cr.commit()
"""
READ_FETCHES = """
SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_user_tables WHERE relname = 'crm_lead'
"""


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("desk_budget")


def test_statements_of_changes(counting_server, token, full_payload):
    """A change costs no more than a new lead of a known customer and a tenth; PUT of a
    new ticket two statements more than POST."""
    ids = {}
    for again in range(3):
        customer = 40_000 + again
        data = {
            **full_payload,
            **{f"phone_no{n}": f"096{n}{customer:06}" for n in (1, 2, 3)},
            "email_from": f"yen{customer}@example.com",
            "ticket_id": customer,
        }
        change = {
            "street": f"Số {again}",
            "birth_date": "1991-01-01",
            "add_crm_line_ids": data["crm_line_ids"][:1],
            "customer_portrait": {"transport": "bus", "hobby": [f"bơi {again}"]},
        }
        note = {"text": f"Ghi chú {again}", "agent_email": data["agent_email"]}
        lead = f"/api/v1/lead?ticket_id={customer}"
        for kind, method, path, body in [
            ("new", "PUT", "/api/v1/lead", data),
            ("change", "PATCH", lead, change),
            ("back", "PUT", "/api/v1/lead", data),
            ("unchanged", "PUT", "/api/v1/lead", data),
            ("changed", "PUT", "/api/v1/lead", {**data, "street": "Số 9"}),
            ("note", "POST", lead.replace("lead?", "lead/notes?"), note),
        ]:
            ids[kind] = f"{kind}-of-changes-{customer}"
            headers = [
                JSON,
                ("Authorization", f"Bearer {token}"),
                ("X-Request-Id", ids[kind]),
            ]
            answer = counting_server.send(method, path, headers, json.dumps(body))
            assert answer[0] == 200, answer
    assert read_statements(counting_server, ids) == CHANGE_STATEMENTS


def look_up(server, token, request_id, customers, leads, phone):
    """Look customers up, and check how many customers and leads the answer has."""
    path = f"/api/v1/customers?phone={phone}&agent_email=lan@example.com"
    headers = [("Authorization", f"Bearer {token}"), ("X-Request-Id", request_id)]
    status, _head, body = server.send("GET", path, headers)
    assert status == 200, body
    found = json.loads(body)["data"]["customers"]
    assert len(found) == customers
    assert sum(len(customer["leads"]) for customer in found) == leads
    assert all(customer["portrait"] for customer in found)


def test_look_ups(database, counting_server, token, full_payload):
    """A look-up takes as many statements with many contacts, leads and customers."""
    one, many, others = 70_000, 71_000, 73_000
    five = [72_000 + number for number in range(5)]
    for customer in (one, many, others, *five):
        for ticket in range(1 if customer in (one, others) else 3):
            send(
                counting_server,
                token,
                full_payload,
                "new",
                customer * 10 + ticket,
                customer,
            )
    with closing(database.connect()) as connection, connection:
        connection.cursor().execute(
            "UPDATE res_partner SET phone3 = '0968011111', phone3_key = '+84968011111'"
            " WHERE phone_key = ANY(%s)",
            [[f"+84961{customer:06}" for customer in five]],
        )
    for customer, count, has_customers in ((others, MANY, True), (many, 5_000, False)):
        [[lead_id]] = database.query(
            "SELECT max(id) FROM crm_lead WHERE phone = %s", f"0961{customer:06}"
        )
        multiply(database, lead_id, count, has_customers)
    ids = {}
    for again in range(2):  # for what the first leaves in caches
        for name, customers, leads, phone in (
            ("nobody", 0, 0, "0968099999"),
            ("one", 1, 1, f"0961{one:06}"),
            ("many", 1, 10, f"0961{many:06}"),
            ("five", 5, 15, "0968011111"),
        ):
            ids[name] = f"look-up-{name}-{again}"
            look_up(counting_server, token, ids[name], customers, leads, phone)
    counts = read_statements(counting_server, ids)
    assert {counts[name] for name in ("one", "many", "five")} == {LOOK_UP_STATEMENTS}
    assert counts["nobody"] < LOOK_UP_STATEMENTS
    [[kept]] = database.query("SELECT count(*) FROM crm_lead_api_look_up")
    assert kept == 2 * len(ids)
    before = read_scans(database)
    look_up(counting_server, token, "again", 1, 10, f"0961{many:06}")
    after = read_scans(database)
    assert [name for name in GROWING if after[name] != before[name]] == []


def test_leads_of_another_client(database, counting_server):
    """A client that has no leads does not read those of others to find that out."""
    assert database.count_leads() > MANY
    headers = [("Authorization", f"Bearer {database.run(MAKE_CLIENT)}")]

    def read():
        status, _head, body = counting_server.send("GET", "/api/v1/leads", headers)
        assert (status, json.loads(body)["data"]["items"]) == (200, [])
        end_connections(database)
        return database.query(READ_FETCHES)[0][0]

    before = read()
    assert read() - before < FEW
