# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares what clients were told with what is in the database."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo_database import Database

from faults.client import Call
from faults.follow_up import check_follow_up

NEWEST = """
    SELECT (SELECT coalesce(max(id), 0) FROM crm_lead),
           (SELECT coalesce(max(id), 0) FROM res_partner),
           (SELECT coalesce(max(id), 0) FROM crm_customer_portrait),
           (SELECT coalesce(max(id), 0) FROM crm_customer_portrait_tag),
           (SELECT coalesce(max(id), 0) FROM crm_lead_api_request),
           (SELECT coalesce(max(id), 0) FROM crm_lead_api_answer),
           (SELECT coalesce(max(id), 0) FROM mail_message)
"""
LEADS = """
    SELECT lead.id,
           lead.ticket_ref,
           lead.phone,
           partner.phone,
           lead.stage_id,
           portrait.partner_id = lead.partner_id,
           ARRAY(
               SELECT name::text
                 FROM crm_customer_portrait_item
                WHERE portrait_id = lead.portrait_id
                ORDER BY name
           ),
           ARRAY(
               SELECT ARRAY[product_id, quantity::int]
                 FROM crm_lead_service
                WHERE lead_id = lead.id
                ORDER BY product_id
           ),
           (
               SELECT count(*)
                 FROM crm_lead_api_request
                WHERE lead_id = lead.id
                      AND status = 200
                      AND is_replayed IS NOT TRUE
           ),
           (
               SELECT count(*)
                 FROM crm_lead_api_answer answer
                 JOIN crm_lead_api_request entry ON entry.id = answer.request_id
                WHERE entry.lead_id = lead.id
                      AND answer.body::json #>> '{data,id_lead}' = lead.id::text
           )
      FROM crm_lead lead
      LEFT JOIN res_partner partner ON partner.id = lead.partner_id
      LEFT JOIN crm_customer_portrait portrait ON portrait.id = lead.portrait_id
     WHERE lead.id > %s
"""
DOUBLED_CONTACTS = """
    SELECT phone, count(*)
      FROM res_partner
     WHERE id > %s AND phone IS NOT NULL
     GROUP BY phone
    HAVING count(*) > 1
"""
# What should not be there without something else; in the order of Newest.
ORPHANS = {
    "contact": """
        SELECT id
          FROM res_partner partner
         WHERE id > %s
               AND NOT EXISTS (SELECT FROM crm_lead WHERE partner_id = partner.id)
    """,
    "portrait": """
        SELECT id
          FROM crm_customer_portrait portrait
         WHERE id > %s
               AND NOT EXISTS (SELECT FROM crm_lead WHERE portrait_id = portrait.id)
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


class Lead(NamedTuple):
    """A lead as it is in the database, with what belongs to it."""

    id: int
    ticket: str
    phone: str | None
    contact_phone: str | None
    stage_id: int | None
    has_portrait_of_contact: bool | None
    items: list[str]
    services: list[list[int]]
    entries: int
    answers: int

    def find_gaps(self, payload: dict) -> list[str]:
        """Find the sent values that the lead lacks."""
        portrait = payload["customer_portrait"]
        services = sorted(Counter(payload["crm_line_ids"]).items())
        items = sorted(portrait["hobby"] + portrait["desires"])
        is_there = {
            "phone": self.phone == payload["phone_no1"],
            "contact": self.contact_phone == payload["phone_no1"],
            "stage": self.stage_id is not None,
            "portrait": self.has_portrait_of_contact,
            "items of the portrait": sorted(self.items) == items,
            "services": self.services == [list(service) for service in services],
            "one log entry": self.entries == 1,
            "one kept answer": self.answers == 1,
        }
        return [name for name, is_right in is_there.items() if not is_right]


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
    told = {answer.lead_id for answer in call.answers}
    name = f"ticket {call.ticket}"
    if not told:
        findings.lost.append(f"{name} has never got a 200, and has the leads {ids}")
    for lead_id in told - ids:
        findings.lost.append(f"{name} was told of lead {lead_id}, and has {ids}")
    if len(ids) > 1:
        findings.doubled.append(f"{name} has the leads {ids}")
    if len(told) > 1:
        findings.doubled.append(f"{name} was told of the leads {told}")
    for lead in leads:
        if gaps := lead.find_gaps(call.payload):
            findings.half_made.append(f"lead {lead.id} of {name}: {', '.join(gaps)}")
