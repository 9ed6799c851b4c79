# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/lead?ticket_id=``: the leads of a ticket that is a number."""

from odoo.tests import tagged

from .common import ReadCase


@tagged("post_install", "-at_install")
class TestTickets(ReadCase):
    def send(self, **changes):
        return self.assertSuccess(self.post({**self.payload, **changes}))

    def test_by_ticket(self):
        first, second, _other = (
            self.send(),
            self.send(street="2 Lê Lai"),
            self.send(ticket_id=47110),
        )
        page = self.read_data("lead?ticket_id=4711")
        self.assertEqual(
            [item["id_lead"] for item in page["items"]], [second.id, first.id]
        )
        self.assertEqual(self.read_data("lead?ticket_id=5")["items"], [])
        self.assertErrors(self.get("lead"), [("ticket_id", "required")])
        self.assertErrors(self.get("lead?ticket_id=x"), [("ticket_id", "type")])

    def test_short_ticket_beside_many_longer_ones(self):
        lead = self.send(ticket_id=47)
        self.env["crm.lead"].create(
            [
                {
                    "name": "Dài",
                    "company_id": self.company.id,
                    "lead_api_client_id": self.client.id,
                    "ticket_ref": f"{number}47",
                }
                for number in range(1, 121)
            ]
        )
        for written in ("47", "Số 0047/A", "8, 47"):
            lead.ticket_ref = written
            page = self.read_data("lead?ticket_id=47")
            self.assertEqual([item["id_lead"] for item in page["items"]], lead.ids)

    def test_ticket_of_a_merged_lead(self):
        first, second = self.send(), self.send(ticket_id=4712)
        (first | second).merge_opportunity()
        left = (first | second).exists()
        for ticket in (4711, 4712):
            page = self.read_data(f"lead?ticket_id={ticket}")
            self.assertEqual([item["id_lead"] for item in page["items"]], left.ids)
            self.assertCountEqual(page["items"][0]["ticket_ids"], [4711, 4712])
