# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import BookingHttpCase, at, utc


@tagged("post_install", "-at_install")
class TestRoutes(BookingHttpCase):
    """Make bookings."""

    def test_of_a_lead(self):
        lead = self.make_lead()
        response = self.send(
            "POST",
            "/bookings",
            {"id_lead": lead.id, "start": at(9), "note": "Đau răng"},
        )
        booking = self.assertBooked(response)
        self.assertEqual(booking.lead_id, lead)
        self.assertEqual((booking.start, booking.stop), (utc(9), utc(10.5)))
        self.assertEqual(booking.seat_id, self.room)
        self.assertEqual(booking.create_uid, self.caller)
        data = response.json()["data"]
        self.assertEqual(
            {name: data[name] for name in ("state", "start", "end", "id_lead", "note")},
            {
                "state": "booked",
                "start": at(9),
                "end": at(10.5),
                "id_lead": lead.id,
                "note": "Đau răng",
            },
        )
        self.assertEqual(data["seat"], {"id": self.room.id, "name": "Phòng 1"})
        self.assertEqual(data["ticket_id"], int(lead.ticket_ref))
        self.assertEqual(data["account_id"], lead.partner_id.id)
        self.assertEqual(
            [
                (each["id"], each["quantity"], each["price_unit"], each["currency"])
                for each in data["services"]
            ],
            [(self.service.id, 1, 800, "VND"), (self.service_2.id, 1, 240, "VND")],
        )
        self.assertIn("model=crm.booking&view_type=form", data["link_booking_detail"])

    def test_of_a_ticket_with_its_own_services_length_and_seat(self):
        lead = self.make_lead()
        lead.service_ids[1].price_unit = 111  # typed in by staff
        response = self.send(
            "POST",
            "/bookings",
            {
                "ticket_id": str(lead.ticket_ref),
                "start": at(13),
                "seat_id": self.doctor.id,
                "crm_line_ids": [self.service_2.id, self.service_2.id],
                "duration": "45",
            },
        )
        booking = self.assertBooked(response)
        self.assertEqual(booking.seat_id, self.doctor)
        self.assertEqual((booking.duration, booking.stop), (45, utc(13.75)))
        [service] = response.json()["data"]["services"]
        self.assertEqual((service["quantity"], service["price_subtotal"]), (2, 222))

    def test_with_a_lead(self):
        payload = self.new_lead_payload()
        response = self.send("POST", "/bookings", {"lead": payload, "start": at(9)})
        booking = self.assertBooked(response)
        lead = booking.lead_id
        self.assertEqual(lead.contact_name, payload["contact_name"])
        self.assertEqual(lead.lead_api_client_id, self.client)
        self.assertEqual(lead.portrait_id.transport, "scooter")
        entry = lead.lead_api_request_ids
        self.assertEqual((entry.kind, entry.name), ("booking", payload["contact_name"]))

    def test_with_a_lead_of_an_account_that_staff_have_merged(self):
        gone, stayed = self.env["res.partner"].create([{"name": "Bà Ánh"}] * 2)
        payload = self.new_lead_payload(account_id=gone.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone | stayed).ids, stayed)
        self.env.flush_all()
        response = self.send("POST", "/bookings", {"lead": payload, "start": at(9)})
        self.assertEqual(self.assertBooked(response).partner_id, stayed)
        self.assertEqual(response.json()["data"]["account_id"], stayed.id)

    def test_with_a_repeated_lead_that_staff_have_moved(self):
        """A lead of another company is unknown, as by its id."""
        other = self.other_company
        other.resource_calendar_id = self.calendar.copy({"company_id": other.id})
        seat = self.prepare_seat("Nơi khác", company_id=other.id)
        self.env["resource.resource"].create(seat)
        payload = self.new_lead_payload()
        data = self.assertJson(self.send("POST", "/lead", payload), 200)["data"]
        lead = self.env["crm.lead"].browse(data["id_lead"])
        lead.write(
            {
                "company_id": other.id,
                "pricelist_id": self.other_pricelist.id,
                "service_ids": [Command.clear()],
                "user_id": False,
                "team_id": False,
            }
        )
        response = self.send("POST", "/bookings", {"lead": payload, "start": at(9)})
        self.assertError(response, 404, "not_found")
        self.assertFalse(self.env["crm.booking"].search([]))

    def test_errors_of_the_lead_are_named_and_nothing_is_made(self):
        payload = self.new_lead_payload(gender="femal", state_id=self.other_state.id)
        with self.assertNothingMade():
            self.assertErrors(
                self.send(
                    "POST", "/bookings", {"lead": payload, "start": "9h", "duration": 4}
                ),
                [
                    ("lead.gender", "choice"),
                    ("lead.district_id", "mismatch"),
                    ("start", "format"),
                    ("duration", "range"),
                ],
            )

    def test_errors_of_the_lead_alone(self):
        payload = self.new_lead_payload(source_id=self.other_source.id)
        with self.assertNothingMade():
            self.assertErrors(
                self.send("POST", "/bookings", {"lead": payload, "start": at(9)}),
                [("lead.source_id", "mismatch")],
            )
        self.assertFalse(self.env["crm.booking"].search([]))

    def test_all_or_nothing(self):
        """Nothing is left of the lead if the booking is refused."""
        payload = self.new_lead_payload()
        with self.assertNothingMade():
            response = self.send(
                "POST", "/bookings", {"lead": payload, "start": at(20)}
            )
            self.assertEqual(response.status_code, 422)

    def test_one_subject(self):
        lead = self.make_lead()
        self.assertErrors(
            self.send("POST", "/bookings", {"start": at(9)}), [("id_lead", "required")]
        )
        self.assertErrors(
            self.send(
                "POST",
                "/bookings",
                {"id_lead": lead.id, "ticket_id": lead.ticket_ref, "start": at(9)},
            ),
            [("ticket_id", "mismatch")],
        )

    def test_a_ticket_of_several_open_leads(self):
        leads = self.make_lead() + self.make_lead()
        leads.ticket_ref = leads[0].ticket_ref
        response = self.send(
            "POST", "/bookings", {"ticket_id": leads[0].ticket_ref, "start": at(9)}
        )
        body = self.assertError(response, 409, "ambiguous")
        self.assertEqual(set(body["leads"]), set(leads.ids))
        self.assertIn("id_lead", body["message"])

    def test_unknown_records(self):
        self.assertErrors(
            self.send(
                "POST",
                "/bookings",
                {
                    "id_lead": 2**31 - 1,
                    "company_id": self.other_company.id,
                    "seat_id": 2**31 - 1,
                    "crm_line_ids": [self.archived_service.id, self.service.id],
                },
            ),
            [
                ("id_lead", "unknown"),
                ("start", "required"),
                ("company_id", "unknown"),
                ("seat_id", "unknown"),
                ("crm_line_ids.0", "archived"),
            ],
        )

    def test_codes(self):
        self.client.takes_codes = True
        self.service.default_code = "NM"
        lead = self.make_lead()
        response = self.send(
            "POST",
            "/bookings",
            {"id_lead": lead.id, "start": at(9), "crm_line_ids": ["NM"]},
        )
        self.assertEqual(
            self.assertBooked(response).service_ids.product_id, self.service
        )
        payload = self.new_lead_payload(country_id="VN")
        self.assertBooked(
            self.send("POST", "/bookings", {"lead": payload, "start": at(10.5)})
        )

    def test_text_tickets(self):
        self.client.has_text_tickets = True
        payload = self.new_lead_payload(ticket_id="TCK-7")
        response = self.send("POST", "/bookings", {"lead": payload, "start": at(9)})
        booking = self.assertBooked(response)
        self.assertEqual(response.json()["data"]["ticket_id"], "TCK-7")
        booking.action_cancel()
        response = self.send(
            "POST", "/bookings", {"ticket_id": "TCK-7", "start": at(10)}
        )
        self.assertEqual(self.assertBooked(response).lead_id, booking.lead_id)

    def test_branch_of_the_group(self):
        branch = self.env["res.company"].create(
            {"name": "Chi nhánh", "parent_id": self.company.id}
        )
        self.caller.company_ids += branch
        branch.resource_calendar_id = self.calendar
        seat = self.env["resource.resource"].create(
            self.prepare_seat("Phòng 9", company_id=branch.id)
        )
        lead = self.make_lead()
        lead.service_ids.product_id.company_id = False
        response = self.send(
            "POST",
            "/bookings",
            {"id_lead": lead.id, "start": at(9), "company_id": branch.id},
        )
        booking = self.assertBooked(response)
        self.assertEqual((booking.seat_id, booking.company_id), (seat, branch))
        self.assertEqual(booking.group_id, self.company)
        # The customer has an open booking in the group.
        response = self.send("POST", "/bookings", {"id_lead": lead.id, "start": at(10)})
        body = self.assertError(response, 409, "open_booking")
        self.assertEqual(body["booking"]["id_booking"], booking.id)
        self.caller.company_ids += self.other_company
        self.assertErrors(
            self.send(
                "POST",
                "/bookings",
                {
                    "id_lead": lead.id,
                    "start": at(9),
                    "company_id": self.other_company.id,
                },
            ),
            [("company_id", "mismatch")],
        )

    def test_right(self):
        lead = self.make_lead()
        booking = self.book(lead)
        self.client.books_appointments = False
        for method, path, payload in [
            ("POST", "/bookings", {"id_lead": lead.id, "start": at(9)}),
            ("GET", "/bookings", None),
            ("GET", f"/bookings/{booking.code}", None),
            ("PATCH", f"/bookings/{booking.id}", {"note": "x"}),
        ]:
            with self.subTest(method=method, path=path):
                response = self.send(method, path, payload)
                self.assertError(response, 403, "forbidden")
        query = f"company_id={self.company.id}&crm_line_ids={self.service.id}"
        for path in (
            f"/slots?{query}&from=2031-03-03&to=2031-03-03",
            f"/quote?{query}&price_list_id={self.pricelist.id}",
        ):
            self.assertJson(self.send("GET", path), 200)

    def test_dry_run(self):
        payload = self.new_lead_payload()
        with self.assertNothingMade():
            response = self.send(
                "POST", "/bookings?dry_run=1", {"lead": payload, "start": at(9)}
            )
        data = self.assertJson(response, 200)["data"]
        self.assertEqual(list(data), ["dry_run", "booking", "lead", "free", "warnings"])
        self.assertEqual(response.headers["Preference-Applied"], "dry-run")
        booking = data["booking"]
        self.assertEqual(
            [booking[n] for n in ("id_booking", "code", "id_lead", "account_id")],
            [None] * 4,
        )
        self.assertEqual(booking["start"], at(9))
        self.assertEqual(data["lead"]["contact"]["found_by"], "none")
        self.assertEqual(data["free"][0]["start"], at(8))
        self.assertIn(at(9), [free["start"] for free in data["free"]])
        self.assertFalse(self.env["crm.booking"].search([]))

    def test_tests_take_no_seats(self):
        """The bookings of a test token are hidden, and take nothing from customers."""
        token = self.client._generate_token(
            "thử", datetime.now() + timedelta(days=1), is_test=True
        )
        payload = {"lead": self.new_lead_payload(), "start": at(9)}
        response = self.send("POST", "/bookings", payload, token)
        test = self.assertBooked(response)
        self.assertTrue(test.is_lead_api_test)
        self.assertEqual(test.seat_id, self.room)
        live = self.assertBooked(
            self.send(
                "POST", "/bookings", {"lead": self.new_lead_payload(), "start": at(9)}
            )
        )
        self.assertEqual(live.seat_id, self.room)
        self.assertEqual(self.env["crm.booking"].search([]), live)
        items = self.send("GET", "/bookings", token=token).json()["data"]["items"]
        self.assertEqual([each["id_booking"] for each in items], [test.id])
        self.assertEqual(test.lead_id.booking_ids, test)
        self.assertEqual(test.lead_id.booking_count, 1)
        self.assertEqual(test.partner_id.booking_count, 1)
        test.lead_id._delete_tests()
        self.assertFalse(test.exists())

    def test_ignored_fields(self):
        payload = self.new_lead_payload(shoe_size=38)
        response = self.send(
            "POST", "/bookings", {"lead": payload, "start": at(9), "colour": "red"}
        )
        self.assertEqual(
            set(response.headers["X-Ignored-Fields"].split(", ")),
            {"lead.shoe_size", "colour"},
        )
