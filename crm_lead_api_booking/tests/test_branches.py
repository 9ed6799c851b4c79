# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import BookingCase, utc


@tagged("post_install", "-at_install")
class TestBranches(BookingCase):
    """Test what a branch inherits, and its administrator's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Chi nhánh", "parent_id": cls.company.id}
        )
        cls.branch_calendar = cls.make_calendar(
            "Giờ chi nhánh", [(8, 12)], company_id=cls.branch.id
        )
        cls.branch.resource_calendar_id = cls.branch_calendar
        cls.branch_room = cls.env["resource.resource"].create(
            cls.prepare_seat("Phòng chi nhánh", company_id=cls.branch.id)
        )

    def find_days(self, seat):
        """Return the days of the week with free starts."""
        begin, end = (pytz.utc.localize(utc(0, day)) for day in (0, 5))
        found = seat.sudo()._find_slots(60, begin, end)
        return {slot.start.weekday() for slot in found}

    def add_holiday(self, day, **values):
        leaves = self.env["resource.calendar.leaves"].with_company(self.company)
        leaves.create(
            {
                "name": "Tết",
                "date_from": utc(0, day),
                "date_to": utc(0, day) + timedelta(hours=24, seconds=-1),
                **values,
            }
        )

    def test_holidays_of_the_company_above(self):
        """Head office closes for Tết, and so do its branches, also those with the hours
        of head office; a holiday of a branch, or of other hours, closes no other."""
        other = self.make_calendar("Giờ kho", [(8, 12)])
        self.add_holiday(0, calendar_id=self.calendar.id)
        self.add_holiday(1, calendar_id=False)
        self.add_holiday(2, calendar_id=self.branch_calendar.id)
        self.add_holiday(3, calendar_id=other.id)
        self.assertEqual(self.find_days(self.room), {2, 3, 4})
        self.assertEqual(self.find_days(self.branch_room), {3, 4})
        self.branch.resource_calendar_id = self.calendar
        self.assertEqual(self.find_days(self.branch_room), {2, 3, 4})
        self.branch.resource_calendar_id = False
        self.assertEqual(self.find_days(self.branch_room), {2, 3, 4})
        start = pytz.utc.localize(utc(9, 0))
        stop = start + timedelta(hours=1)
        self.assertFalse(self.branch_room._filter_working(start, stop))

    def test_appointment_at_a_branch(self):
        """A lead of head office names the branch; one's own is not named."""
        lead = self.make_lead()
        self.book(lead, seat=self.branch_room, company_id=self.branch.id)
        self.assertTrue(lead.next_booking.endswith(" · Phòng chi nhánh · Chi nhánh"))
        notice = lead.with_user(self.agent).action_view_next_booking()
        self.assertIn("is at Chi nhánh", notice["params"]["message"])
        lead = self.make_lead()
        self.book(lead)
        self.assertTrue(lead.next_booking.endswith(" · Phòng 1"))

    @freeze_time("2031-03-02 03:00:00")
    def test_an_open_booking_at_a_branch(self):
        """Who may not see the branch is told of the booking, and not to move it."""
        dialogs = self.env["crm.booking.wizard"].with_user(self.agent)
        for company, seat in (
            (self.company, self.room),
            (self.branch, self.branch_room),
        ):
            lead = self.make_lead()
            booking = self.book(lead, seat=seat, company_id=company.id)
            context = lead.with_user(self.agent).action_book()["context"]
            form = Form(dialogs.with_context(**context))
            self.assertIn(booking.code, form.open_booking)
            self.assertEqual(form.may_move_open, company == self.company)

    @freeze_time("2031-03-02 03:00:00")
    def test_another_branch_has_other_doctors(self):
        """Who switches the branch sees the branch's own free times."""
        context = self.make_lead().action_book()["context"]
        dialog = self.env["crm.booking.wizard"].with_context(**context)
        form = Form(dialog.with_context(default_seat_id=self.room.id))
        self.assertEqual(form.seat_id, self.room)
        form.company_id = self.branch
        self.assertFalse(form.seat_id)
        [slot, *_] = form.slot_choices["slots"]
        self.assertEqual(slot["seat_id"], self.branch_room.id)

    @freeze_time("2031-03-02 03:00:00")
    def test_a_new_customer_at_another_branch(self):
        """The lead is the branch's, though its salesperson is of a team elsewhere."""
        self.agent.company_ids += self.branch
        self.agent.group_ids += self.env.ref("base.group_multi_company")
        companies = (self.company | self.branch).ids
        dialogs = self.env["crm.booking.wizard"].with_user(self.agent)
        form = Form(dialogs.with_context(allowed_company_ids=companies))
        form.company_id = self.branch
        form.phone, form.contact_name = "0968 111 222", "Cúc"
        dialog = form.save()
        dialog.slot = dialog.slot_choices["slots"][0]
        dialog.action_book()
        at_branch = [("seat_id", "=", self.branch_room.id)]
        lead = self.env["crm.booking"].search(at_branch).lead_id
        self.assertEqual((lead.company_id, lead.user_id), (self.branch, self.agent))

    def test_hours_of_other_branches(self):
        """A booking administrator of a branch changes the hours of no other."""
        manager = new_test_user(
            self.env,
            "truong-chi-nhanh",
            "crm_lead_api_booking.crm_lead_api_booking_group_manager",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        env = self.env(user=manager)
        shared = self.make_calendar("Giờ chung", [(8, 12)], company_id=False)
        for calendar, is_own in (
            (self.branch_calendar, True),
            (self.calendar, False),
            (shared, False),
        ):
            line = calendar.attendance_ids[0]
            lines = env["resource.calendar.attendance"]
            line_values = {
                "name": "Tối",
                "calendar_id": calendar.id,
                "dayofweek": "6",
                "hour_from": 18,
                "hour_to": 20,
                "day_period": "afternoon",
            }
            changes = {
                "calendar": lambda calendar=calendar: calendar.with_env(env).write(
                    {"tz": "UTC"}
                ),
                "line": lambda line=line: line.with_env(env).write({"hour_to": 11}),
                "new line": lambda: lines.create(line_values),  # noqa: B023
                "deleted line": lambda line=line: line.with_env(env).unlink(),
            }
            self.assertTrue(calendar.with_env(env).name)  # may be read
            for name, change in changes.items():
                with self.subTest(name, calendar=calendar.name):
                    if is_own:
                        change()
                    else:
                        with self.assertRaises(AccessError):
                            change()
        calendars = env["resource.calendar"]
        with self.assertRaises(AccessError):
            calendars.create({"name": "X", "company_id": self.company.id})
        self.assertTrue(calendars.create({"name": "X", "company_id": self.branch.id}))
        leaves = env["resource.calendar.leaves"]
        times = {"date_from": utc(9), "date_to": utc(10)}
        leaves.create({**times, "resource_id": self.branch_room.id})
        leaves.create({**times, "calendar_id": self.branch_calendar.id})
        for values in (
            {"resource_id": self.room.id},
            {"calendar_id": self.calendar.id},
        ):
            with self.assertRaises(AccessError):
                leaves.create({**times, **values})

    def test_hours_and_administrators_of_odoo(self):
        """Who administers Odoo changes all hours, also as a booking administrator."""
        admin = new_test_user(
            self.env,
            "quan-tri",
            "crm_lead_api_booking.crm_lead_api_booking_group_manager,base.group_system",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        self.calendar.with_user(admin).attendance_ids[0].hour_to = 11
