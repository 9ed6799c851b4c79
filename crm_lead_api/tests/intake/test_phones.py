# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A customer without an account is known by the phone, however it is written."""

from odoo.tests import tagged

from ..common import LeadApiCase

SENT = ("phone_no1", "phone_no2", "phone_no3")
KEPT = ("phone", "phone2", "phone3")
SPELLINGS = (
    "0968011999",
    "0968 011 999",
    "0968.011.999",
    "(0968) 011-999",
    "+84968011999",
    "+84 968 011 999",
    "84968011999",
    "0084968011999",
)
OTHERS = dict(zip(SENT, ("0911 000 001", "0911 000 002", "0911 000 003"), strict=True))


@tagged("post_install", "-at_install")
class TestPhones(LeadApiCase):
    def _create_partner(self, **values):
        return self.env["res.partner"].create({"name": "Bà Ánh", **values})

    def _find(self, **changes):
        """Return the contact of a request that has no other phone than those, and
        nothing else to be found by."""
        others = dict.fromkeys((*SENT, "email_from"))
        return self.create_lead(**{**others, **changes}).partner_id

    def test_odoo_has_the_number_in_its_own_form(self):
        """Odoo's blacklist compares numbers in E.164 form."""
        lead = self.create_lead(phone_no1="0968 011 999")
        for record in lead, lead.partner_id:
            self.assertEqual(record.phone_sanitized, "+84968011999")

    def test_each_phone_finds_each_phone_of_a_contact(self):
        for field_name in KEPT:
            partner = self._create_partner(
                country_id=self.country.id, **{field_name: "0968 011 999"}
            )
            for attribute in SENT:
                with self.subTest(field_name, attribute=attribute):
                    found = self._find(**{**OTHERS, attribute: "+84968011999"})
                    self.assertEqual(found, partner)
            partner.active = False

    def test_spelling_does_not_matter(self):
        for kept in SPELLINGS:
            partner = self._create_partner(country_id=self.country.id, phone=kept)
            for sent in SPELLINGS:
                with self.subTest(kept, sent=sent):
                    self.assertEqual(self._find(phone_no1=sent), partner)
            partner.active = False

    def test_another_number_is_another_customer(self):
        partner = self._create_partner(country_id=self.country.id, phone="0968 011 999")
        for number in ("0968 011 998", "+1 968 011 9999", "968011999 5", "011 999"):
            with self.subTest(number):
                self.assertNotEqual(self._find(phone_no1=number), partner)

    def test_country_of_the_company_comes_after_the_customers_own(self):
        """An overseas Vietnamese may leave a number in Vietnam, and one abroad."""
        partner = self._create_partner(
            country_id=self.country.id, phone="0968 011 999", phone2="+1 650 253 0000"
        )
        abroad = {
            "country_id": self.env.ref("base.us").id,
            "state_id": self.env.ref("base.state_us_5").id,
            "district_id": None,
        }
        for number in ("0968 011 999", "(650) 253-0000"):
            with self.subTest(number):
                self.assertEqual(self._find(phone_no1=number, **abroad), partner)

    def test_contact_without_a_country(self):
        """The number of a contact of whom no country is known is one of the company's
        country, whichever company its record was made in."""
        for company in (self.company, self.env.ref("base.main_company")):
            with self.subTest(company.name):
                Partner = self.env["res.partner"].with_company(company)
                partner = Partner.create({"name": "Ông Bình", "phone": "0977 123 456"})
                Partner.flush_model()
                self.assertEqual(self._find(phone_no1="0977123456"), partner)
                partner.active = False

    def test_what_is_no_phone_number_makes_no_two_customers_one(self):
        for index, filler in enumerate(("0", "-", "không có", "N/A")):
            with self.subTest(filler):
                first = self._find(phone_no1=f"0911 000 1{index}0", phone_no2=filler)
                second = self._find(phone_no1=f"0911 000 1{index}1", phone_no2=filler)
                self.assertNotEqual(first, second)

    def test_number_that_changed_finds_no_more(self):
        partner = self._create_partner(country_id=self.country.id, phone="0968 011 999")
        partner.phone = "0968 011 000"
        self.assertEqual(self._find(phone_no1="+84 968 011 000"), partner)
        self.assertNotEqual(self._find(phone_no1="0968 011 999"), partner)

    def test_staff_search_for_a_whole_number(self):
        abroad = {
            **dict.fromkeys((*SENT, "email_from")),
            "phone_no1": "+1 650 253 0000",
        }
        lead, other = self.create_lead(), self.create_lead(ticket_id=2, **abroad)
        nobody = lead.browse()
        for operator, value, found in (
            ("ilike", "0900 000 202", lead),
            ("ilike", "650 253 0000", nobody),
            ("ilike", "0202", nobody),
            ("=", "84900000202", lead),
            ("in", ["0900000202", "+16502530000"], lead + other),
            ("not ilike", "0900 000 202", other),
        ):
            domain = [("phone_search", operator, value)]
            for records, expected in (
                (lead + other, found),
                ((lead + other).partner_id, found.partner_id),
            ):
                with self.subTest(operator, value=value, model=records._name):
                    result = records.with_user(self.agent).search(domain)
                    self.assertEqual(result & records, expected)

    def test_account_wins_over_the_phone(self):
        by_phone = self._create_partner(
            country_id=self.country.id, phone="0968 011 999"
        )
        account = self._create_partner()
        found = self._find(account_id=account.id, phone_no1=by_phone.phone)
        self.assertEqual(found, account)

    def test_lead_of_a_known_account_has_a_way_to_call_back(self):
        """A lead without a sent phone or e-mail has those of the contact."""
        account = self._create_partner(
            phone="0911 000 021", email="thao.tran@example.com"
        )
        lead = self.create_lead(
            **dict.fromkeys((*SENT, "email_from")), account_id=account.id
        )
        self.assertEqual(
            (lead.phone, lead.email_from), ("0911 000 021", "thao.tran@example.com")
        )
