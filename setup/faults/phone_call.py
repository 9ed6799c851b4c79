# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Phone calls in the database, beside the requests of clients about them."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from odoo_database import Database

from faults.booking import to_utc
from faults.phone_call_work import SOUND

PHONE_CALLS = """
    SELECT call.id,
           call.call_ref,
           call.ticket_ref,
           call.lead_id = (
               SELECT max(id)
                 FROM crm_lead
                WHERE ticket_ref = call.ticket_ref
           ) AND call.partner_id = lead.partner_id,
           call.direction,
           call.phone,
           call.agent_email,
           call.start_date,
           call.answer_date,
           call.end_date,
           call.outcome,
           call.note,
           lead.first_contact_date IS NOT NULL,
           (
               SELECT count(*)
                 FROM mail_message
                WHERE model = 'crm.lead' AND res_id = call.lead_id AND body LIKE '%%☎%%'
           ),
           ARRAY(
               SELECT file_size
                 FROM ir_attachment
                WHERE res_model = 'crm.lead.phone.call' AND res_id = call.id
           ),
           (
               SELECT count(*)
                 FROM crm_lead_api_request
                WHERE kind = 'phone_call'
                      AND ticket_ref = call.ticket_ref
                      AND status = 200
                      AND is_replayed IS NOT TRUE
                      AND answer::json #>> '{data,created}' = 'true'
           ),
           (
               SELECT count(*)
                 FROM crm_lead_api_answer answer
                 JOIN crm_lead_api_request entry ON entry.id = answer.request_id
                WHERE entry.kind = 'phone_call'
                      AND entry.ticket_ref = call.ticket_ref
                      AND answer.body::json #>> '{data,call_id}' = call.call_ref
           )
      FROM crm_lead_phone_call call
      LEFT JOIN crm_lead lead ON lead.id = call.lead_id
     WHERE call.id > %s
"""


class PhoneCall(NamedTuple):
    """A phone call as it is in the database, with what belongs to it.

    :param is_of_lead: it belongs to the lead of its ticket, and to the lead's contact
    :param is_contact: it made the lead contacted
    :param lines: number of those in the chatter of the lead
    :param recordings: sizes of the files
    :param creations: number of requests that made it, as the log says
    :param answers: number of the kept ones
    """

    id: int
    call_ref: str
    ticket: str
    is_of_lead: bool | None
    direction: str
    phone: str
    agent_email: str
    start: datetime
    answer: datetime | None
    end: datetime | None
    outcome: str | None
    note: str | None
    is_contact: bool | None
    lines: int
    recordings: list[int]
    creations: int
    answers: int

    def find_gaps(self, work) -> list[str]:
        """Find what the call lacks.

        :param PhoneCallWork work: the requests about it
        """
        wanted = work.wanted
        sounds = [len(SOUND)] if work.is_answered else []
        kept = [each for each in work.requests if each.is_done_once]
        is_there = {
            "lead": self.is_of_lead,
            "direction": self.direction == wanted["direction"],
            "phone": self.phone == wanted["phone"],
            "agent": self.agent_email == wanted["agent_email"],
            "beginning": self.start == to_utc(wanted["started_at"]),
            "answer": self.answer == _get_moment(wanted, "answered_at"),
            "end": self.end == _get_moment(wanted, "ended_at"),
            "outcome": self.outcome == wanted.get("outcome"),
            "note": self.note == wanted.get("note"),
            "first contact": bool(self.is_contact) == work.is_answered,
            "line in the chatter": self.lines >= 1,
            "recording": self.recordings == sounds,
            "one log entry of its creation": self.creations == 1,
            "one kept answer of each request": self.answers == len(kept),
        }
        return [name for name, is_right in is_there.items() if not is_right]


def _get_moment(wanted, name):
    return to_utc(wanted[name]) if name in wanted else None


def check_phone_calls(database: Database, tickets, newest: dict[str, int], findings):
    """Add what is wrong with phone calls.

    :param list[Ticket] tickets: with the requests about them
    :param newest: highest ids before the first request, by table
    :param Findings findings: to be added to
    """
    newest_call = newest["crm_lead_phone_call"]
    rows = [PhoneCall(*row) for row in database.query(PHONE_CALLS, newest_call)]
    findings.counts["calls"] = len(rows)
    by_name = defaultdict(list)
    for row in rows:
        by_name[row.call_ref].append(row)
    for ticket in tickets:
        work = ticket.phone_call
        calls = by_name.pop(work.call_ref, [])
        name = f"phone call {work.call_ref}"
        if len(calls) > 1:
            findings.doubled.append(f"{name} is there {len(calls)} times")
        if not calls and any(request.answers for request in work.requests):
            findings.lost.append(f"{name} is not there")
        for call in calls:
            if call.lines > 1:
                findings.doubled.append(f"{name} has {call.lines} lines in the chatter")
            if gaps := call.find_gaps(work):
                findings.half_made.append(f"{name}: {', '.join(gaps)}")
    for name in by_name:
        findings.half_made.append(f"nobody told of phone call {name}")
