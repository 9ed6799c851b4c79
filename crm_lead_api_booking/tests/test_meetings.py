# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path, html2plaintext, mute_logger, plaintext2html

from odoo.addons.calendar.models.calendar_event import CalendarEvent
from odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin import PAUSES

from .common import LOGGER, MeetingCase, utc


@tagged("post_install", "-at_install")
class TestMeetings(MeetingCase):
    """Look at the meetings of seats' users, in Odoo's own calendar."""

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
        for start in (utc(14) + timedelta(minutes=30), utc(13)):
            booking.write({"start": start, "stop": utc(15)})
            self.write_meetings()
            self.assertEqual((meeting.start, meeting.stop), (start, utc(15)))
        booking.seat_id = self.room
        self.write_meetings()
        self.assertFalse(meeting.exists())
        self.assertFalse(booking.is_meeting_outdated)

    def test_a_deleted_meeting_that_is_archived(self):
        """Google's calendar archives what it has to delete: after *Undo*, and for the
        doctor who is back, there is a new meeting."""
        booking, meeting = self.book_doctor()
        archive = CalendarEvent.action_archive
        for change, back in (
            (booking.action_miss, booking.action_undo),
            (
                lambda: booking.write({"seat_id": self.room.id}),
                lambda: booking.write({"seat_id": self.doctor.id}),
            ),
        ):
            with patch.object(CalendarEvent, "unlink", archive):
                change()
                self.write_meetings()
            self.assertFalse(meeting.active)
            back()
            self.write_meetings()
            meeting = booking.meeting_id
            self.assertTrue(meeting.active)
            self.assertEqual((meeting.start, meeting.user_id), (utc(9), self.user))

    def test_nobody_else_reads_a_meeting(self):
        """Who reads the calendars of all branches sees that the doctor is busy."""
        booking, meeting = self.book_doctor(note="Đau răng")
        meeting.with_user(self.user).message_post(body=f"Khách {meeting.name}")
        other = self._new_user("ke-toan", "base.group_user,base.group_allow_export")
        other.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        seen = meeting.with_user(other)
        self.env.invalidate_all()
        words = ("name", "description", "location", "display_name", "res_id")
        texts = [
            seen.read(),
            seen.search_read([("id", "=", meeting.id)]),
            seen.web_search_read([("id", "=", meeting.id)], dict.fromkeys(words, {})),
            seen.export_data(words),
            seen.name_search("Busy"),
            seen._read_group([], ["name"], ["description:array_agg"]),
            seen.env["mail.message"].search_read([("res_id", "=", meeting.id)]),
            seen.env["calendar.attendee"].search_read([("event_id", "=", meeting.id)]),
        ]
        for word in (booking.partner_id.name, "Nâng mũi", "Đau răng", booking.code):
            self.assertNotIn(word, str(texts))
        self.assertEqual((seen.start, seen.show_as), (utc(9), "busy"))

    def test_note(self):
        """The doctor reads the note on the booking, which the meeting opens; of others'
        bookings the doctor reads nothing."""
        booking, meeting = self.book_doctor(note="Đau <b>răng</b>")
        self.assertNotIn("Đau", meeting.description)
        booking.note = "Gọi trước"
        action = meeting.with_user(self.user).action_open_calendar_event()
        opened = self.env[action["res_model"]].with_user(self.user)
        form = Form(opened.browse(action["res_id"]))
        self.assertEqual(form.note, "Gọi trước")
        self.assertEqual(form.service_ids.edit(0).product_id, self.service)
        self.assertEqual(opened.search([]), booking)
        others = self.book().with_user(self.user)
        for record in (others, others.sudo().service_ids.with_user(self.user)):
            with self.assertRaises(AccessError):
                record.read()
        with self.assertRaises(AccessError):
            form.record.state = "cancelled"
        self.assertIn(others, opened.with_user(self.agent).search([]))

    def test_update(self):
        """The update makes old meetings private, and takes the notes out of them; what
        the doctor has added, or chosen, stays."""
        note = "Đau <b>răng</b>, 3 < 5\nGọi trước"
        booking, meeting = self.book_doctor(note=note)
        chosen = self.book_doctor(hour=11, note="Hẹn lại")[1]
        chosen.description = "<div><p>Cũ</p><p>Mới</p><br/><strong>Zoe</strong></div>"
        meeting.write(
            {
                "privacy": "confidential",
                "description": f"<div>{plaintext2html(note)}<br/>Mang phim</div>",
                "res_model_id": False,
            }
        )
        chosen.privacy = "public"
        self.env.flush_all()
        path = "crm_lead_api_booking/migrations/19.0.1.1.0/post-meetings.py"
        load_script(file_path(path), "post_meetings").migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((meeting.privacy, chosen.privacy), ("private", "public"))
        self.assertEqual(html2plaintext(meeting.description), "Mang phim")
        self.assertEqual(html2plaintext(chosen.description), "*Zoe*")
        self.write_meetings()
        self.assertEqual(self.env[meeting.res_model].browse(meeting.res_id), booking)

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

    @mute_logger("odoo.sql_db", LOGGER)
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
        with freeze_time(fields.Datetime.now() + PAUSES[0]):
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

    def test_another_doctor_in_outlook(self):
        """Outlook's calendar archives the meeting, and makes another: the booking has
        the other, with the guests."""
        booking, meeting = self.book_doctor()
        guest = self.env["res.partner"].create({"name": "Người nhà"})
        meeting.partner_ids = [Command.link(guest.id)]
        other = self._new_user("bac-si-2", "base.group_user")
        self.room.user_id = other
        original = CalendarEvent.write

        def write(event, vals):
            if "user_id" in vals:
                event.create({**event.copy_data()[0], **vals})
                vals = {**vals, "active": False}
            return original(event, vals)

        with patch.object(CalendarEvent, "write", write):
            booking.seat_id = self.room
            self.write_meetings()
        self.assertFalse(meeting.active)
        made = booking.meeting_id
        self.assertTrue(made.active)
        self.assertEqual(made.user_id, other)
        self.assertEqual(made.partner_ids, other.partner_id | guest)
        booking.start = utc(14)
        self.write_meetings()
        self.assertEqual((booking.meeting_id, made.start), (made, utc(14)))

    def test_customer_and_services(self):
        """The meeting follows a contact that is renamed, chosen, merged or deleted, a
        merged lead, and the services."""
        booking, meeting = self.book_doctor()
        contacts = self.env["res.partner"]

        def check(customer, services="Nâng mũi"):
            self.write_meetings()
            self.assertEqual(meeting.name, f"{customer}: {services}")

        booking.partner_id.name = "Hoa"
        check("Hoa")
        booking.lead_id.partner_id = contacts.create({"name": "Mai"})
        check("Mai")
        kept = contacts.create({"name": "Mai Lan"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((booking.partner_id | kept).ids, kept)
        check("Mai Lan")
        lead = self.make_lead(contact_name="Cúc")
        lead.write({"type": "opportunity", "probability": 90})
        self.assertEqual((lead | booking.lead_id).merge_opportunity(), lead)
        check("Cúc")
        booking.service_ids.product_id = self.service_2
        check("Cúc", self.service_2.name)
        booking.partner_id.unlink()
        self.write_meetings()
        self.assertEqual(meeting.name, self.service_2.name)

    def test_another_user_of_the_seat(self):
        """Meetings follow the seat's user; of those that are over, who was there."""
        past, over = self.book_doctor()
        past.action_arrive()
        past.action_finish()
        booking, meeting = self.book_doctor(hour=11)
        other = self._new_user("bac-si-2", "base.group_user")
        self.doctor.user_id = other
        self.write_meetings()
        self.assertEqual((meeting.user_id, over.user_id), (other, self.user))
        self.doctor.user_id = False
        self.write_meetings()
        self.assertFalse(meeting.exists())
        self.doctor.user_id = other
        self.write_meetings()
        self.assertEqual(booking.meeting_id.user_id, other)
        self.assertEqual(past.meeting_id, over)

    def test_first_user_of_a_seat(self):
        past, booking = self.book(state="done"), self.book()
        self.room.user_id = self.user
        self.write_meetings()
        self.assertEqual(booking.meeting_id.user_id, self.user)
        self.assertFalse(past.meeting_id)

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
