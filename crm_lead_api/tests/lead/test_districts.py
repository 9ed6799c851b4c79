# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestDistricts(LeadApiCase):
    def test_vietnam_is_loaded_once(self):
        districts = self.env["res.country.district"]
        # A district that was entered by hand keeps its id, which clients send.
        by_hand = self.district
        provinces = districts.get_vietnam_provinces()
        self.assertRegex(provinces["source"], r"General Statistics Office.*20\d\d-\d\d")
        codes = [province["code"] for province in provinces["provinces"]]
        results = [districts.load_vietnam_province(code) for code in codes]
        found = districts.search([("country_id.code", "=", "VN")])
        self.assertEqual(len(codes), 34)
        self.assertTrue(all(result["state"] for result in results))
        self.assertGreater(len(found), 3300)
        self.assertIn(by_hand, found)
        self.assertEqual(by_hand.code, "26743")
        again = [districts.load_vietnam_province(code)["created"] for code in codes]
        self.assertEqual(sum(again), 0)
        by_hand.name = "Ben Thanh"
        districts.load_vietnam_province("VN-SG")
        self.assertEqual(by_hand.name, "Phường Bến Thành")

    def test_names_that_differ_by_accents_alone(self):
        """Thanh An and Thạnh An are two, in one province."""
        by_hand = self.env["res.country.district"].create(
            {"name": "Xã Thanh An", "state_id": self.state.id}
        )
        by_hand.load_vietnam_province("VN-SG")
        self.assertEqual((by_hand.name, by_hand.code), ("Xã Thanh An", "25807"))
        self.assertEqual(by_hand.load_vietnam_province("VN-SG")["created"], 0)

    def test_state_that_is_not_there(self):
        self.env["res.country.state"].search([("code", "=", "VN-59")]).code = "x"
        self.assertEqual(
            self.env["res.country.district"].load_vietnam_province("VN-59"),
            {"state": False, "created": 0},
        )

    def test_loading_needs_the_right_to_make_districts(self):
        districts = self.env["res.country.district"].with_user(self.agent)
        with self.assertRaises(AccessError):
            districts.load_vietnam_province("VN-SG")

    def test_import_of_other_countries(self):
        state = self.env.ref("base.state_th_10", raise_if_not_found=False)
        state = state or self.env["res.country.state"].create(
            {"name": "Bangkok", "code": "10", "country_id": self.env.ref("base.th").id}
        )
        result = self.env["res.country.district"].load(
            ["state_id", "code", "name"], [[state.name, "1001", "Phra Nakhon"]]
        )
        self.assertFalse(result["messages"])
        district = self.env["res.country.district"].browse(result["ids"])
        self.assertEqual(district.country_id, state.country_id)

    def test_found_without_accents_and_by_code(self):
        self.district.code = "26743"
        districts = self.env["res.country.district"].with_user(self.agent)
        for typed in ("ben thanh", "BẾN", "26743"):
            with self.subTest(typed):
                found = districts.name_search(typed, [("state_id", "=", self.state.id)])
                self.assertIn(self.district.id, dict(found))

    def test_address_block(self):
        form = Form(self.env["res.partner"].with_user(self.agent))
        form.name = "Khách"
        form.district_id = self.district
        self.assertEqual(form.state_id, self.state)
        self.assertEqual(form.country_id, self.country)
        form.state_id = self.other_state
        self.assertFalse(form.district_id)

    def test_a_new_state_empties_the_district(self):
        """As on the portal, without the form."""
        partner = self.create_lead().partner_id
        partner.write({"state_id": self.state.id, "city": "Sài Gòn"})
        self.assertEqual(partner.district_id, self.district)
        for state in (self.other_state, self.other_state.browse()):
            with self.subTest(state.name):
                partner.write(
                    {"state_id": self.state.id, "district_id": self.district.id}
                )
                partner.state_id = state
                self.assertFalse(partner.district_id)

    def test_a_district_may_come_without_its_state(self):
        """Clients whose requests have no states"""
        partner = self.env["res.partner"].create({"name": "Khách"})
        partner.write({"state_id": False, "district_id": self.district.id})
        self.assertEqual(partner.district_id, self.district)

    def test_address_without_city_names_the_district(self):
        self.country.address_format = "%(street)s\n%(state_name)s %(country_name)s"
        partner = self.create_lead(street="12 Lê Lợi").partner_id
        lines = partner.contact_address.split("\n")
        self.assertEqual(lines[:2], ["12 Lê Lợi", "Phường Bến Thành"])

    def test_address_names_the_district(self):
        partner = self.create_lead(street="12 Lê Lợi").partner_id
        lines = [line for line in partner.contact_address.split("\n") if line.strip()]
        self.assertEqual(lines[:2], ["12 Lê Lợi", "Phường Bến Thành"])
        self.assertIn("TP Hồ Chí Minh", lines[2])
        partner.district_id = False
        self.assertNotIn("Phường", partner.contact_address)
