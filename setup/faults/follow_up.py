# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The work that scheduled actions do after the answers, and who waits for it."""

import json
import time
from collections.abc import Callable
from typing import Any

from odoo_database import Database

PATIENCE = 180  # seconds for the queues, from the last time that they grew shorter
# Leads that were won and lost, so that others get a score; and a lead like those of the
# requests, as a salesperson makes it.
MAKE_SCORE = """
payload = json.loads(PAYLOAD)
agent = env["res.users"].search([("email", "=", payload["agent_email"])])
Lead = env["crm.lead"].with_company(payload["company_id"])
names = ("company_id", "country_id", "state_id", "source_id", "campaign_id")
values = {name: payload[name] for name in names}
values |= {"name": "x", "phone": "0977 000 001", "user_id": agent.id}
for number in range(12):
    lead = Lead.create(values)
    lead.action_set_won() if number % 3 else lead.action_set_lost()
# Odoo's daily action would do so at any moment.
Lead._cron_update_automated_probabilities()
twin = Lead.create(values)
print(">>" + str(twin.automated_probability))
twin.unlink()
"""
# What is left to be done: events; meetings and reminders of bookings; messages; first
# calls, each of which is recalled once
WAITING = """
    SELECT type, lead_id, coalesce(error, '') FROM crm_lead_api_event
     WHERE state = 'waiting'
     UNION ALL
    SELECT 'meeting', id, '' FROM crm_booking WHERE is_meeting_outdated
     UNION ALL
    SELECT 'reminder', id, '' FROM crm_booking
     WHERE reminder_date <= now() AT TIME ZONE 'utc'
           AND start > now() AT TIME ZONE 'utc' AND state IN ('booked', 'confirmed')
     UNION ALL
    SELECT 'message', id, '' FROM crm_lead_api_message WHERE state = 'waiting'
     UNION ALL
    SELECT 'first call', id, '' FROM crm_first_call
     WHERE state = 'waiting' OR (state = 'given' AND coalesce(recall_count, 0) = 0)
"""
# What each lead should have once, and has more often or not at all: creation note,
# message that tells somebody of it, notification of its salesperson, who follows it and
# nobody else, score. Those that are given out have others.
FOLLOW_UP = """
    SELECT lead.id, part, number FROM crm_lead lead
      LEFT JOIN res_users agent ON agent.id = lead.user_id
     CROSS JOIN LATERAL (
           SELECT 'creation note', count(*) FROM mail_message
            WHERE model = 'crm.lead' AND res_id = lead.id
                  AND subtype_id = (SELECT res_id FROM ir_model_data
                                     WHERE module = 'crm' AND name = 'mt_lead_create')
            UNION ALL
           SELECT 'notice', count(*) FROM mail_message
            WHERE model = 'crm.lead' AND res_id = lead.id
                  AND message_type = 'user_notification'
            UNION ALL
           SELECT 'notification of the salesperson', count(*) FROM mail_message message
             JOIN mail_notification told ON told.mail_message_id = message.id
            WHERE model = 'crm.lead' AND res_id = lead.id
                  AND message_type = 'user_notification'
                  AND told.res_partner_id = agent.partner_id
            UNION ALL
           SELECT 'follower', (ARRAY(SELECT partner_id FROM mail_followers
                                      WHERE res_model = 'crm.lead' AND res_id = lead.id
                               ) = ARRAY[agent.partner_id])::int
            UNION ALL
           SELECT 'score ' || score, (abs(score - %s) < 0.01)::int
             FROM (VALUES (coalesce(lead.automated_probability, 0)),
                          (coalesce(lead.probability, 0))) AS scores (score)
           ) AS parts (part, number)
     WHERE lead.id > %s AND number != 1
           AND (lead.team_id IN (SELECT id FROM crm_team WHERE gives_leads_out))
           IS NOT TRUE
     ORDER BY lead.id
"""


def make_score(database: Database, payload: dict) -> float:
    """Make a history of leads that were won and lost.

    :return: the automated probability that Odoo gives then to a lead like that of the
        payload
    """
    script = MAKE_SCORE.replace("PAYLOAD", repr(json.dumps(payload)))
    return float(database.run(script))


def wait_for_queues(database: Database, mend: Callable[[], Any]) -> bool:
    """Wait until the work of all queues is done.

    :param mend: starts what has ended again, for queues that are still waiting
    :return: whether it is; not, when nothing of it was done for a long while
    """
    fewest, deadline = None, 0.0
    while True:
        mend()
        pending = len(database.query(WAITING))
        if not pending:
            return True
        if fewest is None or pending < fewest:
            fewest, deadline = pending, time.monotonic() + PATIENCE
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
