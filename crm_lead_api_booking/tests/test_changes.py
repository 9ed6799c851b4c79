# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import BookingHttpCase, at, utc


@tagged("post_install", "-at_install")
class TestChanges(BookingHttpCase):
    def patch(self, booking, payload, **headers):
        return self.send("PATCH", f"/bookings/{booking.code}", payload, **headers)

    def test_move(self):
        booking = self.book()
        response = self.patch(booking, {"start": at(10), "seat_id": self.room_2.id})
        self.assertBooked(response)
        self.assertEqual((booking.start, booking.stop), (utc(10), utc(11)))
        self.assertEqual(booking.seat_id, self.room_2)
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertEqual(entry.kind, "booking_change")
        self.assertEqual(entry.changes["start"], [at(9), at(10)])

    def test_move_within_its_own_time(self):
        booking = self.book()
        self.assertBooked(self.patch(booking, {"start": at(9.5)}))
        self.assertEqual(booking.start, utc(9.5))

    def test_refused_moves(self):
        booking, other = self.book(), self.book(hour=11)
        response = self.patch(booking, {"start": at(11)})
        body = self.assertError(response, 409, "slot_taken")
        self.assertEqual(body["free"][-1]["start"], at(10))
        response = self.patch(booking, {"start": at(20)})
        body = self.assertJson(response, 422)
        self.assertEqual(body["errors"][0]["field"], "start")
        self.assertEqual(len(body["free"]), 3)
        response = self.patch(booking, {"seat_id": self.doctor.id})
        self.assertErrors(response, [("seat_id", "mismatch")])
        self.assertEqual(booking.start, utc(9))
        self.assertTrue(other)

    def test_services(self):
        booking = self.book()
        booking.service_ids.price_unit = 777
        response = self.patch(booking, {"add_crm_line_ids": [self.service_2.id]})
        self.assertBooked(response)
        self.assertEqual(booking.stop, utc(10.5))
        self.assertEqual([line.price_unit for line in booking.service_ids], [777, 240])
        self.patch(booking, {"remove_crm_line_ids": [self.service.id]})
        self.assertEqual(booking.service_ids.product_id, self.service_2)
        self.assertEqual(booking.duration, 30)
        self.assertErrors(
            self.patch(booking, {"remove_crm_line_ids": [self.service.id]}),
            [("remove_crm_line_ids.0", "unknown")],
        )
        self.assertErrors(
            self.patch(booking, {"remove_crm_line_ids": [self.service_2.id]}),
            [("remove_crm_line_ids", "too_few")],
        )
        self.patch(booking, {"crm_line_ids": [self.service.id, self.service.id]})
        self.assertEqual(booking.service_ids.quantity, 2)
        self.assertEqual(booking.duration, 120)

    def test_services_that_are_sent_as_they_are(self):
        booking = self.book(duration=90)
        self.service.active = False
        services = [self.service.id]
        body = {"start": at(10), "crm_line_ids": services}
        self.assertBooked(self.patch(booking, body))
        self.assertEqual((booking.start, booking.stop), (utc(10), utc(11.5)))
        services.append(self.service_2.id)
        self.assertBooked(self.patch(booking, {"crm_line_ids": services}))
        self.assertEqual(booking.duration, 90, "the services' own")
        self.assertEqual(booking.service_ids.product_id.ids, services)

    def test_longer_services_need_the_time(self):
        booking, _other = self.book(), self.book(hour=10)
        response = self.patch(booking, {"add_crm_line_ids": [self.service_2.id]})
        self.assertError(response, 409, "slot_taken")
        self.assertEqual(len(booking.service_ids), 1)

    def test_note(self):
        booking = self.book(note="cũ")
        self.assertBooked(self.patch(booking, {"note": "mới"}))
        self.assertEqual(booking.note, "mới")
        self.assertBooked(self.patch(booking, {"note": ""}))  # not sent
        self.assertEqual(booking.note, "mới")
        self.assertBooked(self.patch(booking, {"note": None}))
        self.assertFalse(booking.note)
        self.assertErrors(
            self.patch(booking, {"start": None, "state": None}),
            [("start", "required"), ("state", "required")],
        )

    def test_states(self):
        booking = self.book()
        for state in ("confirmed", "arrived", "done"):
            self.assertBooked(self.patch(booking, {"state": state}))
            self.assertEqual(booking.state, state)
            # To the present state: nothing changes
            self.assertBooked(self.patch(booking, {"state": state}))

    def test_transition(self):
        booking = self.book(state="arrived")
        for state in ("booked", "confirmed", "no_show"):
            body = self.assertError(
                self.patch(booking, {"state": state}), 409, "transition"
            )
            self.assertEqual(body["state"], "arrived")

    def test_cancel(self):
        booking = self.book()
        response = self.patch(booking, {"state": "cancelled", "cancel_reason": "Bận"})
        self.assertBooked(response)
        self.assertEqual((booking.state, booking.cancel_reason), ("cancelled", "Bận"))
        for change in ({"start": at(10)}, {"state": "booked"}, {"note": "x"}):
            body = self.assertError(self.patch(booking, change), 409, "closed")
            self.assertEqual(body["state"], "cancelled")
        self.assertBooked(self.patch(booking, {"state": "cancelled"}))
        self.assertErrors(
            self.patch(self.book(), {"state": "arrived", "cancel_reason": "x"}),
            [("cancel_reason", "mismatch")],
        )

    def test_a_won_lead_still_comes(self):
        booking = self.book()
        booking.lead_id.action_set_won()
        self.assertBooked(self.patch(booking, {"state": "arrived"}))

    def test_if_match(self):
        booking = self.book()
        etag = self.send("GET", f"/bookings/{booking.id}").headers["ETag"]
        response = self.patch(booking, {"note": "a"}, If_Match=etag)
        self.assertBooked(response)
        self.assertNotEqual(response.headers["ETag"], etag)
        response = self.patch(booking, {"note": "b"}, If_Match=etag)
        self.assertError(response, 412, "precondition_failed")
        self.assertEqual(booking.note, "a")

    def test_a_change_is_made_each_time_except_with_a_key(self):
        booking = self.book()
        add = {"add_crm_line_ids": [self.service_2.id]}
        for _again in range(2):
            self.assertBooked(self.patch(booking, add, Idempotency_Key="k"))
        self.assertEqual(booking.service_ids[1].quantity, 1)
        self.assertBooked(self.patch(booking, add))
        self.assertEqual(booking.service_ids[1].quantity, 2)

    def test_dry_run(self):
        booking = self.book()
        response = self.send(
            "PATCH", f"/bookings/{booking.id}?dry_run=1", {"start": at(10)}
        )
        data = self.assertJson(response, 200)["data"]
        self.assertEqual(data["booking"]["start"], at(10))
        self.assertEqual(data["booking"]["id_booking"], booking.id)
        self.assertEqual(booking.start, utc(9))

    def test_others(self):
        booking = self.book()
        other = self._new_client("khac", books_appointments=True)
        token = self._new_token(other)
        for name in (booking.id, booking.code, "BK-0", "9" * 30):
            response = self.send("PATCH", f"/bookings/{name}", {"note": "x"}, token)
            self.assertError(response, 404, "not_found")
        other.reads_all_leads = True
        response = self.send("PATCH", f"/bookings/{booking.id}", {"note": "x"}, token)
        self.assertBooked(response)
