# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/lead?ticket_id=``: the leads of a ticket that is a number."""

import runpy
from datetime import timedelta
from pathlib import Path

from odoo.tests import tagged

from .common import ReadCase

ADDON = Path(__file__).parents[2]
SCRIPT = ADDON / "migrations" / "19.0.8.1.0" / "post-migrate.py"


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

    def test_ticket_of_a_lead_that_staff_made(self):
        sent = self.send()
        kept = sent.create({"name": "Thảo", "ticket_ref": "77", "probability": 100})
        kept.company_id = self.company
        (sent | kept).merge_opportunity()
        self.assertEqual(kept.exists().ticket_ref, "77, 4711")
        data = self.read_data(f"lead/{kept.id}")
        self.assertEqual((data["ticket_id"], data["ticket_ids"]), (4711, [4711, 77]))
        self.assertEqual(self.read_data("lead?ticket_id=77")["items"], [data])

    def test_tickets_of_two_clients_stay_with_the_merged_lead(self):
        """Also when the log has forgotten them, and after another merge."""
        other = self._new_client("chatbot", has_text_tickets=True)
        tokens = {4711: self.token, "4712": self._new_token(other)}

        def send(ticket, method, path="", payload=None):
            response = self.post(
                payload or {},
                token=tokens[ticket],
                url=f"/api/v1/lead{path}",
                method=method,
                headers={"Idempotency-Key": ""},
                **({"json": None} if method == "GET" else {}),
            )
            self.assertEqual(response.status_code, 200, response.text)
            return response.json()["data"]

        leads = self.env["crm.lead"]
        for ticket in tokens:
            data = send(ticket, "POST", payload={**self.payload, "ticket_id": ticket})
            leads |= leads.browse(data["id_lead"])
        own = leads.create({"name": "Của nhân viên", "company_id": self.company.id})
        leads._merge_opportunity()
        (leads.exists() | own)._merge_opportunity()
        merged = (leads | own).exists()
        # A lead that was merged before the update has what the log still knows.
        kept, merged.lead_api_tickets = merged.lead_api_tickets, False
        self.env.flush_all()
        runpy.run_path(SCRIPT)["migrate"](self.env.cr, "19.0.8.0.0")
        merged.invalidate_recordset()
        self.assertEqual(merged.lead_api_tickets, kept)
        for entry in self.env["crm.lead.api.request"].search([]):
            entry.date -= timedelta(days=400)
        cron = self.env.ref("crm_lead_api.ir_cron_forget_payloads")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(any(merged.lead_api_request_ids.mapped("ticket_ref")))
        count = leads.search_count([])
        for ticket in tokens:
            with self.subTest(ticket):
                page = send(ticket, "GET", f"?ticket_id={ticket}")
                [item] = page["items"]
                self.assertEqual(item["id_lead"], merged.id)
                self.assertEqual(item["ticket_ids"], [ticket])
                changed = send(ticket, "PATCH", f"?ticket_id={ticket}", {"street": "1"})
                self.assertEqual(changed["id_lead"], merged.id)
                payload = {**self.payload, "ticket_id": ticket}
                put = send(ticket, "PUT", payload=payload)
                self.assertEqual((put["id_lead"], put["created"]), (merged.id, False))
                note = {"text": "Gọi lại", "agent_email": self.agent.login}
                noted = send(ticket, "POST", f"/notes?ticket_id={ticket}", note)
                self.assertEqual(noted["id_lead"], merged.id)
            self.client.active = False  # its tickets are still not the other's
        self.assertEqual(leads.search_count([]), count)
