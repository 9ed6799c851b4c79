# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from odoo.addons.calendar.models.calendar_event import CalendarEvent

from .common import MeetingCase, utc

HALF_HOUR = timedelta(minutes=30)
SYNC = {"dont_notify": True}  # as Google's and Microsoft's calendars change meetings


@tagged("post_install", "-at_install")
class TestMovedMeetings(MeetingCase):
    """A doctor who moves or deletes a meeting moves no customer."""

    def setUp(self):
        super().setUp()
        self.booking, meeting = self.book_doctor()
        self.meeting = meeting.with_user(self.user)

    def assertAtBooking(self):
        self.write_meetings()
        meeting = self.booking.meeting_id
        self.assertTrue(meeting.active)
        self.assertFalse(meeting.allday)
        self.assertEqual((meeting.start, meeting.stop), (utc(9), utc(10)))
        self.assertEqual(self.booking.start, utc(9))

    def test_refused(self):
        """The doctor is told to move the booking, or to ask for it."""
        changes = {
            "drag": lambda each: each.write({"start": utc(14), "stop": utc(15)}),
            "resize": lambda each: each.write({"duration": 0.5}),
            "all day": lambda each: each.write({"allday": True}),
            "archive": lambda each: each.write({"active": False}),
            "delete": lambda each: each.unlink(),
        }
        for name, change in changes.items():
            with self.subTest(name), self.assertRaises(UserError) as caught:
                with self.cr.savepoint():
                    change(self.meeting)
            self.assertIn(self.booking.code, str(caught.exception))
        self.user.group_ids += self.env.ref("sales_team.group_sale_salesman")
        with self.assertRaises(RedirectWarning) as caught:
            with self.cr.savepoint():
                changes["drag"](self.meeting)
        [text, action, _button, _context] = caught.exception.args
        self.assertIn(self.booking.code, text)
        self.assertEqual(action["res_id"], self.booking.id)
        self.env.invalidate_all()
        self.assertAtBooking()

    def test_other_changes(self):
        """Leave the doctor what the booking does not set."""
        self.meeting.write({"description": "<p>Phim</p>", "stop": utc(10)})
        self.booking.action_cancel()
        self.meeting.write({"start": utc(14), "stop": utc(15)})
        self.meeting.unlink()
        other = self.env["calendar.event"].with_user(self.user)
        other = other.create({"name": "Họp", "start": utc(9), "stop": utc(10)})
        other.write({"start": utc(10), "stop": utc(11)})
        other.unlink()

    def test_brought_back(self):
        """Bring back meetings that another calendar has moved; the doctor reads
        why."""
        for change in (
            lambda each: each.write({"start": utc(14), "stop": utc(15)}),
            lambda each: each.write({"start": utc(9) + HALF_HOUR, "stop": utc(10)}),
            lambda each: each.write({"allday": True, "start": utc(0), "stop": utc(0)}),
            lambda each: each.write({"active": False}),
            lambda each: each.unlink(),
        ):
            change(self.booking.meeting_id.with_user(self.user).with_context(**SYNC))
            self.assertAtBooking()
            self.assertTold()

    def test_language(self):
        """Tell the doctor in the doctor's language: a scheduled action has none."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.user.lang = "vi_VN"
        self.meeting.with_context(**SYNC, lang=False).write(
            {"start": utc(14), "stop": utc(15)}
        )
        self.assertEqual(self.find_message().subject, "Cuộc gặp đã trở lại chỗ cũ")

    def test_deleted_in_another_calendar(self):
        """Google's and Microsoft's calendars delete as superuser, by these methods."""

        def delete(meeting):
            meeting.unlink()

        for name in ("_cancel", "_cancel_microsoft"):
            meeting = self.booking.meeting_id.with_user(self.user).sudo()
            with patch.object(CalendarEvent, name, delete, create=True):
                getattr(meeting, name)()
            self.assertFalse(meeting.exists())
            self.assertAtBooking()
            self.assertTold()

    def find_message(self):
        """Return the message to the doctor."""
        return self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.user.partner_id.ids)]
        )

    def assertTold(self):
        message = self.find_message()
        self.assertIn(self.booking.code, message.body)
        message.unlink()
