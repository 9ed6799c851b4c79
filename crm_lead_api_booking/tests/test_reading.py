# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import BookingHttpCase, at


@tagged("post_install", "-at_install")
class TestReading(BookingHttpCase):
    def list_bookings(self, query, token=None):
        response = self.send("GET", f"/bookings?{query}", token=token)
        data = self.assertJson(response, 200)["data"]
        return [each["id_booking"] for each in data["items"]], data["next_cursor"]

    def test_by_id_and_code(self):
        booking = self.book()
        for name in (booking.id, booking.code):
            response = self.send("GET", f"/bookings/{name}")
            self.assertEqual(self.assertBooked(response), booking)
        etag = response.headers["ETag"]
        response = self.send("GET", f"/bookings/{booking.id}", If_None_Match=etag)
        self.assertEqual(response.status_code, 304)

    def test_no_such_booking(self):
        """The answer names the booking, and not the address."""
        for name in ("999999999", "BK-2026-999999", "é", "a%00b", "9" * 30):
            for method, payload in (("GET", None), ("PATCH", {"state": "confirmed"})):
                with self.subTest(name=name, method=method):
                    response = self.send(method, f"/bookings/{name}", payload)
                    body = self.assertError(response, 404, "not_found")
                    self.assertIn("no booking", body["message"])

    def test_lists(self):
        first, second = self.book(), self.book(hour=9, day=1)
        ids = [first.id, second.id]
        self.assertEqual(self.list_bookings("")[0], ids)
        self.assertEqual(
            self.list_bookings(f"ticket_id={second.lead_id.ticket_ref}")[0], [second.id]
        )
        phone = first.lead_id.phone
        self.assertEqual(self.list_bookings(f"phone={phone}")[0], [first.id])
        self.assertEqual(self.list_bookings(f"phone=%2B84{phone[1:]}")[0], [first.id])
        branch = f"company_id={self.company.id}"
        self.assertEqual(self.list_bookings(branch)[0], ids)
        self.assertEqual(self.list_bookings(f"{branch}&day=2031-03-04")[0], [second.id])
        self.assertEqual(self.list_bookings(f"{branch}&day=2031-03-05")[0], [])
        self.assertErrors(
            self.send("GET", "/bookings?day=2031-03-04"), [("company_id", "required")]
        )
        self.assertEqual(
            self.list_bookings("updated_since=2100-01-01T00:00:00Z")[0], []
        )

    def test_an_empty_phone(self):
        """Refuse an empty phone, which is not everybody's."""
        self.book()
        for phone in ("", "%20"):
            response = self.send("GET", f"/bookings?phone={phone}")
            self.assertErrors(response, [("phone", "required")])

    def test_pages(self):
        bookings = [self.book(day=day).id for day in range(3)]
        ids, cursor = self.list_bookings("limit=2")
        more, end = self.list_bookings(f"limit=2&cursor={cursor}")
        self.assertEqual(ids + more, bookings)
        self.assertIsNone(end)

    def test_own_ones_or_all_by_right(self):
        booking = self.book()
        other = self._new_client("khac", books_appointments=True)
        token = self._new_token(other)
        self.assertEqual(self.list_bookings("", token)[0], [])
        self.assertError(
            self.send("GET", f"/bookings/{booking.id}", token=token), 404, "not_found"
        )
        other.reads_all_leads = True
        self.assertEqual(self.list_bookings("", token)[0], [booking.id])

    def test_slots(self):
        self.book()
        path = f"/slots?company_id={self.company.id}&crm_line_ids={self.service.id}"
        response = self.send("GET", f"{path}&from=2031-03-03&to=2031-03-03")
        slots = self.assertJson(response, 200)["data"]["slots"]
        self.assertEqual(
            slots[0],
            {"start": at(8), "end": at(9), "seats": [self.room.id, self.room_2.id]},
        )
        by_start = {slot["start"]: slot["seats"] for slot in slots}
        self.assertEqual(by_start[at(9)], [self.room_2.id])
        self.assertEqual(slots[-1]["start"], at(16))
        response = self.send(
            "GET", f"{path}&from=2031-03-03T16:00:00%2B07:00&to=2031-03-04T01:00:00Z"
        )
        slots = self.assertJson(response, 200)["data"]["slots"]
        self.assertEqual([slot["start"] for slot in slots], [at(16), at(8, 1)])

    def test_wrong_slots(self):
        path = f"/slots?company_id={self.company.id}&crm_line_ids={self.service.id}"
        response = self.send("GET", f"{path}&from=2031-03-01&to=2031-03-31")
        self.assertJson(response, 200)
        for bounds, error in (
            ("from=2031-03-01&to=2031-04-01", ("to", "range")),
            ("from=2031-03-01&to=2031-02-01", ("to", "range")),
            ("from=x&to=2031-02-01", ("from", "format")),
            ("from=2031-03-01&to=2031-03-02T08:00:00", ("to", "format")),
            ("from=2031-03-01", ("to", "required")),
        ):
            with self.subTest(bounds):
                self.assertErrors(self.send("GET", f"{path}&{bounds}"), [error])

    def test_years_without_calendars(self):
        slots = f"/slots?company_id={self.company.id}&crm_line_ids={self.service.id}"
        for path, name in (
            (f"{slots}&from=9999-12-31&to=9999-12-31", "from"),
            (f"{slots}&from=0001-01-01&to=0001-01-02", "from"),
            (f"/bookings?company_id={self.company.id}&day=9999-12-31", "day"),
            (f"/bookings?company_id={self.company.id}&day=0001-01-01", "day"),
        ):
            with self.subTest(path):
                body = self.assertJson(self.send("GET", path), 422)
                error = body["errors"][0]
                self.assertEqual((error["field"], error["code"]), (name, "range"))
                self.assertIn("1900", error["message"])
        payload = {"id_lead": self.make_lead().id, "start": "9999-12-20T09:00:00+07:00"}
        response = self.send("POST", "/bookings", payload)
        self.assertErrors(response, [("start", "range")])
        path = "/bookings?updated_since=0001-01-01T00:00:00Z"
        self.assertJson(self.send("GET", path), 200)

    def test_bookings_of_a_customer(self):
        self.client.looks_up_customers = True
        lead = self.make_lead()
        done = [self.book(lead, day=day, state="done") for day in range(11)]
        booking = self.book(lead, day=1, hour=15)
        path = f"/customers?phone={lead.phone}&agent_email=lan@example.com"
        response = self.send("GET", f"{path}&include=bookings")
        [customer] = self.assertJson(response, 200)["data"]["customers"]
        ids = [each["id_booking"] for each in customer["bookings"]]
        self.assertEqual(ids[0], booking.id)
        self.assertEqual(ids[1:], [each.id for each in reversed(done[2:])])
        self.client.books_appointments = False
        response = self.send("GET", f"{path}&include=bookings")
        [customer] = self.assertJson(response, 200)["data"]["customers"]
        self.assertEqual(customer["bookings"], [])

    def test_right_to_book(self):
        document = self.assertJson(self.send("GET", "/openapi.json"), 200)
        described = document["components"]["schemas"]["Rights"]
        for is_allowed in (True, False):
            self.client.books_appointments = is_allowed
            body = self.assertJson(self.send("GET", "/me"), 200)
            rights = body["data"]["rights"]
            self.assertIs(rights["books_appointments"], is_allowed)
            self.assertIs(rights["replays_content"], True)
            self.assertEqual(described["required"], list(rights))

    def test_document(self):
        response = self.send("GET", "/openapi.json")
        document = self.assertJson(response, 200)
        self.assertIn("patch", document["paths"]["/api/v1/bookings/{booking}"])
        keys = [
            each["description"]
            for each in document["paths"]["/api/v1/bookings"]["post"]["parameters"]
            if each["name"] == "Idempotency-Key"
        ]
        self.assertIn("makes no second booking", str(keys))
        self.assertIn("không tạo lịch hẹn thứ hai", str(keys))
        schemas = document["components"]["schemas"]
        self.assertIn("free", schemas["BookingErrorResponse"]["properties"])
        self.assertIn("booking.moved", schemas["Event"]["properties"]["type"]["enum"])
        self.assertIn("booking", schemas["EventData"]["properties"])
        lead = schemas["BookingRequest"]["properties"]["lead"]
        self.assertIn("LeadRequest", str(lead))
