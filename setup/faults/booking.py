# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bookings in the database, beside the requests of clients for them."""

from collections import Counter, defaultdict
from datetime import datetime, timezone
from typing import NamedTuple

from odoo_database import Database

BOOKINGS = """
    SELECT booking.id,
           lead.ticket_ref,
           booking.lead_id,
           booking.state,
           booking.start,
           booking.stop,
           booking.seat_id,
           booking.note,
           booking.cancel_reason,
           ARRAY(
               SELECT ARRAY[product_id, quantity::int]
                 FROM crm_booking_service
                WHERE booking_id = booking.id
                ORDER BY product_id
           ),
           lead.first_arrival_date IS NOT NULL,
           seat.user_id IS NOT NULL AND booking.state NOT IN ('no_show', 'cancelled'),
           meeting.start = booking.start
           AND meeting.stop = booking.stop
           AND meeting.user_id = seat.user_id
      FROM crm_booking booking
      JOIN crm_lead lead ON lead.id = booking.lead_id
      JOIN resource_resource seat ON seat.id = booking.seat_id
      LEFT JOIN calendar_event meeting ON meeting.id = booking.meeting_id
     WHERE booking.id > %s
"""
# Without the constraints of the table, which the torture is to test
OVERLAPS = """
    SELECT one.seat_id, one.id, other.id
      FROM crm_booking one
      JOIN crm_booking other
        ON other.seat_id = one.seat_id
           AND other.id > one.id
           AND other.start < one.stop
           AND other.stop > one.start
     WHERE one.state IN ('booked', 'confirmed', 'arrived')
           AND other.state IN ('booked', 'confirmed', 'arrived')
"""
OPEN_BOOKINGS = """
    SELECT partner_id, array_agg(id)
      FROM crm_booking
     WHERE state IN ('booked', 'confirmed', 'arrived')
     GROUP BY partner_id, group_id
    HAVING count(*) > 1
"""
MEETINGS = """
    SELECT meeting_id, array_agg(id)
      FROM crm_booking
     WHERE meeting_id IS NOT NULL
     GROUP BY meeting_id
    HAVING count(*) > 1
"""


class Booking(NamedTuple):
    """A booking as it is in the database, with what belongs to it.

    :param is_lead_qualified: the lead's customer has arrived
    :param wants_meeting: the seat's user is to see it in the calendar
    :param has_meeting: and does so, at the right time; ``None`` without a meeting
    """

    id: int
    ticket: str
    lead_id: int
    state: str
    start: datetime
    stop: datetime
    seat_id: int
    note: str | None
    cancel_reason: str | None
    services: list[list[int]]
    is_lead_qualified: bool
    wants_meeting: bool
    has_meeting: bool | None

    def find_gaps(self, data: dict, sent: dict) -> list[str]:
        """Find what the booking lacks.

        :param data: of the newest answer about it
        :param sent: the newest values of the attributes that the client sent for it
        """
        services = Counter()
        for service in data["services"]:
            services[service["id"]] += service["quantity"]
        is_there = {
            "lead": self.lead_id == data["id_lead"],
            "state": self.state == data["state"] == sent.get("state", "booked"),
            "start": self.start == to_utc(data["start"]) == to_utc(sent["start"]),
            "end": self.stop == to_utc(data["end"]),
            "seat": self.seat_id == data["seat"]["id"],
            "services": dict(self.services) == dict(services) != {},
            "note": self.note == data["note"] == sent.get("note"),
            "reason": self.cancel_reason == sent.get("cancel_reason"),
            "qualified lead": self.is_lead_qualified
            or self.state not in ("arrived", "done"),
            "meeting": self.has_meeting is (True if self.wants_meeting else None),
        }
        return [name for name, is_right in is_there.items() if not is_right]


def to_utc(text: str) -> datetime:
    """Return a moment of an answer as it is in the database."""
    return datetime.fromisoformat(text).astimezone(timezone.utc).replace(tzinfo=None)


def check_bookings(database: Database, tickets, newest: dict[str, int], findings):
    """Add what is wrong with bookings.

    :param list[Ticket] tickets: with the requests for them
    :param newest: highest ids before the first request, by table
    :param Findings findings: to be added to
    """
    rows = [Booking(*row) for row in database.query(BOOKINGS, newest["crm_booking"])]
    findings.counts["bookings"] = len(rows)
    ids, by_ticket = {row.id for row in rows}, defaultdict(dict)
    for row in rows:
        by_ticket[row.ticket][row.id] = row
    for ticket in tickets:
        _check_ticket(ticket, by_ticket.pop(str(ticket.id), {}), ids, findings)
    for ticket, others in by_ticket.items():
        findings.half_made.append(f"nobody booked for ticket {ticket}: {set(others)}")
    for seat, one, other in database.query(OVERLAPS):
        findings.doubled.append(f"seat {seat} is taken by bookings {one} and {other}")
    for customer, bookings in database.query(OPEN_BOOKINGS):
        findings.doubled.append(f"contact {customer} has open bookings: {bookings}")
    for meeting, bookings in database.query(MEETINGS):
        findings.half_made.append(f"meeting {meeting} belongs to bookings {bookings}")


def _check_ticket(ticket, rows, ids, findings):
    """Compare a ticket with its bookings.

    :param rows: the bookings in the database, by id
    :param ids: of all bookings
    """
    name, work = f"ticket {ticket.id}", ticket.booking
    told = work.bookings
    for booking in told.keys() - rows.keys():
        findings.lost.append(f"{name} was told of booking {booking}, and has {rows}")
    made = [request for request in work.done if request.kind == "booking"]
    if len(rows) > len(made):
        findings.doubled.append(f"{name} has the bookings {set(rows)}, not {told}")
    for request in made:
        if len({answer.data["id_booking"] for answer in request.answers}) > 1:
            findings.doubled.append(f"{name} was told of several bookings: {request}")
    for request in work.refused:
        other = (request.refusal.get("booking") or {}).get("id_booking")
        if other and other not in ids:
            findings.lost.append(f"{name} was refused for booking {other}, not there")
    for booking in told.keys() & rows.keys():
        sent = work.get_sent(booking)
        if gaps := rows[booking].find_gaps(told[booking], sent):
            findings.half_made.append(f"booking {booking} of {name}: {', '.join(gaps)}")
