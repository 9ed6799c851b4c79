# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from ..common import URL
from .common import ChangeCase


class TestChangeRecords(ChangeCase):
    def test_all_errors_at_once(self):
        response = self.change(
            {
                "gender": "x",
                "state_id": self.other_state.id,
                "source_id": 999_999,
            }
        )
        self.assertErrors(
            response,
            [
                ("gender", "choice"),
                ("district_id", "mismatch"),
                ("source_id", "unknown"),
            ],
        )

    def test_records_have_to_be_of_the_leads_company(self):
        client = self._new_client("tong-dai-chung")
        client.company_ids = self.company + self.other_company
        token = self._new_token(client)
        lead = self.assertSuccess(self.post({**self.payload}, token=token))
        response = self.change(
            {"price_list_id": self.other_pricelist.id},
            url=f"{URL}/{lead.id}",
            token=token,
        )
        self.assertErrors(response, [("price_list_id", "unknown")])

    def test_a_contact_that_the_client_does_not_see_any_more(self):
        """A value that Odoo took from the contact is not one of staff."""
        contact = {
            "name": "Bà Ánh",
            "email": "anh@example.com",
            "phone": "0911 222 333",
        }
        partner = self.env["res.partner"].create(contact)
        payload = {**self.payload, "account_id": partner.id, "email_from": None}
        lead = self.assertSuccess(self.post({**payload, "ticket_id": 5}))
        self.assertEqual(lead.email_from, "anh@example.com")
        partner.company_id = self.other_company
        self.env.flush_all()
        data = self.change({"email_from": "moi@example.com"}, url=f"{URL}/{lead.id}")
        self.assertChanged(data, [("customer", "email_from", None, "moi@example.com")])
        self.assertEqual(lead.email_from, "moi@example.com")
        self.assertEqual(partner.email, "anh@example.com")

    def test_another_addon_gets_the_records_of_a_change(self):
        leads, seen = type(self.lead), []
        prepare = leads._prepare_change_values

        def look(lead, payload, records):
            seen.append({name: records[name].id for name in ("state_id", "source_id")})
            return prepare(lead, payload, records)

        with patch.object(leads, "_prepare_change_values", look):
            self.change({"street": "2 Hai Bà Trưng", "state_id": self.state.id})
        self.assertEqual(
            seen, [{"state_id": self.state.id, "source_id": self.source.id}]
        )
