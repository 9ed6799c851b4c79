# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares what clients were told with what is in the database."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import product

from faults.queries import (
    BOOKINGS,
    EVENTS,
    FOLLOW_UP,
    GIVEN,
    LEADS,
    MESSAGES,
    NEVER,
    PHONE_CALLS,
    REMINDERS,
)
from faults.scene import REMINDER
from faults.ticket import OF_BOOKING, OF_CALL, OF_LEAD, SOUND, Ticket
from odoo_database import Database

QUALIFYING = ("arrived", "done")  # states of a booking


@dataclass
class Evidence:
    """Hold what the client knows, to be compared with a database.

    :param newest: ids by table, as they were before the first request
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

    def compare(self, name: str, what: str, told, there, most: int = 1) -> None:
        """Note what a client was told of and is not there, and what the client was told
        of, or is there, more often than it was asked for.

        :param told: ids
        :param there: ids
        """
        told, there = {*told}, {*there}
        for each in told - there:
            self.lost.append(f"{name} was told of {what} {each}, and has {there}")
        if len(there) > most:
            self.doubled.append(f"{name} has the {what}s {there}, told {told}")
        if len(told) > most:
            self.doubled.append(f"{name} was told of the {what}s {told}")

    def add_gaps(self, name: str, **is_there: bool) -> None:
        """Note which parts of something are missing, or not as they should be."""
        if gaps := [part for part, is_right in is_there.items() if not is_right]:
            parts = ", ".join(gap.replace("_", " ") for gap in gaps)
            self.half_made.append(f"{name}: {parts}")


def check(database: Database, evidence: Evidence) -> Findings:
    """Compare the tickets with the database, after the queues have been worked off and
    the servers have stopped."""
    findings = Findings()
    for kind, text, query, table in NEVER:
        newest = [evidence.newest[table]] if table else []
        for row in database.query(query, *newest):
            getattr(findings, kind).append(text.format(*row))
    given = _group(database.read(GIVEN, evidence.newest["crm_lead"]), "ticket_ref")
    _check_leads(database, evidence, given, findings)
    newest = evidence.newest["crm_lead"]
    for lead, part, count in database.query(FOLLOW_UP, evidence.score, newest):
        if count:
            findings.doubled.append(f"lead {lead} has {count} times: {part}")
        else:
            findings.half_made.append(f"lead {lead} lacks: {part}")
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


def _pair(evidence, rows, column, findings):
    """Yield each ticket with its rows; note rows that are of none.

    :param column: a key of ``Ticket.refs``
    """
    groups = _group(rows, column)
    for ticket in evidence.tickets:
        yield ticket, groups.pop(ticket.refs[column], [])
    for ref, others in groups.items():
        findings.half_made.append(f"nobody sent {column[:-4]} {ref}: {others}")


# ------------------------------------------------------------------------ leads


def _check_leads(database, evidence, given, findings):
    rows = database.read(LEADS, evidence.newest["crm_lead"])
    findings.counts["leads"] = len(rows)
    by_ticket = _group(rows, "ticket_ref")
    for ticket in evidence.tickets:
        leads = by_ticket.pop(str(ticket.id), [])
        _check_ticket(ticket, leads, findings)
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
    """Compare what a client was told of the leads of a ticket, and of their notes,
    with what is there."""
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
    findings.compare(name, "lead", told, ids)
    notes = {note for lead in leads for note in lead.notes}
    sent = ticket.select(["note"])  # one, if any
    told = {answer.data["id_note"] for note in sent for answer in note.answers}
    findings.compare(name, "note", told, notes, len(sent))


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
    for ticket, messages in _pair(evidence, rows, "message_ref", findings):
        ref = ticket.refs["message_ref"]
        made = leads.pop(ref, [])
        name, ids = f"message {ref}", [lead.id for lead in made]
        if not (messages and made) and ticket.select(["message"]):
            findings.lost.append(f"{name} has {messages} and the leads {ids}")
        findings.compare(name, "lead", (), ids)
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
            if not told:
                findings.lost.append(f"{name}: nobody was told, and it is {ids}")
            findings.compare(name, "lead", told, ids)
            for row in rows:
                findings.counts["assignments"] += len(row.decisions)
                _check_assignment(ticket, row, name, findings)


def _check_assignment(ticket, lead, name, findings):
    owners = [owner for _former, owner in lead.decisions]
    callers = [caller for caller, _date in lead.planned]
    if len(owners) > 2:
        findings.doubled.append(f"{name} was given to {owners}")
    if len(callers) > 1:
        findings.doubled.append(f"{name} is to be called by {callers}")
    findings.add_gaps(
        name,
        phone=lead.phone == ticket.question["phone_no1"],
        state=lead.state == "given",
        one_recall=lead.recall_count == len(owners) - 1 == 1,
        another_owner=len({*owners}) == len(owners),
        former_owners=[former for former, _ in lead.decisions] == [None, *owners[:-1]],
        owner=owners[-1:] == [lead.user_id] == [lead.caller],
        planned_call=lead.user_id in callers,
    )


# ------------------------------------------------------------------------ bookings


def _check_bookings(database, evidence, findings):
    rows = database.read(BOOKINGS, evidence.newest["crm_booking"])
    findings.counts["bookings"] = len(rows)
    ids = {row.id for row in rows}
    for ticket, own in _pair(evidence, rows, "ticket_ref", findings):
        _check_bookings_of(ticket, {row.id: row for row in own}, ids, findings)


def _check_bookings_of(ticket, rows, ids, findings):
    """Compare a ticket with its bookings.

    :param rows: the bookings in the database, by id
    :param ids: of all bookings
    """
    name, told = f"ticket {ticket.id}", ticket.bookings
    made = [request for request in ticket.booked if request.kind == "booking"]
    findings.compare(name, "booking", told, rows, len(made))
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
    for ticket, calls in _pair(evidence, rows, "call_ref", findings):
        name = f"phone call {ticket.refs['call_ref']}"
        if len(calls) > 1:
            findings.doubled.append(f"{name} is there {len(calls)} times")
        if not calls and any(each.answers for each in ticket.select(OF_CALL)):
            findings.lost.append(f"{name} is not there")
        for call in calls:
            if call.lines > 1:
                findings.doubled.append(f"{name} has {call.lines} lines in the chatter")
            _check_call(ticket, call, name, findings)


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
