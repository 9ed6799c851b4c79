# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A week of many bookings that are moved, confirmed and closed at random.

It is the same week at each run; ``CRM_LEAD_API_WEEK_BOOKINGS=1000`` makes as many.
"""

import json
import math
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import MONDAY, BookingCase

BOOKINGS = int(os.environ.get("CRM_LEAD_API_WEEK_BOOKINGS", 100))
DAYS = 7
STEP = timedelta(minutes=15)
STEPS = DAYS * timedelta(days=1) // STEP
HOUR = timedelta(hours=1)
OFFSET = 7 * HOUR  # of Vietnam
# In each of these hours of the week the scheduled action does not run.
DOWN = [(19, 33), (100, 103), (117, 129)]
# The states that a booking may get, more often those that come more often
NEXT = {
    "booked": ["confirmed", "confirmed", "confirmed", "cancelled", "arrived"],
    "confirmed": ["cancelled", "arrived", "arrived", "no_show"],
    "arrived": ["done"],
}


@dataclass
class Appointment:
    """A booking, as the test knows it.

    :param planned: the moments of the reminders to come, with the hours before
    """

    record: object
    start: datetime
    seat: object
    state: str = "booked"
    planned: list[tuple[datetime, int]] = field(default_factory=list)

    def plan(self, now):
        """Plan the reminders that are not due yet, after one that still waits."""
        moments = [(get_moment(self.start, hours), hours) for hours in (24, 2)]
        waiting = [each for each in self.planned[:1] if each[0] <= now]
        self.planned = [each for each in moments if each in waiting or each[0] > now]

    def overlaps(self, start, seat):
        return self.seat == seat and abs(self.start - start) < HOUR


def get_moment(start, hours):
    """Return when a reminder is due: for one at night, the evening before."""
    local = start + OFFSET - hours * HOUR
    if local.hour >= 21 or local.hour < 8:
        day = local.date() - timedelta(days=local.hour < 8)
        local = datetime.combine(day, time(20))
    return local - OFFSET


@tagged("post_install", "-at_install")
class TestWeek(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.write(
            {
                "webhook_url": "https://tickets.example.com/events",
                "webhook_bookings": False,
                "webhook_reminders": True,
            }
        )
        cls.seats = cls.env["resource.resource"].create(
            [cls.prepare_seat(f"Ghế {number}") for number in range(5 + BOOKINGS // 20)]
        )
        contacts = cls.env["res.partner"].create(
            [{"name": f"Khách {number}"} for number in range(BOOKINGS)]
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": contact.name,
                    "partner_id": contact.id,
                    "company_id": cls.company.id,
                    "lead_api_client_id": cls.client.id,
                }
                for contact in contacts
            ]
        )

    def test_a_week_of_many_bookings(self):
        """Each reminder once, none after a cancellation, none at night."""
        self.random = random.Random(2031)
        self.appointments, self.counts = [], Counter()
        leads = list(self.leads)
        sent, expected = [], []
        with freeze_time(MONDAY - OFFSET) as clock:
            for step in range(STEPS):
                now = fields.Datetime.now()
                # All of them in the first five days
                while leads and step * BOOKINGS >= self.made * STEPS * 5 / DAYS:
                    self.make(leads.pop(), now)
                    self.change(now)
                    self.change(now)
                self.env.flush_all()  # as at the end of a request
                if not any(start <= step / 4 < end for start, end in DOWN):
                    self.run_action("ir_cron_remind")
                    sent += [(*each, now) for each in self.pop()]
                    expected += [(*each, now) for each in self.expect(now)]
                clock.tick(STEP)
        self.assertFalse(leads)
        self.assertCountEqual(sent, expected)
        self.assertEqual(len(sent), len(set(sent)))
        self.assertGreater(len(sent), BOOKINGS / 2)
        for _code, _hours, moment in sent:
            self.assertTrue(8 <= (moment + OFFSET).hour < 21, moment)
        for name in ("moved", "confirmed", "cancelled", "arrived", "no_show", "done"):
            self.assertTrue(self.counts[name], name)

    @property
    def made(self):
        return len(self.appointments)

    def make(self, lead, now):
        """Make a booking in the four days to come, at any hour."""
        start, seat = self.find_free(now, 4)
        record = self.book(lead, seat=seat, start=start)
        appointment = Appointment(record, start, seat)
        appointment.plan(now)
        self.appointments.append(appointment)

    def change(self, now):
        """Move a booking that is open, or let it get another state."""
        appointment = self.random.choice(self.appointments)
        if appointment.state not in NEXT:
            return
        if appointment.state != "arrived" and self.random.random() < 0.5:
            start, seat = self.find_free(now, 3)
            appointment.record.write({"start": start, "seat_id": seat.id})
            appointment.start, appointment.seat = start, seat
            appointment.plan(now)
            name = "moved"
        else:
            name = self.random.choice(NEXT[appointment.state])
            appointment.record.state = appointment.state = name
            if name != "confirmed":
                appointment.planned = []
        self.counts[name] += 1

    def find_free(self, now, days):
        """Return a start that is to come, and a seat that is free then."""
        while True:
            minutes = 15 * self.random.randint(1, days * 96)
            start = now + timedelta(minutes=minutes)
            seat = self.random.choice(self.seats)
            if not any(
                each.state in NEXT and each.overlaps(start, seat)
                for each in self.appointments
            ):
                return start, seat

    def expect(self, now):
        """Return the code and the hours of the reminders that are to be sent now."""
        if not 8 <= (now + OFFSET).hour < 21:
            return []
        due = []
        for each in self.appointments:
            if each.planned and each.planned[0][0] <= now < each.start:
                left = math.ceil((each.start - now) / HOUR)  # fewer if it is late
                due.append((each.record.code, min(each.planned[0][1], left)))
                each.planned = [other for other in each.planned if other[0] > now]
        return due

    def pop(self):
        """Return the code and the hours of the reminders since the last time."""
        events = self.env["crm.lead.api.event"].search(
            [("type", "=", "booking.reminder_due")]
        )
        bookings = [json.loads(event.body)["data"]["booking"] for event in events]
        events.unlink()
        return [(booking["code"], booking["hours_before"]) for booking in bookings]
