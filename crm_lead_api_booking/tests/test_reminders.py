# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin import ALARM, PAUSES
from odoo.addons.crm_lead_api.tests.event.common import SendingCase

from .common import LOGGER, BookingCase, BookingData, at, utc


@tagged("post_install", "-at_install")
class TestReminders(BookingCase):
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

    @contextmanager
    def clock(self, start):
        """Stop the clock at a moment in UTC, to be stepped."""
        with freeze_time(start) as frozen:
            yield frozen

    def remind(self):
        self.run_action("ir_cron_remind")

    def pop(self):
        """Return the hours and the code of the reminders since the last time."""
        events = self.env["crm.lead.api.event"].search(
            [("type", "=", "booking.reminder_due")], order="id"
        )
        found = []
        for event in events:
            booking = json.loads(event.body)["data"]["booking"]
            found.append((booking["code"], booking["hours_before"]))
        events.unlink()
        return found

    def test_a_week(self):
        """Each reminder once, none after a cancellation, none at night."""
        with self.clock(utc(0, -2)) as clock:
            bookings = {
                "noon": self.book(hour=14, day=1),
                "early": self.book(hour=8.5, day=2),
                "cancelled": self.book(hour=15, day=3),
                "moved": self.book(hour=10, day=3, seat=self.room_2),
                "arrived": self.book(hour=11, day=3),
            }
            codes = {booking.code: name for name, booking in bookings.items()}
            sent = []
            while fields.Datetime.now() < utc(24, 5):
                now = fields.Datetime.now()
                if now == utc(16, 2):
                    bookings["cancelled"].action_cancel()
                if now == utc(12, 2):
                    # The reminder of 24 hours was sent two hours ago.
                    bookings["moved"].start = utc(16, 4)
                if now == utc(8, 3):
                    bookings["arrived"].action_arrive()
                self.remind()
                local = now + timedelta(hours=7)
                for code, hours in self.pop():
                    sent.append((codes[code], hours, local - datetime(2031, 3, 3)))
                clock.tick(timedelta(minutes=15))
        hour = timedelta(hours=1)
        self.assertEqual(
            sorted(sent),
            sorted(
                [
                    ("noon", 24, 14 * hour),
                    ("noon", 2, 36 * hour),
                    ("early", 24, 32.5 * hour),
                    ("early", 2, 44 * hour),  # 06:30 would be at night
                    ("cancelled", 24, 63 * hour),
                    ("moved", 24, 58 * hour),
                    ("moved", 24, 88 * hour),
                    ("moved", 2, 110 * hour),
                    ("arrived", 24, 59 * hour),
                ]
            ),
        )

    def test_late_and_at_night(self):
        with self.clock(utc(10, -1)) as clock:
            booking = self.book(hour=9)
            clock.move_to(utc(22, -1))  # the server was down since
            self.remind()
            self.assertEqual(self.pop(), [])
            clock.move_to(utc(8))
            self.remind()
            self.assertEqual(self.pop(), [(booking.code, 1)])
            self.remind()
            self.assertEqual(self.pop(), [])

    def test_confirmed_when_it_was_due(self):
        """A reminder comes also if the scheduled action runs a little later."""
        with self.clock(utc(15, -1)) as clock:
            booking = self.book(hour=14)
            clock.move_to(utc(12))  # two hours before
            booking.action_confirm()
            clock.move_to(utc(12.05))
            self.remind()
            self.assertEqual(self.pop(), [(booking.code, 2)])
            booking.action_confirm()
            self.remind()
            self.assertEqual(self.pop(), [])

    @mute_logger("odoo.sql_db", LOGGER)
    def test_a_reminder_that_fails(self):
        """The other reminders are sent; the one that failed is tried again."""
        with self.clock(utc(15, -1)) as clock:
            bad, good = self.book(hour=14), self.book(hour=15)
            self.env.flush_all()
            self.cr.execute(
                "ALTER TABLE crm_lead_api_event ADD CONSTRAINT test_refuse "
                "CHECK (type <> 'booking.reminder_due' OR lead_id <> %s)",
                [bad.lead_id.id],
            )
            clock.move_to(utc(13))
            self.remind()
            self.assertEqual(self.pop(), [(good.code, 2)])
            self.env.flush_all()
            self.cr.execute(
                "ALTER TABLE crm_lead_api_event DROP CONSTRAINT test_refuse"
            )
            self.remind()  # too early
            self.assertEqual(self.pop(), [])
            clock.tick(PAUSES[0])
            self.remind()
            self.assertEqual(self.pop(), [(bad.code, 1)])
            self.assertFalse(bad.retries)

    @mute_logger("odoo.sql_db", LOGGER)
    def test_the_alarm(self):
        """Pauses grow, and the salesperson hears once of what goes on failing."""
        with self.clock(utc(15, -1)) as clock:
            booking = self.book(hour=14)
            self.env.flush_all()
            self.cr.execute(
                "ALTER TABLE crm_lead_api_event ADD CONSTRAINT test_refuse "
                "CHECK (type <> 'booking.reminder_due')"
            )
            clock.move_to(utc(12))
            warning, pauses = self.env.ref("mail.mail_activity_data_warning"), []
            for attempt in range(1, ALARM + 3):
                self.remind()
                [attempts, date] = booking.retries["_remind"]
                self.assertEqual(attempts, attempt)
                pause = fields.Datetime.to_datetime(date) - fields.Datetime.now()
                pauses.append(pause)
                clock.tick(pause)
                alarms = booking.lead_id.activity_ids.filtered(
                    lambda each: each.activity_type_id == warning
                )
                self.assertEqual(len(alarms), attempt >= ALARM)
            self.assertEqual(pauses, [*PAUSES[:ALARM], *PAUSES[ALARM - 1 : ALARM] * 2])
            self.assertIn(booking.code, alarms.summary)
            self.assertEqual(alarms.user_id, booking._get_caller())

    def test_moved_when_it_was_due(self):
        with self.clock(utc(15, -1)) as clock:
            booking = self.book(hour=14)
            clock.move_to(utc(12))
            booking.start = utc(15)
            clock.move_to(utc(12.05))
            self.remind()
            self.assertEqual(self.pop(), [])
            clock.move_to(utc(13))
            self.remind()
            self.assertEqual(self.pop(), [(booking.code, 2)])

    def test_begun(self):
        with self.clock(utc(10, -1)) as clock:
            self.book(hour=9)
            clock.move_to(utc(9))
            self.remind()
            self.assertEqual(self.pop(), [])

    def test_made_shortly_before(self):
        with self.clock(utc(8)):
            booking = self.book(hour=9)
            self.assertFalse(booking.reminder_date)

    def test_a_call_where_nobody_listens(self):
        self.client.webhook_reminders = False
        with self.clock(utc(8, -3)) as clock:
            booking = self.book(hour=14)
            lead = booking.lead_id
            lead.activity_ids.unlink()
            clock.move_to(utc(14, -1))
            self.remind()
            call = lead.activity_ids
            self.assertEqual(call.activity_category, "phonecall")
            self.assertEqual(call.user_id, self.agent)
            self.assertRegex(
                call.summary, r"^Remind of the booking on Monday, Mar 3, 2:00\sPM$"
            )
            booking.action_cancel()
            self.assertFalse(call.exists())

    def test_a_call_for_a_lead_that_is_won(self):
        """The customer is to come all the same."""
        self.client.webhook_reminders = False
        domain = self.env.ref("crm_lead_api.crm_lead_call_action").domain
        leads = self.env["crm.lead"].with_user(self.agent)
        with self.clock(utc(8, -3)) as clock:
            booking = self.book(hour=14)
            other = self.make_lead()
            (booking.lead_id | other).action_set_won()
            clock.move_to(utc(14, -1))
            self.remind()
            mine = [("user_id", "=", self.agent.id), *safe_eval(domain)]
            self.assertEqual(leads.search(mine), booking.lead_id)

    def test_a_call_where_events_are_paused(self):
        """Who does not listen now is not told tomorrow: staff call."""
        self.client.is_webhook_paused = True
        with self.clock(utc(15, -2)) as clock:
            booking = self.book(hour=14)
            booking.lead_id.activity_ids.unlink()
            clock.move_to(utc(14, -1))
            self.remind()
            self.assertEqual(self.pop(), [])
            self.assertIn("Remind of", booking.lead_id.activity_ids.summary)

    def test_paused_before_the_reminder_is_sent(self):
        """Staff call those whom the client was not told to remind yet, and who are
        still to come; the client is not told after the pause."""
        with self.clock(utc(15, -2)) as clock:
            booking, cancelled = (
                self.book(hour=14),
                self.book(hour=14, seat=self.room_2),
            )
            leads = (booking | cancelled).lead_id
            leads.activity_ids.unlink()
            clock.move_to(utc(14, -1))
            self.remind()
            cancelled.action_cancel()
            self.client.is_webhook_paused = True
            events = self.env["crm.lead.api.event"].search(
                [("type", "=", "booking.reminder_due")]
            )
            self.assertEqual(events.mapped("state"), ["cancelled"] * 2)
            self.assertEqual(leads.activity_ids.res_id, booking.lead_id.id)
            self.assertEqual(leads.activity_ids, booking.reminder_call_id)

    def test_settings(self):
        settings = self.env["res.config.settings"]
        settings.create({"booking_reminder_hours": "48, 3"}).execute()
        with self.clock(utc(8, -5)):
            booking = self.book(hour=14)
            self.assertEqual(booking.reminder_date, utc(14, -2))
            settings.create({"booking_reminder_hours": "24, 3"}).execute()
            self.assertEqual(booking.reminder_date, utc(14, -1))
            settings.create({"booking_reminder_hours": "0"}).execute()
            self.assertFalse(booking.reminder_date)
            self.assertFalse(self.book(hour=16).reminder_date)
        for text in ("zwei", "2424242424"):
            with self.subTest(text), self.assertRaises(ValidationError):
                settings.create({"booking_reminder_hours": text})

    def test_hours_of_the_branch(self):
        self.calendar.tz = "Europe/Berlin"
        with self.clock(utc(8, -5)):
            # 03:00 in Vietnam is 21:00 the day before in Berlin.
            booking = self.book(hour=3, day=1)
            self.assertEqual(booking.reminder_date, utc(2, 0))
        self.assertTrue(at(0))


@tagged("post_install", "-at_install")
class TestReminderSending(BookingData, SendingCase):
    """Send reminders to a receiver that was down."""

    def test_receiver_was_down(self):
        """Nobody is reminded of a booking that has changed in the meantime, and the
        hours are those that are left."""
        self.client.write({"webhook_bookings": False, "webhook_reminders": True})
        with freeze_time(utc(8, -1)) as clock:
            begun = self.book(hour=9, day=1)
            kept = self.book(hour=15, day=1)
            cancelled, moved = self.book(hour=14, day=1), self.book(hour=13, day=1)
            arrived = self.book(hour=14, day=1, seat=self.room_2)
            clock.move_to(utc(15))
            self.run_action("ir_cron_remind")
            cancelled.action_cancel()
            moved.start = utc(15, 2)
            arrived.action_arrive()
            clock.move_to(utc(9.5, 1))
            self.send()
        reminder = "booking.reminder_due"
        events = self.env["crm.lead.api.event"].search([("type", "=", reminder)])
        [body] = [each for each in self.receiver.bodies if each["type"] == reminder]
        about = body["data"]["booking"]
        self.assertEqual((about["code"], about["hours_before"]), (kept.code, 6))
        self.assertEqual(len(events), 5)
        sent = events.filtered(lambda event: event.state == "delivered")
        self.assertEqual((sent.message_ref, json.loads(sent.body)), (body["id"], body))
        self.assertEqual(set((events - sent).mapped("state")), {"cancelled"})
        self.assertTrue(begun)
