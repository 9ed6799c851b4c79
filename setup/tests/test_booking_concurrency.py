# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test bookings in the same instant, by two servers on one database."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from odoo_server import JSON
from waiting import PATIENCE

THREADS = 50
START = (datetime.now(timezone.utc) + timedelta(days=10)).replace(
    hour=2, minute=0, second=0, microsecond=0
)
SEATS = """
company = env.ref("crm_lead_api.demo_company")
calendar = company.resource_calendar_id
calendar.attendance_ids.unlink()
calendar.write({"tz": "Asia/Ho_Chi_Minh", "attendance_ids": [
    (0, 0, {"name": "Ca", "dayofweek": str(day), "hour_from": 8, "hour_to": 20,
            "day_period": "morning"})
    for day in range(7)
]})
env["resource.resource"].search([("is_seat", "=", True)]).is_seat = False
env["resource.resource"].create([
    {"name": f"Phòng {number}", "company_id": company.id, "is_seat": True,
     "resource_type": "material", "calendar_id": calendar.id}
    for number in range(3)
])
env.cr.commit()
"""


@pytest.fixture(scope="module")
def database(booking):
    database = booking.copy("booking_concurrency")
    database.run(SEATS)
    return database


@pytest.fixture(scope="module")
def servers(database, start_server):
    return [start_server(database) for _ in range(2)]


def run_at_once(servers, token, bodies):
    """Send bookings in the same instant, half of them to each server.

    :return: status and body of each
    """
    barrier = threading.Barrier(len(bodies))

    def send(number, body):
        barrier.wait(PATIENCE)
        while True:
            status, _head, answer = servers[number % 2].send(
                *("POST", "/api/v1/bookings"),
                [JSON, ("Authorization", f"Bearer {token}")],
                json.dumps(body),
            )
            if status != 503:  # send it again, says the answer
                return status, json.loads(answer)

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, range(len(bodies)), bodies))


def make_lead(payload, number):
    return {
        **json.loads(payload),
        "ticket_id": 800_000 + number,
        "phone_no1": f"0976{number:06}",
    }


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
    answers = run_at_once(servers, token, bodies)
    made = [body["data"]["id_booking"] for status, body in answers if status == 200]
    assert len(made) == 1, answers
    others = [body for status, body in answers if status != 200]
    assert {body["type"] for body in others} == {"open_booking"}, others
    assert {body["booking"]["id_booking"] for body in others} == set(made)
    assert database.query(
        "SELECT count(*) FROM crm_booking b JOIN res_partner p ON p.id = b.partner_id"
        " WHERE p.phone_key = '+84976000001'"
    ) == [(1,)]
    # Nothing is left of the leads of the others.
    assert database.query(
        "SELECT count(*) FROM crm_lead WHERE phone = '0976000001'"
    ) == [(1,)]


def test_three_seats_take_three_bookings(database, servers, token, payload):
    """50 customers want one time, for which there are three seats."""
    start = (START + timedelta(days=1)).isoformat()
    bodies = [
        {"lead": make_lead(payload, 100 + number), "start": start}
        for number in range(THREADS)
    ]
    answers = run_at_once(servers, token, bodies)
    made = [body["data"] for status, body in answers if status == 200]
    assert len({booking["seat"]["id"] for booking in made}) == len(made) == 3
    others = [body for status, body in answers if status != 200]
    assert {body["type"] for body in others} == {"slot_taken"}, others
    assert all(len(body["free"]) == 3 for body in others)


def test_equal_requests_make_one_booking(database, servers, token, payload):
    """50 equal requests: one booking, which all answers have."""
    start = (START + timedelta(days=2)).isoformat()
    body = {"lead": make_lead(payload, 200), "start": start}
    answers = run_at_once(servers, token, [body] * THREADS)
    assert {status for status, _body in answers} == {200}, answers
    assert len({body["data"]["id_booking"] for _status, body in answers}) == 1


def test_the_log_has_no_failed_statements(servers):
    """The constraints are never broken by requests: a failed statement in the log would
    have the customer's note in it."""
    for server in servers:
        assert "bad query" not in server.log.read_text()
