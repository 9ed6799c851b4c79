# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import BookingCase, utc

SPECIFICATION = {
    "partner_id": {"fields": {"display_name": {}}},
    "seat_id": {"fields": {"display_name": {}}},
    "service_names": {},
    "phone": {},
    "may_arrive": {},
}
EPOCH = datetime(1970, 1, 1)


@tagged("post_install", "-at_install")
class TestDay(BookingCase):
    """Read a day of the branch."""

    def read_day(self, user, day=0):
        bounds = [fields.Datetime.to_string(utc(0, each)) for each in (day, day + 1)]
        bookings = self.env["crm.booking"].with_user(user)
        return bookings.read_day(*bounds, SPECIFICATION)

    def test_bookings_and_seats(self):
        later, first = self.book(hour=10), self.book(hour=8, seat=self.room_2)
        self.book(day=1)
        day = self.read_day(self.agent)
        self.assertTrue(day["is_editable"])
        self.assertEqual([each["id"] for each in day["bookings"]], (first | later).ids)
        seats = [each for each in day["seats"] if each["id"] in self.room.ids]
        work = [(utc(8), utc(12)), (utc(13), utc(17))]
        self.assertEqual(
            seats,
            [
                {
                    "id": self.room.id,
                    "name": "Phòng 1",
                    "company_id": self.company.id,
                    "branch": False,
                    "step": 15,
                    "work": [[(at - EPOCH).total_seconds() for at in w] for w in work],
                }
            ],
        )

    def test_a_booking_over_midnight(self):
        over, last = self.book(hour=23.5), self.book(hour=23, day=1)
        days = [self.read_day(self.agent, day)["bookings"] for day in range(3)]
        ids = [[each["id"] for each in bookings] for bookings in days]
        self.assertEqual(ids, [over.ids, (over | last).ids, []])

    def test_list(self):
        """The list begins with the first customer of the day."""
        action = self.env.ref("crm_lead_api_booking.crm_booking_action_day")
        modes = [mode for _view, mode in action.views]
        self.assertEqual(",".join(modes), action.view_mode)
        [view_id] = [view for view, mode in action.views if mode == "list"]
        arch = self.env["crm.booking"].get_view(view_id, "list")["arch"]
        self.assertIn('default_order="start"', arch)

    def test_today_is_a_day_of_the_branch(self):
        """Print at six in the morning, as a user without a time zone."""
        self.agent.tz = False
        monday = utc(8).date()
        with freeze_time(utc(6)):
            days = self.env["crm.booking.day"].with_user(self.agent)
            wizard = days.with_context(tz=False).create({"company_id": self.company.id})
            self.assertEqual(wizard.date, monday)
            wizard.day = "tomorrow"
            self.assertEqual(wizard.date, monday + timedelta(days=1))
            self.other_company.partner_id.tz = "Pacific/Honolulu"
            self.other_company.resource_calendar_id = False
            wizard.sudo().company_id = self.other_company
            self.assertEqual(wizard.date, monday)
            chosen = monday + timedelta(days=9)
            wizard.write({"day": "other", "date": chosen})
            wizard.company_id = self.company
            self.assertEqual(wizard.date, chosen)

    def test_archived_seat(self):
        """A booking of the past keeps its column."""
        self.book(state="cancelled")
        self.room.active = False
        self.assertIn(
            self.room.id, [each["id"] for each in self.read_day(self.agent)["seats"]]
        )

    def test_nobody_is_moved_to_an_archived_seat(self):
        """A booking that is over keeps its seat, and may be moved from there."""
        self.book(state="cancelled")
        booking, over = self.book(seat=self.room_2), self.book(day=-7)
        with freeze_time(utc(0)):
            self.room.active = False
            for moved in (booking, over):
                moved = moved.with_user(self.agent)
                with self.assertRaises(ValidationError) as caught:
                    moved.write({"start": utc(10), "seat_id": self.room.id})
                self.assertIn("Phòng 1 takes no bookings", str(caught.exception))
            with self.assertRaises(ValidationError):
                over.start = utc(10)
            over.service_ids.quantity = 2
            over.start = utc(8, -7)
            over.write({"start": utc(10), "seat_id": self.room_2.id})
            over.action_cancel()

    def test_seat_of_another_branch_now(self):
        self.book(state="cancelled")
        self.room.company_id = self.other_company
        self.agent.company_ids = self.company
        self.assertIn(
            "Phòng 1", [each["name"] for each in self.read_day(self.agent)["seats"]]
        )

    def test_doctor(self):
        """A doctor, who may not read the bookings of others, has the own column."""
        user = self._new_user("bac-si", "base.group_user")
        self.room.user_id = user
        booking = self.book()
        self.book(seat=self.room_2)
        day = self.read_day(user)
        self.assertFalse(day["is_editable"])
        self.assertEqual([each["id"] for each in day["bookings"]], booking.ids)
        self.assertEqual([each["id"] for each in day["seats"]], self.room.ids)

    def test_statements_do_not_grow(self):
        counts = {}
        for hours in ((8,), (9, 10, 11, 13, 14, 15)):
            for hour in hours:
                self.book(hour=hour)
            for _each in range(2):  # the first one fills the registry's caches
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                number = len(self.read_day(self.agent)["bookings"])
                counts[number] = self.cr.sql_log_count - before
        self.assertEqual(counts[7], counts[1])
