# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares what clients were told with what is in the database."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from odoo_database import Database

from faults.booking import check_bookings
from faults.event import check_events
from faults.follow_up import check_follow_up
from faults.lead import LEADS, Lead
from faults.phone_call import check_phone_calls
from faults.ticket import Ticket

# Tables whose new rows are the torture's
TABLES = (
    *("crm_lead", "res_partner", "crm_customer_portrait", "mail_message"),
    *("crm_customer_portrait_tag", "crm_lead_api_request", "crm_lead_api_answer"),
    *("crm_booking", "calendar_event", "crm_lead_phone_call", "crm_lead_api_event"),
    "ir_attachment",
)
DOUBLED_CONTACTS = """
    SELECT phone, count(*)
      FROM res_partner
     WHERE id > %s AND phone IS NOT NULL
     GROUP BY phone
    HAVING count(*) > 1
"""
# Rows that belong to a row which is not there, by their tables and names
ORPHANS = {
    ("res_partner", "contact"): """
        SELECT id
          FROM res_partner partner
         WHERE id > %s
               AND NOT EXISTS (SELECT FROM crm_lead WHERE partner_id = partner.id)
    """,
    # The portrait before a change stays, and the log has the change.
    ("crm_customer_portrait", "portrait"): """
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
    ("crm_customer_portrait_tag", "word of portraits"): """
        SELECT id
          FROM crm_customer_portrait_tag tag
         WHERE id > %s
               AND NOT EXISTS (
                   SELECT FROM crm_customer_portrait_item WHERE tag_id = tag.id
               )
    """,
    ("crm_lead_api_request", "log entry"): """
        SELECT id
          FROM crm_lead_api_request entry
         WHERE id > %s
               AND status = 200
               -- The phone may ring before there is a lead.
               AND (lead_id IS NOT NULL OR kind != 'phone_call')
               AND NOT EXISTS (SELECT FROM crm_lead WHERE id = entry.lead_id)
    """,
    ("crm_lead_api_answer", "kept answer"): """
        SELECT answer.id
          FROM crm_lead_api_answer answer
          LEFT JOIN crm_lead_api_request entry ON entry.id = answer.request_id
         WHERE answer.id > %s
               AND (
                   answer.body IS NULL
                   OR (entry.lead_id IS NULL AND entry.kind != 'phone_call')
               )
    """,
    ("mail_message", "message"): """
        SELECT id
          FROM mail_message message
         WHERE id > %s
               AND model = 'crm.lead'
               AND NOT EXISTS (SELECT FROM crm_lead WHERE id = message.res_id)
    """,
    ("crm_booking", "booking"): """
        SELECT id
          FROM crm_booking booking
         WHERE id > %s
               AND NOT EXISTS (
                   SELECT FROM crm_booking_service WHERE booking_id = booking.id
               )
    """,
    ("calendar_event", "meeting"): """
        SELECT id
          FROM calendar_event meeting
         WHERE id > %s
               AND NOT EXISTS (SELECT FROM crm_booking WHERE meeting_id = meeting.id)
    """,
    ("ir_attachment", "recording"): """
        SELECT id
          FROM ir_attachment attachment
         WHERE id > %s
               AND res_model = 'crm.lead.phone.call'
               AND NOT EXISTS (
                   SELECT FROM crm_lead_phone_call WHERE id = attachment.res_id
               )
    """,
}


@dataclass
class Evidence:
    """Hold what the client knows, to be compared with a database.

    :param newest: of :func:`get_newest`, as it was before the first request
    :param score: automated probability of such leads, in percent
    :param came: how often each event came, by its id
    """

    tickets: list[Ticket]
    newest: dict[str, int]
    score: float
    came: Counter


@dataclass
class Findings:
    """Hold the damage in a database, in words.

    :param counts: of what the requests made, by name
    """

    counts: dict[str, int] = field(default_factory=dict)
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


def get_newest(database: Database, tables=TABLES) -> dict[str, int]:
    """Return the highest id of each table: what is above is the torture's."""
    query = "SELECT coalesce(max(id), 0) FROM {}"
    return {table: database.query(query.format(table))[0][0] for table in tables}


def check(database: Database, evidence: Evidence) -> Findings:
    """Compare the tickets with the database, after the queues have been worked off and
    the servers have stopped."""
    tickets, newest = evidence.tickets, evidence.newest
    by_ticket = defaultdict(list)
    leads = [Lead(*row) for row in database.query(LEADS, newest["crm_lead"])]
    for lead in leads:
        by_ticket[lead.ticket].append(lead)
    findings = Findings({"leads": len(leads)})
    for ticket in tickets:
        _check_ticket(ticket, by_ticket.pop(str(ticket.id), []), findings)
    for ticket, others in by_ticket.items():
        findings.half_made.append(f"nobody sent ticket {ticket} of {others}")
    for phone, count in database.query(DOUBLED_CONTACTS, newest["res_partner"]):
        findings.doubled.append(f"{count} contacts have the phone {phone}")
    for (table, name), query in ORPHANS.items():
        for (number,) in database.query(query, newest[table]):
            findings.half_made.append(f"{name} {number} belongs to nothing")
    check_follow_up(database, newest, evidence.score, findings)
    check_bookings(database, tickets, newest, findings)
    check_phone_calls(database, tickets, newest, findings)
    check_events(database, tickets, newest, evidence.came, findings)
    return findings


def _check_ticket(ticket, leads, findings):
    """Compare a ticket with its leads."""
    ids = {lead.id for lead in leads}
    answers = [answer for request in ticket.requests for answer in request.answers]
    # The phone may ring before there is a lead.
    told = {answer.lead_id for answer in answers if answer.lead_id}
    name = f"ticket {ticket.id}"
    for request in ticket.requests:
        if not request.is_settled:
            findings.lost.append(
                f"{request.kind} of {name} has never got a 200, and has the leads {ids}"
            )
    for lead_id in told - ids:
        findings.lost.append(f"{name} was told of lead {lead_id}, and has {ids}")
    if len(ids) > 1:
        findings.doubled.append(f"{name} has the leads {ids}")
    if len(told) > 1:
        findings.doubled.append(f"{name} was told of the leads {told}")
    _check_notes(ticket, leads, findings)
    for lead in leads:
        if lead.proposals > 1:
            findings.doubled.append(f"lead {lead.id} has {lead.proposals} proposals")
        if gaps := lead.find_gaps(ticket):
            findings.half_made.append(f"lead {lead.id} of {name}: {', '.join(gaps)}")


def _check_notes(ticket, leads, findings):
    """Compare the notes of a ticket with those of its leads."""
    notes = {note for lead in leads for note in lead.notes}
    sent = ticket.lead.notes
    told = {answer.data["id_note"] for note in sent for answer in note.answers}
    name = f"ticket {ticket.id}"
    for note in told - notes:
        findings.lost.append(f"{name} was told of note {note}, and has {notes}")
    if len(notes) > len(sent):
        findings.doubled.append(f"{name} has the notes {notes}")
    if len(told) > 1:
        findings.doubled.append(f"{name} was told of the notes {told}")
