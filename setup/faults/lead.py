# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A lead in the database, beside the requests of a client for it."""

from collections import Counter
from itertools import chain
from typing import NamedTuple

from faults.ticket import Ticket

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
           lead.street,
           (
               SELECT count(*)
                 FROM crm_customer_portrait_item item
                 JOIN crm_customer_portrait_item own USING (kind, tag_id)
                WHERE own.portrait_id = lead.portrait_id AND kind = 'desire'
           ),
           ARRAY(
               SELECT id
                 FROM mail_message
                WHERE model = 'crm.lead'
                      AND res_id = lead.id
                      AND message_type = 'comment'
           ),
           (
               SELECT count(*)
                 FROM crm_lead_proposal
                WHERE lead_id = lead.id AND subject = 'address'
           ),
           ARRAY(
               SELECT concat_ws(' ', kind, answer::json #>> '{data,created}')
                 FROM crm_lead_api_request
                WHERE (lead_id = lead.id OR ticket_ref = lead.ticket_ref)
                      AND status = 200
                      AND is_replayed IS NOT TRUE
           ),
           (
               SELECT count(*)
                 FROM crm_lead_api_answer answer
                 JOIN crm_lead_api_request entry ON entry.id = answer.request_id
                WHERE entry.lead_id = lead.id
                      AND entry.kind NOT IN ('phone_call', 'recording')
                      -- With a key an answer is kept by content, too.
                      AND (answer.has_key IS NOT TRUE OR answer.key LIKE 'key %%')
                      AND answer.body::json #>> '{data,id_lead}' = lead.id::text
           )
      FROM crm_lead lead
      LEFT JOIN res_partner partner ON partner.id = lead.partner_id
      LEFT JOIN crm_customer_portrait portrait ON portrait.id = lead.portrait_id
     WHERE lead.id > %s
"""


class Lead(NamedTuple):
    """A lead as it is in the database, with what belongs to it.

    :param portraits: number of its present portrait and the earlier ones
    :param notes: ids of the messages
    :param proposals: number of those to change the contact's address
    :param entries: kinds of the log's entries, without repetitions; after that of a PUT
        whether it made the lead
    :param answers: number of the kept ones, apart from those about phone calls
    """

    id: int
    ticket: str
    phone: str | None
    contact_phone: str | None
    stage_id: int | None
    has_portrait_of_contact: bool | None
    items: list[str]
    services: list[list[int]]
    street: str | None
    portraits: int
    notes: list[int]
    proposals: int
    entries: list[str]
    answers: int

    def find_gaps(self, ticket: Ticket) -> list[str]:
        """Find the sent values that the lead lacks."""
        work, wanted = ticket.lead, ticket.lead.wanted
        portrait = wanted["customer_portrait"]
        services = sorted(Counter(wanted["crm_line_ids"]).items())
        words = [portrait.get(name, []) for name in ("hobby", "desires", "pain_point")]
        is_there = {
            "phone": self.phone == wanted["phone_no1"],
            "street": self.street == wanted["street"],
            "contact": self.contact_phone == wanted["phone_no1"],
            "stage": self.stage_id is not None,
            "portrait": self.has_portrait_of_contact,
            "items of the portrait": sorted(self.items) == sorted(chain(*words)),
            "a portrait of each change": self.portraits == 1 + len(work.changes),
            "services": self.services == [list(service) for service in services],
            "note": len(self.notes) >= len(work.notes),
            "one log entry": self._count_creations() == (not ticket.is_made_by_booking),
            "log entry of each request": self._has_entries(ticket),
            "one kept answer of each request": self.answers == count_kept(ticket),
        }
        return [name for name, is_right in is_there.items() if not is_right]

    def _has_entries(self, ticket):
        """Tell whether the log has as many entries as requests were done."""
        fewest, most = Counter(), Counter()
        for request in ticket.requests:
            is_once, answers = request.is_done_once, len(request.answers)
            fewest[request.kind] += min(1, answers) if is_once else answers
            most[request.kind] += 1 if is_once else len(request.attempts)
        return fewest <= Counter(entry.split()[0] for entry in self.entries) <= most

    def _count_creations(self):
        return self.entries.count("create") + self.entries.count("upsert true")


def count_kept(ticket: Ticket) -> int:
    """Return how many answers are kept: a booking keeps one of its own, and that which
    the lead in it would have got."""
    requests = ticket.lead.requests + ticket.booking.done
    return ticket.is_made_by_booking + sum(each.is_done_once for each in requests)
