# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BookingCase, utc


@tagged("post_install", "-at_install")
class TestMeetings(BookingCase):
    """Look at the meetings of seats' users, in Odoo's own calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._new_user("bac-si", "base.group_user")
        cls.user.email = "bac-si@example.com"
        cls.doctor.write(
            {"user_id": cls.user.id, "booking_service_ids": [Command.clear()]}
        )

    def write_meetings(self):
        self.run_action("ir_cron_write_meetings")

    def book_doctor(self, **values):
        """Book the doctor, and return the booking and its meeting."""
        booking = self.book(seat=self.doctor, **values)
        self.write_meetings()
        return booking, booking.meeting_id

    def find_mails(self, partner):
        """Return the messages that were sent to a partner."""
        return self.env["mail.message"].search(
            [("notified_partner_ids", "in", partner.ids)]
        )

    def test_life_of_a_meeting(self):
        booking, meeting = self.book_doctor(note="Đau")
        found = self.env["calendar.event"].with_user(self.user)
        self.assertEqual(found.search([("user_id", "=", self.user.id)]), meeting)
        self.assertEqual(meeting.name, f"{booking.partner_id.name}: Nâng mũi")
        self.assertEqual((meeting.start, meeting.stop), (utc(9), utc(10)))
        booking.start = utc(14)
        self.write_meetings()
        self.assertEqual((meeting.start, meeting.stop), (utc(14), utc(15)))
        booking.seat_id = self.room
        self.write_meetings()
        self.assertFalse(meeting.exists())
        self.assertFalse(booking.is_meeting_outdated)

    def test_note(self):
        """A client's note is text, of several lines perhaps, and never HTML."""
        _booking, meeting = self.book_doctor(note="Đau <b>răng</b>, 3 < 5\nGọi trước")
        self.assertIn("Đau &lt;b&gt;răng&lt;/b&gt;, 3 &lt; 5<br", meeting.description)

    def test_what_the_doctor_has_added_stays(self):
        """A guest, notes and privacy stay, and the guest hears of the new time."""
        booking, meeting = self.book_doctor()
        nurse = self._new_user("y-ta", "base.group_user")
        nurse.email = "y-ta@example.com"
        meeting.with_user(self.user).write(
            {
                "partner_ids": [Command.link(nurse.partner_id.id)],
                "description": "<p>Mang theo phim</p>",
                "privacy": "public",
            }
        )
        invitation = self.find_mails(nurse.partner_id)
        self.env.flush_all()
        stamp = datetime(2031, 1, 1)
        self.cr.execute("UPDATE calendar_event SET write_date = %s", [stamp])
        self.env.invalidate_all()
        booking.action_confirm()
        self.write_meetings()
        self.assertEqual(meeting.write_date, stamp)
        booking.start = utc(14)
        self.write_meetings()
        self.assertEqual(meeting.start, utc(14))
        self.assertEqual(meeting.partner_ids, (self.user | nurse).partner_id)
        self.assertEqual(meeting.description, "<p>Mang theo phim</p>")
        self.assertEqual(meeting.privacy, "public")
        self.assertTrue(self.find_mails(nurse.partner_id) - invitation)

    @mute_logger("odoo.sql_db", "odoo.addons.crm_lead_api_booking.tools.attempt")
    def test_a_meeting_that_fails(self):
        """The other meetings are written; the one that failed is tried again."""
        bad, good = self.book(seat=self.doctor), self.book(seat=self.doctor, hour=11)
        self.env.flush_all()
        self.cr.execute(
            "ALTER TABLE calendar_event ADD CONSTRAINT test_refuse CHECK (start <> %s)",
            [bad.start],
        )
        self.write_meetings()
        self.assertFalse(bad.meeting_id)
        self.assertTrue(good.meeting_id)
        self.env.flush_all()
        self.cr.execute("ALTER TABLE calendar_event DROP CONSTRAINT test_refuse")
        self.write_meetings()
        self.assertTrue(bad.meeting_id)

    def test_another_doctor(self):
        """The meeting goes to the other doctor, with its guests."""
        booking, meeting = self.book_doctor()
        guest = self.env["res.partner"].create({"name": "Người nhà"})
        meeting.partner_ids = [Command.link(guest.id)]
        other = self._new_user("bac-si-2", "base.group_user")
        other.email = "bac-si-2@example.com"
        self.room.user_id = other
        booking.seat_id = self.room
        self.write_meetings()
        self.assertEqual(meeting.user_id, other)
        self.assertEqual(meeting.partner_ids, other.partner_id | guest)
        self.assertFalse(self.find_mails(other.partner_id))

    def test_no_mail_about_own_meetings(self):
        """The doctor neither gets mails about bookings, nor has to accept them."""
        booking, meeting = self.book_doctor()
        booking.start = utc(14)
        self.write_meetings()
        self.assertEqual(meeting.attendee_ids.state, "accepted")
        booking.action_cancel()
        self.write_meetings()
        self.assertFalse(meeting.exists())
        self.assertFalse(self.find_mails(self.user.partner_id))

    def test_alarm(self):
        """An alarm of the doctor comes before the new time."""
        booking, meeting = self.book_doctor()
        alarm = self.env["calendar.alarm"].create(
            {
                "name": "30 phút",
                "alarm_type": "email",
                "interval": "minutes",
                "duration": 30,
            }
        )
        meeting.with_user(self.user).alarm_ids = alarm
        booking.start = utc(14)
        self.write_meetings()
        alarms = self.env.ref("calendar.ir_cron_scheduler_alarm")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", alarms.id)])
        self.assertIn(utc(14) - timedelta(minutes=30), triggers.mapped("call_at"))
