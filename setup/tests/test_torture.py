# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The torture finds what it is to find, and the addon survives a short one."""

import json
from contextlib import closing

import pytest
import torture
from odoo_database import Database
from postgresql_cluster import find_programs
from torture_check import check, get_newest
from torture_client import THREADS, Caller

CHEAP_FAULTS = (
    *("worker-killed", "postgresql-crashed", "connections-cut", "callers-cut"),
)
ROUNDS = 2

# What may happen to a lead, and what is said of it.
DAMAGES = {
    "lead deleted": (
        "DELETE FROM crm_lead WHERE id = {lead}",
        {"lost": "was told of lead {lead}", "half_made": "log entry"},
    ),
    "lead copied": (
        "INSERT INTO crm_lead (name, type, ticket_ref) "
        "SELECT name, type, ticket_ref FROM crm_lead WHERE id = {lead}",
        {"doubled": "has the leads", "half_made": "contact"},
    ),
    "contact copied": (
        "INSERT INTO res_partner (name, phone) "
        "SELECT name, phone FROM res_partner "
        "WHERE id = (SELECT partner_id FROM crm_lead WHERE id = {lead})",
        {"doubled": "2 contacts have the phone", "half_made": "contact"},
    ),
    "contact gone": (
        "UPDATE crm_lead SET partner_id = NULL WHERE id = {lead}",
        {"half_made": "lead {lead} of ticket"},
    ),
    "stage gone": (
        "UPDATE crm_lead SET stage_id = NULL WHERE id = {lead}",
        {"half_made": "stage"},
    ),
    "portrait gone": (
        "UPDATE crm_lead SET portrait_id = NULL WHERE id = {lead}",
        {"half_made": "belongs to nothing"},
    ),
    "portrait's items deleted": (
        "DELETE FROM crm_customer_portrait_item "
        "WHERE portrait_id = (SELECT portrait_id FROM crm_lead WHERE id = {lead})",
        {"half_made": "items of the portrait"},
    ),
    "quantity of a service changed": (
        "UPDATE crm_lead_service SET quantity = 1 WHERE lead_id = {lead}",
        {"half_made": "services"},
    ),
    "log entry deleted": (
        "DELETE FROM crm_lead_api_request WHERE lead_id = {lead}",
        {"half_made": "one log entry"},
    ),
    "kept answer deleted": (
        "DELETE FROM crm_lead_api_answer WHERE request_id IN "
        "(SELECT id FROM crm_lead_api_request WHERE lead_id = {lead})",
        {"half_made": "one kept answer"},
    ),
    "lead of another ticket": (
        "UPDATE crm_lead SET ticket_ref = '1' WHERE id = {lead}",
        {"lost": "was told of lead {lead}", "half_made": "nobody sent ticket 1"},
    ),
}


@pytest.fixture(scope="module")
def served(demo, start_server):
    """A database in which calls have made leads; the calls; what was new before."""
    database = demo.copy("torture")
    newest = get_newest(database)
    payload = json.loads(database.make_payload())
    payload["crm_line_ids"] *= 2
    server = start_server(database)
    caller = Caller([server.port], database.make_token(), payload)
    with caller.run():
        caller.wait_for_successes(2 * THREADS)
    server.stop()
    return database, caller.calls, newest


def test_nothing_is_found_where_nothing_is_wrong(served):
    database, calls, newest = served
    findings = check(database, calls, newest)
    assert findings.problems == []
    assert findings.leads == len(calls) >= 2 * THREADS


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(served, damage):
    database, calls, newest = served
    statement, expected = DAMAGES[damage]
    # Of a customer that has no other lead.
    call = next(call for call in calls if call.ticket % 2)
    lead = call.answers[0].lead_id
    broken = database.copy("torture_broken")
    with closing(broken.connect()) as connection, connection:
        connection.cursor().execute(statement.format(lead=lead))
    findings = check(broken, calls, newest)
    for name in ("lost", "doubled", "half_made"):
        texts = "\n".join(getattr(findings, name))
        assert expected.get(name, "").format(lead=lead) in texts
        assert bool(texts) == (name in expected), texts


def test_two_answers_to_one_call_are_found(served):
    database, calls, newest = served
    first, second = [call for call in calls if call.ticket % 2][:2]
    first.attempts.append(second.answers[0])
    try:
        findings = check(database, calls, newest)
    finally:
        first.attempts.pop()
    assert "was told of the leads" in findings.doubled[0]


@pytest.mark.skipif(not find_programs(), reason="PostgreSQL's programs are not here")
def test_short_torture(demo: Database, capsys):
    arguments = [demo.name, f"--rounds={ROUNDS}", *CHEAP_FAULTS]
    assert torture.main(arguments) == 0, capsys.readouterr().out
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = [
        dict(zip(torture.COLUMNS, line, strict=True))
        for line in lines
        if line and line[0] in CHEAP_FAULTS
    ]
    assert [row["fault"] for row in rows] == list(CHEAP_FAULTS)
    for row in rows:
        assert row["lost"] == row["doubled"] == row["half-made"] == "0"
        assert int(row["200"]) >= int(row["leads"]) >= ROUNDS * THREADS
        assert int(row["sent"]) == sum(
            int(row[name]) for name in ("200", "none", "503", "5xx", "other")
        )
