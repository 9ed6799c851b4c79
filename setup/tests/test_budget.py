# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the number of SQL statements of a request, and that none reads a whole table:
however many leads and contacts there are, and also where Odoo has just started."""

import re
from collections import Counter

import pytest
from benchmark.measurement import (
    COUNTING,
    OWN_LINE,
    STATEMENT,
    count_own_statements,
    read_log,
)
from benchmark.rows import multiply
from postgresql_cluster import find_programs, run_cluster
from statement_counts import (
    GROWING,
    end_connections,
    read_scans,
    read_statements,
    send,
)

MANY = 20_000  # leads
# Statements of a request today, so that one more is noticed. The goals are 40, 37, 8
# and 5.
STATEMENTS = {"new": 40, "known": 35, "replayed": 6, "refused": 4}
# The first request of a process also reads the rights and defaults that Odoo keeps.
FIRST_STATEMENTS = {"new": 128, "known": 114, "replayed": 13, "refused": 5}
DOCUMENT = "/api/v1/openapi.json"
DOCUMENT_STATEMENTS = 6  # Odoo's check for changes, and the public user
# Tables that Odoo reads once for each model, group or name, and keeps
KEPT_BY_ODOO = (
    *("ir_rule", "rule_group_rel", "ir_model_access", "ir_model_data", "ir_default"),
    *("ir_config_parameter", "res_groups"),
)
TABLE = re.compile(r'FROM "?(\w+)')
VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
FEW = 3  # statements that differ by their values alone
# For each lead Odoo would open a connection to wake its own action up.
NO_ENRICHMENT = """
env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "manual")
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**6)
env.cr.commit()
"""


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("budget")


def send_each(server, token, payload, first):
    """Send a request of each kind several times, for what the first leaves in caches.

    :param first: a number, of which no other requests have the thousand after it
    :return: the id of the last request of each kind
    """
    ids = {}
    for again in (0, 100, 200):
        customer = first + again
        for kind, number in [
            *(("new", 1), ("known", 2), ("known", 3), ("replayed", 3), ("refused", 4))
        ]:
            ids[kind] = send(server, token, payload, kind, customer + number, customer)
    return ids


def test_statements(counting_server, token, full_payload):
    counts = read_statements(
        counting_server, send_each(counting_server, token, full_payload, 10_000)
    )
    assert counts == STATEMENTS


def test_statements_of_the_document(counting_server):
    """Nobody needs a token for it."""
    ids = {}
    for kind in ("first", "next"):
        ids[kind] = f"document-{kind}"
        headers = [("X-Request-Id", ids[kind])]
        status, _head, _body = counting_server.send("GET", DOCUMENT, headers)
        assert status == 200
    counts = read_statements(counting_server, ids)
    assert counts["next"] == DOCUMENT_STATEMENTS


@pytest.mark.usefixtures("counting_server")  # with its limits
@pytest.mark.parametrize(
    ("kind", "ticket", "customer"),
    [
        ("new", 20_001, 20_000),
        ("known", 21_002, 21_000),
        ("replayed", 22_001, 22_000),
        ("refused", 23_001, 23_000),
    ],
)
def test_first_request(database, token, full_payload, tmp_path, kind, ticket, customer):
    """The first request of a process: no list of records is read one by one."""
    options = ("--db-filter=", COUNTING)
    if kind in ("known", "replayed"):
        with database.serve(tmp_path / "before.log", *options) as server:
            send(server, token, full_payload, "new", customer + 1, customer)
    with database.serve(tmp_path / "odoo.log", *options) as server:
        log = read_log(
            server,
            lambda: send(server, token, full_payload, kind, ticket, customer),
            OWN_LINE,
        )
    assert count_own_statements(log) <= FIRST_STATEMENTS[kind]
    shapes = Counter(VALUE.sub("?", statement) for statement in STATEMENT.findall(log))
    assert [
        (count, shape)
        for shape, count in shapes.items()
        if count > FEW and get_table(shape) not in KEPT_BY_ODOO
    ] == []


def get_table(statement):
    """Return the first table that a statement reads, if any."""
    match = TABLE.search(statement)
    return match and match[1]


@pytest.mark.skipif(not find_programs(), reason="PostgreSQL's programs are not here")
def test_commits_and_connections(demo, token, full_payload, tmp_path):
    """Two commits for a lead: what counts against the limit stays counted. After the
    answer Odoo is woken up, at most once a second. No connection is opened."""
    # A server of its own, because transactions of all databases count as one.
    with run_cluster("fsync=off") as cluster:
        database = cluster.copy(demo)
        database.run(NO_ENRICHMENT)
        with database.serve(tmp_path / "odoo.log", "--db-filter=") as server:
            send_each(server, token, full_payload, 50_000)
            before = read_work(database)
            count = 40
            for number in range(60_000, 60_000 + count):
                send(server, token, full_payload, "new", number, number)
            after = read_work(database)
        few = count // 2  # wake-ups, what measures, what PostgreSQL does by itself
        assert after["commits"] - before["commits"] <= 2 * count + few
        for name in (database.name, "postgres"):
            assert after[name] - before[name] <= few


def test_many_leads(database, counting_server, token, full_payload):
    """Many leads cost no statement more, and no table is read as a whole."""
    [[lead_id]] = database.query("SELECT max(id) FROM crm_lead")
    multiply(database, lead_id, MANY)
    send_each(counting_server, token, full_payload, 30_000)
    before = read_scans(database)
    counts = read_statements(
        counting_server, send_each(counting_server, token, full_payload, 40_000)
    )
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
