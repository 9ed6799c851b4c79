# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BookingHttpCase


class TourCase(BookingHttpCase):
    """Make bookings of today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.tz = "UTC"  # as the browser

    def book_at(self, hour, name, days=0, **values):
        """Make a booking of today, or of a later day, for a new customer."""
        start = datetime.combine(fields.Date.today(), time(hour)) + timedelta(days=days)
        return self.book(self.make_lead(contact_name=name), start=start, **values)

    def assertBookedInThreeClicks(self):
        lead, before = self.make_lead(), fields.Datetime.now()
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_booking_book_tour", login=self.agent.login)
        booking = lead.booking_ids
        self.assertEqual((booking.state, booking.seat_id), ("booked", self.room))
        self.assertGreater(booking.start, before)

    def book_day(self):
        """Make the bookings of the tours of a day: some of today, one of tomorrow."""
        now = fields.Datetime.now().hour  # which is shown with the booking
        self.book_at(now, "Khách hủy", state="cancelled")
        self.book_at(11, "Khách khác", seat=self.room_2)
        self.book_at(9, "Khách hôm sau", days=1)
        return self.book_at(9, "Khách dời"), self.book_at(13, "Khách đến")

    def assertReceived(self):
        booking = self.book_at(9, "Khách đến")
        later = self.book_at(9, "Khách hôm sau", days=1)
        cancelled = self.book_at(15, "Khách hủy")
        self.start_tour(
            "/odoo/bookings-today?view_type=kanban",
            "crm_lead_api_booking_reception_tour",
            login=self.agent.login,
        )
        self.assertEqual((booking.state, later.state), ("done", "booked"))
        self.assertTrue(booking.lead_id.first_arrival_date)
        self.assertEqual(
            (cancelled.state, cancelled.cancel_reason), ("cancelled", "Bận việc")
        )


@tagged("post_install", "-at_install")
class TestDesktopTour(TourCase):
    browser_size = "1400x900"

    def test_three_clicks(self):
        self.assertBookedInThreeClicks()

    def test_a_call_that_ends_with_a_booking(self):
        lead = self.make_lead()
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_booking_call_tour", login=self.agent.login)
        self.assertEqual(lead.booking_ids.state, "booked")
        self.assertFalse(lead.activity_ids)

    def test_reception(self):
        self.assertReceived()

    def test_day_of_a_branch(self):
        moved = self.book_at(9, "Khách dời")
        taken = self.book_at(11, "Khách khác")
        other = self.book_at(11, "Khách phòng bên", seat=self.room_2)
        self.book_at(14, "Khách báo hủy", seat=self.room_2)
        cancelled = self.book_at(15, "Khách hủy")
        self.env.cr.flush()  # the first call ends, and not the one after it
        cancels = self.env["crm.booking.cancel"]
        cancels.create({"booking_id": cancelled.id}).action_cancel()
        before = moved.start, taken.start
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/bookings",
                "crm_lead_api_booking_day_tour",
                login=self.agent.login,
            )
        self.assertGreater(moved.start, before[0] + timedelta(hours=3))
        self.assertEqual(moved.duration, 60)
        self.assertEqual(taken.start, before[1])
        self.assertEqual(other.state, "arrived")

    def test_columns(self):
        hours = self.make_calendar("Giờ sáng", [(8, 12)], range(7), tz="UTC")
        self.company.resource_calendar_id = hours
        moved, arriving = self.book_day()
        self.book_at(14, "Khách lâu", seat=self.room_2, duration=180)
        self.env["ir.filters"].create(
            {
                "name": "Đã hủy",
                "model_id": "crm.booking",
                "domain": "[('state', '=', 'cancelled')]",
                "action_id": self.env.ref("crm_lead_api_booking.crm_booking_action").id,
                "user_ids": self.agent.ids,
                "is_default": True,
            }
        )
        night = {"seat": self.doctor, "duration": 120, "service_ids": []}
        self.book_at(23, "Khách đêm", **night).lead_id.partner_id = False
        start = moved.start
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/bookings-today",
                "crm_lead_api_booking_columns_tour",
                login=self.agent.login,
            )
        place = (moved.seat_id, moved.start - start, moved.duration)
        self.assertEqual(place, (self.room_2, timedelta(minutes=30), 60))
        self.assertEqual(arriving.state, "arrived")

    def test_print_a_day(self):
        """The calendar of the date does not cover the buttons."""
        self.start_tour(
            "/odoo/action-crm_lead_api_booking.crm_booking_day_action",
            "crm_lead_api_booking_print_tour",
            login=self.agent.login,
        )

    def test_calendar_of_a_doctor(self):
        """A meeting that is dragged is shown at its booking's time again."""
        doctor = self._new_user("bac-si", "base.group_user")
        doctor.tz = "UTC"
        self.room.user_id = doctor
        booking = self.book_at(fields.Datetime.now().hour, "Khách đến")
        start = booking.start
        self.run_action("ir_cron_write_meetings")
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/calendar", "crm_lead_api_booking_doctor_tour", login="bac-si"
            )
        self.assertEqual((booking.start, booking.meeting_id.start), (start, start))


@tagged("post_install", "-at_install")
class TestPhoneTour(TourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_three_clicks(self):
        self.assertBookedInThreeClicks()

    def test_reception(self):
        self.assertReceived()

    def test_cards(self):
        _moved, arriving = self.book_day()
        self.book_at(23, "Khách muộn", duration=59, service_ids=[])
        self.agent.company_ids += self.env["res.company"].create({"name": "Quận 3"})
        self.start_tour(
            "/odoo/bookings-today",
            "crm_lead_api_booking_cards_tour",
            login=self.agent.login,
        )
        self.assertEqual(arriving.state, "arrived")
