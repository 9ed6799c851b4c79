# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import ExclusionViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .common import BookingHttpCase, at, utc

MIGRATION = "crm_lead_api_booking/migrations/19.0.1.1.0/pre-one-place.py"


@tagged("post_install", "-at_install")
class TestOnePlace(BookingHttpCase):
    """A doctor with seats in two branches is in one of them at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Chi nhánh", "parent_id": cls.company.id}
        )
        cls.branch.resource_calendar_id = cls.make_calendar(
            "Giờ chi nhánh", [(8, 12), (13, 17)], company_id=cls.branch.id
        )
        cls.caller.company_ids += cls.branch
        cls.user = cls._new_user("bac-si", "base.group_user")
        cls.doctor.write(
            {"user_id": cls.user.id, "booking_service_ids": [Command.clear()]}
        )
        cls.doctor_2 = cls.env["resource.resource"].create(
            cls.prepare_seat(
                "Zoe (chi nhánh)",
                company_id=cls.branch.id,
                resource_type="user",
                user_id=cls.user.id,
            )
        )

    def book_there(self, **values):
        return self.book(seat=self.doctor_2, company_id=self.branch.id, **values)

    def post(self, hour, **values):
        body = {
            "id_lead": self.make_lead().id,
            "company_id": self.branch.id,
            "start": at(hour),
            "crm_line_ids": self.service.ids,
        }
        return self.send("POST", "/bookings", {**body, **values})

    def assertTaken(self, do):
        """Check that PostgreSQL refuses a change, and what staff read."""
        with mute_logger("odoo.sql_db"):
            with self.assertRaises(ExclusionViolation) as caught:
                with self.cr.savepoint():
                    do()
                    self.env.flush_all()
        text = self.env["crm.booking"]._sql_error_to_message(caught.exception)
        self.assertIn("perhaps at another branch", text)

    def test_never_at_two_branches(self):
        booking = self.book(seat=self.doctor, hour=9)
        later = self.book_there(hour=10)
        self.assertTaken(lambda: self.book_there(hour=8.5))
        self.assertTaken(lambda: later.write({"start": utc(9.5)}))
        booking.action_cancel()
        later.start = utc(9.5)
        later.action_cancel()
        other = self.book(seat=self.doctor, hour=14)
        other.seat_id = self.room
        self.book_there(hour=14)

    def test_free_times(self):
        self.book(seat=self.doctor, hour=9)
        day = at(0)[:10]
        path = f"/slots?company_id={self.branch.id}&crm_line_ids={self.service.id}"
        response = self.send("GET", f"{path}&from={day}&to={day}")
        slots = self.assertJson(response, 200)["data"]["slots"]
        starts = {slot["start"] for slot in slots if slot["start"][14:16] == "00"}
        self.assertEqual(starts, {at(hour) for hour in (8, 10, 11, 13, 14, 15, 16)})

    def test_requests(self):
        """A clash is answered with free starts; a move does not clash with itself."""
        self.book(seat=self.doctor, hour=9)
        body = self.assertError(self.post(9.5), 409, "slot_taken")
        self.assertEqual(
            [slot["start"] for slot in body["free"]], [at(10), at(10.25), at(10.5)]
        )
        booking = self.assertBooked(self.post(10))
        path = f"/bookings/{booking.code}"
        response = self.send("PATCH", path, {"start": at(9)})
        self.assertError(response, 409, "slot_taken")
        self.assertBooked(self.send("PATCH", path, {"start": at(10.5)}))

    def test_another_user_for_a_seat(self):
        """The bookings of the seat are then the other user's, unless they clash."""
        here = self.book(seat=self.doctor, hour=9)
        self.env.flush_all()
        clash = self.book(seat=self.room, hour=9.5)
        self.room.user_id = False
        with self.assertRaisesRegex(UserError, clash.code) as caught:
            self.room.user_id = self.user
        self.assertNotIn(here.code, str(caught.exception))
        clash.start = utc(10)
        self.room.user_id = self.user
        self.assertTaken(lambda: clash.write({"start": utc(9.5)}))
        self.room.user_id = False
        clash.start = utc(9.5)

    def test_update_of_old_bookings(self):
        """Bookings that clash already stop no update: they are named in the log, and
        guarded from their next move on."""
        first = self.book(seat=self.doctor, hour=9)
        self.env.flush_all()
        self.cr.execute("ALTER TABLE crm_booking DROP CONSTRAINT crm_booking_user_free")
        second, third = self.book_there(hour=9.5), self.book_there(hour=10.5)
        closed = self.book_there(hour=9.5, state="done")
        self.env.flush_all()
        self.cr.execute("ALTER TABLE crm_booking DROP COLUMN seat_user_id")
        migration = load_script(file_path(MIGRATION), "migration")
        with self.assertLogs(level="WARNING") as logs:
            migration.migrate(self.cr, "19.0.1.0.0")
        self.assertIn(second.code, logs.output[0])
        self.env.invalidate_all()
        kept = (first + second + third + closed).mapped("seat_user_id.id")
        self.assertEqual(
            [bool(each.seat_user_id) for each in first + second + third + closed],
            [True, False, True, True],
        )
        self.assertEqual(set(kept), {self.user.id})
        constraint = self.env["crm.booking"]._table_objects["crm_booking_user_free"]
        constraint.apply_to_database(self.env["crm.booking"])
        second.note = "x"  # stays as it is
        self.env.flush_all()
        self.assertTaken(lambda: second.write({"start": utc(9)}))
        second.start = utc(13)
        self.env.flush_all()
        self.assertEqual(second.seat_user_id, self.user)
