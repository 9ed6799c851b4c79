# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ..common import URL
from .common import ChangeCase


class TestChangeMerged(ChangeCase):
    def setUp(self):
        super().setUp()
        self.other_client = self._new_client("web")
        self.other_token = self._new_token(self.other_client)
        payload = {
            **self.payload,
            "ticket_id": 88,
            "street": "9 Lý Tự Trọng",
            "shuttle_bus": "",
        }
        self.other_lead = self.assertSuccess(self.post(payload, token=self.other_token))
        leads = self.other_lead | self.lead
        self.kept = leads.with_user(self.agent).merge_opportunity()
        self.gone = leads - self.kept
        self.env.flush_all()

    def test_both_clients_change_the_lead_by_their_tickets(self):
        """A client overwrites neither staff's values nor those of the other client."""
        tokens = {4711: self.token, 88: self.other_token}
        own = 88 if self.kept == self.other_lead else 4711
        for ticket, token in tokens.items():
            url = f"{URL}?ticket_id={ticket}"
            response = self.change({"street": f"Số {ticket}"}, url=url, token=token)
            data = self.assertJson(response, 200)["data"]
            self.assertEqual(data["id_lead"], self.kept.id)
            on_lead = [each for each in data["proposed"] if each["on"] == "lead"]
            self.env.invalidate_all()
            if ticket == own:
                self.assertEqual(on_lead, [])
                self.assertEqual(self.kept.street, f"Số {ticket}")
            else:
                sent = [(e["field"], e["present"], e["sent"]) for e in on_lead]
                self.assertEqual(sent, [("street", None, f"Số {ticket}")])
                self.assertNotEqual(self.kept.street, f"Số {ticket}")

    def test_a_client_leaves_the_proposals_of_the_other_one(self):
        street = [(4711, self.token), (88, self.other_token)]
        if self.kept == self.lead:
            street.reverse()  # first the client whose lead is gone
        for ticket, token in street:
            url, change = f"{URL}?ticket_id={ticket}", {"street": f"Số {ticket}"}
            self.assertJson(self.change(change, url=url, token=token), 200)
        self.env.invalidate_all()
        waiting = self.kept.pending_proposal_ids.filtered(lambda p: not p.partner_id)
        streets = [each.new_values.get("street") for each in waiting]
        self.assertIn(f"Số {street[0][0]}", streets)

    def test_a_client_only_proposes_to_remove_services_of_the_other_one(self):
        token = self.token if self.kept == self.lead else self.other_token
        url, lines = f"{URL}/{self.kept.id}", self.kept.service_ids
        for change in (
            {"crm_line_ids": [self.service.id]},
            {"remove_crm_line_ids": [self.service_2.id]},
        ):
            data = self.assertJson(self.change(change, url, token=token), 200)["data"]
            self.assertEqual([e["field"] for e in data["proposed"]], [*change])
            self.assertEqual(lines.exists(), lines)

    def test_what_staff_accepted_of_the_other_client_is_of_staff(self):
        clients = [(self.client, self.token), (self.other_client, self.other_token)]
        if self.kept == self.lead:
            clients.reverse()  # first the client whose lead is gone
        url, proposals = f"{URL}/{self.kept.id}", []
        for client, token in clients:
            change = {"street": f"Số {client.name}"}
            self.assertJson(self.change(change, url, token=token), 200)
            self.env.invalidate_all()
            waiting = self.kept.pending_proposal_ids.with_user(self.agent)
            proposals.append(waiting.filtered(lambda p: not p.partner_id))
            proposals[0].action_accept()
            self.env.flush_all()
        self.assertEqual(self.kept.street, f"Số {clients[0][0].name}")
        self.assertEqual(proposals[1].new_values["street"], change["street"])
        bodies = "".join(self.kept.message_ids.mapped("body"))
        self.assertIn(f"as {clients[0][0].name} proposed", bodies)

    def test_the_merged_lead_is_gone(self):
        token = self.token if self.gone == self.lead else self.other_token
        url = f"{URL}/{self.gone.id}"
        self.assertError(self.change({}, url=url, token=token), 404, "not_found")


class TestChangeMergedIntoStaffs(ChangeCase):
    def test_a_change_that_makes_a_proposal_obsolete(self):
        """The client has no rights on the proposals of a lead of staff."""
        partner = self.lead.partner_id
        partner.write({"name": "Bà Ánh", "email": "rieng@example.com"})
        of_staff = self.env["crm.lead"].with_user(self.agent)
        of_staff = of_staff.create({"name": "Hẹn", "partner_id": partner.id})
        of_staff.probability = 90  # Odoo keeps the lead of the highest probability.
        expected = [
            ("customer", name, None, self.payload[name])
            for name in ("contact_name", "email_from")
        ]
        kept = (of_staff | self.lead.with_user(self.agent)).merge_opportunity()
        self.assertEqual(kept, of_staff)
        self.env.flush_all()
        put = {"url": URL, "method": "PUT"}
        data = self.assertJson(self.change(self.payload, **put), 200)["data"]
        self.assertEqual(data["id_lead"], kept.id)
        on_contact = [
            (each["on"], each["field"], each["present"], each["sent"])
            for each in data["proposed"]
            if each["on"] == "customer"
        ]
        self.assertEqual(on_contact, expected)
        payload = {**self.payload, "contact_name": "Bà Ánh"}
        data = self.assertJson(self.change(payload, **put), 200)["data"]
        fields = [e["field"] for e in data["proposed"] if e["on"] == "customer"]
        self.assertEqual(fields, ["email_from"])
        self.env.invalidate_all()
        pending = self.lead.browse(kept.id).pending_proposal_ids
        pending = pending.filtered("partner_id")
        self.assertEqual(pending.mapped("subject"), ["email"])

    def test_account_and_company_of_a_merged_lead(self):
        """Of a lead of the same client, and of a lead of another one."""
        other_client = self._new_client("web")
        other_token = self._new_token(other_client)
        companies = self.company + self.other_company
        for client in self.client | other_client:
            client.company_ids = companies
        self.env.flush_all()
        partners = self.env["res.partner"].create([{"name": "Bà Ánh"}] * 2)
        sent = {
            **self.payload,
            "company_id": self.other_company.id,
            "price_list_id": self.other_pricelist.id,
            "crm_line_ids": self.service_2.ids,
        }
        leads, payloads = self.lead, []
        for ticket, partner, token in zip(
            (5, 6), partners, (self.token, other_token), strict=True
        ):
            payload = {**sent, "ticket_id": ticket, "account_id": partner.id}
            payloads.append((payload, token))
            leads |= self.assertSuccess(self.post(payload, token=token))
        self.lead.probability = 90
        self.assertEqual(leads.merge_opportunity(), self.lead)
        self.env.flush_all()
        for payload, token in payloads:
            with self.subTest(payload["ticket_id"]):
                answer = self.change(payload, URL, "PUT", token=token)
                data = self.assertJson(answer, 200)["data"]
                self.assertEqual(data["id_lead"], self.lead.id)
                self.assertEqual(data["account_id"], self.lead.partner_id.id)
                self.assertEqual(data["company_id"], self.company.id)
                self.assertEqual(data["price_list_id"], self.pricelist.id)
                fields = [each["field"] for each in data["proposed"]]
                self.assertIn("price_list_id", fields)

    def test_what_staff_typed_is_not_shown(self):
        secret = {"contact_name": "Bí mật", "phone": "0911 222 333", "gender": "male"}
        of_staff = self.env["crm.lead"].with_user(self.agent)
        of_staff = of_staff.create({"name": "Hẹn", "probability": 90, **secret})
        kept = (of_staff | self.lead.with_user(self.agent)).merge_opportunity()
        self.assertEqual(kept, of_staff)
        self.env.flush_all()
        data = self.assertJson(self.read_lead(kept), 200)["data"]
        names = ("contact_name", "phone_no1", "gender", "street")
        self.assertEqual([data[name] for name in names], [None] * 4)
        self.change({"street": "9"}, f"{URL}/{kept.id}")
        self.env.invalidate_all()
        data = self.assertJson(self.read_lead(kept), 200)["data"]
        self.assertEqual([data[name] for name in names[:3]], [None] * 3)
