# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the number of SQL statements of bookings: however many there are."""

import json
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from benchmark.rows import multiply
from odoo_server import JSON
from statement_counts import end_connections, read_statements

MANY = 100_000  # bookings of the past; nobody closed a tenth of them
CUSTOMERS = 5_000
MORE_THAN_LEAD = 20  # statements of a booking with a new lead, at most
SHARE_OF_LEAD = 0.85  # of a booking of a known lead, at most
# Statements of a request today, so that one more is noticed
COUNTS = {
    "lead": 40,
    "new": 58,
    "known": 33,
    "confirm": 19,
    "move": 26,
    "read": 16,
}
# Of the free starts of a month, with however many seats and bookings
SLOTS = 13
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
CHOOSE_SEATS = """
UPDATE resource_resource
   SET is_seat = name < 'Phòng ' || to_char(%s, 'FM00')
 WHERE name LIKE 'Phòng __'
"""
# Of copied leads; without a branch group a customer may have several open bookings.
MULTIPLY = """
INSERT INTO crm_booking (code, lead_id, partner_id, company_id, seat_id, state,
                         start, stop, duration, write_date)
     SELECT 'T-' || number, lead.id, lead.partner_id, booking.company_id, seat_id,
            CASE WHEN number %% 10 = 0 THEN 'booked' ELSE 'done' END,
            start - ago, stop - ago, duration, booking.write_date - ago
       FROM crm_booking AS booking, generate_series(1, %s) AS number
       JOIN (SELECT id, partner_id, row_number() OVER () - 1 AS position
               FROM crm_lead
              WHERE phone_key LIKE '+843%%') AS lead ON position = number %% %s,
            LATERAL (SELECT interval '30 days' + number * interval '1 hour' AS ago) AS t
      WHERE booking.id = (SELECT max(id) FROM crm_booking)
"""
FEW = 2_000  # rows that some requests may read by indexes
READS = """
SELECT seq_scan, idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'crm_booking'
"""
# The list and the calendar of who works for several branches
SHOW = """
from datetime import timedelta
of_branches = [("company_id", "in", env["res.company"].search([]).ids)]
now = env.cr.now()
week = [("start", "<=", now + timedelta(days=7)), ("stop", ">=", now)]
bookings = env["crm.booking"]
assert bookings.search(of_branches, limit=80) and bookings.search(of_branches + week)
"""
DELETE_ACTIVITY = """
DELETE FROM mail_activity WHERE id = (SELECT min(id) FROM mail_activity)
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


def test_statements_of_free_starts(database, counting_server, token, full_payload):
    """The free starts of twenty seats take as many statements as those of one."""
    service, company = full_payload["crm_line_ids"][0], full_payload["company_id"]
    first, last = ((TOMORROW + timedelta(days=n)).date().isoformat() for n in (1, 31))
    path = f"/slots?company_id={company}&crm_line_ids={service}&from={first}&to={last}"
    ids, seats = {}, {}
    for name, count in (("none", 20), ("one", 1), ("twenty", 20)):
        with closing(database.connect()) as connection, connection:
            connection.cursor().execute(CHOOSE_SEATS, [count])
        ids[name] = f"slots-{name}"
        data = request(counting_server, token, "GET", path, ids[name])
        seats[name] = max(len(slot["seats"]) for slot in data["slots"])
    assert (seats["twenty"], seats["one"]) == (20, 1)
    counts = read_statements(counting_server, ids)
    # The first request fills Odoo's caches.
    assert (counts["twenty"], counts["one"]) == (SLOTS, SLOTS)


def test_many_bookings(database, counting_server, token, full_payload):
    """Neither requests nor staff's screens read all bookings, or all that nobody
    closed."""
    [[lead_id]] = database.query("SELECT lead_id FROM crm_booking ORDER BY id DESC")[:1]
    multiply(database, lead_id, CUSTOMERS)
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(MULTIPLY, [MANY, CUSTOMERS])
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

    def read_counts():
        end_connections(database)
        [counts] = database.query(READS)
        return counts

    scans, fetches = read_counts()
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
    database.run(SHOW)
    with closing(database.connect()) as connection, connection:
        connection.cursor().execute(DELETE_ACTIVITY)
    scans_after, fetches_after = read_counts()
    assert scans_after == scans
    assert fetches_after - fetches < FEW
