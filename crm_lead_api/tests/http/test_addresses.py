# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An address is one thing: the parts of two are never put together."""

from odoo.tests import tagged

from ..common import LeadApiCase

PARTS = ("street", "street2", "city", "zip", "state_id", "district_id", "country_id")


@tagged("post_install", "-at_install")
class TestAddresses(LeadApiCase):
    def _read(self, record):
        self.env.flush_all()
        record.invalidate_recordset()
        return {name: record[name] for name in PARTS}

    def _create_partner(self, **values):
        return self.env["res.partner"].create({"name": "Bà Ánh", **values})

    def test_contact_with_any_part_of_another_address_keeps_its_own(self):
        for name, value in {
            "street": "1 Tràng Tiền",
            "street2": "Tầng 2",
            "city": "Hà Nội",
            "zip": "100000",
            "state_id": self.other_state.id,
            "country_id": self.env.ref("base.us").id,
        }.items():
            with self.subTest(name):
                partner = self._create_partner(**{name: value})
                before = self._read(partner)
                self.create_lead(account_id=partner.id)
                self.assertEqual(self._read(partner), before)

    def test_contact_with_a_part_of_the_same_address_gets_the_rest(self):
        partner = self._create_partner(
            country_id=self.country.id, state_id=self.state.id
        )
        self.create_lead(account_id=partner.id)
        address = self._read(partner)
        self.assertEqual(address["street"], "12 Lê Lợi")
        self.assertEqual(address["district_id"], self.district)

    def test_lead_has_the_address_that_was_sent_and_no_part_of_the_contacts(self):
        partner = self._create_partner(
            street="1 Tràng Tiền",
            street2="Tầng 2",
            city="Hà Nội",
            zip="100000",
            state_id=self.other_state.id,
            district_id=self.other_district.id,
            country_id=self.country.id,
        )
        lead = self.create_lead(account_id=partner.id, district_id=None)
        self.assertEqual(
            self._read(lead),
            {
                "street": "12 Lê Lợi",
                "street2": False,
                "city": False,
                "zip": False,
                "state_id": self.state,
                "district_id": self.env["res.country.district"],
                "country_id": self.country,
            },
        )

    def test_addresses_of_a_companys_people_stay(self):
        company = self._create_partner(is_company=True)
        person, branch = self.env["res.partner"].create(
            [
                {"name": "Bình", "parent_id": company.id, "type": "contact"},
                {"name": "Kho", "parent_id": company.id, "type": "other"},
            ]
        )
        branch.write({"street": "9 Hàng Bạc", "state_id": self.other_state.id})
        before = self._read(branch)
        self.create_lead(account_id=company.id)
        self.assertEqual(self._read(branch), before)
        self.assertEqual(person.street, company.street)
