# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from .common import BookingHttpCase, at, utc

STATES = ("booked", "confirmed", "arrived")


@tagged("post_install", "-at_install")
class TestPast(BookingHttpCase):
    """Test bookings that nobody closed, and those of lost leads."""

    def book_past(self, state="booked", **values):
        """Book Monday, 9 to 10, where nobody notes what becomes of it."""
        return self.book(hour=9, state=state, **values)

    def pop_events(self):
        """Return the types of the events since the last time."""
        self.env.flush_all()
        self.cr.precommit.run()
        events = self.env["crm.lead.api.event"].search([], order="id")
        types = events.mapped("type")
        events.unlink()
        return types

    def put(self, booking, minutes):
        """Let a booking of an hour have begun some minutes ago."""
        self.env.flush_all()
        start = fields.Datetime.now() - timedelta(minutes=minutes)
        self.cr.execute(
            "UPDATE crm_booking SET start = %s, stop = %s WHERE id = %s",
            [start, start + timedelta(hours=1), booking.id],
        )
        self.env.invalidate_all()

    def post(self, lead, path="/bookings", **values):
        body = {"id_lead": lead.id, "start": at(14), **values}
        return self.send("POST", path, body)

    def test_forgotten_bookings_are_closed(self):
        """The next day: who came is done, all others did not come; the client hears."""
        self.client.webhook_url = "https://tickets.example.com/events"
        seats = (self.room, self.room_2, self.doctor)
        self.doctor.booking_service_ids = False
        bookings = [
            self.book_past(state, seat=seat)
            for state, seat in zip(STATES, seats, strict=True)
        ]
        later = self.book(hour=11)
        self.pop_events()
        with freeze_time(utc(9.9, 1)) as clock:
            self.run_action("ir_cron_close_past")
            self.assertEqual([each.state for each in bookings], list(STATES))
            clock.move_to(utc(10, 1))
            self.run_action("ir_cron_close_past")
        states = ["no_show", "no_show", "done"]
        self.assertEqual([each.state for each in bookings], states)
        self.assertEqual(later.state, "booked")
        self.assertEqual(self.pop_events(), [f"booking.{state}" for state in states])

    def test_the_setting(self):
        settings = self.env["res.config.settings"]
        with self.assertRaises(UserError):
            settings.create({"booking_close_hours": 0}).execute()
        settings.create({"booking_close_hours": 2}).execute()
        booking = self.book_past()
        with freeze_time(utc(12.1)):
            self.run_action("ir_cron_close_past")
        self.assertEqual(booking.state, "no_show")

    def test_a_past_booking_blocks_no_other(self):
        """Neither for requests nor for staff, before the scheduled action runs."""
        self.client.webhook_url = "https://tickets.example.com/events"
        for state, closed in (("confirmed", "no_show"), ("arrived", "done")):
            booking = self.book_past(state)
            lead = booking.lead_id
            self.put(booking, 30)  # it is going on
            self.assertError(self.post(lead), 409, "open_booking")
            self.put(booking, 60)
            response = self.post(lead, "/bookings?dry_run=1")
            self.assertJson(response, 200)
            self.assertEqual(booking.state, state)
            self.pop_events()
            new = self.assertBooked(self.post(lead))
            self.assertEqual(booking.state, closed)
            self.assertEqual(self.pop_events(), [f"booking.{closed}", "booking.booked"])
            new.action_cancel()
        booking = self.book_past()
        self.put(booking, 60)
        self.book(booking.lead_id, hour=14)
        self.assertEqual(booking.state, "no_show")

    def test_contacts_of_past_bookings_are_merged(self):
        first, second = self.book_past(), self.book(hour=14)
        partners = first.partner_id | second.partner_id
        merge = self.env["base.partner.merge.automatic.wizard"]
        with freeze_time(utc(11)):
            merge._merge(partners.ids, first.partner_id)
        self.assertEqual((first.state, second.state), ("no_show", "booked"))

    def test_leads_of_past_bookings_are_merged(self):
        for change in (
            lambda first, second: (first | second).merge_opportunity(),
            lambda first, second: first.write({"partner_id": second.partner_id.id}),
            lambda first, second: second.write({"partner_id": first.partner_id.id}),
        ):
            first, second = self.book_past(), self.book(hour=14)
            with freeze_time(utc(11)):
                change(first.lead_id, second.lead_id)
                self.env.flush_all()
            self.assertEqual((first.state, second.state), ("no_show", "booked"))
            self.assertEqual(first.partner_id, second.partner_id)
            second.action_cancel()

    def test_a_past_booking_that_is_in_no_way_stays(self):
        booking = self.book_past()
        with freeze_time(utc(11)):
            booking.lead_id.partner_id = booking.partner_id
            booking.lead_id.partner_id = self.make_lead().partner_id
            (booking.lead_id | self.make_lead()).merge_opportunity()
            contacts = booking.partner_id | self.make_lead().partner_id
            merge = self.env["base.partner.merge.automatic.wizard"]
            merge._merge(contacts.ids, contacts[1])
            self.env.flush_all()
        self.assertEqual(booking.partner_id, contacts[1])
        self.assertEqual(booking.state, "booked")

    def test_a_past_booking_of_another_group_of_companies_stays(self):
        kept, there = self.book_past(), self.book_past(seat=self.room_2)
        self.env.flush_all()
        statement = "UPDATE crm_booking SET group_id = %s WHERE id = %s"
        self.env.cr.execute(statement, [self.other_company.id, kept.id])
        self.env.invalidate_all()
        lead = self.make_lead()
        lead.partner_id = kept.partner_id
        self.book(lead, hour=14)
        with freeze_time(utc(11)):
            lead.partner_id = there.partner_id
            self.env.flush_all()
            self.book(kept.lead_id, hour=15)
        self.assertEqual((kept.state, there.state), ("booked", "no_show"))

    def test_no_show(self):
        """Staff say so after the start, and may take it back for an hour."""
        booking = self.book_past("confirmed").with_user(self.agent)
        with freeze_time(utc(8.9)) as clock:
            with self.assertRaisesRegex(UserError, "has not begun"):
                booking.action_miss()
            with self.assertRaises(UserError):
                booking.state = "no_show"  # as a card is dragged
            clock.move_to(utc(9.25))
            booking.action_miss()
            self.assertTrue(booking.may_undo)
            clock.move_to(utc(10))
            booking.action_undo()
            self.assertEqual(booking.state, "confirmed")
            self.assertFalse(booking.may_undo)
            booking.action_miss()
            clock.move_to(utc(11.1))
            booking.invalidate_recordset()
            self.assertFalse(booking.may_undo)
            with self.assertRaises(UserError):
                booking.action_undo()

    def test_arrivals(self):
        """Staff say so on the day, and may take it back, with what follows from it."""
        booking = self.book_past("confirmed").with_user(self.agent)
        lead = booking.lead_id
        with freeze_time(utc(-1)) as clock:  # 23:00 of the day before
            self.assertFalse(booking.may_arrive)
            with self.assertRaisesRegex(UserError, "on that day"):
                booking.action_arrive()
            clock.move_to(utc(0))
            booking.invalidate_recordset()
            self.assertTrue(booking.may_arrive)
            booking.action_arrive()
            self.assertEqual(lead.lead_api_state, "qualified")
            booking.action_undo()
            self.assertEqual(booking.state, "confirmed")
            self.assertFalse(booking.may_undo)
            self.assertFalse(lead.first_arrival_date)
            self.assertEqual(lead.lead_api_state, "new")
            booking.action_arrive()
            booking.action_finish()
            self.assertTrue(booking.may_undo)
            booking.action_undo()
            self.assertEqual(booking.state, "arrived")
            self.assertTrue(lead.first_arrival_date)
            clock.move_to(utc(1.5))
            booking.invalidate_recordset()
            self.assertFalse(booking.may_undo)
            with self.assertRaises(UserError):
                booking.state = "confirmed"

    def test_a_no_show_is_called_the_next_morning(self):
        """The salesperson offers another time, until the customer has one."""
        booking = self.book_past()
        lead = booking.lead_id
        lead.activity_ids.unlink()
        with freeze_time(utc(10)):
            for undo in (booking.action_undo, lambda: self.book(lead, hour=11)):
                action = booking.with_user(self.agent).action_miss()
                notice, [call] = action["params"]["message"], lead.activity_ids
                self.assertIn(f"{booking.code}: No-Show. ", notice)
                self.assertIn(booking._format_day(utc(8, 1)), notice)
                self.assertIn(lead.user_id.name, notice)
                self.assertEqual(call.user_id, lead.user_id)
                self.assertEqual(call.activity_category, "phonecall")
                self.assertEqual(call.planned_date, utc(8, 1))
                self.assertIn("no-show on", call.summary)
                self.assertEqual(call.call_reason, "no_show")
                again = Domain("reminder_call_id.active", "=", True)
                mine = booking.with_user(self.agent)
                self.assertEqual(mine.search(again), booking)
                self.assertIn(lead.user_id.name, booking.next_call)
                undo()
                self.assertFalse(lead.activity_ids)
        friday = self.book(hour=9, day=4, seat=self.room_2)
        friday.lead_id.activity_ids.unlink()
        with freeze_time(utc(11, 5)):
            self.run_action("ir_cron_close_past")  # nobody noted what became of it
        [call] = friday.lead_id.activity_ids
        self.assertEqual(call.planned_date, utc(8, 7))
        friday.lead_id.action_set_lost()
        self.assertFalse(friday.lead_id.activity_ids)

    def test_a_no_show_of_the_night_is_called_the_same_morning(self):
        """The scheduled action closes bookings at night, too."""
        booking = self.book_past()
        with freeze_time(utc(2, 1)):
            booking.action_miss()
        self.assertEqual(booking.reminder_call_id.planned_date, utc(8, 1))

    def test_the_call_after_a_no_show_goes_with_the_lead(self):
        """Into a merge, and to a new salesperson, of leads that staff made, too."""
        booking = self.book_past()
        lead = booking.lead_id
        lead.lead_api_client_id = False
        with freeze_time(utc(10)):
            booking.action_miss()
        lead.user_id = self.manager
        self.assertEqual(booking.reminder_call_id.user_id, self.manager)
        other = self.create_lead(ticket_id=991, account_id=lead.partner_id.id)
        merged = (lead | other)._merge_opportunity()
        self.assertEqual(merged.activity_ids, booking.reminder_call_id)

    def test_no_shows_that_nobody_is_to_call(self):
        """The client's own people call, or the lead is closed."""
        for change in (
            lambda lead: lead.lead_api_client_id.write({"plans_call": False}),
            lambda lead: lead.action_set_lost(),
        ):
            booking = self.book_past()
            lead = booking.lead_id
            with freeze_time(utc(10)), self.cr.savepoint() as savepoint:
                change(lead)
                lead.activity_ids.unlink()
                notice = booking.action_miss()["params"]["message"]
                self.assertIn("No call to the customer is planned.", notice)
                self.assertFalse(lead.activity_ids)
                savepoint.rollback()
            self.env.invalidate_all()
            booking.action_cancel()

    def test_a_call_that_is_due_is_not_denied(self):
        self.client.plans_call = False
        booking = self.book_past()
        call = booking.lead_id.activity_schedule("mail.mail_activity_data_call")
        for date, text in (
            (utc(9), "The call to the customer is due."),
            (utc(12), "calls the customer on"),
        ):
            with freeze_time(utc(10)), self.cr.savepoint() as savepoint:
                call.planned_date = date
                notice = booking.action_miss()["params"]["message"]
                self.assertIn(text, notice)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_no_shows_with_another_booking(self):
        """Nobody is to call who has a booking to come, in this case of another company:
        in one's own there is one open booking at a time."""
        booking = self.book_past()
        company = {"company_id": self.other_company.id}
        room = self.room.create(self.prepare_seat("Phòng khác", **company))
        values = {"name": "Khác", "partner_id": booking.partner_id.id, **company}
        other = booking.lead_id.create({**values, "type": "opportunity"})
        self.book(other, day=1, seat=room, service_ids=[], **company)
        with freeze_time(utc(10)):
            booking.lead_id.activity_ids.unlink()
            booking.action_miss()
            self.assertFalse(booking.lead_id.activity_ids)

    def test_no_shows_are_counted(self):
        """Where one books: in the dialog and on the booking."""
        lead = self.book_past(state="no_show").lead_id
        self.book(lead, hour=10, state="no_show")
        self.book(lead, hour=14, state="done")
        booking = self.book(lead, hour=11).with_user(self.agent)
        self.assertEqual(booking.no_show_count, 2)
        dialogs = self.env["crm.booking.wizard"].with_user(self.agent)
        dialog = Form(dialogs.with_context(default_lead_id=lead.id))
        self.assertEqual(dialog.no_show_count, 2)

    def test_no_show_of_requests(self):
        """A client says any state at any time, and cannot take it back."""
        booking = self.book_past()
        path = f"/bookings/{booking.code}"
        self.assertBooked(self.send("PATCH", path, {"state": "no_show"}))
        response = self.send("PATCH", path, {"state": "booked"})
        self.assertError(response, 409, "closed")

    def lose(self, leads):
        reason = self.env["crm.lost.reason"].create({"name": "Quá đắt"})
        return Form(
            self.env["crm.lead.lost"]
            .with_user(self.agent)
            .with_context(default_lead_ids=leads.ids, default_lost_reason_id=reason.id)
        )

    def test_a_lost_lead(self):
        """Losing a lead asks about its bookings to come."""
        for choice, state in (("cancel", "cancelled"), ("keep", "booked")):
            booking = self.book(hour=15)
            form = self.lose(booking.lead_id)
            self.assertIn(booking.code, form.booking_list)
            form.booking_choice = choice
            form.save().action_lost_reason_apply()
            self.assertFalse(booking.lead_id.active)
            self.assertEqual(booking.state, state)
            reason = "Quá đắt" if choice == "cancel" else False
            self.assertEqual(booking.lost_reason_id.name, reason)
            self.assertFalse(booking.cancel_reason)

    def test_a_lead_that_is_lost_without_a_reason(self):
        """The client is told, all the same, why the booking is cancelled."""
        booking = self.book(hour=15)
        form = self.lose(booking.lead_id)
        form.lost_reason_id = form.lost_reason_id.browse()
        form.save().action_lost_reason_apply()
        self.assertEqual(booking.state, "cancelled")
        self.assertEqual(booking._get_cancel_reason(), "The lead is lost")

    def test_lost_leads_without_bookings_to_come(self):
        """A customer who is there, or was, is not asked about."""
        arrived, past = self.book(hour=9, state="arrived"), self.book(hour=10)
        with freeze_time(utc(12)):
            form = self.lose(arrived.lead_id + past.lead_id + self.make_lead())
            self.assertFalse(form.booking_list)
            form.save().action_lost_reason_apply()
        self.assertEqual((arrived.state, past.state), ("arrived", "booked"))
