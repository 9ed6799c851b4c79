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
from faults.damage import DAMAGED_REMINDERS, DAMAGES
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
