# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The work that scheduled actions do after the answers: who waits for it, and whether
each piece was done once."""

import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from odoo_database import Database

PATIENCE = 180  # seconds for the queues, from the last time that they grew shorter
TOLERANCE = 0.01  # of scores, in percent
# Leads that were won and lost, so that others get a score; and a lead like those of the
# requests, as a salesperson makes it.
MAKE_SCORE = """
import json
payload = json.loads(PAYLOAD)
agent = env["res.users"].search([("email", "=", payload["agent_email"])])
Lead = env["crm.lead"].with_company(payload["company_id"])
values = {
    "name": "x",
    "phone": "0977 000 001",
    "user_id": agent.id,
    **{name: payload[name] for name in
       ("company_id", "country_id", "state_id", "source_id", "campaign_id")},
}
for number in range(12):
    lead = Lead.create(values)
    lead.action_set_won() if number % 3 else lead.action_set_lost()
# Odoo's daily action would do so at any moment.
Lead._cron_update_automated_probabilities()
twin = Lead.create(values)
print(">>" + str(twin.automated_probability))
twin.unlink()
env.cr.commit()
"""
WAITING = """
    SELECT 'notification', message.id, NULL
      FROM mail_message_schedule schedule
      JOIN mail_message message ON message.id = schedule.mail_message_id
     WHERE message.model = 'crm.lead'
     UNION ALL
    SELECT type, lead_id, error
      FROM crm_lead_api_event
     WHERE state = 'waiting'
"""
BOOKINGS_WAITING = """
    SELECT 'meeting', id, NULL
      FROM crm_booking
     WHERE is_meeting_outdated
     UNION ALL
    SELECT 'reminder', id, NULL
      FROM crm_booking
     WHERE reminder_date <= now() AT TIME ZONE 'utc'
           AND start > now() AT TIME ZONE 'utc'
           AND state IN ('booked', 'confirmed')
"""
# Also of the addon for bookings
ALL_WAITING = f"{WAITING} UNION ALL {BOOKINGS_WAITING}"
LEADS = """
    WITH message AS (
        SELECT id,
               res_id,
               message_type,
               subtype_id = (
                   SELECT res_id
                     FROM ir_model_data
                    WHERE module = 'crm' AND name = 'mt_lead_create'
               ) AS is_creation
          FROM mail_message
         WHERE model = 'crm.lead' AND res_id > %s
    )
    SELECT lead.id,
           (
               SELECT count(*)
                 FROM message
                WHERE res_id = lead.id AND is_creation
           ),
           (
               SELECT count(*)
                 FROM message
                WHERE res_id = lead.id AND message_type = 'user_notification'
           ),
           (
               SELECT count(*)
                 FROM message
                 JOIN mail_notification told ON told.mail_message_id = message.id
                WHERE message.res_id = lead.id
                      AND message.message_type = 'user_notification'
                      AND told.res_partner_id = agent.partner_id
           ),
           ARRAY(
               SELECT partner_id
                 FROM mail_followers
                WHERE res_model = 'crm.lead' AND res_id = lead.id
           ) = ARRAY[agent.partner_id],
           lead.automated_probability,
           lead.probability
      FROM crm_lead lead
      LEFT JOIN res_users agent ON agent.id = lead.user_id
     WHERE lead.id > %s
     ORDER BY lead.id
"""
CONTACTS = """
    SELECT partner.id,
           (
               SELECT count(*)
                 FROM mail_message
                WHERE model = 'res.partner'
                      AND res_id = partner.id
                      AND message_type = 'notification'
           )
      FROM res_partner partner
     WHERE partner.id > %s
     ORDER BY partner.id
"""


class FollowedLead(NamedTuple):
    """Hold the follow-up of a lead, as found in the database.

    :param notes: number of its creation notes
    :param notices: number of the messages that tell somebody of the lead
    :param notifications: number of those of its salesperson
    :param is_followed: by its salesperson, and nobody else
    :param score: its automated probability, in percent
    :param probability: in percent
    """

    id: int
    notes: int
    notices: int
    notifications: int
    is_followed: bool | None
    score: float | None
    probability: float | None

    @property
    def counts(self) -> dict[str, int]:
        return {
            "creation note": self.notes,
            "notice": self.notices,
            "notification of the salesperson": self.notifications,
        }

    def find_gaps(self, score: float) -> list[str]:
        """Find the parts of the follow-up that the lead lacks.

        :param score: as Odoo gives it to a lead like that one
        """
        gaps = [name for name, count in self.counts.items() if not count]
        if not self.is_followed:
            gaps.append("follower")
        for probability in (self.score, self.probability):
            if abs((probability or 0) - score) > TOLERANCE:
                gaps.append(f"score ({probability} instead of {score})")
                break
        return gaps


def make_score(database: Database, payload: dict) -> float:
    """Make a history of leads that were won and lost.

    :return: the automated probability that Odoo gives then to a lead like that of the
        payload
    """
    script = MAKE_SCORE.replace("PAYLOAD", repr(json.dumps(payload)))
    return float(database.run(script))


def count_waiting(database: Database, waiting: str = WAITING) -> int:
    """Return how much work waits in all queues."""
    return len(database.query(waiting))


def wait_for_queues(
    database: Database, mend: Callable[[], Any], waiting: str = WAITING
) -> bool:
    """Wait until the work of all queues is done.

    :param mend: starts what has ended again, for queues that are still waiting
    :param waiting: the query for the work
    :return: whether it is; not, when nothing of it was done for a long while
    """
    fewest, deadline = None, 0.0
    while True:
        mend()
        pending = count_waiting(database, waiting)
        if not pending:
            return True
        if fewest is None or pending < fewest:
            fewest, deadline = pending, time.monotonic() + PATIENCE
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def check_follow_up(
    database: Database, newest: dict[str, int], score: float, findings
) -> None:
    """Add what is wrong with the work that follows the answers.

    :param newest: highest ids before the first request, by table
    :param score: as of :func:`make_score`
    :param Findings findings: to be added to
    """
    for task, record, error in database.query(ALL_WAITING):
        findings.half_made.append(f"{task} of {record} still waits: {error or ''}")
    leads = [
        FollowedLead(*row) for row in database.query(LEADS, *[newest["crm_lead"]] * 2)
    ]
    for lead in leads:
        if gaps := lead.find_gaps(score):
            findings.half_made.append(f"lead {lead.id} lacks: {', '.join(gaps)}")
        for name, count in lead.counts.items():
            if count > 1:
                findings.doubled.append(f"lead {lead.id} has {count} times: {name}")
    for contact, notes in database.query(CONTACTS, newest["res_partner"]):
        if not notes:
            findings.half_made.append(f"contact {contact} lacks: creation note")
        if notes > 1:
            findings.doubled.append(
                f"contact {contact} has {notes} times: creation note"
            )
