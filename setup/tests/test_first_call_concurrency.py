# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Leads that are given out and recalled in the same instant, by two servers on one
database, while staff work on them; and the report on first calls.

The measured seconds are printed (``-rP`` shows them); with ``CRM_LEAD_API_FULL=1`` the
numbers and limits are those of the goals.
"""

import json
from functools import partial

import pytest
from benchmark.rows import copy_last
from customers import IS_FULL, NOBODY, make_payload
from odoo_database import GIVE_LEADS_OUT, MAKE_LATE, READ_FIRST_CALLS
from waiting import run_at_once, wait_until

TEMPLATE = "giving"
OPTIONS = ("--max-cron-threads=1",)
MEMBERS, THREADS, ROUNDS = 5, 50, 12
WAITING = 1000 if IS_FULL else 200
MAX_SECONDS = 20
# While nobody is on duty
MAKE_WAITING = """
import time
members = env["crm.team"].search([("name", "=", "Trực")]).crm_team_member_ids
members.is_on_duty = False
client = env.ref("crm_lead_api.demo_client")
env["crm.lead"].create([
    {{"name": f"Khách {{number}}", "type": "opportunity", "user_id": False,
      "lead_api_client_id": client.id, "team_id": client.team_id.id,
      "company_id": client.company_id.id,
      "partner_id": env["res.partner"].create({{"name": f"Khách {{number}}"}}).id}}
    for number in range({count})])
env.cr.commit()
members.is_on_duty = True
env.cr.commit()
start = time.monotonic()
env["crm.first.call"]._cron_give_out()
env.cr.commit()
print(">>" + str(time.monotonic() - start))
"""
LEADS = 1_000_000 if IS_FULL else 20_000  # of two years, for the report
DAYS = 730
READS = 5  # of a lead of the month, and of what belongs to it, for each group
REPORT_SECONDS = 2
MAKE_FIRST_CALLS = """
INSERT INTO crm_first_call (lead_id, team_id, user_id, date, given_date, deadline,
                            unanswered_date, first_try_date, minutes_to_give,
                            minutes_to_try, check_date, state, recall_count)
     SELECT lead.id, call.team_id, call.user_id, start, start,
            start + interval '15 minutes', start + tried, start + tried, 0,
            lead.id %% 60, start, 'ended', lead.id %% 3
       FROM crm_first_call AS call,
            (SELECT id, now() AT TIME ZONE 'utc' - id %% %s * interval '1 day' AS start,
                    id %% 60 * interval '1 minute' AS tried
               FROM crm_lead) AS lead
      WHERE call.id = (SELECT max(id) FROM crm_first_call) AND lead.id > call.lead_id;
ANALYZE crm_first_call
"""
# A month by each group, with all figures
READ_REPORT = """
import time
report = env["report.crm.first.call"]
names = [f"{name}:{field.aggregator}" for name, field in report._fields.items()
         if field.aggregator and field.type == "float"] + ["__count"]
month = [("date", ">=", datetime.now() - timedelta(days=30))]
seconds = {}
for group in ("user_id", "team_id", "source_id", "campaign_id", "hour", "weekday",
              "speed"):
    start = time.monotonic()
    found = report.formatted_read_group(month, [group], names)
    seconds[group] = time.monotonic() - start
start = time.monotonic()
assert len(report.search_fetch(month, ["minutes_to_try"], limit=80)) == 80
seconds["list"] = time.monotonic() - start
print(">>" + json.dumps([sum(each["__count"] for each in found), seconds]))
"""
TABLES = ("crm_first_call", "crm_lead")
SHARES = """
    SELECT count(*) FROM crm_first_call_decision
     WHERE user_id IS NOT NULL AND former_user_id IS NULL AND id > %s GROUP BY user_id
"""


@pytest.fixture(scope="module")
def team(database):
    return json.loads(database.run(GIVE_LEADS_OUT.format(members=MEMBERS)))


def send(server, token, payload, number):
    """Send a request whose agent nobody knows, and return the lead."""
    body = make_payload(payload, number, agent_email=NOBODY)
    return server.insist(token, "POST", "/lead", body).lead_id


def wait_until_given(database):
    wait_until(
        lambda: not database.count("crm_first_call", "state = 'waiting'"),
        "leads still wait",
    )


def test_shares_of_requests_at_once(database, team, servers, token, payload):
    """50 requests at once for a team of five: ten leads each, one more or less."""
    leads = run_at_once(
        lambda number: send(servers[number % 2], token, payload, 710_000 + number),
        range(THREADS),
    )
    wait_until_given(database)
    shares = [count for (count,) in database.query(SHARES, 0)]
    assert sum(shares) == THREADS
    assert len(shares) == MEMBERS
    share = THREADS / MEMBERS
    assert all(abs(count - share) <= 1 for count in shares), shares
    condition = "id = ANY(%s) AND user_id IS NOT NULL"
    assert database.count("crm_lead", condition, leads) == THREADS


def test_staff_edit_at_the_recall(database, team, servers, token, payload):
    """In the same instant a salesperson moves a lead to another stage, and the server
    takes it back: one of both wins, the other is told."""
    outcomes = set()
    for number in range(ROUNDS):
        lead = send(servers[0], token, payload, 720_000 + number)
        wait_until_given(database)
        [before] = database.read(f"{READ_FIRST_CALLS} = %s", lead)
        database.change(MAKE_LATE, lead)
        key = team["keys"][str(before.user_id)]
        values = {"ids": [lead], "vals": {"stage_id": team["stage"]}}
        tasks = (
            partial(servers[0].act, key, "crm.lead/write", **values),
            partial(database.trigger, "ir_cron_give_out"),
        )
        (status, message), _ = run_at_once(lambda task: task(), tasks)
        condition = "lead_id = %s AND check_date <= now() AT TIME ZONE 'utc'"
        condition += " AND state != 'ended'"
        wait_until(partial(is_zero, database, condition, lead), "not looked at")
        [after] = database.read(f"{READ_FIRST_CALLS} = %s", lead)
        outcomes.add(status)
        is_moved = after.stage_id == team["stage"]
        if status == 200:
            assert is_moved
            assert (after.user_id, after.recall_count) == (before.user_id, 0), number
        else:
            assert (status, is_moved) == (403, False), message
            assert after.user_id != before.user_id
        recalls = sum(former is not None for former, _user in after.decisions)
        assert after.recall_count == recalls == (status != 200)
        assert {user for user, _date in after.planned} <= {after.user_id}
    print("answers to staff:", outcomes)


def is_zero(database, condition, *values):
    return not database.count("crm_first_call", condition, *values)


def test_many_waiting_leads(giving):
    """Leads that waited are given out soon after the first comes on duty."""
    database = giving.copy("waiting_leads")
    database.run(GIVE_LEADS_OUT.format(members=MEMBERS))
    seconds = float(database.run(MAKE_WAITING.format(count=WAITING)))
    print(f"{WAITING} waiting leads were given out in {seconds:.1f} s")
    assert is_zero(database, "state = 'waiting'")
    if IS_FULL:
        assert seconds <= MAX_SECONDS


def test_report_of_a_month(giving, token, payload, start_server):
    """Read no lead of another month."""
    database = giving.copy("first_call_report")
    database.run(GIVE_LEADS_OUT.format(members=MEMBERS))
    server = start_server(database)
    send(server, token, payload, 740_001)
    server.stop()
    database.run("env['crm.first.call']._cron_give_out()")
    copy_last(database, "crm_lead", LEADS)
    database.change(MAKE_FIRST_CALLS, DAYS)
    before = database.count_reads(TABLES)
    count, seconds = json.loads(database.run(READ_REPORT))
    rows = database.count_reads(TABLES) - before
    print(f"{count} of {LEADS} leads:", {k: round(v, 2) for k, v in seconds.items()})
    assert LEADS * 28 / DAYS < count < LEADS * 33 / DAYS
    assert rows <= READS * count * len(seconds)
    if IS_FULL:
        assert max(seconds.values()) <= REPORT_SECONDS
