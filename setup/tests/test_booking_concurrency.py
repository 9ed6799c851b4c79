# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test bookings in the same instant, by two servers on one database."""

from datetime import datetime, timedelta, timezone
from functools import partial

from odoo_database import OPEN_ALL_DAYS
from waiting import run_at_once

THREADS = 50
ROUNDS = 12  # of staff and a request at once
NOTE = "Needs a quiet room"
TEMPLATE = "booking"
START = (datetime.now(timezone.utc) + timedelta(days=10)).replace(
    hour=2, minute=0, second=0, microsecond=0
)
SEATS = """
env["resource.resource"].create([
    {"name": f"Phòng {number}", "company_id": company.id, "is_seat": True,
     "resource_type": "material", "calendar_id": calendar.id}
    for number in range(3)
])
branches = env["res.company"].create([
    {"name": f"Chi nhánh {number}", "parent_id": company.id} for number in range(2)
])
env.ref("crm_lead_api.demo_client").company_ids += branches
doctor = env["res.users"].create({"name": "BS. Lan", "login": "bs.lan@example.com"})
env["resource.resource"].create([
    {"name": "BS. Lan", "company_id": branch.id, "is_seat": True, "user_id": doctor.id,
     "resource_type": "user", "calendar_id": calendar.id}
    for branch in branches
])
"""
SCRIPT = OPEN_ALL_DAYS + SEATS
MAKE_STAFF_KEY = """
user = env.ref("crm_lead_api.demo_agent")
user.group_ids += env.ref("crm_lead_api_booking.crm_lead_api_booking_group_manager")
print(">>" + make_key(user))
"""


def book(server, token, body):
    return server.insist(token, "POST", "/bookings", body)


def book_at_once(servers, token, bodies):
    """Send bookings in the same instant, half of them to each server."""
    return run_at_once(
        lambda each: book(servers[each[0] % 2], token, each[1]), enumerate(bodies)
    )


def split(answers):
    """Return the data of those who got a booking, and the bodies of the others."""
    made = [answer.data for answer in answers if answer.status == 200]
    return made, [answer.body for answer in answers if answer.status != 200]


def make_lead(payload, number):
    own = {"ticket_id": 800_000 + number, "phone_no1": f"0976{number:06}"}
    return {**payload, **own}


def test_one_customer_has_one_booking(database, servers, token, payload):
    """50 requests for a customer, each for another time and ticket: one booking, and
    49 answers that name it."""
    bodies = [
        {
            "lead": {**make_lead(payload, 1), "ticket_id": 810_000 + number},
            "start": (START + timedelta(hours=number % 9)).isoformat(),
        }
        for number in range(THREADS)
    ]
    answers = book_at_once(servers, token, bodies)
    made, others = split(answers)
    assert len(made) == 1, answers
    assert {body["type"] for body in others} == {"open_booking"}, others
    told = {body["booking"]["id_booking"] for body in others}
    assert told == {made[0]["id_booking"]}
    of_customer = "crm_booking JOIN res_partner p ON p.id = partner_id"
    assert database.count(of_customer, "p.phone_key = '+84976000001'") == 1
    # Nothing is left of the leads of the others.
    assert database.count("crm_lead", "phone = '0976000001'") == 1


def test_three_seats_take_three_bookings(database, servers, token, payload):
    """50 customers want one time, for which there are three seats."""
    start = (START + timedelta(days=1)).isoformat()
    bodies = [
        {"lead": make_lead(payload, 100 + number), "start": start}
        for number in range(THREADS)
    ]
    answers = book_at_once(servers, token, bodies)
    made, others = split(answers)
    assert len({booking["seat"]["id"] for booking in made}) == len(made) == 3
    assert {body["type"] for body in others} == {"slot_taken"}, others
    assert all(len(body["free"]) == 3 for body in others)


def test_a_doctor_is_in_one_branch_at_a_time(database, servers, token, payload):
    """50 customers want the doctor of two branches at times that overlap: one booking,
    in either branch."""
    seats = database.query(
        "SELECT id, company_id FROM resource_resource WHERE name = 'BS. Lan'"
    )
    bodies = []
    for number in range(THREADS):
        seat, company = seats[number // 2 % 2]
        start = START + timedelta(days=20, minutes=15 * (number // 4 % 2))
        body = {"company_id": company, "seat_id": seat, "start": start.isoformat()}
        bodies.append({**body, "lead": make_lead(payload, 400 + number)})
    answers = book_at_once(servers, token, bodies)
    made, others = split(answers)
    assert len(made) == 1, answers
    assert {body["type"] for body in others} == {"slot_taken"}, others
    booked = made[0]["start"], made[0]["end"]
    for body in others:
        assert len(body["free"]) == 3
        for slot in body["free"]:
            assert slot["end"] <= booked[0] or booked[1] <= slot["start"]


def test_equal_requests_make_one_booking(database, servers, token, payload):
    """50 equal requests: one booking, which all answers have."""
    start = (START + timedelta(days=2)).isoformat()
    body = {"lead": make_lead(payload, 200), "start": start}
    answers = book_at_once(servers, token, [body] * THREADS)
    assert len({answer.data["id_booking"] for answer in answers}) == 1


def test_staff_move_a_booking_onto_the_time_of_a_request(
    database, servers, token, payload
):
    """In the same instant staff drag a booking to a time, and a request books the seat
    at this time: one of both wins, the other is told."""
    key = database.run(MAKE_STAFF_KEY)
    for number in range(ROUNDS):
        day = START + timedelta(days=3 + number)
        body = {"lead": make_lead(payload, 300 + 2 * number), "start": day.isoformat()}
        data = book(servers[0], token, body).data
        booking, seat = data["id_booking"], data["seat"]["id"]
        start = day + timedelta(hours=6)
        body = {"start": start.isoformat(), "seat_id": seat, "note": NOTE}
        body["lead"] = make_lead(payload, 301 + 2 * number)
        tasks = (
            partial(move, servers[1], key, booking, start),
            partial(book, servers[0], token, body),
        )
        (staff_status, message), (status, _head, answer) = run_at_once(
            lambda task: task(), tasks
        )
        if status == 200:
            assert staff_status == 422, message
            assert "already has a booking at this time" in message
        else:
            assert (status, answer["type"]) == (409, "slot_taken"), answer
            assert staff_status == 200, message
        begin = start.replace(tzinfo=None)
        condition = "seat_id = %s AND start = %s"
        assert database.count("crm_booking", condition, seat, begin) == 1


def move(server, key, booking, start):
    """Move a booking as the calendar does; return status and body."""
    times = {"start": start, "stop": start + timedelta(hours=1)}
    values = {name: f"{time:%Y-%m-%d %H:%M:%S}" for name, time in times.items()}
    return server.act(key, "crm.booking/write", ids=[booking], vals=values)


def test_the_log_has_no_note(servers):
    """The constraints are never broken by requests: a failed statement in the log would
    have the customer's note in it."""
    for server in servers:
        log = server.log.read_text()
        assert NOTE not in log
        assert "INSERT INTO" not in log
