# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from odoo.tests import tagged

from .common import BookingHttpCase, at


@tagged("post_install", "-at_install")
class TestRepetitions(BookingHttpCase):
    def assertReplayed(self, response, booking):
        self.assertEqual(response.headers.get("Idempotency-Replayed"), "true")
        self.assertEqual(self.assertBooked(response), booking)

    def test_a_key(self):
        payload = {"id_lead": self.make_lead().id, "start": at(9)}
        booking = self.assertBooked(
            self.send("POST", "/bookings", payload, Idempotency_Key="a")
        )
        response = self.send("POST", "/bookings", payload, Idempotency_Key="a")
        self.assertReplayed(response, booking)
        booking.action_cancel()
        response = self.send("POST", "/bookings", payload, Idempotency_Key="a")
        self.assertReplayed(response, booking)
        response = self.send(
            "POST", "/bookings", {**payload, "start": at(10)}, Idempotency_Key="a"
        )
        self.assertError(response, 409, "conflict")

    def test_content_with_a_key_and_without(self):
        payload = {"id_lead": self.make_lead().id, "start": at(9)}
        booking = self.assertBooked(self.send("POST", "/bookings", payload))
        response = self.send("POST", "/bookings", payload, Idempotency_Key="a")
        self.assertReplayed(response, booking)
        booking.action_cancel()
        # The key is the booking's for good; the content is not, with a key or without.
        response = self.send("POST", "/bookings", payload, Idempotency_Key="a")
        self.assertReplayed(response, booking)
        again = self.assertBooked(
            self.send("POST", "/bookings", payload, Idempotency_Key="b")
        )
        self.assertNotEqual(again, booking)
        self.assertReplayed(self.send("POST", "/bookings", payload), again)

    def test_a_key_after_the_content_was_erased(self):
        payload = {"id_lead": self.make_lead().id, "start": at(9), "note": "Dị ứng"}
        response = self.send("POST", "/bookings", payload, Idempotency_Key="a")
        booking = self.assertBooked(response)
        self.env["crm.lead.api.request"].search([])._anonymize()
        again = self.send("POST", "/bookings", payload, Idempotency_Key="a")
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(
            again.json()["data"],
            {
                "id_booking": booking.id,
                "code": booking.code,
                "id_lead": booking.lead_id.id,
            },
        )
        without_key = self.send("POST", "/bookings", payload)
        self.assertEqual(without_key.json(), again.json())

    def test_content_while_the_booking_is_open(self):
        payload = {"id_lead": self.make_lead().id, "start": at(9)}
        booking = self.assertBooked(self.send("POST", "/bookings", payload))
        self.assertReplayed(self.send("POST", "/bookings", payload), booking)
        booking.action_cancel()
        again = self.assertBooked(self.send("POST", "/bookings", payload))
        self.assertNotEqual(again, booking)
        self.assertReplayed(self.send("POST", "/bookings", payload), again)

    def test_content_of_a_second_booking_counts_for_24_hours(self):
        answers = self.env["crm.lead.api.answer"]
        payload = {"id_lead": self.make_lead().id, "start": at(9)}
        first = self.assertBooked(self.send("POST", "/bookings", payload))
        answers.search([]).expiration_date -= timedelta(hours=23)
        first.action_cancel()
        second = self.assertBooked(self.send("POST", "/bookings", payload))
        answers.search([]).expiration_date -= timedelta(hours=2)
        self.assertReplayed(self.send("POST", "/bookings", payload), second)

    def test_the_lead_of_a_repeated_body(self):
        """The lead is made or repeated by the rules of POST /lead."""
        lead_payload = self.new_lead_payload()
        payload = {"lead": lead_payload, "start": at(9)}
        booking = self.assertBooked(self.send("POST", "/bookings", payload))
        response = self.send("POST", "/lead", lead_payload)
        self.assertEqual(response.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.assertSuccess(response), booking.lead_id)
        # Another time, while the booking is open
        response = self.send("POST", "/bookings", {**payload, "start": at(10)})
        body = self.assertError(response, 409, "open_booking")
        self.assertEqual(body["booking"]["id_booking"], booking.id)
        booking.action_cancel()
        again = self.assertBooked(
            self.send("POST", "/bookings", {**payload, "start": at(10)})
        )
        self.assertEqual(again.lead_id, booking.lead_id)

    def test_a_lead_that_came_before(self):
        lead_payload = self.new_lead_payload()
        lead = self.assertSuccess(self.send("POST", "/lead", lead_payload))
        booking = self.assertBooked(
            self.send("POST", "/bookings", {"lead": lead_payload, "start": at(9)})
        )
        self.assertEqual(booking.lead_id, lead)

    def test_check_before_it_is_sent_again(self):
        """*Check* finds what sending would find."""
        no_id = 2**31 - 1
        lead = self.new_lead_payload(crm_line_ids=[no_id])
        response = self.send("POST", "/bookings", {"lead": lead, "start": at(9)})
        self.assertErrors(response, [("lead.crm_line_ids.0", "unknown")])
        wizard = self.open_send_again()
        self.assertIn("lead.crm_line_ids.0", wizard.problems)
        closed = self.make_lead()
        closed.action_set_won()
        for subject, problem in (
            ({"lead": {**lead, "gender": "x"}}, "lead.gender"),
            ({"id_lead": no_id}, "id_lead"),
            ({"ticket_id": self._next()}, "ticket_id"),
            ({"id_lead": closed.id}, "closed"),
        ):
            with self.subTest(problem):
                wizard.payload = json.dumps({**subject, "start": at(9)})
                wizard.action_check()
                self.assertIn(problem, wizard.problems)
                self.assertFalse(wizard.is_right)
        # As deep as a lead alone may be, in the object
        settings = self.env["res.config.settings"].create({})
        settings.lead_api_max_depth = 4
        settings.execute()
        right = self.new_lead_payload(note=[[[]]])
        wizard.payload = json.dumps({"lead": right, "start": at(9)})
        wizard.action_check()
        self.assertTrue(wizard.is_right, wizard.problems)
        wizard.action_send()
        booking = self.env["crm.booking"].search([], limit=1, order="id desc")
        self.assertEqual(booking.lead_id.ticket_ref, str(right["ticket_id"]))

    def open_send_again(self):
        """Open *Send Again* for the newest request, as an administrator does."""
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        admin = self._new_user("quan-tri", "crm_lead_api.crm_lead_api_group_manager")
        wizards = self.env["crm.lead.api.resend"].with_user(admin)
        return wizards.create({"request_ids": entry.ids})

    def test_send_again(self):
        lead = self.make_lead()
        response = self.send("POST", "/bookings", {"id_lead": lead.id, "start": at(3)})
        self.assertEqual(response.status_code, 422)
        entry = self.env["crm.lead.api.request"].search([], limit=1)
        self.assertEqual((entry.kind, entry.error_fields), ("booking", "start"))
        wizard = self.open_send_again()
        wizard.payload = json.dumps({"id_lead": lead.id, "start": at(9)})
        wizard.action_send()
        self.assertEqual(lead.booking_ids.state, "booked")
        self.assertEqual(entry.state, "resent")

    def test_a_booking_makes_a_refused_lead_and_corrects_no_change(self):
        log, unsettled = self.env["crm.lead.api.request"], [("is_unsettled", "=", True)]
        lead = self.new_lead_payload()
        wrong = {"gender": "x"}
        for method, path, body in (
            ("POST", "/lead", {**lead, **wrong}),
            ("PATCH", f"/lead?ticket_id={lead['ticket_id']}", wrong),
        ):
            self.assertIn(self.send(method, path, body).status_code, (404, 422))
        booking = {"lead": lead, "start": at(9)}
        self.assertBooked(self.send("POST", "/bookings", booking))
        self.assertEqual(log.search(unsettled).mapped("kind"), ["change"])

    def test_only_an_erasure_erases_refused_requests(self):
        manager = self._new_user("truong", "sales_team.group_sale_manager")
        for is_test, delete, is_kept in (
            (True, lambda booking: booking.unlink(), True),  # as old tests are
            (False, lambda booking: booking.lead_id.with_user(manager).unlink(), True),
            (False, lambda booking: booking.unlink(), False),
        ):
            lead = self.make_lead()
            body = {"ticket_id": int(lead.ticket_ref), "start": at(3)}
            self.assertEqual(self.send("POST", "/bookings", body).status_code, 422)
            entry = self.env["crm.lead.api.request"].search([], limit=1)
            booking = self.book(lead)
            booking.action_cancel()
            booking.is_lead_api_test = is_test
            delete(booking)
            self.assertEqual(bool(entry.payload), is_kept)
