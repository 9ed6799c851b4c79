# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the free starts of a doctor who is an employee: Odoo's addon for employees knows
the contract."""

import json

import pytest

FIND = """
import json
from datetime import datetime, time, timedelta

import pytz

company = env.ref("crm_lead_api.demo_company")
zone = company._get_booking_zone()
today = datetime.now(zone).date()
end = today + timedelta(days=10)
doctor = env["hr.employee"].create({
    "name": "BS. Hoa",
    "company_id": company.id,
    "resource_calendar_id": company.resource_calendar_id.id,
    "date_version": today - timedelta(days=30),
    "contract_date_start": today - timedelta(days=30),
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


@pytest.fixture(scope="module")
def database(booking):
    database = booking.copy("booking_hours")
    database.odoo("--init=hr", "--stop-after-init")
    return database


def test_end_of_a_contract(database):
    """A doctor takes no bookings after the end of the contract."""
    count, is_before_end, late = json.loads(database.run(FIND))
    assert count >= 5
    assert is_before_end
    assert late == 0
