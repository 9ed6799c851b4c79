# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test changes of one lead in the same instant, by two servers on one database."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from odoo_database import find_printed
from waiting import run_at_once, wait_until

CHANGES = 100
THREADS = 25
TICKETS = itertools.count(700_000)
# Staff merge leads, as Odoo serves them: again after a serialization failure. The first
# attempt waits for the test, before the merge or before its commit.
MERGE = """
from psycopg2 import OperationalError
ids, moment = {ids}, "{moment}"
while True:
    try:
        leads = env["crm.lead"].browse(ids)
        leads.mapped("name")  # from here on the transaction sees nothing new
        if moment == "before":
            env.cr.execute("SELECT pg_advisory_lock(29)")
        merged = leads.merge_opportunity()
        env.flush_all()
        if moment == "after":
            env.cr.execute("SELECT pg_advisory_lock(29)")
        env.cr.commit()
        break
    except OperationalError:
        env.cr.rollback()
        env.invalidate_all()
        moment = "never"
print(">>%s" % merged.id)
"""
WAITING = """
    SELECT FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND wait_event {} 'advisory'
"""


@pytest.fixture
def data(payload):
    """The payload of a ticket of its own."""
    ticket = next(TICKETS)
    return {**payload, "ticket_id": ticket, "phone_no1": f"0975{ticket}"}


def test_no_change_is_lost(database, servers, token, data):
    """Each thread reads the lead, adds two digits to the street, and sends the ETag;
    a thread that is too late reads again."""
    data["street"] = "-"
    path = f"/lead/{servers[0].post(token, data).lead_id}"
    late = []

    def add(number):
        server = servers[number % 2]
        while True:
            lead = server.call(token, "GET", path)
            change = {"street": f"{lead.data['street']}{number:02}"}
            match = ("If-Match", lead.get_header("ETag"))
            status, _head, body = server.call(token, "PATCH", path, change, match)
            if status == 200:
                return body["data"]["street"]
            # 503: other changes came first again and again
            assert status in (412, 503), body
            late.append(number)

    run_at_once(add, range(CHANGES), THREADS)
    [[street]] = database.query(
        "SELECT street FROM crm_lead WHERE phone = %s", data["phone_no1"]
    )
    numbers = re.findall(r"\d\d", street)
    assert sorted(map(int, numbers)) == list(range(CHANGES))
    assert late, "the test is one only if some are too late"


@pytest.mark.parametrize("differ", [False, True], ids=["equal", "different"])
def test_many_puts_of_a_ticket_make_one_lead(database, servers, token, data, differ):
    def put(number):
        own = {**data, "street": f"Số {number}"} if differ else data
        return servers[number % 2].insist(token, "PUT", "/lead", own)

    answers = run_at_once(put, range(CHANGES), THREADS)
    assert [answer.data["created"] for answer in answers].count(True) == 1
    assert len({answer.lead_id for answer in answers}) == 1
    ticket = str(data["ticket_id"])
    assert database.count("crm_lead", "ticket_ref = %s", ticket) == 1


@pytest.mark.parametrize("by", ["id", "ticket"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_note_follows_its_lead_into_a_merge(
    database, servers, token, data, by, moment
):
    """The note comes after the merge began, and before it is committed."""
    tickets = data["ticket_id"], next(TICKETS)
    leads = [{**data, "ticket_id": ticket} for ticket in tickets]
    ids = [servers[0].post(token, lead).lead_id for lead in leads]
    database.run(f"env['crm.lead'].browse({ids[0]}).probability = 90")
    path = (
        f"/lead/{ids[1]}/notes" if by == "id" else f"/lead/notes?ticket_id={tickets[1]}"
    )
    note = {"text": f"Khách hẹn {tickets[1]}", "agent_email": "lan@example.com"}
    with ThreadPoolExecutor() as pool:
        with database.locked("SELECT pg_advisory_lock(29)"):
            script = MERGE.format(ids=ids, moment=moment)
            merging = pool.submit(database.run_anyway, script)
            wait_until(lambda: database.query(WAITING.format("=")), "nobody merges")
            posting = pool.submit(servers[0].call, token, "POST", path, note)
            wait_until(
                lambda: posting.done() or database.query(WAITING.format("<>")),
                "the note neither came nor waited",
            )
        status, _head, body = posting.result()
        [merged] = map(int, find_printed(merging.result()))
    assert (status, merged) == (200, ids[0]), body
    where = "SELECT model, res_id FROM mail_message WHERE body LIKE %s"
    assert database.query(where, f"%{note['text']}%") == [("crm.lead", merged)]
    entries = "SELECT DISTINCT lead_id FROM crm_lead_api_request WHERE ticket_ref = %s"
    assert database.query(entries, str(tickets[1])) == [(merged,)]
