# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A customer is made once, and data of staff are never overwritten."""

from odoo.tests import tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestCustomer(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create(
            {
                "name": "Bà Ánh",
                "phone": "0912 345 678",
                "phone2": "+84 28 3822 1111",
                "phone3": "0987.654.321",
                "country_id": self.country.id,
            }
        )

    def test_account_names_the_customer(self):
        lead = self.create_lead(account_id=self.partner.id)
        self.assertEqual(lead.partner_id, self.partner)

    def test_any_phone_finds_any_phone(self):
        for name in ("phone_no1", "phone_no2", "phone_no3"):
            for number in (
                "0912345678",
                "0912 345 678",
                "091.234.5678",
                "+84912345678",
                "84912345678",
                "0084912345678",
                "028 3822 1111",
                "(028) 3822-1111",
                "+84 987 654 321",
            ):
                with self.subTest(name, number=number):
                    lead = self.create_lead(**{name: number})
                    self.assertEqual(lead.partner_id, self.partner)
                    self.assertEqual(
                        lead[name.replace("_no1", "").replace("_no", "")], number
                    )

    def test_filler_is_kept_and_finds_nobody(self):
        for number in ("0000000000", "123456", "máy lẻ 12", "-"):
            self.partner.phone2 = number
            with self.subTest(number):
                lead = self.create_lead(phone_no1=number, phone_no2="", phone_no3="")
                self.assertNotEqual(lead.partner_id, self.partner)
                self.assertEqual(lead.phone, number)

    def test_nobody_found_makes_a_contact_once(self):
        partner = self.create_lead().partner_id
        self.assertNotEqual(partner, self.partner)
        self.assertEqual(partner.create_uid, self.caller)
        self.assertEqual(self.create_lead(phone_no2=None).partner_id, partner)

    def test_the_oldest_of_several_is_taken(self):
        self.partner.copy({"phone": self.partner.phone})
        lead = self.create_lead(phone_no1=self.partner.phone)
        self.assertEqual(lead.partner_id, self.partner)

    def test_archived_or_foreign_contact_is_not_found(self):
        self.partner.company_id = self.other_company
        lead = self.create_lead(phone_no1=self.partner.phone)
        self.assertNotEqual(lead.partner_id, self.partner)
        lead.partner_id.active = False
        again = self.create_lead(phone_no1=self.partner.phone)
        self.assertNotEqual(again.partner_id, lead.partner_id)

    def test_the_clinic_itself_is_no_customer(self):
        """Callers send its hotline in place of a phone."""
        hotline = "0900 000 999"
        contacts = (self.company | self.other_company).partner_id
        contacts.write({"phone": hotline, "email": "thao.tran@example.com"})
        contacts[0].name = self.payload["contact_name"]
        self.other_company.active = False
        lead = self.create_lead(phone_no1=hotline, phone_no2=None, phone_no3=None)
        self.assertEqual(lead.match_method, "none")
        self.assertFalse(lead.match_candidate_ids)
        lead = self.create_lead(account_id=contacts[1].id, email_from="an@example.com")
        self.assertEqual(lead.partner_id, contacts[1])
        self.assertEqual(contacts[1].name, self.other_company.name)
        self.assertFalse(contacts[1].gender or contacts[1].phone2)
        self.assertFalse(lead.proposal_ids)

    def test_the_hotline_joins_no_customers(self):
        self.company.partner_id.phone = hotline = "0900 000 999"
        phones = {"phone_no1": hotline, "phone_no2": None, "phone_no3": None}
        first, second = (
            self.create_lead(contact_name=name, email_from=None, **phones)
            for name in ("An", "Bình")
        )
        self.assertEqual(first.partner_id.phone, hotline)
        self.assertNotEqual(first.partner_id, second.partner_id)
        self.assertEqual(second.match_method, "none")

    def test_a_company_is_no_person(self):
        company = self.env["res.partner"].create(
            {"name": "Công ty", "is_company": True}
        )
        lead = self.create_lead(account_id=company.id)
        self.assertFalse(company.gender or company.birthdate_date)
        self.assertFalse(company.overseas_vietnamese)
        self.assertEqual(lead.contact_name, self.payload["contact_name"])
        self.assertNotIn("name", lead.proposal_ids.mapped("subject"))

    def _read_row(self, record):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT * FROM {record._table} WHERE id = %s", [record.id])
        return self.env.cr.dictfetchone()

    def test_nothing_of_a_known_contact_changes(self):
        self.partner.write(
            {
                "email": "anh.rieng@example.com",
                "street": "1 Tràng Tiền",
                "district_id": self.other_district.id,
                "state_id": self.other_state.id,
                "gender": "other",
                "birthdate_date": "1970-01-01",
                "facebook_account": "fb",
                "zalo_account": "zalo",
                "overseas_vietnamese": "no",
            }
        )
        earlier = self.env["crm.lead"].create(
            {"name": "Cũ", "partner_id": self.partner.id, "company_id": self.company.id}
        )
        before = self._read_row(self.partner), self._read_row(earlier)
        lead = self.create_lead(account_id=self.partner.id)
        self.assertEqual(
            (self._read_row(self.partner), self._read_row(earlier)), before
        )
        self.assertEqual(
            (lead.phone, lead.email_from, lead.contact_name, lead.street),
            (
                "0900 000 202",
                "thao.tran@example.com",
                "Trần Thị Thanh Thảo",
                "12 Lê Lợi",
            ),
        )
        self.env.invalidate_all()
        self.assertEqual((lead.phone, lead.state_id), ("0900 000 202", self.state))

    def test_blanks_are_filled(self):
        self.partner.write({"phone2": False, "phone3": False})
        self.create_lead(account_id=self.partner.id)
        self.assertEqual(
            (self.partner.name, self.partner.phone), ("Bà Ánh", "0912 345 678")
        )
        self.assertEqual(self.partner.phone2, "0900 000 203")
        self.assertEqual(self.partner.email, "thao.tran@example.com")
        self.assertEqual(self.partner.gender, "female")
        self.assertEqual(
            (self.partner.street, self.partner.district_id, self.partner.state_id),
            ("12 Lê Lợi", self.district, self.state),
        )

    def test_filling_a_blank_leaves_earlier_leads_alone(self):
        self.partner.phone = False
        earlier = self.env["crm.lead"].create(
            {"name": "Cũ", "partner_id": self.partner.id, "company_id": self.company.id}
        )
        # As if the contact had lost its phone since
        earlier.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET phone = '0911 111 111' WHERE id = %s", [earlier.id]
        )
        earlier.invalidate_recordset()
        self.create_lead(account_id=self.partner.id)
        self.assertEqual(self.partner.phone, "0900 000 202")
        self.assertEqual(earlier.phone, "0911 111 111")

    def test_addresses_are_not_mixed(self):
        self.partner.state_id = self.other_state
        self.create_lead(account_id=self.partner.id)
        self.assertFalse(self.partner.street or self.partner.district_id)

    def test_an_address_is_not_handed_on(self):
        company = self.env["res.partner"].create(
            {"name": "Công ty", "is_company": True}
        )
        self.partner.parent_id = company
        colleague = self.partner.copy({"name": "Đồng nghiệp", "phone": False})
        for account in (self.partner, company):
            self.create_lead(account_id=account.id)
            for partner in (self.partner, company, colleague):
                self.assertFalse(partner.street or partner.state_id)

    def test_a_phone_is_not_repeated(self):
        self.partner.write({"phone2": False, "phone3": False})
        self.create_lead(account_id=self.partner.id, phone_no2="+84 912 345 678")
        self.assertFalse(self.partner.phone2)

    def test_later_edit_by_staff_reaches_the_contact_as_ever(self):
        lead = self.create_lead(account_id=self.partner.id)
        lead.write({"phone": "0909 999 999"})
        self.assertEqual(self.partner.phone, "0909 999 999")
