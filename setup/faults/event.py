# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client's system that gets the events, and whether each of them came once."""

import os
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from event_receiver import Receiver
from odoo_database import Database

from faults.reminder import REMINDER

LISTEN = """
    UPDATE crm_lead_api_client
       SET webhook_url = %s, webhook_allow_private = true
     WHERE webhook_url IS NOT NULL
"""
EVENTS = """
    SELECT type, ticket_ref, state, message_ref
      FROM crm_lead_api_event
     WHERE id > %s
"""


class Listener(Receiver):
    """Accepts each event, also with the time of a clock that is wrong."""

    def receive(self, headers, body):
        self.came[headers["webhook-id"]] += 1
        return 200


@contextmanager
def listening(database: Database) -> Iterator[Listener]:
    """Let the client's events go to a receiver, by servers that are started then."""
    own = patch.dict(os.environ, {"CRM_LEAD_API_OWN_ADDRESSES": "1"})
    with own, Listener() as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        database.change(LISTEN, listener.url)
        yield listener
        listener.shutdown()


def check_events(
    database: Database, tickets, newest: dict[str, int], came, findings
) -> None:
    """Add what is wrong with the events by ticket. A receiver knows an event that comes
    again by its id.

    :param list[Ticket] tickets: with the requests that cause them
    :param newest: highest ids before the first request, by table
    :param Counter came: how often each event came, by its id
    :param Findings findings: to be added to
    """
    rows = database.query(EVENTS, newest["crm_lead_api_event"])
    findings.counts["events"] = len(rows)
    by_ticket = defaultdict(Counter)
    for event_type, ticket, state, reference in rows:
        name = f"event {event_type} of ticket {ticket}"
        if event_type != REMINDER:
            by_ticket[ticket][event_type] += 1
        if state != "delivered":
            findings.lost.append(f"{name} is {state}")
        elif not came[reference]:
            findings.lost.append(f"{name} never came")
    for ticket in tickets:
        wanted, there = ticket.events, by_ticket.pop(str(ticket.id), Counter())
        for event_type in wanted - there:
            findings.lost.append(f"no {event_type} of ticket {ticket.id}")
        for event_type in there - wanted:
            findings.doubled.append(
                f"{there[event_type]} instead of {wanted[event_type]} events "
                f"{event_type} of ticket {ticket.id}"
            )
    for ticket, events in by_ticket.items():
        findings.half_made.append(f"events of ticket {ticket}: {dict(events)}")
    for reference in came.keys() - {row[3] for row in rows}:
        findings.half_made.append(f"event {reference} came, and is not there")
