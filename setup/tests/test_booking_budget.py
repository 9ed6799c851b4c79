# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the number of SQL statements of bookings: however many there are."""

import json
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from odoo_server import JSON
from statement_counts import end_connections, read_statements

MANY = 100_000  # closed bookings
MORE_THAN_LEAD = 20  # statements of a booking with a new lead, at most
SHARE_OF_LEAD = 0.8  # of a booking of a known lead, at most
# Statements of a request today, so that one more is noticed
COUNTS = {
    "lead": 40,
    "new": 58,
    "known": 32,
    "confirm": 19,
    "move": 25,
    "read": 16,
}
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
    {"name": f"Phòng {number:02}", "company_id": company.id, "is_seat": True,
     "resource_type": "material", "calendar_id": calendar.id}
    for number in range(20)
])
env.cr.commit()
"""
# In states that are closed: neither seats nor customers are taken.
MULTIPLY = """
INSERT INTO crm_booking (code, lead_id, partner_id, company_id, group_id, seat_id,
                         state, start, stop, duration, write_date)
     SELECT 'T-' || number, lead_id, partner_id, company_id, group_id, seat_id, 'done',
            start - number * interval '1 hour', stop - number * interval '1 hour',
            duration, write_date - number * interval '1 second'
       FROM crm_booking, generate_series(1, %s) AS number
      WHERE id = (SELECT max(id) FROM crm_booking)
"""
TOMORROW = datetime.now(timezone.utc).replace(hour=2, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def database(booking):
    database = booking.copy("booking_budget")
    database.run(SEATS)
    return database


def start(days):
    return (TOMORROW + timedelta(days=days)).isoformat()


def request(server, token, method, path, request_id, body=None):
    headers = [
        JSON,
        ("Authorization", f"Bearer {token}"),
        ("X-Request-Id", request_id),
    ]
    status, _head, answer = server.send(
        method, f"/api/v1{path}", headers, json.dumps(body) if body else ""
    )
    assert status == 200, answer
    return json.loads(answer)["data"]


def test_statements_of_bookings(counting_server, token, full_payload):
    """A booking with a new lead takes 20 statements more than the lead, a booking of
    a known lead fewer than the lead."""
    server, ids = counting_server, {}
    for again in range(3):  # for what the first leaves in caches

        def body(customer):
            return {
                **full_payload,
                **{f"phone_no{n}": f"096{n}{customer:06}" for n in (1, 2, 3)},
                "email_from": f"yen{customer}@example.com",
                "ticket_id": customer,
            }

        def send(kind, method, path, data, again=again):
            ids[kind] = f"{kind}-{again}"
            return request(server, token, method, path, ids[kind], data)

        first = 50_000 + again * 10
        lead = send("lead", "POST", "/lead", body(first))
        known = {"id_lead": lead["id_lead"], "start": start(2 + again)}
        booked = send("known", "POST", "/bookings", known)
        new = {"lead": body(first + 1), "start": start(2 + again)}
        send("new", "POST", "/bookings", new)
        path = f"/bookings/{booked['code']}"
        send("confirm", "PATCH", path, {"state": "confirmed"})
        send("move", "PATCH", path, {"start": start(10 + again)})
        send("read", "GET", path, None)
    counts = read_statements(server, ids)
    assert counts["new"] <= counts["lead"] + MORE_THAN_LEAD, counts
    assert counts["known"] <= SHARE_OF_LEAD * counts["lead"], counts
    assert counts == COUNTS


def test_many_bookings(database, counting_server, token, full_payload):
    """Nothing reads all bookings, however many there are."""
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(MULTIPLY, [MANY])
        cursor.execute("ANALYZE crm_booking")
    service, company = full_payload["crm_line_ids"][0], full_payload["company_id"]
    today, later = (
        (TOMORROW + timedelta(days=days)).date().isoformat() for days in (20, 50)
    )
    customer = 60_000
    lead = {
        **full_payload,
        **{f"phone_no{n}": f"096{n}{customer:06}" for n in (1, 2, 3)},
        "email_from": f"yen{customer}@example.com",
        "ticket_id": customer,
    }
    end_connections(database)

    def read_scans():
        end_connections(database)
        return database.query(
            "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'crm_booking'"
        )

    before = read_scans()
    booked = request(
        *(counting_server, token, "POST", "/bookings", "many-1"),
        {"lead": lead, "start": start(30)},
    )
    for number, path in enumerate(
        (
            f"/slots?company_id={company}&crm_line_ids={service}&from={today}&to={later}",
            f"/bookings?ticket_id={customer}",
            f"/bookings?phone=0961{customer:06}",
            f"/bookings?company_id={company}&day={later}",
            "/bookings?updated_since=2100-01-01T00:00:00Z",
            f"/bookings/{booked['code']}",
            f"/customers?phone=0961{customer:06}&agent_email=lan@example.com",
        )
    ):
        request(counting_server, token, "GET", path, f"many-get-{number}")
    request(
        *(counting_server, token, "PATCH", f"/bookings/{booked['id_booking']}"),
        *("many-2", {"start": start(31)}),
    )
    assert read_scans() == before
