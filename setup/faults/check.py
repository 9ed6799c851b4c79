# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares what clients were told with what is in the database."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import product

from odoo_database import Database

from faults.follow_up import CONTACTS, FOLLOWED_LEADS, WAITING
from faults.queries import (
    BOOKINGS,
    DOUBLED_CONTACTS,
    EVENTS,
    GIVEN,
    LEADS,
    MEETINGS,
    MESSAGES,
    OPEN_BOOKINGS,
    ORPHANS,
    OVERLAPS,
    PHONE_CALLS,
    REMINDERS,
)
from faults.scene import REMINDER
from faults.ticket import OF_BOOKING, OF_CALL, OF_LEAD, SOUND, Ticket

TOLERANCE = 0.01  # of scores, in percent
QUALIFYING = ("arrived", "done")  # states of a booking
# Tables whose new rows are the torture's
TABLES = (
    *("crm_lead", "res_partner", "crm_customer_portrait", "mail_message"),
    *("crm_customer_portrait_tag", "crm_lead_api_request", "crm_lead_api_answer"),
    *("crm_booking", "calendar_event", "crm_lead_phone_call", "crm_lead_api_event"),
    *("crm_lead_api_message", "ir_attachment"),
)


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
        kinds = {"lost": self.lost, "doubled": self.doubled}
        kinds["half-made"] = self.half_made
        return [f"{name}: {text}" for name in kinds for text in kinds[name]]

    def add_gaps(self, name: str, **is_there: bool) -> None:
        """Note which parts of something are missing, or not as they should be."""
        if gaps := [part for part, is_right in is_there.items() if not is_right]:
            parts = ", ".join(gap.replace("_", " ") for gap in gaps)
            self.half_made.append(f"{name}: {parts}")


def get_newest(database: Database) -> dict[str, int]:
    """Return the highest id of each table: what is above is the torture's."""
    query = "SELECT coalesce(max(id), 0) FROM {}"
    return {table: database.query(query.format(table))[0][0] for table in TABLES}


def check(database: Database, evidence: Evidence) -> Findings:
    """Compare the tickets with the database, after the queues have been worked off and
    the servers have stopped."""
    findings = Findings()
    for phone, count in database.query(
        DOUBLED_CONTACTS, evidence.newest["res_partner"]
    ):
        findings.doubled.append(f"{count} contacts have the phone {phone}")
    for (table, name), query in ORPHANS.items():
        for (number,) in database.query(query, evidence.newest[table]):
            findings.half_made.append(f"{name} {number} belongs to nothing")
    given = _group(database.read(GIVEN, evidence.newest["crm_lead"]), "ticket_ref")
    _check_leads(database, evidence, given, findings)
    _check_follow_up(database, evidence, given, findings)
    _check_bookings(database, evidence, findings)
    _check_calls(database, evidence, findings)
    _check_events(database, evidence, findings)
    return findings


def _group(rows, name):
    """Return lists of rows by one of their columns."""
    groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups


# ------------------------------------------------------------------------ leads


def _check_leads(database, evidence, given, findings):
    rows = database.read(LEADS, evidence.newest["crm_lead"])
    findings.counts["leads"] = len(rows)
    by_ticket = _group(rows, "ticket_ref")
    for ticket in evidence.tickets:
        leads = by_ticket.pop(str(ticket.id), [])
        _check_ticket(ticket, leads, findings)
        _check_notes(ticket, leads, findings)
        for lead in leads:
            if lead.proposals > 1:
                text = f"lead {lead.id} has {lead.proposals} proposals"
                findings.doubled.append(text)
            _check_lead(ticket, lead, findings)
    _check_messages(database, evidence, by_ticket, findings)
    _check_given(evidence, given, by_ticket, findings)
    for ticket, others in by_ticket.items():
        findings.half_made.append(f"nobody sent ticket {ticket} of {others}")


def _check_ticket(ticket, leads, findings):
    """Compare what a client was told of the leads of a ticket with its leads."""
    ids = {lead.id for lead in leads}
    own = [request for request in ticket.requests if request.kind != "assignment"]
    answers = [answer for request in own for answer in request.answers]
    # The phone may ring before there is a lead.
    told = {answer.data.get("id_lead") for answer in answers} - {None}
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


def _check_notes(ticket, leads, findings):
    notes = {note for lead in leads for note in lead.notes}
    sent = ticket.select(["note"])
    told = {answer.data["id_note"] for note in sent for answer in note.answers}
    name = f"ticket {ticket.id}"
    for note in told - notes:
        findings.lost.append(f"{name} was told of note {note}, and has {notes}")
    if len(notes) > len(sent):
        findings.doubled.append(f"{name} has the notes {notes}")
    if len(told) > 1:
        findings.doubled.append(f"{name} was told of the notes {told}")


def _check_lead(ticket, lead, findings):
    """Compare a lead with what was sent for it."""
    wanted, portrait = ticket.wanted, ticket.wanted["customer_portrait"]
    names = ("hobby", "desires", "pain_point")
    items = [text for name in names for text in portrait.get(name, [])]
    creations = lead.entries.count("create") + lead.entries.count("upsert true")
    # A booking keeps one of its own, and that which the lead in it would have got.
    kept = ticket.is_made_by_booking + sum(
        each.is_done_once for each in ticket.select(OF_LEAD) + ticket.booked
    )
    findings.add_gaps(
        f"lead {lead.id} of ticket {ticket.id}",
        phone=lead.phone == wanted["phone_no1"],
        street=lead.street == wanted["street"],
        contact=lead.contact_phone == wanted["phone_no1"],
        stage=lead.stage_id is not None,
        portrait=lead.has_portrait_of_contact,
        items_of_the_portrait=sorted(lead.items) == sorted(items),
        a_portrait_of_each_change=lead.portraits == 1 + len(ticket.select(["change"])),
        services=lead.services == _count_services(wanted),
        note=len(lead.notes) >= len(ticket.select(["note"])),
        one_log_entry=creations == (not ticket.is_made_by_booking),
        log_entry_of_each_request=_has_entries(ticket, lead.entries),
        one_kept_answer_of_each_request=lead.answers == kept,
    )


def _count_services(payload):
    return sorted(map(list, Counter(payload["crm_line_ids"]).items()))


def _has_entries(ticket, entries):
    """Tell whether the log has as many entries as requests were done."""
    fewest, most = Counter(), Counter()
    for request in ticket.select(OF_LEAD + OF_BOOKING + OF_CALL):
        is_once, answers = request.is_done_once, len(request.answers)
        fewest[request.kind] += min(1, answers) if is_once else answers
        most[request.kind] += 1 if is_once else len(request.attempts)
    return fewest <= Counter(entry.split()[0] for entry in entries) <= most


def _check_messages(database, evidence, leads, findings):
    """Compare the messages of a platform with those that it sent, and their leads.

    :param leads: by ticket, of which those of messages are taken away
    """
    rows = database.read(MESSAGES, evidence.newest["crm_lead_api_message"])
    findings.counts["messages"] = len(rows)
    by_ref = _group(rows, "message_ref")
    for ticket in evidence.tickets:
        ref = str(ticket.form["ticket_id"])
        messages, made = by_ref.pop(ref, []), leads.pop(ref, [])
        name, ids = f"message {ref}", [lead.id for lead in made]
        if not (messages and made) and ticket.select(["message"]):
            findings.lost.append(f"{name} has {messages} and the leads {ids}")
        if len(made) > 1:
            findings.doubled.append(f"{name} has the leads {ids}")
        for message, lead in product(messages, made):
            findings.add_gaps(
                f"lead {lead.id} of {name}",
                state=message.state == "done",
                lead_of_the_message=message.lead_id == lead.id,
                log_entry=message.logged_lead_id == lead.id,
                phone=lead.phone == ticket.form["phone_no1"],
                contact=lead.contact_phone == ticket.form["phone_no1"],
                portrait=lead.has_portrait_of_contact,
                items=lead.items == ticket.form["customer_portrait"]["desires"],
                services=lead.services == _count_services(ticket.form),
                one_log_entry=lead.entries == ["message"],
                one_kept_answer=lead.answers == 1,
            )
    for ref in by_ref:
        findings.half_made.append(f"nobody sent message {ref}")


def _check_given(evidence, given, leads, findings):
    """Compare the leads that were given out with those that were asked for: each has
    been given once, and was recalled once.

    :param given: by ticket
    :param leads: by ticket, of which these are taken away
    """
    findings.counts["assignments"] = 0
    for ticket in evidence.tickets:
        for request in ticket.select(["assignment"]):
            ref = str(ticket.question["ticket_id"])
            leads.pop(ref, None)
            rows, name = given.get(ref, []), f"lead of ticket {ref}"
            ids = {row.id for row in rows}
            told = {answer.data["id_lead"] for answer in request.answers}
            if not request.answers or told - ids:
                findings.lost.append(f"{name} was told to be {told}, and is {ids}")
            if len(ids | told) > 1:
                findings.doubled.append(f"{name} is {ids}, and was told to be {told}")
            for row in rows:
                findings.counts["assignments"] += len(row.decisions)
                _check_assignment(ticket, row, name, findings)


def _check_assignment(ticket, lead, name, findings):
    owners = [owner for _former, owner in lead.decisions]
    if len(owners) > 2:
        findings.doubled.append(f"{name} was given to {owners}")
    if len(lead.callers) > 1:
        findings.doubled.append(f"{name} is to be called by {lead.callers}")
    findings.add_gaps(
        name,
        phone=lead.phone == ticket.question["phone_no1"],
        state=lead.state == "given",
        one_recall=lead.recall_count == len(owners) - 1 == 1,
        another_owner=len({*owners}) == len(owners),
        former_owners=[former for former, _ in lead.decisions] == [None, *owners[:-1]],
        owner=owners[-1:] == [lead.user_id] == [lead.caller],
        planned_call=lead.user_id in lead.callers,
    )


def _check_follow_up(database, evidence, given, findings):
    """Check that what follows the answers was done, once."""
    for task, record, error in database.query(WAITING):
        findings.half_made.append(f"{task} of {record} still waits: {error or ''}")
    parts = ["creation note", "notice", "notification of the salesperson"]
    others = {row.id for rows in given.values() for row in rows}
    for lead in database.read(FOLLOWED_LEADS, evidence.newest["crm_lead"]):
        if lead.id in others:
            continue
        counts = (lead.notes, lead.notices, lead.notifications)
        gaps = [part for part, n in zip(parts, counts, strict=True) if not n]
        gaps += [] if lead.is_followed else ["follower"]
        for score in (lead.score, lead.probability):
            if abs((score or 0) - evidence.score) > TOLERANCE:
                gaps.append(f"score ({score} instead of {evidence.score})")
                break
        if gaps:
            findings.half_made.append(f"lead {lead.id} lacks: {', '.join(gaps)}")
        for part, n in zip(parts, counts, strict=True):
            if n > 1:
                findings.doubled.append(f"lead {lead.id} has {n} times: {part}")
    for contact, notes in database.query(CONTACTS, evidence.newest["res_partner"]):
        if not notes:
            findings.half_made.append(f"contact {contact} lacks: creation note")
        if notes > 1:
            text = f"contact {contact} has {notes} times: creation note"
            findings.doubled.append(text)


# ------------------------------------------------------------------------ bookings


def _check_bookings(database, evidence, findings):
    rows = database.read(BOOKINGS, evidence.newest["crm_booking"])
    findings.counts["bookings"] = len(rows)
    ids, by_ticket = {row.id for row in rows}, _group(rows, "ticket_ref")
    for ticket in evidence.tickets:
        bookings = {row.id: row for row in by_ticket.pop(str(ticket.id), [])}
        _check_bookings_of(ticket, bookings, ids, findings)
    for ticket, others in by_ticket.items():
        others = {row.id for row in others}
        findings.half_made.append(f"nobody booked for ticket {ticket}: {others}")
    for seat, one, other in database.query(OVERLAPS):
        findings.doubled.append(f"seat {seat} is taken by bookings {one} and {other}")
    for customer, bookings in database.query(OPEN_BOOKINGS):
        findings.doubled.append(f"contact {customer} has open bookings: {bookings}")
    for meeting, bookings in database.query(MEETINGS):
        findings.half_made.append(f"meeting {meeting} belongs to bookings {bookings}")


def _check_bookings_of(ticket, rows, ids, findings):
    """Compare a ticket with its bookings.

    :param rows: the bookings in the database, by id
    :param ids: of all bookings
    """
    name, told = f"ticket {ticket.id}", ticket.bookings
    for booking in told.keys() - rows.keys():
        findings.lost.append(f"{name} was told of booking {booking}, and has {rows}")
    made = [request for request in ticket.booked if request.kind == "booking"]
    if len(rows) > len(made):
        findings.doubled.append(f"{name} has the bookings {set(rows)}, not {told}")
    for request in made:
        if len({answer.data["id_booking"] for answer in request.answers}) > 1:
            findings.doubled.append(f"{name} was told of several bookings: {request}")
    for request in ticket.requests:
        other = (request.refusal.get("booking") or {}).get("id_booking")
        if other and other not in ids:
            findings.lost.append(f"{name} was refused for booking {other}, not there")
    for booking in told.keys() & rows.keys():
        row, data, sent = rows[booking], told[booking], ticket.get_sent(booking)
        services = Counter()
        for service in data["services"]:
            services[service["id"]] += service["quantity"]
        findings.add_gaps(
            f"booking {booking} of {name}",
            lead=row.lead_id == data["id_lead"],
            state=row.state == data["state"] == sent.get("state", "booked"),
            start=row.start == _to_utc(data["start"]) == _to_utc(sent["start"]),
            end=row.stop == _to_utc(data["end"]),
            seat=row.seat_id == data["seat"]["id"],
            services=dict(row.services) == dict(services) != {},
            note=row.note == data["note"] == sent.get("note"),
            reason=row.cancel_reason == sent.get("cancel_reason"),
            qualified_lead=row.is_lead_qualified or row.state not in QUALIFYING,
            meeting=row.has_meeting is (True if row.wants_meeting else None),
        )


def _to_utc(text):
    """Return a moment of an answer as it is in the database."""
    moment = text and datetime.fromisoformat(text).astimezone(timezone.utc)
    return moment and moment.replace(tzinfo=None)


# ------------------------------------------------------------------------ phone calls


def _check_calls(database, evidence, findings):
    rows = database.read(PHONE_CALLS, evidence.newest["crm_lead_phone_call"])
    findings.counts["calls"] = len(rows)
    by_name = _group(rows, "call_ref")
    for ticket in evidence.tickets:
        calls = by_name.pop(ticket.call_ref, [])
        name = f"phone call {ticket.call_ref}"
        if len(calls) > 1:
            findings.doubled.append(f"{name} is there {len(calls)} times")
        if not calls and any(each.answers for each in ticket.select(OF_CALL)):
            findings.lost.append(f"{name} is not there")
        for call in calls:
            if call.lines > 1:
                findings.doubled.append(f"{name} has {call.lines} lines in the chatter")
            _check_call(ticket, call, name, findings)
    for name in by_name:
        findings.half_made.append(f"nobody told of phone call {name}")


def _check_call(ticket, call, name, findings):
    wanted = ticket.wanted_call
    kept = [each for each in ticket.select(OF_CALL) if each.is_done_once]
    findings.add_gaps(
        name,
        lead=call.is_of_lead,
        direction=call.direction == wanted["direction"],
        phone=call.phone == wanted["phone"],
        agent=call.agent_email == wanted["agent_email"],
        beginning=call.start_date == _to_utc(wanted["started_at"]),
        answer=call.answer_date == _to_utc(wanted.get("answered_at")),
        end=call.end_date == _to_utc(wanted.get("ended_at")),
        outcome=call.outcome == wanted.get("outcome"),
        note=call.note == wanted.get("note"),
        first_contact=bool(call.is_contact) == ticket.is_answered,
        line_in_the_chatter=call.lines >= 1,
        recording=call.recordings == ([len(SOUND)] if ticket.is_answered else []),
        one_log_entry_of_its_creation=call.creations == 1,
        one_kept_answer_of_each_request=call.answers == len(kept),
    )


# ------------------------------------------------------------------------ events


def _check_events(database, evidence, findings):
    """Compare the events with those that came, each once or more: a receiver knows an
    event that comes again by its id."""
    rows = database.read(EVENTS, evidence.newest["crm_lead_api_event"])
    findings.counts["events"] = len(rows)
    by_ticket, came = defaultdict(Counter), evidence.came
    for row in rows:
        name = f"event {row.type} of ticket {row.ticket_ref}"
        if row.type != REMINDER:
            by_ticket[row.ticket_ref][row.type] += 1
        if row.state != "delivered":
            findings.lost.append(f"{name} is {row.state}")
        elif not came[row.message_ref]:
            findings.lost.append(f"{name} never came")
    expected = {}
    for ticket in evidence.tickets:
        expected[str(ticket.id)] = ticket.events
        for _message in ticket.select(["message"]):
            expected[str(ticket.form["ticket_id"])] = Counter(["lead.assigned"])
    for ticket, wanted in expected.items():
        there = by_ticket.pop(ticket, Counter())
        for event_type in wanted - there:
            findings.lost.append(f"no {event_type} of ticket {ticket}")
        for event_type in there - wanted:
            findings.doubled.append(
                f"{there[event_type]} instead of {wanted[event_type]} events "
                f"{event_type} of ticket {ticket}"
            )
    for ticket, events in by_ticket.items():
        findings.half_made.append(f"events of ticket {ticket}: {dict(events)}")
    for reference in came.keys() - {row.message_ref for row in rows}:
        findings.half_made.append(f"event {reference} came, and is not there")


def check_reminders(database: Database, due: list[int], findings: Findings) -> None:
    """Add what is wrong with the reminders.

    :param due: the bookings whose reminders have become due
    """
    sent = dict(database.query(REMINDERS))
    findings.counts["reminders"] = sum(sent.values())
    for booking in due:
        count = sent.pop(booking, 0)
        if not count:
            findings.lost.append(f"nobody was reminded of booking {booking}")
        if count > 1:
            findings.doubled.append(f"booking {booking} has {count} reminders")
    for booking in sent:
        findings.half_made.append(f"no reminder of booking {booking} was due")
