# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The torture finds what it is to find, and the addon survives a short one."""

import json
from contextlib import closing

import pytest
from customers import AGENT
from faults import torture
from faults.check import check, get_newest
from faults.client import THREADS, Caller
from faults.follow_up import make_score, wait_for_queues
from odoo_database import Database
from postgresql_cluster import find_programs

CHEAP_FAULTS = (
    *("worker-killed", "follow-up-killed", "postgresql-crashed", "connections-cut"),
    "callers-cut",
)
ROUNDS = 2

MESSAGE = "FROM mail_message WHERE model = 'crm.lead' AND res_id = {lead}"
NOTICE = f"{MESSAGE} AND message_type = 'user_notification'"
IS_CREATION = """
    subtype_id = (SELECT res_id FROM ir_model_data
                   WHERE module = 'crm' AND name = 'mt_lead_create')
"""
NOTE = f"{MESSAGE} AND message_type = 'comment'"
CONTACT = "(SELECT partner_id FROM crm_lead WHERE id = {lead})"
FIRST_PORTRAIT = (
    f"(SELECT min(id) FROM crm_customer_portrait WHERE partner_id = {CONTACT})"
)
CONTACT_NOTE = f"FROM mail_message WHERE model = 'res.partner' AND res_id = {CONTACT}"
COPY_OF_MESSAGE = (
    "INSERT INTO mail_message (model, res_id, message_type, subtype_id) "
    "SELECT model, res_id, message_type, subtype_id"
)
# Damages to a lead, each with the findings that tell of it
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
    "creation note missing": (
        f"DELETE {MESSAGE} AND {IS_CREATION}",
        {"half_made": "lead {lead} lacks: creation note"},
    ),
    "creation note twice": (
        f"{COPY_OF_MESSAGE} {MESSAGE} AND {IS_CREATION}",
        {"doubled": "lead {lead} has 2 times: creation note"},
    ),
    "notice missing": (
        f"DELETE {NOTICE}",
        {"half_made": "lead {lead} lacks: notice, notification of the salesperson"},
    ),
    "notice twice": (
        f"{COPY_OF_MESSAGE} {NOTICE}",
        {"doubled": "lead {lead} has 2 times: notice"},
    ),
    "notification missing": (
        f"DELETE FROM mail_notification WHERE mail_message_id IN (SELECT id {NOTICE})",
        {"half_made": "lead {lead} lacks: notification of the salesperson"},
    ),
    "follower missing": (
        "DELETE FROM mail_followers WHERE res_model = 'crm.lead' AND res_id = {lead}",
        {"half_made": "lead {lead} lacks: follower"},
    ),
    "follower whom nobody asked for": (
        "INSERT INTO mail_followers (res_model, res_id, partner_id) "
        f"VALUES ('crm.lead', {{lead}}, {CONTACT})",
        {"half_made": "lead {lead} lacks: follower"},
    ),
    "score missing": (
        "UPDATE crm_lead SET automated_probability = 0 WHERE id = {lead}",
        {"half_made": "lead {lead} lacks: score"},
    ),
    "probability missing": (
        "UPDATE crm_lead SET probability = 0 WHERE id = {lead}",
        {"half_made": "lead {lead} lacks: score"},
    ),
    "note of the contact missing": (
        f"DELETE {CONTACT_NOTE}",
        {"half_made": "lacks: creation note"},
    ),
    "note of the contact twice": (
        f"{COPY_OF_MESSAGE} {CONTACT_NOTE}",
        {"doubled": "has 2 times: creation note"},
    ),
    "change overwritten": (
        "UPDATE crm_lead SET street = '12 Lê Lợi' WHERE id = {lead}",
        {"half_made": "lead {lead} of ticket 1000001: street"},
    ),
    "services added twice": (
        "UPDATE crm_lead_service SET quantity = quantity + 1 WHERE lead_id = {lead}",
        {"half_made": "services"},
    ),
    "change logged twice": (
        "INSERT INTO crm_lead_api_request "
        "(date, client_id, kind, status, state, lead_id, answer) "
        "SELECT date, client_id, kind, status, state, lead_id, answer "
        "FROM crm_lead_api_request WHERE lead_id = {lead} AND kind = 'change' LIMIT 1",
        {"half_made": "log entry of each request"},
    ),
    "proposal twice": (
        "INSERT INTO crm_lead_proposal "
        "(lead_id, partner_id, subject, new_values, state) "
        "SELECT lead_id, partner_id, subject, new_values, state "
        "FROM crm_lead_proposal WHERE lead_id = {lead}",
        {"doubled": "lead {lead} has 2 proposals"},
    ),
    "earlier portrait deleted": (
        "DELETE FROM crm_customer_portrait_item "
        f"WHERE portrait_id = {FIRST_PORTRAIT}; "
        f"DELETE FROM crm_customer_portrait WHERE id = {FIRST_PORTRAIT}",
        {"half_made": "a portrait of each change"},
    ),
    "portrait that no change explains": (
        f"INSERT INTO crm_customer_portrait (partner_id) SELECT {CONTACT}",
        {"half_made": "belongs to nothing"},
    ),
    "note missing": (
        f"DELETE {NOTE}",
        {"lost": "was told of note", "half_made": "note"},
    ),
    "note twice": (f"{COPY_OF_MESSAGE} {NOTE}", {"doubled": "has the notes"}),
    "work that nobody does": (
        "INSERT INTO crm_lead_api_follow_up (task, user_id, lead_id, date, next_date) "
        "SELECT 'note', 1, {lead}, now(), now()",
        {"half_made": "note of {lead} still waits"},
    ),
    "notification that nobody sends": (
        "INSERT INTO mail_message_schedule (mail_message_id, scheduled_datetime) "
        f"SELECT id, now() {NOTICE}",
        {"half_made": "notification of"},
    ),
}


@pytest.fixture(scope="module")
def served(demo, token, payload, start_server):
    """A database in which calls have made leads, with what follows them; the calls;
    what was new before; the score of the leads."""
    database = demo.copy("torture")
    payload = {**json.loads(payload), "agent_email": AGENT}
    payload["crm_line_ids"] *= 2
    score = make_score(database, payload)
    assert 0 < score < 100
    newest = get_newest(database)
    server = start_server(database, "--max-cron-threads=1")
    caller = Caller([server.port], token, payload)
    with caller.run():
        caller.wait_for_successes(6 * THREADS)
    assert wait_for_queues(database, server.is_up)
    server.stop()
    return database, caller.calls, newest, score


def test_nothing_is_found_where_nothing_is_wrong(served):
    findings = check(*served)
    assert findings.problems == []
    _database, calls, _newest, _score = served
    assert findings.leads == len(calls) >= THREADS


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(served, damage):
    database, calls, newest, score = served
    statement, expected = DAMAGES[damage]
    # Of a customer that has no other lead. It has two changes with keys, and a note.
    call = min(calls, key=lambda call: call.ticket)
    assert call.ticket == 1_000_001
    lead = call.answers[0].lead_id
    broken = database.copy("torture_broken")
    with closing(broken.connect()) as connection, connection:
        connection.cursor().execute(statement.format(lead=lead))
    findings = check(broken, calls, newest, score)
    for name in ("lost", "doubled", "half_made"):
        texts = "\n".join(getattr(findings, name))
        assert expected.get(name, "").format(lead=lead) in texts
        assert bool(texts) == (name in expected), texts


def test_two_answers_to_one_call_are_found(served):
    database, calls, newest, score = served
    first, second = [call for call in calls if call.ticket % 2][:2]
    first.attempts.append(second.answers[0])
    try:
        findings = check(database, calls, newest, score)
    finally:
        first.attempts.pop()
    assert "was told of the leads" in findings.doubled[0]


@pytest.mark.skipif(not find_programs(), reason="PostgreSQL's programs are not here")
def test_short_torture(demo: Database, capsys):
    arguments = [f"--rounds={ROUNDS}", *CHEAP_FAULTS]
    assert torture.main(arguments, demo.name) == 0, capsys.readouterr().out
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = [
        dict(zip(torture.COLUMNS, line, strict=True))
        for line in lines
        if line and line[0] in CHEAP_FAULTS
    ]
    assert [row["fault"] for row in rows] == list(CHEAP_FAULTS)
    for row in rows:
        assert row["lost"] == row["doubled"] == row["half-made"] == "0"
        done = [int(row[name]) for name in ("leads", "changes", "notes")]
        assert int(row["200"]) >= sum(done) >= ROUNDS * THREADS
        assert all(done)
        if row["fault"] == "callers-cut":
            # Each round hangs up on so many requests.
            assert int(row["none"]) >= ROUNDS * 2 * THREADS
