# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import BookingHttpCase, at, utc


@tagged("post_install", "-at_install")
class TestRefusals(BookingHttpCase):
    """Refuse bookings, in the contract's order."""

    def post(self, start, lead=None, **payload):
        lead = lead or self.make_lead()
        payload = {"id_lead": lead.id, "crm_line_ids": [self.service.id], **payload}
        return self.send("POST", "/bookings", {**payload, "start": start})

    def assertStart(self, response):
        """Check that the start is refused, and return the free starts."""
        body = self.assertJson(response, 422)
        [error] = body["errors"]
        self.assertEqual((error["field"], error["code"]), ("start", "range"))
        return [(free["start"], free["end"]) for free in body["free"]]

    def test_a_closed_lead_comes_first(self):
        lead = self.make_lead()
        lead.action_set_lost()
        body = self.assertError(self.post(at(3), lead), 409, "closed")
        self.assertEqual(body["state"], "lost")

    def test_outside_working_hours(self):
        self.assertEqual(
            self.assertStart(self.post(at(7))),
            [(at(8), at(9)), (at(8.25), at(9.25)), (at(8.5), at(9.5))],
        )
        # Over lunch, the nearest starts are before and after.
        self.assertEqual(
            self.assertStart(self.post(at(12))),
            [(at(10.75), at(11.75)), (at(11), at(12)), (at(13), at(14))],
        )

    def test_holidays(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Tết",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": utc(0),
                "date_to": utc(24, 3) - timedelta(seconds=1),
            }
        )
        free = self.assertStart(self.post(at(9)))
        self.assertEqual(free[-1][0], at(16, -3))  # the Friday before
        free = self.assertStart(self.post(at(16, 3)))
        self.assertEqual(free[0][0], at(8, 4))

    def test_the_past(self):
        self.assertTrue(self.assertStart(self.post("2020-01-06T09:00:00+07:00")))

    def test_no_free_start_near(self):
        self.assertEqual(self.assertStart(self.post(at(8), duration=300)), [])

    def test_seats(self):
        other = self.env["resource.resource"].create(
            self.prepare_seat("Nơi khác", company_id=self.other_company.id)
        )
        self.caller.company_ids += self.other_company
        for seat in (other, self.doctor):
            with self.subTest(seat=seat.name):
                response = self.post(at(9), seat_id=seat.id)
                self.assertErrors(response, [("seat_id", "mismatch")])
        (self.room | self.room_2).booking_service_ids = [
            Command.set(self.service_2.ids)
        ]
        self.assertErrors(self.post(at(9)), [("crm_line_ids", "mismatch")])
        # Working hours come before.
        self.assertStart(self.post(at(3)))

    def test_services_of_another_company(self):
        """Without a company the lead's counts."""
        self.caller.company_ids += self.other_company
        services = self.other_service.ids
        for subject in (
            {"id_lead": self.make_lead().id},
            {"lead": self.new_lead_payload()},
        ):
            payload = {**subject, "start": at(9), "crm_line_ids": services}
            with self.subTest(subject=list(subject)):
                response = self.send("POST", "/bookings", payload)
                self.assertErrors(response, [("crm_line_ids.0", "mismatch")])

    def test_an_open_booking_comes_before_a_taken_slot(self):
        lead = self.make_lead()
        booking = self.book(lead, hour=9)
        self.book(hour=9, seat=self.room_2)
        body = self.assertError(self.post(at(9), lead), 409, "open_booking")
        self.assertEqual(body["booking"]["id_booking"], booking.id)
        self.assertEqual(body["booking"]["code"], booking.code)

    def test_an_open_booking_of_another_client_stays_its_own(self):
        booking = self.book(self.make_lead())
        other = self._new_client("khac", books_appointments=True)
        payload = self.new_lead_payload(phone_no1=booking.lead_id.phone)
        response = self.send(
            "POST",
            "/bookings",
            {"lead": payload, "start": at(9, 1)},
            token=self._new_token(other),
        )
        body = self.assertError(response, 409, "open_booking")
        self.assertNotIn("booking", body)

    def test_a_taken_slot(self):
        self.book(hour=9)
        booking = self.assertBooked(self.post(at(9.5)))
        self.assertEqual(booking.seat_id, self.room_2)
        body = self.assertError(self.post(at(9.5)), 409, "slot_taken")
        self.assertEqual(
            body["free"],
            [
                {"start": at(8.5), "end": at(9.5), "seats": [self.room_2.id]},
                {"start": at(10), "end": at(11), "seats": [self.room.id]},
                {"start": at(10.25), "end": at(11.25), "seats": [self.room.id]},
            ],
        )
        response = self.post(at(9.5), seat_id=self.room.id)
        self.assertError(response, 409, "slot_taken")

    def test_a_seat_on_leave(self):
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.room.id,
                "date_from": utc(9),
                "date_to": utc(10),
            }
        )
        self.assertEqual(self.assertBooked(self.post(at(9))).seat_id, self.room_2)
        self.assertStart(self.post(at(9), seat_id=self.room.id))

    @freeze_time("2031-03-03 02:07:00")  # Monday, 09:07
    def test_nothing_free_is_past(self):
        self.token = self._new_token()
        body = self.assertJson(self.post(at(8)), 422)
        self.assertEqual(body["free"][0]["start"], at(9.25))
