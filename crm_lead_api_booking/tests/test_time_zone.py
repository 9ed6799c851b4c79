# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Working hours in UTC, as a database has them that was made by the command line."""

from datetime import time

import pytz

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ZONE, BookingCase, utc

LEAD_API = "crm_lead_api.crm_lead_api_group_manager"
BOOKINGS = "crm_lead_api_booking.crm_lead_api_booking_group_manager"
SEAT_VIEW = "crm_lead_api_booking.resource_resource_view_form_seat"


@tagged("post_install", "-at_install")
class TestTimeZone(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar.tz = "UTC"
        cls.company.partner_id.tz = False
        cls.company.country_id = cls.env.ref("base.vn")

    def _get_first_start(self):
        """Return the first free start of the next Monday, in Vietnam."""
        begin, end = (pytz.utc.localize(utc(hour)) for hour in (0, 23))
        slots = self.room._find_slots(60, begin, end)
        return slots[0].start.astimezone(ZONE).time()

    def _get_step(self, user):
        steps = self.client.with_user(user).get_first_steps()["setup"]
        [step] = [each for each in steps if each["name"] == "time_zone"]
        return step

    def test_button_of_a_seat(self):
        self.assertEqual(self._get_first_start(), time(15))
        seat = self.room.with_user(self.manager)
        with Form(seat, SEAT_VIEW) as form:
            self.assertTrue(form.lacks_time_zone)
        self.assertEqual(self.calendar.tz, "UTC")  # nothing changes by itself
        with Form(seat.browse(), SEAT_VIEW) as form:
            form.name = "Ghế mới"
            self.assertTrue(form.lacks_time_zone)
        self.assertFalse(seat.action_set_time_zone())
        self.assertEqual(self._get_first_start(), time(8))
        self.assertEqual(self.calendar.tz, "Asia/Ho_Chi_Minh")
        self.assertFalse(seat.lacks_time_zone)

    def test_hours_of_a_seat_alone(self):
        self.calendar.tz = "Asia/Ho_Chi_Minh"
        self.room.calendar_id = self.make_calendar("Tối", [(17, 20)], tz="UTC")
        self.assertTrue(self.room.lacks_time_zone)
        self.assertFalse(self.room_2.lacks_time_zone)
        self.assertFalse(self.company.lacks_time_zone)
        self.room.action_set_time_zone()
        self.assertEqual(self.room.calendar_id.tz, "Asia/Ho_Chi_Minh")

    def test_when_hours_are_warned_of(self):
        self.assertTrue(self.company.lacks_time_zone)
        for country, contact, hours, expected in (
            ("base.vn", False, "Asia/Ho_Chi_Minh", False),
            ("base.vn", False, "Europe/Berlin", False),  # somebody chose it
            ("base.us", False, "UTC", True),
            (None, False, "UTC", True),
            (None, "Asia/Tokyo", "UTC", True),
            (None, "UTC", "UTC", False),
        ):
            with self.subTest(country=country, contact=contact, hours=hours):
                self.company.country_id = country and self.env.ref(country)
                self.company.partner_id.tz = contact
                self.calendar.tz = hours
                self.assertEqual(self.company.lacks_time_zone, expected)
        self.company.resource_calendar_id = False
        self.assertFalse(self.company.lacks_time_zone)

    def test_time_zone_of_the_contact_comes_first(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        self.company.action_set_time_zone()
        self.assertEqual(self.calendar.tz, "Asia/Tokyo")

    def test_country_with_several_zones_leaves_the_choice(self):
        self.company.country_id = self.env.ref("base.us")
        action = self.company.with_user(self.manager).action_set_time_zone()
        self.assertEqual(self.calendar.tz, "UTC")
        self.assertEqual(action["res_id"], self.calendar.id)
        calendar = self.calendar.with_user(self.manager)
        [(view, _kind)] = action["views"]
        with Form(calendar, self.env["ir.ui.view"].browse(view)) as form:
            form.tz = "America/Chicago"
        self.assertFalse(self.company.lacks_time_zone)

    def test_first_steps(self):
        user = self._new_user("quan-tri", f"{LEAD_API},{BOOKINGS}")
        self.assertFalse(self._get_step(user)["is_done"])
        self.assertIn("UTC", self._get_step(user)["text"])
        self.client.with_user(user).action_first_step("time_zone")
        self.assertEqual(self._get_first_start(), time(8))
        self.assertTrue(self._get_step(user)["is_done"])
        self.assertIn("Asia/Ho_Chi_Minh", self._get_step(user)["text"])

    def test_without_the_right(self):
        user = self._new_user("quan-tri", LEAD_API)
        self.assertIn("groups: ", self._get_step(user)["refusal"])
        with self.assertRaises(AccessError):
            self.client.with_user(user).action_first_step("time_zone")
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self.company.with_user(user).action_set_time_zone()
        self.assertEqual(self.calendar.tz, "UTC")
