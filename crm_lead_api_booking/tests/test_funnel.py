# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BookingCase


@tagged("post_install", "-at_install")
class TestFunnel(BookingCase):
    def test_who_booked_and_who_came(self):
        booking = self.book()
        booking.lead_id.first_arrival_date = fields.Datetime.now()
        self.env.flush_all()
        start = fields.Datetime.now() - timedelta(days=1)
        report = self.env["crm.lead.intake.report"]
        funnel = report.get_funnel(fields.Datetime.to_string(start), 7, "company_id")
        names = [each["name"] for each in funnel["figures"]]
        self.assertEqual(names[:5], ["", "contacted", "booked", "arrived", "won"])
        [row] = report.search([("lead_id", "=", booking.lead_id.id)])
        self.assertEqual(
            (row.contacted, row.booked, row.arrived, row.won), (1, 1, 1, 0)
        )
