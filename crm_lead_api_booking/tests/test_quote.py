# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import BookingHttpCase


@tagged("post_install", "-at_install")
class TestQuote(BookingHttpCase):
    def test_quote(self):
        path = f"/quote?company_id={self.company.id}&price_list_id={{}}" + "".join(
            f"&crm_line_ids={service.id}"
            for service in (self.service_2, self.service, self.service_2)
        )
        response = self.send("GET", path.format(self.pricelist.id))
        data = self.assertJson(response, 200)["data"]
        self.assertEqual(
            [
                (each["id"], each["quantity"], each["price_subtotal"])
                for each in data["services"]
            ],
            [(self.service_2.id, 2, 480), (self.service.id, 1, 800)],
        )
        self.assertEqual((data["total"], data["currency"]), (1280, "VND"))
        self.assertErrors(
            self.send("GET", path.format(self.other_pricelist.id)),
            [("price_list_id", "unknown")],
        )
        response = self.send("GET", "/quote?crm_line_ids=1,6")
        error = self.assertJson(response, 422)["errors"][-1]
        self.assertEqual((error["field"], error["code"]), ("crm_line_ids.0", "type"))
        self.assertIn("crm_line_ids=1&crm_line_ids=6", error["message"])
        self.assertErrors(
            self.send("GET", "/quote"),
            [
                ("company_id", "required"),
                ("price_list_id", "required"),
                ("crm_line_ids", "required"),
            ],
        )
