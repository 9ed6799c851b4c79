# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares what clients were told with what is in the database."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo_database import Database

from faults.call import Call
from faults.follow_up import check_follow_up
from faults.lead import LEADS, Lead

NEWEST = """
    SELECT (SELECT coalesce(max(id), 0) FROM crm_lead),
           (SELECT coalesce(max(id), 0) FROM res_partner),
           (SELECT coalesce(max(id), 0) FROM crm_customer_portrait),
           (SELECT coalesce(max(id), 0) FROM crm_customer_portrait_tag),
           (SELECT coalesce(max(id), 0) FROM crm_lead_api_request),
           (SELECT coalesce(max(id), 0) FROM crm_lead_api_answer),
           (SELECT coalesce(max(id), 0) FROM mail_message)
"""
DOUBLED_CONTACTS = """
    SELECT phone, count(*)
      FROM res_partner
     WHERE id > %s AND phone IS NOT NULL
     GROUP BY phone
    HAVING count(*) > 1
"""
# Rows that belong to a row which is not there, in the order of Newest
ORPHANS = {
    "contact": """
        SELECT id
          FROM res_partner partner
         WHERE id > %s
               AND NOT EXISTS (SELECT FROM crm_lead WHERE partner_id = partner.id)
    """,
    # The portrait before a change stays, and the log has the change.
    "portrait": """
        SELECT id
          FROM (
              SELECT id,
                     partner_id,
                     row_number() OVER (PARTITION BY partner_id ORDER BY id) AS number
                FROM crm_customer_portrait portrait
               WHERE id > %s
                     AND NOT EXISTS (
                         SELECT FROM crm_lead WHERE portrait_id = portrait.id
                     )
          ) replaced
         WHERE number > (
             SELECT count(*)
               FROM crm_lead_api_request
              WHERE partner_id = replaced.partner_id
                    AND changes ? 'customer_portrait'
         )
    """,
    "word of portraits": """
        SELECT id
          FROM crm_customer_portrait_tag tag
         WHERE id > %s
               AND NOT EXISTS (
                   SELECT FROM crm_customer_portrait_item WHERE tag_id = tag.id
               )
    """,
    "log entry": """
        SELECT id
          FROM crm_lead_api_request entry
         WHERE id > %s
               AND status = 200
               AND NOT EXISTS (SELECT FROM crm_lead WHERE id = entry.lead_id)
    """,
    "kept answer": """
        SELECT answer.id
          FROM crm_lead_api_answer answer
          LEFT JOIN crm_lead_api_request entry ON entry.id = answer.request_id
         WHERE answer.id > %s AND (answer.body IS NULL OR entry.lead_id IS NULL)
    """,
    "message": """
        SELECT id
          FROM mail_message message
         WHERE id > %s
               AND model = 'crm.lead'
               AND NOT EXISTS (SELECT FROM crm_lead WHERE id = message.res_id)
    """,
}


class Newest(NamedTuple):
    """The highest ids before the first call: what is above is the calls'."""

    lead: int
    partner: int
    portrait: int
    tag: int
    entry: int
    answer: int
    message: int


@dataclass
class Findings:
    """Hold the damage in a database, in words.

    :param leads: number of those that the calls made
    """

    leads: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half_made: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [
            f"{name}: {text}"
            for name, texts in (
                ("lost", self.lost),
                ("doubled", self.doubled),
                ("half-made", self.half_made),
            )
            for text in texts
        ]


def get_newest(database: Database) -> Newest:
    return Newest(*database.query(NEWEST)[0])


def check(
    database: Database, calls: list[Call], newest: Newest, score: float
) -> Findings:
    """Compare the calls with the database, after the queues have been worked off and
    the servers have stopped.

    :param newest: as it was before the first call
    :param score: automated probability of such leads, in percent
    """
    by_ticket = defaultdict(list)
    leads = [Lead(*row) for row in database.query(LEADS, newest.lead)]
    for lead in leads:
        by_ticket[lead.ticket].append(lead)
    findings = Findings(len(leads))
    for call in calls:
        _check_call(call, by_ticket.pop(str(call.ticket), []), findings)
    for ticket, others in by_ticket.items():
        findings.half_made.append(f"nobody sent ticket {ticket} of {others}")
    for phone, count in database.query(DOUBLED_CONTACTS, newest.partner):
        findings.doubled.append(f"{count} contacts have the phone {phone}")
    for (name, query), bound in zip(ORPHANS.items(), newest[1:], strict=True):
        for (number,) in database.query(query, bound):
            findings.half_made.append(f"{name} {number} belongs to nothing")
    check_follow_up(database, newest.lead, newest.partner, score, findings)
    return findings


def _check_call(call, leads, findings):
    """Compare a call with the leads of its ticket."""
    ids = {lead.id for lead in leads}
    answers = [answer for request in call.requests for answer in request.answers]
    told = {answer.lead_id for answer in answers}
    name = f"ticket {call.ticket}"
    for request in call.requests:
        if not request.answers:
            findings.lost.append(
                f"{request.kind} of {name} has never got a 200, and has the leads {ids}"
            )
    for lead_id in told - ids:
        findings.lost.append(f"{name} was told of lead {lead_id}, and has {ids}")
    if len(ids) > 1:
        findings.doubled.append(f"{name} has the leads {ids}")
    if len(told) > 1:
        findings.doubled.append(f"{name} was told of the leads {told}")
    _check_notes(call, leads, findings)
    for lead in leads:
        if lead.proposals > 1:
            findings.doubled.append(f"lead {lead.id} has {lead.proposals} proposals")
        if gaps := lead.find_gaps(call):
            findings.half_made.append(f"lead {lead.id} of {name}: {', '.join(gaps)}")


def _check_notes(call, leads, findings):
    """Compare the notes of a call with those of its leads."""
    notes = {note for lead in leads for note in lead.notes}
    told = {answer.note_id for note in call.notes for answer in note.answers}
    name = f"ticket {call.ticket}"
    for note in told - notes:
        findings.lost.append(f"{name} was told of note {note}, and has {notes}")
    if len(notes) > len(call.notes):
        findings.doubled.append(f"{name} has the notes {notes}")
    if len(told) > 1:
        findings.doubled.append(f"{name} was told of the notes {told}")
