# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The torture finds what it is to find, and the addons survive a short one."""

import re
from dataclasses import dataclass
from functools import partial

import pytest
from customers import AGENT
from faults import torture
from faults.check import Evidence, Findings, check, check_reminders
from faults.client import THREADS, Caller
from faults.scene import (
    AT_ONCE,
    listening,
    make_due,
    make_late,
    make_score,
    prepare,
    wait_for_queues,
)
from faults.ticket import OF_LEAD
from odoo_database import Database
from postgresql_cluster import find_programs

CHEAP_FAULTS = {
    "few": ("worker-killed", "postgresql-crashed"),
    "others": ("connections-cut", "callers-cut"),
}
ROUNDS = 1
MESSAGE = "FROM mail_message WHERE model = 'crm.lead' AND res_id = {lead}"
NOTICE = f"{MESSAGE} AND message_type = 'user_notification'"
IS_CREATION = """
    subtype_id = (SELECT res_id FROM ir_model_data
                   WHERE module = 'crm' AND name = 'mt_lead_create')
"""
NOTE = f"{MESSAGE} AND message_type = 'comment'"
BOOKING = "FROM crm_booking WHERE lead_id = {lead}"
BOOKED = "FROM crm_lead_api_event WHERE lead_id = {lead} AND type = 'booking.booked'"
PHONE_LINE = f"{MESSAGE} AND body LIKE '%☎%'"
SOUND = (
    "FROM ir_attachment WHERE res_model = 'crm.lead.phone.call' AND res_id IN "
    "(SELECT id FROM crm_lead_phone_call WHERE lead_id = {lead})"
)
# Of the lead that a platform's message has become
FORM_LEAD = "(SELECT lead_id FROM crm_lead_api_message ORDER BY id LIMIT 1)"
FORM_MESSAGE = "id = (SELECT min(id) FROM crm_lead_api_message)"
# Of a lead that was given out
FIRST_CALL = "(SELECT min(id) FROM crm_first_call)"
GIVEN_LEAD = f"(SELECT lead_id FROM crm_first_call WHERE id = {FIRST_CALL})"
COPY_OF_MESSAGE = (
    "INSERT INTO mail_message (model, res_id, message_type, subtype_id) "
    "SELECT model, res_id, message_type, subtype_id"
)
COPY_OF_REMINDER = """
    INSERT INTO crm_lead_api_event (date, client_id, type, message_ref, state, body)
    SELECT date, client_id, type, message_ref, state, body FROM crm_lead_api_event
     WHERE id = (
         SELECT min(id) FROM crm_lead_api_event WHERE type = 'booking.reminder_due'
     )
"""
# Damages to a lead, one or two for each check, with the findings that tell of it
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
    "portrait gone": (
        "UPDATE crm_lead SET portrait_id = NULL WHERE id = {lead}",
        {"half_made": "belongs to nothing"},
    ),
    "kept answer deleted": (
        "DELETE FROM crm_lead_api_answer WHERE request_id IN "
        "(SELECT id FROM crm_lead_api_request WHERE lead_id = {lead})",
        {"half_made": "one kept answer"},
    ),
    "creation note missing": (
        f"DELETE {MESSAGE} AND {IS_CREATION}",
        {"half_made": "lead {lead} lacks: creation note"},
    ),
    "notice twice": (
        f"{COPY_OF_MESSAGE} {NOTICE}",
        {"doubled": "lead {lead} has 2 times: notice"},
    ),
    "score missing": (
        "UPDATE crm_lead SET automated_probability = 0 WHERE id = {lead}",
        {"half_made": "lead {lead} lacks: score"},
    ),
    "change logged twice": (
        "INSERT INTO crm_lead_api_request "
        "(date, client_id, kind, status, state, lead_id, answer) "
        "SELECT date, client_id, kind, status, state, lead_id, answer "
        "FROM crm_lead_api_request WHERE lead_id = {lead} AND kind = 'change' LIMIT 1",
        {"half_made": "log entry of each request"},
    ),
    "note twice": (f"{COPY_OF_MESSAGE} {NOTE}", {"doubled": "has the notes"}),
    "booking deleted": (
        f"DELETE FROM calendar_event WHERE id IN (SELECT meeting_id {BOOKING}); "
        f"DELETE {BOOKING}",
        {"lost": "ticket 1000001 was told of booking"},
    ),
    "seat taken twice": (
        "ALTER TABLE crm_booking DROP CONSTRAINT crm_booking_seat_free; "
        "INSERT INTO crm_booking (code, lead_id, partner_id, company_id, group_id, "
        "start, stop, seat_id, state, access_token) "
        "SELECT 'x', lead_id, NULL, company_id, group_id, start, stop, seat_id, state, "
        f"access_token {BOOKING}",
        {"doubled": "is taken by bookings", "half_made": "belongs to nothing"},
    ),
    "two open bookings of a customer": (
        "DROP INDEX crm_booking_one_open; "
        "INSERT INTO crm_booking (code, lead_id, partner_id, company_id, group_id, "
        "start, stop, seat_id, state, access_token) "
        "SELECT 'x', lead_id, partner_id, company_id, group_id, "
        "start + interval '9 days', stop + interval '9 days', seat_id, state, "
        f"access_token {BOOKING}",
        {"doubled": "has open bookings", "half_made": "belongs to nothing"},
    ),
    "booking's state lost": (
        "UPDATE crm_booking SET state = 'confirmed' WHERE lead_id = {lead}",
        {"half_made": "ticket 1000001: state"},
    ),
    "meeting that nobody wants": (
        "INSERT INTO calendar_event (name, start, stop, show_as) "
        "VALUES ('x', now(), now(), 'busy')",
        {"half_made": "meeting"},
    ),
    "event missing": (
        f"DELETE {BOOKED}",
        {"lost": "no booking.booked of ticket 1000001", "half_made": "came, and is"},
    ),
    "event twice": (
        "INSERT INTO crm_lead_api_event (date, client_id, type, message_ref, "
        "ticket_ref, state) SELECT date, client_id, type, message_ref, ticket_ref, "
        f"state {BOOKED}",
        {"doubled": "2 instead of 1 events booking.booked of ticket 1000001"},
    ),
    "event given up": (
        "UPDATE crm_lead_api_event SET state = 'failed' "
        f"WHERE id IN (SELECT id {BOOKED})",
        {"lost": "event booking.booked of ticket 1000001 is failed"},
    ),
    "phone call deleted": (
        "DELETE FROM crm_lead_phone_call WHERE lead_id = {lead}",
        {"lost": "phone call call-1000001 is not there", "half_made": "recording"},
    ),
    "recording gone": (f"DELETE {SOUND}", {"half_made": "call-1000001: recording"}),
    "line of the phone call twice": (
        "INSERT INTO mail_message (model, res_id, message_type, body) "
        f"SELECT model, res_id, message_type, body {PHONE_LINE}",
        {"doubled": "call-1000001 has 2 lines"},
    ),
    "lead of a message deleted": (
        f"DELETE FROM crm_lead WHERE id = {FORM_LEAD}",
        {"lost": "and the leads []", "half_made": "log entry"},
    ),
    "lead of a message copied": (
        "INSERT INTO crm_lead (name, type, ticket_ref) "
        f"SELECT name, type, ticket_ref FROM crm_lead WHERE id = {FORM_LEAD}",
        {
            "doubled": "has the leads",
            "half_made": "lead of the message",
        },
    ),
    "message deleted": (
        f"DELETE FROM crm_lead_api_message WHERE {FORM_MESSAGE}",
        {"lost": "has [] and the leads"},
    ),
    "message waits": (
        f"UPDATE crm_lead_api_message SET state = 'waiting' WHERE {FORM_MESSAGE}",
        {"half_made": "still waits"},
    ),
    "log entry of a message forgotten": (
        f"UPDATE crm_lead_api_message SET request_id = NULL WHERE {FORM_MESSAGE}",
        {"half_made": ": log entry"},
    ),
    "message that nobody sent": (
        "INSERT INTO crm_lead_api_message (connection_id, date, message_ref, state) "
        "SELECT connection_id, date, 'x', state FROM crm_lead_api_message "
        f"WHERE {FORM_MESSAGE}",
        {"half_made": "nobody sent message x"},
    ),
    "given lead deleted": (
        f"DELETE FROM crm_lead WHERE id = {GIVEN_LEAD}",
        {"lost": "was told of lead", "half_made": "belongs to nothing"},
    ),
    "lead given twice": (
        "INSERT INTO crm_first_call_decision "
        "(first_call_id, date, user_id, former_user_id, reason) "
        "SELECT first_call_id, date, user_id, former_user_id, reason "
        f"FROM crm_first_call_decision WHERE first_call_id = {FIRST_CALL}",
        {"doubled": "was given to", "half_made": "one recall"},
    ),
    "recall without its line": (
        "DELETE FROM crm_first_call_decision "
        f"WHERE former_user_id IS NOT NULL AND first_call_id = {FIRST_CALL}",
        {"half_made": "one recall"},
    ),
    "owner of a given lead lost": (
        f"UPDATE crm_lead SET user_id = NULL WHERE id = {GIVEN_LEAD}",
        {"half_made": "owner"},
    ),
    "first call planned twice": (
        "INSERT INTO mail_activity (res_model, res_model_id, res_id, user_id, "
        "activity_type_id, date_deadline, active) SELECT res_model, res_model_id, "
        "res_id, user_id, activity_type_id, date_deadline, active FROM mail_activity "
        f"WHERE res_model = 'crm.lead' AND active AND res_id = {GIVEN_LEAD}",
        {"doubled": "is to be called by"},
    ),
    "first call planned by nobody": (
        "DELETE FROM mail_activity "
        f"WHERE res_model = 'crm.lead' AND res_id = {GIVEN_LEAD}",
        {"half_made": "planned call"},
    ),
    "lead waits to be given out": (
        f"UPDATE crm_first_call SET state = 'waiting' WHERE id = {FIRST_CALL}",
        {"half_made": "still waits"},
    ),
}
# Damages to the reminders, each with the findings that tell of it
DAMAGED_REMINDERS = {
    "missing": (
        "DELETE FROM crm_lead_api_event WHERE type = 'booking.reminder_due'",
        {"lost": "nobody was reminded of booking"},
    ),
    "twice": (COPY_OF_REMINDER, {"doubled": "has 2 reminders"}),
    "of another booking": (
        "UPDATE crm_lead_api_event "
        """SET body = replace(body, '"id_booking":', '"id_booking": 1, "x":')""",
        {"lost": "nobody was reminded", "half_made": "no reminder of booking 1"},
    ),
}


@pytest.fixture(scope="module")
def served(addons, token, payload, start_server):
    """A database in which requests have made leads, bookings and phone calls, with
    what follows them, and messages leads; what the client knows; reminders that were
    due."""
    database = addons.copy("torture")
    services = {"crm_line_ids": 2 * payload["crm_line_ids"]}
    payload = {**payload, **services, "agent_email": AGENT}
    score = make_score(database, payload)
    assert 0 < score < 100
    template = prepare(database, token, payload, AT_ONCE)
    newest = database.read_newest()
    with listening(database) as listener:
        server = start_server(database, "--max-cron-threads=1")
        caller = Caller([server.port], template)
        with caller.run():
            caller.wait_for_successes(THREADS)
            due = make_due(database, [])
            make_late(database)
            caller.wait_for_successes(12 * THREADS)
        assert wait_for_queues(database, partial(make_late, database))
        server.stop()
    return database, Evidence(caller.tickets, newest, score, listener.came), due


def get_odd(evidence):
    """Return the tickets of customers that have no other ticket."""
    tickets = sorted(evidence.tickets, key=lambda ticket: ticket.id)
    return [ticket for ticket in tickets if ticket.id % 2]


@dataclass
class DamagedDatabase(Database):
    """A database in which each connection begins with a statement that is never
    committed: the same as a damaged copy, without the copy."""

    statement: str = ""

    def connect(self):
        connection = super().connect()
        connection.cursor().execute(self.statement)
        return connection


def damage_database(database, statement):
    return DamagedDatabase(**vars(database), statement=statement)


def assert_found(findings, expected, **names):
    for name in ("lost", "doubled", "half_made"):
        texts = "\n".join(getattr(findings, name))
        assert expected.get(name, "").format(**names) in texts
        assert bool(texts) == (name in expected), texts


def test_nothing_is_found_where_nothing_is_wrong(served):
    database, evidence, due = served
    findings = check(database, evidence)
    check_reminders(database, due, findings)
    assert findings.problems == []
    messages = findings.counts["messages"]
    given = sum(bool(each.select(["assignment"])) for each in evidence.tickets)
    assert findings.counts["leads"] == len(evidence.tickets) + messages + given
    assert messages >= THREADS
    assert findings.counts["assignments"] == 2 * given >= 2 * THREADS
    assert findings.counts["bookings"] >= THREADS
    assert findings.counts["calls"] >= THREADS
    assert findings.counts["reminders"] == AT_ONCE
    soon = "reminder_date < now() AT TIME ZONE 'utc' + interval '12 hours'"
    assert not database.count("crm_booking", soon), "no other becomes due meanwhile"


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(served, damage):
    database, evidence, _due = served
    statement, expected = DAMAGES[damage]
    # The ticket has two changes with keys, a note, a booking that has been moved, and a
    # phone call with a recording.
    ticket = get_odd(evidence)[0]
    assert ticket.id == 1_000_001
    assert ticket.booked[-1].data["state"] == "arrived"
    broken = damage_database(database, statement.format(lead=ticket.lead_id))
    assert_found(check(broken, evidence), expected, lead=ticket.lead_id)


@pytest.mark.parametrize("damage", DAMAGED_REMINDERS)
def test_damage_of_reminders_is_found(served, damage):
    database, _evidence, due = served
    statement, expected = DAMAGED_REMINDERS[damage]
    findings = Findings()
    check_reminders(damage_database(database, statement), due, findings)
    assert_found(findings, expected)


def test_two_answers_to_one_request_are_found(served):
    database, evidence, _due = served
    first, second = (ticket.select(OF_LEAD)[0] for ticket in get_odd(evidence)[:2])
    first.attempts.append(second.answers[0])
    try:
        findings = check(database, evidence)
    finally:
        first.attempts.pop()
    assert "was told of the leads" in findings.doubled[0]


@pytest.mark.skipif(not find_programs(), reason="PostgreSQL's programs are not here")
@pytest.mark.parametrize("faults", CHEAP_FAULTS.values(), ids=CHEAP_FAULTS)
def test_short_torture(addons: Database, capsys, faults):
    arguments = [f"--rounds={ROUNDS}", *faults]
    assert torture.main(arguments, addons.name) == 0, capsys.readouterr().out
    rows = read_values(capsys.readouterr().out)
    assert [*rows] == [*faults]
    for row in rows.values():
        assert row["lost"] == row["doubled"] == row["half-made"] == 0
        made = ("leads", "changes", "notes", "calls", "events", "bookings", "messages")
        made += ("assignments",)
        assert all(row[name] for name in made)
        assert row["200"] >= ROUNDS * THREADS
        assert row["reminders"] == ROUNDS * AT_ONCE
    if "callers-cut" in rows:
        # Each round hangs up on so many requests.
        assert rows["callers-cut"]["none"] >= ROUNDS * 2 * THREADS


def read_values(output):
    """Return the values of each fault, by name."""
    paragraphs = re.findall(
        r"^([\w-]+): (rounds .*(?:\n    .*)*)", output, re.MULTILINE
    )
    return {
        name: {each: int(n) for each, n in re.findall(r"([\w-]+)\s+(\d+)", text)}
        for name, text in paragraphs
    }
