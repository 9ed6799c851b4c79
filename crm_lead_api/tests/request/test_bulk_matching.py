# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the customers of many leads in one request."""

from odoo.tests import tagged

from .common import BulkCase


@tagged("post_install", "-at_install")
class TestBulkMatching(BulkCase):
    """Leads of one call are as if they had been sent one after the other."""

    def _make(self, *leads):
        results = self.assertResults(self.send(*leads), [200] * len(leads))
        return self._get_leads(results)

    def test_one_phone_is_one_contact(self):
        phone = {"phone_no1": "0977 000 001"}
        leads = self._make(
            self._lead(1, **phone, contact_name="Ánh", birth_date=None),
            self._lead(2),
            self._lead(3, phone_no1="+84 977000001", phone_no2="0977 000 009"),
            self._lead(4, **phone, contact_name="Anh Ánh", birth_date="1992-10-20"),
        )
        partner = leads[0].partner_id
        self.assertEqual(leads.mapped("match_method"), ["none", "none"] + ["phone"] * 2)
        self.assertEqual([each.partner_id for each in leads[2:]], [partner] * 2)
        self.assertNotEqual(leads[1].partner_id, partner)
        # The later ones fill up what is empty, and propose the rest.
        self.assertEqual(partner.name, "Ánh")
        self.assertEqual(partner.phone2, "0977 000 009")
        self.assertEqual(str(partner.birthdate_date), "1992-10-20")
        proposals = leads.proposal_ids
        self.assertEqual(
            [(each.lead_id, each.subject, each.new_text) for each in proposals],
            [(leads[2], "name", "Khách 3"), (leads[3], "name", "Anh Ánh")],
        )

    def test_a_phone_that_an_earlier_one_fills_in(self):
        """The second names a phone, which the contact has only since the first."""
        partner = self.env["res.partner"].create(
            {"name": "Ánh", "phone": "0977000001", "country_id": self.country.id}
        )
        leads = self._make(
            self._lead(1, phone_no1="0977 000 001", phone_no2="0977 000 002"),
            self._lead(2, phone_no1="0977 000 002"),
        )
        self.assertEqual(leads.partner_id, partner)
        self.assertEqual(leads.mapped("match_value"), ["+84977000001", "+84977000002"])

    def test_an_email_that_an_earlier_one_fills_in(self):
        """On a contact whose name is another than the one that was sent."""
        partner = self.env["res.partner"].create({"name": "Lan", "phone": "0911000009"})
        email = {"email_from": "lan@example.com"}
        leads = self._make(
            self._lead(1, **email, phone_no1="0911000009", contact_name="Nguyễn Lan"),
            self._lead(2, **email, contact_name="Lan"),
        )
        self.assertEqual(leads.mapped("match_method"), ["phone", "email"])
        self.assertEqual(leads.partner_id, partner)

    def test_email_and_name(self):
        email = {"email_from": "thao.tran@example.com"}
        leads = self._make(
            self._lead(1, **email, contact_name="Nguyễn Ánh"),
            self._lead(2, **email, contact_name="nguyen anh"),
            self._lead(3, **email, contact_name="Trần Đức"),
        )
        self.assertEqual(leads.mapped("match_method"), ["none", "email", "none"])
        self.assertEqual(leads[0].partner_id, leads[1].partner_id)
        self.assertNotEqual(leads[0].partner_id, leads[2].partner_id)

    def test_account(self):
        partner = self.env["res.partner"].create({"name": "Ánh"})
        account = {"account_id": partner.id}
        leads = self._make(
            self._lead(1, **account, phone_no1="0977 000 001"),
            self._lead(2, **account, phone_no2="0977 000 002"),
            self._lead(3, phone_no1="0977 000 002"),
        )
        self.assertEqual(leads.partner_id, partner)
        self.assertEqual(partner.phone2, "0977 000 002")
        methods = ["account", "account", "phone"]
        self.assertEqual(leads.mapped("match_method"), methods)

    def test_other_company(self):
        """A new contact is of no company: leads of another one find it."""
        self.client.company_ids += self.other_company
        other = {
            "company_id": self.other_company.id,
            "price_list_id": self.other_pricelist.id,
            "crm_line_ids": [self.service_2.id],
        }
        lead = self._lead(1)
        leads = self._make(lead, {**lead, **other, "ticket_id": 2})
        self.assertEqual(len(leads.partner_id), 1)

    def test_as_one_after_the_other(self):
        """Leads that share phones find the same customers as single requests, by the
        same number, with the same proposals."""
        numbers = ("0977 100 001", "0977 100 002", "0977 100 003")
        pairs = [(0, 1), (2, None), (1, 2), (None, 0), (1, None), (2, 0)]

        def make_leads(prefix):
            phones = [number.replace("0977", prefix) for number in numbers]
            for ticket, (first, second) in enumerate(pairs, 1):
                own = f"{prefix} 555 00{ticket}"
                yield self._lead(
                    ticket,
                    phone_no1=own if first is None else phones[first],
                    phone_no2=None if second is None else phones[second],
                    facebook_acc=f"fb{ticket % 2}",
                    birth_date=None if ticket == 1 else "1990-01-01",
                )

        def describe(leads):
            return [
                (
                    lead.match_method,
                    [*leads.partner_id].index(lead.partner_id),
                    len(lead.match_candidate_ids),
                    lead.proposal_ids.mapped("subject"),
                )
                for lead in leads
            ]

        together = self._make(*make_leads("0977"))
        singly = self.env["crm.lead"]
        for lead in make_leads("0966"):
            singly += self.assertSuccess(self.post(lead))
        self.assertEqual(describe(together), describe(singly))
