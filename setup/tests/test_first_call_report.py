# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The report on first calls of one month reads the leads of that month alone.

The seconds are printed (``-rP`` shows them); with ``CRM_LEAD_API_FULL=1`` there are a
million leads, and the goal is a limit.
"""

import json

from benchmark.rows import copy_last
from customers import IS_FULL, NOBODY, make_payload
from odoo_database import GIVE_LEADS_OUT

LEADS = 1_000_000 if IS_FULL else 20_000  # of two years
DAYS = 730
READS = 5  # of a lead of the month, and of what belongs to it, for each group
MAX_SECONDS = 2
GIVE_OUT = """
env["crm.first.call"]._cron_give_out()
"""
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


def test_month(giving, token, payload, start_server):
    database = giving.copy("first_call_report")
    database.run(GIVE_LEADS_OUT.format(members=5))
    server = start_server(database)
    body = make_payload(payload, 740_001, agent_email=NOBODY)
    assert server.call(token, "POST", "/lead", body).data
    server.stop()
    database.run(GIVE_OUT)
    copy_last(database, "crm_lead", LEADS)
    database.change(MAKE_FIRST_CALLS, DAYS)
    before = database.count_reads(TABLES)
    count, seconds = json.loads(database.run(READ_REPORT))
    rows = database.count_reads(TABLES) - before
    print(f"{count} of {LEADS} leads:", {k: round(v, 2) for k, v in seconds.items()})
    assert LEADS * 28 / DAYS < count < LEADS * 33 / DAYS
    assert rows <= READS * count * len(seconds)
    if IS_FULL:
        assert max(seconds.values()) <= MAX_SECONDS
