# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import etree
from psycopg2 import IntegrityError
from psycopg2.errors import ExclusionViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BookingCase, utc


@tagged("post_install", "-at_install")
class TestBooking(BookingCase):
    def test_code_customer_and_length(self):
        lead = self.create_lead()
        booking = self.book(lead)
        self.assertRegex(booking.code, r"^BK-\d{4}-\d{6}$")
        self.assertEqual(booking.partner_id, lead.partner_id)
        self.assertEqual(booking.group_id, self.company)
        self.assertEqual(booking.duration, 60)
        self.assertEqual(booking.stop, utc(10))
        # As on the lead: the price list takes a fifth off.
        self.assertEqual(booking.service_ids.price_unit, 800)

    def test_length_follows_services_and_the_end(self):
        booking = self.book()
        booking.service_ids = [Command.create({"product_id": self.service_2.id})]
        self.assertEqual((booking.duration, booking.stop), (90, utc(10.5)))
        booking.stop = utc(11)
        self.assertEqual(booking.duration, 120)
        # As a calendar view drags it
        booking.write({"start": utc(14), "stop": utc(16)})
        self.assertEqual((booking.duration, booking.stop), (120, utc(16)))

    @mute_logger("odoo.sql_db")
    def test_bookings_of_a_seat_never_overlap(self):
        booking = self.book(hour=9)
        self.book(hour=10)  # begins when the other one ends
        with self.assertRaises(ExclusionViolation), self.cr.savepoint():
            self.book(hour=9.5)
        booking.action_cancel()
        self.book(hour=9)

    @mute_logger("odoo.sql_db")
    def test_a_customer_has_one_open_booking_in_a_group(self):
        lead = self.create_lead()
        booking = self.book(lead)
        other = self.create_lead(ticket_id=2)
        self.assertEqual(other.partner_id, lead.partner_id)
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.book(other, day=1)
        booking.action_arrive()
        booking.action_finish()
        self.book(other, day=1)

    def test_staff_get_a_sentence(self):
        self.book(hour=9)
        text = ""
        with mute_logger("odoo.sql_db"):
            try:
                with self.cr.savepoint():
                    self.book(hour=9)
            except IntegrityError as error:
                text = self.env["crm.booking"]._sql_error_to_message(error)
        self.assertIn("already has a booking at this time", text)

    def test_transitions(self):
        allowed = {
            "booked": {"confirmed", "arrived", "no_show", "cancelled"},
            "confirmed": {"arrived", "no_show", "cancelled"},
            "arrived": {"done", "cancelled"},
        }
        lead = self.make_lead()
        states = dict(self.env["crm.booking"]._fields["state"].selection)
        for before in states:
            for after in states:
                with self.subTest(before=before, after=after):
                    booking = self.book(lead, state=before)
                    if before == after or after in allowed.get(before, ()):
                        booking.state = after
                        self.assertEqual(booking.state, after)
                    else:
                        with self.assertRaises(UserError):
                            booking.state = after
                    self.env.flush_all()
                    self.cr.execute(
                        "DELETE FROM crm_booking WHERE id = %s", [booking.id]
                    )
                    self.env.invalidate_all()

    def test_an_arrived_customer_qualifies_the_lead(self):
        lead = self.create_lead()
        self.assertEqual(lead.lead_api_state, "new")
        booking = self.book(lead)
        booking.action_confirm()
        self.assertEqual(lead.lead_api_state, "new")
        booking.action_arrive()
        self.assertEqual(lead.lead_api_state, "qualified")
        self.assertEqual(lead.won_status, "pending")
        lead.action_set_won()
        self.assertEqual(lead.lead_api_state, "won")

    def test_seat_of_the_branch_that_does_the_services(self):
        for is_offered in (True, False):
            self.service_2.active = is_offered
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(is_offered), self.assertRaises(ValidationError):
                self.book(seat=self.doctor)
        self.room.is_seat = False
        with self.assertRaises(ValidationError):
            self.book()

    def test_merged_leads_keep_their_bookings(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=2)
        booking = self.book(other)
        merged = (lead | other)._merge_opportunity(auto_unlink=True)
        self.assertEqual(booking.exists().lead_id, merged)

    def test_merged_leads_keep_the_prices_of_bookings(self):
        lead, other = self.create_lead(), self.create_lead(ticket_id=2)
        booking = self.book(other)
        booking.service_ids.price_unit = 777
        booking.action_arrive()
        booking.action_finish()
        other.pricelist_id = False
        other.service_ids.unlink()
        (lead | other)._merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        line = booking.service_ids
        self.assertEqual((line.price_unit, line.price_subtotal), (777, 777))

    def test_copy(self):
        """A copy has the services, as they were agreed on, and an end of its own."""
        booking = self.book()
        booking.service_ids.write({"price_unit": 777, "quantity": 2})
        booking.action_cancel()
        copy = booking.copy({"start": utc(14)})
        self.assertEqual((copy.state, copy.duration), ("booked", 120))
        self.assertEqual((copy.start, copy.stop), (utc(14), utc(16)))
        line = copy.service_ids
        self.assertEqual((line.product_id, line.price_unit), (self.service, 777))
        self.assertEqual(line.price_subtotal, 2 * 777)
        self.assertEqual(len(booking.service_ids), 1)

    def test_staff_do_not_duplicate(self):
        """A duplicate would be an open booking of the past: *Book* makes a new one."""
        views = self.env["crm.booking"].get_views([(False, "form"), (False, "list")])
        for kind, view in views["views"].items():
            self.assertEqual(etree.fromstring(view["arch"]).get("duplicate"), "0", kind)

    def test_a_closed_booking_keeps_its_place(self):
        for state in ("cancelled", "no_show", "done"):
            booking = self.book(state=state, stop=utc(11)).with_user(self.agent)
            for values in (
                {"start": utc(14), "stop": utc(16)},
                {"stop": utc(12)},
                {"seat_id": self.room_2.id},
            ):
                with self.subTest(state, **values), self.assertRaises(UserError):
                    booking.write(values)
            booking.note = "Gọi lại"
            self.assertEqual((booking.start, booking.stop), (utc(9), utc(11)))

    def test_an_open_booking_keeps_its_lead(self):
        booking = self.book()
        lead = booking.lead_id
        user = self._new_user("truong", "sales_team.group_sale_manager")
        with self.assertRaises(UserError):
            lead.with_user(user).unlink()
        booking.action_cancel()
        lead.with_user(user).unlink()
        self.assertFalse(booking.exists())

    def test_a_lead_with_bookings_of_another_branch(self):
        """Who sees no booking of a branch neither deletes an open one with its lead,
        nor leaves the meeting of a closed one in the doctor's calendar."""
        branch = self.env["res.company"].create(
            {"name": "Chi nhánh", "parent_id": self.company.id}
        )
        doctor = self._new_user("bac-si", "base.group_user")
        seat = self.env["resource.resource"].create(
            self.prepare_seat("Bác sĩ", company_id=branch.id, user_id=doctor.id)
        )
        booking = self.book(company_id=branch.id, seat=seat)
        self.run_action("ir_cron_write_meetings")
        meeting = booking.meeting_id
        self.assertTrue(meeting)
        user = self._new_user("truong", "sales_team.group_sale_manager")
        lead = booking.lead_id.with_user(user).with_company(self.company)
        with self.assertRaises(UserError):
            lead.unlink()
        booking.action_arrive()
        booking.action_finish()
        told = f"Earlier appointments: 1 ({booking._format_day()} · Chi nhánh: Done)"
        self.assertEqual(lead.customer_history, told)
        entries = lead.partner_id._get_timeline_entries()
        [entry] = [each for each in entries if each.label == "Booking"]
        self.assertEqual((entry.text, bool(entry.lead)), ("Done · Chi nhánh", False))
        lead.unlink()
        self.assertFalse(booking.exists() or meeting.exists())

    def test_rights(self):
        booking = self.book()
        self.assertTrue(booking.with_user(self.agent).code)
        with self.assertRaises(AccessError):
            booking.with_user(self.agent).unlink()
        stranger = self._new_user("la", "sales_team.group_sale_manager")
        stranger.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        with self.assertRaises(AccessError):
            booking.with_user(stranger).read(["code"])
        with self.assertRaises(AccessError):
            booking.with_user(self.caller).read(["code"])

    def test_seats_are_made_by_administrators(self):
        values = self.prepare_seat("Phòng 3")
        seats = self.env["resource.resource"]
        with self.assertRaises(AccessError):
            seats.with_user(self.agent).create(values)
        seat = seats.with_user(self.manager).create(values)
        seat.name = "Phòng ba"
        leaves = self.env["resource.calendar.leaves"].with_user(self.manager)
        leaves.create(
            {
                "resource_id": self.doctor.id,
                "date_from": utc(0),
                "date_to": utc(0) + timedelta(days=1),
            }
        )
