# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import BookingHttpCase, at, utc

UNITS, MINUTES, TOTAL = 3, 90, 300  # of the second service


@tagged("post_install", "-at_install")
class TestQuantities(BookingHttpCase):
    """Three units of a service take three times as long, and have the price of three,
    wherever one asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.pricelist.item"].create(
            {
                "pricelist_id": cls.pricelist.id,
                "applied_on": "0_product_variant",
                "product_id": cls.service_2.id,
                "min_quantity": UNITS,
                "compute_price": "fixed",
                "fixed_price": TOTAL / UNITS,
            }
        )
        cls.ids = cls.service_2.ids * UNITS

    def assertThree(self, booking):
        self.assertEqual(booking.duration, MINUTES)
        line = booking.service_ids
        self.assertEqual((line.quantity, line.price_subtotal), (UNITS, TOTAL))

    def test_requests(self):
        lead = self.make_lead(crm_line_ids=self.service_2.ids)
        query = f"company_id={self.company.id}" + "".join(
            f"&crm_line_ids={service_id}" for service_id in self.ids
        )
        response = self.send("GET", f"/quote?{query}&price_list_id={self.pricelist.id}")
        self.assertEqual(self.assertJson(response, 200)["data"]["total"], TOTAL)
        day = at(0)[:10]
        response = self.send("GET", f"/slots?{query}&from={day}&to={day}")
        slot = self.assertJson(response, 200)["data"]["slots"][0]
        begin, end = (datetime.fromisoformat(slot[name]) for name in ("start", "end"))
        self.assertEqual(end - begin, timedelta(minutes=MINUTES))
        body = {"id_lead": lead.id, "start": at(9), "crm_line_ids": self.ids}
        booking = self.assertBooked(self.send("POST", "/bookings", body))
        self.assertThree(booking)

    @freeze_time("2031-03-02 03:00:00")  # Sunday
    def test_book(self):
        """*Book* holds the room for all units that the lead has, on one line or two."""
        for quantities in ((UNITS,), (1, UNITS - 1)):
            lead = self.make_lead()
            lead.service_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {"product_id": self.service_2.id, "quantity": quantity}
                    )
                    for quantity in quantities
                ),
            ]
            action = lead.with_user(self.agent).action_book()
            dialogs = self.env[action["res_model"]]
            wizard = Form(dialogs.with_context(**action["context"])).save()
            self.assertEqual(wizard.duration, MINUTES)
            wizard.slot = wizard.slot_choices["slots"][0]
            wizard.action_book()
            self.assertThree(lead.booking_ids)

    def test_form(self):
        form = Form(self.env["crm.booking"].with_user(self.manager))
        form.lead_id = self.make_lead(crm_line_ids=self.service_2.ids)
        form.start = utc(9)
        form.seat_id = self.room
        with form.service_ids.new() as line:
            line.product_id = self.service_2
            line.quantity = UNITS
        self.assertThree(form.save())

    def test_a_price_that_was_agreed_on(self):
        """Keep a price that staff typed in on the lead, for any quantity."""
        lead = self.make_lead(crm_line_ids=self.service_2.ids)
        lead.service_ids.price_unit = 222
        booking = self.book(
            lead,
            service_ids=[
                Command.create({"product_id": self.service_2.id, "quantity": UNITS})
            ],
        )
        self.assertEqual(booking.service_ids.price_unit, 222)

    def test_changes(self):
        """More units have their own price, unless staff typed one in; minutes that
        staff typed in stay."""
        lines = [Command.create({"product_id": self.service_2.id})]
        for price, minutes in ((TOTAL / UNITS, 30), (222, 40)):
            booking = self.book(service_ids=lines)
            if price == 222:
                booking.service_ids.write({"price_unit": price, "duration": minutes})
            body = {"add_crm_line_ids": self.ids[1:]}
            self.assertBooked(self.send("PATCH", f"/bookings/{booking.code}", body))
            self.assertEqual(booking.service_ids.price_unit, price)
            self.assertEqual(booking.duration, UNITS * minutes)
            booking.action_cancel()

    def test_a_service_on_two_lines(self):
        """Units that staff entered on two lines are all kept."""
        lines = [Command.create({"product_id": self.service_2.id})] * 2
        booking = self.book(service_ids=lines)
        body = {"add_crm_line_ids": self.service_2.ids}
        self.assertBooked(self.send("PATCH", f"/bookings/{booking.code}", body))
        self.assertThree(booking)

    def test_a_service_on_two_lines_of_different_minutes(self):
        """The time of both is needed after a change of another service."""
        self.service.booking_duration = 30
        lines = [
            Command.create({"product_id": self.service_2.id, "duration": minutes})
            for minutes in (60, 30)
        ]
        booking = self.book(hour=8, service_ids=lines)
        next_one = self.book(hour=9.5)
        path = f"/bookings/{booking.code}"
        body = {"add_crm_line_ids": self.service.ids}
        self.assertError(self.send("PATCH", path, body), 409, "slot_taken")
        next_one.action_cancel()
        self.assertBooked(self.send("PATCH", path, body))
        self.assertEqual(booking.duration, 120)
        # More units take the minutes of the first line, which they are added to.
        body = {"add_crm_line_ids": self.service_2.ids}
        self.assertBooked(self.send("PATCH", path, body))
        self.assertEqual(booking.duration, 30 + 60 * UNITS)
