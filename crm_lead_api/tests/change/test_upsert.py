# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import URL, ChangeCase


class TestUpsert(ChangeCase):
    def put(self, payload, **kwargs):
        return self.change(payload, url=URL, method="PUT", **kwargs)

    def test_the_open_lead_changes(self):
        payload = {**self.payload, "contact_name": "Thảo", "shuttle_bus": None}
        del payload["zalo_acc"]
        data = self.assertChanged(
            self.put(payload), [("customer", "contact_name", None, "Thảo")]
        )
        self.assertIs(data["created"], False)
        self.assertEqual(data["id_lead"], self.lead.id)
        self.assertEqual(self.lead.contact_name, "Thảo")
        self.assertFalse(self.lead.shuttle_bus)
        self.assertEqual(self.lead.zalo_account, self.payload["zalo_acc"])

    def test_a_customer_without_an_account(self):
        """null is "not sent", as for a new lead."""
        payload = {**self.payload, "account_id": None, "ticket_id": 99}
        for created in (True, False, False):
            self.assertIs(self.assertChanged(self.put(payload))["created"], created)
        change = {"account_id": None}
        self.assertErrors(self.change(change), [("account_id", "immutable")])

    def test_null_leaves_what_odoo_copied_from_the_contact(self):
        partner = self.env["res.partner"].create(
            {"name": "Bà Ánh", "phone": "0911 222 333", "email": "anh@example.com"}
        )
        payload = {**self.payload, "account_id": partner.id, "ticket_id": 99}
        payload |= {"phone_no1": None, "email_from": None}
        for created in (True, False, False):
            data = self.put(payload).json()["data"]
            self.assertIs(data["created"], created)
            self.assertIsNone(data["phone_no1"])
            self.env.invalidate_all()
            lead = self.lead.browse(data["id_lead"])
            self.assertEqual(lead.phone, "0911 222 333")
            self.assertEqual(lead.email_from, "anh@example.com")
            self.assertFalse(
                lead.pending_proposal_ids.filtered(lambda p: not p.partner_id)
            )

    def test_a_lead_is_made(self):
        data = self.assertChanged(self.put({**self.payload, "ticket_id": 99}))
        self.assertIs(data["created"], True)
        lead = self.lead.browse(data["id_lead"])
        self.assertNotEqual(lead, self.lead)
        self.assertEqual(lead.partner_id, self.lead.partner_id)
        self.assertEqual(self._get_entries()[0].kind, "upsert")

    def test_an_account_that_staff_have_changed_since(self):
        payload = {**self.payload, "account_id": self.lead.partner_id.id}
        self.assertChanged(self.put(payload))
        other = self.env["res.partner"].create({"name": "Con"})
        self.write_as_staff(partner_id=other.id)
        self.assertJson(self.put(payload), 200)
        self.assertEqual(self.lead.partner_id, other)

    def test_an_archived_lead_does_not_count(self):
        self.lead.probability = 50
        self.lead.action_archive()
        data = self.assertChanged(self.put(self.payload))
        self.assertIs(data["created"], True)
        url = f"{URL}?ticket_id={self.payload['ticket_id']}"
        changed = self.assertChanged(self.change({"work_online": "yes"}, url=url))
        self.assertEqual(changed["id_lead"], data["id_lead"])

    def test_a_closed_lead_does_not_count(self):
        self.lead.with_user(self.agent).action_set_lost()
        data = self.assertChanged(self.put(self.payload))
        self.assertIs(data["created"], True)

    def test_the_whole_body_is_required(self):
        response = self.put({"ticket_id": self.payload["ticket_id"], "street": None})
        self.assertEqual(response.status_code, 422)
        fields = [error["field"] for error in response.json()["errors"]]
        self.assertIn("street", fields)
        self.assertIn("contact_name", fields)

    def test_the_ticket_is_required(self):
        payload = {**self.payload, "ticket_id": None}
        self.assertErrors(self.put(payload), [("ticket_id", "required")])

    def test_all_errors_at_once(self):
        payload = {**self.payload, "gender": "x", "source_id": 999_999}
        del payload["contact_name"]
        self.assertErrors(
            self.put(payload),
            [
                ("contact_name", "required"),
                ("gender", "choice"),
                ("source_id", "unknown"),
            ],
        )

    def test_several_open_leads(self):
        self.assertSuccess(self.post())
        self.assertError(self.put(self.payload), 409, "ambiguous")

    def test_a_new_lead_tells_what_differs_from_the_contact(self):
        payload = {**self.payload, "ticket_id": 99, "contact_name": "Thảo"}
        expected = [("customer", "contact_name", None, "Thảo")]
        self.assertChanged(self.put(payload), expected)
        self.assertChanged(self.put(payload), expected)

    def test_ignored_attributes_are_warned_of(self):
        self.client.has_warnings = True
        for ticket in (self.payload["ticket_id"], 99):
            payload = {**self.payload, "ticket_id": ticket, "colour": "red"}
            data = self.put(payload).json()["data"]
            found = [(each["field"], each["code"]) for each in data["warnings"]]
            self.assertEqual(found, [("colour", "ignored")])
