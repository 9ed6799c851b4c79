# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of provinces instead of ids, as people write them."""

from odoo.tests import tagged

from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestProvinceNames(LeadApiHttpCase):
    def test_names_of_provinces(self):
        self.client.takes_codes = True
        for name in (
            *("TP. Hồ Chí Minh", "Hồ Chí Minh", "TP HCM", "TP.HCM", "tphcm"),
            *("Thành phố Hồ Chí Minh", "Thanh pho Ho Chi Minh", "HỒ CHÍ MINH"),
        ):
            with self.subTest(name):
                lead = self.assertSuccess(self.post({**self.payload, "state_id": name}))
                self.assertEqual(lead.state_id, self.state)
        states = self.env["res.country.state"]
        town, province = states.create(
            [
                {"name": name, "code": code, "country_id": self.country.id}
                for name, code in (("TP Mũi Né", "MN1"), ("Tỉnh Mũi Né", "MN2"))
            ]
        )
        payload = {**self.payload, "district_id": None}
        for name, state in (("TP Mũi Né", town), ("tỉnh mũi né", province)):
            lead = self.assertSuccess(self.post({**payload, "state_id": name}))
            self.assertEqual(lead.state_id, state)
        response = self.post({**payload, "state_id": "Mũi Né"})
        body = self.assertErrors(response, [("state_id", "ambiguous")])
        ids = [each["id"] for each in body["errors"][0]["candidates"]]
        self.assertEqual(ids, (town + province).ids)
