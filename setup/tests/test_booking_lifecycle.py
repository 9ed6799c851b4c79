# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that the addon for bookings comes and goes with its data, and what it needs of
PostgreSQL."""

import json

import pytest

COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE starts_with(table_name, 'crm_lead')
        OR table_name IN ('res_partner', 'res_company')
"""
KINDS = "SELECT DISTINCT kind FROM crm_lead_api_request"
BOOK = """
from odoo.addons.crm_lead_api.http.received_request import ReceivedRequest
client = env.ref("crm_lead_api.demo_client")
log = env["crm.lead.api.request"]
for kind in ("create", "booking", "booking_change"):
    received = ReceivedRequest(client, request_ref=kind, kind=kind)
    log._log(received, 200, {})
client.write({"webhook_url": "https://tickets.example.com", "webhook_bookings": True})
lead = env.ref("crm_lead_api_booking.demo_lead_anh")
lead.sudo().lead_api_client_id = client
lead.booking_ids.filtered(lambda b: b.state == "arrived").action_finish()
env.cr.precommit.run()
assert env["crm.lead.api.event"].search([("type", "=", "booking.done")])
company = env.ref("crm_lead_api.demo_company").id
seat = env["resource.resource"].create(
    {"name": "Bác sĩ", "is_seat": True, "company_id": company, "user_id": 2})
booking = env["crm.booking"].create({
    "lead_id": env.ref("crm_lead_api.demo_lead_huong").id, "company_id": company,
    "seat_id": seat.id, "start": "2031-03-03 02:00:00"})
booking._plan_reminder_call()
env["crm.booking"]._cron_write_meetings()
assert booking.meeting_id and booking.reminder_call_id
env["ir.config_parameter"].set_param("crm_lead_api_booking.reminder_hours", "48")
"""
LEFT = """
    SELECT name FROM calendar_event WHERE start > '2031-01-01'
     UNION ALL
    SELECT summary FROM mail_activity WHERE starts_with(summary, 'Remind of')
     UNION ALL
    SELECT key FROM ir_config_parameter WHERE starts_with(key, 'crm_lead_api_booking')
"""
# As of 19.0.1.0, where a user could be in two rooms at the same time
CLASH = """
bookings = env["crm.booking"].search([("state", "=", "booked")], order="id")
first = bookings[0]
second = bookings.filtered(lambda each: each.seat_id != first.seat_id)[0]
print(">>" + second.code)
parameters = [(first + second)._ids, (first + second).seat_id._ids]
env.cr.execute('''
    ALTER TABLE crm_booking DROP COLUMN seat_user_id;
    UPDATE crm_booking SET start = '2040-01-02 02:00', stop = '2040-01-02 03:00'
     WHERE id IN %s;
    UPDATE resource_resource SET user_id = 2 WHERE id IN %s;
    UPDATE ir_module_module SET latest_version = '19.0.1.0.0'
     WHERE name = 'crm_lead_api_booking'
''', parameters)
"""
USERS = """
SELECT count(*) FILTER (WHERE seat_user_id = 2),
       (SELECT count(*) FROM pg_constraint WHERE conname = 'crm_booking_user_free')
  FROM crm_booking WHERE start = '2040-01-02 02:00'
"""
WITHOUT_RIGHT = """
from odoo.exceptions import UserError
from odoo.addons.crm_lead_api_booking.hooks import pre_init_hook
env.cr.execute("CREATE ROLE crm_lead_api_weak")
env.cr.execute("SET LOCAL ROLE crm_lead_api_weak")
try:
    pre_init_hook(env)
except UserError as error:
    print(">>" + str(error))
env.cr.rollback()
"""
# The free starts of a doctor who is an employee
FIND_WORKING = """
from datetime import time
import pytz

company = env.ref("crm_lead_api.demo_company")
zone = company._get_booking_zone()
today = datetime.now(zone).date()
end = today + timedelta(days=10)
begin = today - timedelta(days=30)
doctor = env["hr.employee"].create({
    "name": "BS. Hoa", "company_id": company.id, "contract_date_start": begin,
    "resource_calendar_id": company.resource_calendar_id.id, "date_version": begin,
    "contract_date_end": end,
})
seat = doctor.resource_id
seat.is_seat = True
bounds = [
    zone.localize(datetime.combine(today + timedelta(days=days), time()))
    for days in (1, 31)
]
days = {slot.start.date() for slot in seat._find_slots(60, *bounds)}
late = [
    day for day in (end + timedelta(days=n) for n in range(1, 8))
    if seat._filter_working(
        *(zone.localize(datetime.combine(day, time(hour))) for hour in (9, 10))
    )
]
print(">>" + json.dumps([len(days), max(days) <= end, len(late)]))
"""


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("booking", ["crm_lead_api_booking"]),
        ("addons", ["crm_lead_api_booking", "crm_lead_api_phone_call"]),
    ],
)
def test_uninstall(request, demo, template, names):
    """Without the addon, or both addons, everything is as before, and the rest of the
    data stays."""
    before = set(demo.query(COLUMNS))
    database = request.getfixturevalue(template).copy("booking_uninstalled")
    database.run(BOOK)
    database.uninstall(*names)
    assert set(database.query(COLUMNS)) == before
    assert database.query(KINDS) == [("create",)]
    assert database.query(LEFT) == []
    # The addons take their own demo data along, and nothing else.
    assert database.count("crm_lead") == demo.count("crm_lead")
    assert not database.count("crm_lead_api_event", "starts_with(type, 'booking.')")


def test_update_with_a_doctor_in_two_rooms(booking):
    """Old bookings that clash do not stop the update, whose log names them."""
    database = booking.copy("booking_updated")
    code = database.run(CLASH)
    log = database.odoo("--update=crm_lead_api_booking", "--stop-after-init")
    assert code in log
    assert database.query(USERS) == [(1, 1)]


def test_without_the_right_to_create_the_extension(plain):
    """The sentence says what to do; nothing is installed."""
    text = plain.copy("booking_without_right").run(WITHOUT_RIGHT)
    assert "CREATE EXTENSION btree_gist" in text


def test_end_of_a_contract(booking):
    """A doctor takes no bookings after the end of the contract, which Odoo's addon for
    employees knows."""
    database = booking.copy("booking_hours")
    database.odoo("--init=hr", "--stop-after-init")
    count, is_before_end, late = json.loads(database.run(FIND_WORKING))
    assert count >= 5
    assert is_before_end
    assert late == 0
