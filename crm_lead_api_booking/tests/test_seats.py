# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import BookingCase, utc


@tagged("post_install", "-at_install")
class TestSeats(BookingCase):
    """Whoever takes a seat or its time away sees the bookings that this hits."""

    def setUp(self):
        super().setUp()
        self.booking = self.book(hour=9)
        self.branch = self.env["res.company"].create(
            {"name": "Chi nhánh", "parent_id": self.company.id}
        )

    def test_a_seat_with_bookings_stays(self):
        """Archive or move no seat before its bookings are
        moved or cancelled; past ones do not count."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_booking SET start = start - interval '20 years', "
            "stop = stop - interval '20 years' WHERE id = %s",
            [self.book(hour=11).id],
        )
        self.env.invalidate_all()
        room = self.room.with_user(self.manager)
        changes = {
            "archive": room.action_archive,
            "move": lambda: self.room.write({"company_id": self.branch.id}),
        }
        for name, change in changes.items():
            with self.subTest(name), self.assertRaises(UserError) as caught:
                change()
            text = str(caught.exception)
            for word in (self.booking.code, self.booking.partner_id.name, "9:00"):
                self.assertIn(word, text)
            self.assertEqual(text.count("BK-"), 1)
        room.write({"name": "Phòng một", "company_id": self.company.id, "active": True})
        self.booking.seat_id = self.room_2
        for change in changes.values():
            change()

    def leave(self, **values):
        """Fill in the form of time off, as the manager; return the form."""
        form = Form(self.env["resource.calendar.leaves"].with_user(self.manager))
        form.date_from, form.date_to = utc(8), utc(12)
        for name, value in values.items():
            form[name] = value
        return form

    def test_time_off_lists_the_bookings(self):
        other = self.book(hour=11, seat=self.room_2)
        self.book(hour=10).action_cancel()
        form = self.leave(resource_id=self.room)
        self.assertIn(self.booking.code, form.booking_warning)
        self.assertIn(self.booking.partner_id.name, form.booking_warning)
        self.assertEqual(form.booking_warning.count("BK-"), 1)
        form.date_from = utc(10)
        self.assertFalse(form.booking_warning)
        form = self.leave(calendar_id=self.calendar)
        self.assertEqual(form.booking_warning.count("BK-"), 2)
        form.save()
        self.assertEqual((self.booking.state, other.state), ("booked", "booked"))

    def test_a_holiday_of_the_company_above(self):
        """The bookings of branches are listed, too."""
        seat = self.env["resource.resource"].create(
            self.prepare_seat("Phòng chi nhánh", company_id=self.branch.id)
        )
        booking = self.book(seat=seat, company_id=self.branch.id, hour=11)
        leaves = self.env["resource.calendar.leaves"]
        values = {"date_from": utc(8), "date_to": utc(12)}
        leave = leaves.create({**values, "calendar_id": self.calendar.id})
        self.assertIn(booking.code, leave.booking_warning)
        leave = leaves.create(
            {**values, "calendar_id": self.branch.resource_calendar_id.id}
        )
        self.assertIn(booking.code, leave.booking_warning)
        self.assertNotIn(self.booking.code, leave.booking_warning)

    def test_time_off_without_the_form(self):
        """Who enters it, or moves it, in a calendar gets the list as a notification."""
        leaves = self.env["resource.calendar.leaves"].with_user(self.manager)
        values = {"date_from": utc(13), "date_to": utc(14), "resource_id": self.room.id}
        leave = leaves.create(values)
        self.assertEqual(self.pop_notifications(self.manager), [])
        leave.write({"date_from": utc(8), "date_to": utc(9.5)})
        [text] = self.pop_notifications(self.manager)
        self.assertIn(self.booking.code, text)
        leaves.create({**values, "date_from": utc(9)})
        [text] = self.pop_notifications(self.manager)
        self.assertIn(self.booking.code, text)

    def test_customers_are_for_those_who_see_bookings(self):
        """Everybody in Odoo may enter time off for a room."""
        user = self._new_user("ke-toan", "base.group_user")
        leave = self.env["resource.calendar.leaves"].create(
            {"date_from": utc(8), "date_to": utc(12), "resource_id": self.room.id}
        )
        text = leave.with_user(user).booking_warning
        self.assertIn(self.booking.code, text)
        self.assertNotIn(self.booking.partner_id.name, text)

    def pop_notifications(self, user):
        """Return the notifications of a user since the last time."""
        self.cr.precommit.run()
        found = self.env["bus.bus"].search([])
        texts = [
            message["payload"]["message"]
            for each in found
            if (message := json.loads(each.message))["type"] == "simple_notification"
            and user.partner_id._name in each.channel
        ]
        found.unlink()
        return texts
