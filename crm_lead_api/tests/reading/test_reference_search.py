# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/ref/<list>?q=``: records are found as people type their names."""

from urllib.parse import quote

from odoo.fields import Command
from odoo.tests import tagged

from .common import ReadCase


@tagged("post_install", "-at_install")
class TestReferenceSearch(ReadCase):
    def test_search_is_for_the_very_text(self):
        self.service.default_code = "SVC_01"
        self.service_2.default_code = "SVC-01"
        for text, expected in (("svc_", self.service.ids), ("%", []), ("_", None)):
            items = self.read_data(f"ref/services?limit=1000&q={quote(text)}")["items"]
            ids = [item["id"] for item in items]
            self.assertEqual(ids, self.service.ids if expected is None else expected)

    def test_search_without_accents(self):
        da_nang = self.env.ref("base.state_vn_VN-DN")
        self.env["res.lang"]._activate_lang("vi_VN")
        self.source.name = "Đối tác"
        for path, record in (
            ("states?q=da nang", da_nang),
            ("states?q=ĐÀ NẴNG", da_nang),
            ("services?q=nang", self.service),
            ("services?q=NANG  MUI", self.service),
            ("services?q=nẫng", self.service),
            ("districts?q=ben thanh", self.district),
            ("agents?q=le thu huong", self.agent),
            ("campaigns?q=thang lam dep", self.campaign),
            ("price-lists?q=khuyen mai", self.pricelist),
            ("source-groups?q=mang xa hoi", self.source_group),
            ("sources?q=doi tac", self.source),
            ("companies?q=phong kham", self.company),
        ):
            with self.subTest(path):
                items = self.read_data(f"ref/{path}&limit=1000")["items"]
                self.assertIn(record.id, [item["id"] for item in items])
        codes = [
            item["code"]
            for item in self.read_data(
                "ref/choices?q=nu", headers={"Accept-Language": "vi"}
            )["items"]
        ]
        self.assertIn("female", codes)
        self.assertEqual(self.read_data("ref/services?q=nang xyz")["items"], [])

    def test_names_of_provinces(self):
        states = self.env["res.country.state"]
        bac_ninh = states.search([("code", "=", "VN-56")]) or states.create(
            {"name": "Bắc Ninh", "code": "VN-56", "country_id": self.country.id}
        )
        for text, state in (
            ("TP. Hồ Chí Minh", self.state),
            ("Thành phố Hồ Chí Minh", self.state),
            ("Hồ Chí Minh", self.state),
            ("TP HCM", self.state),
            ("TP.HCM", self.state),
            ("tphcm", self.state),
            ("Tỉnh Bắc Ninh", bac_ninh),
            ("Thành phố Hà Nội", self.other_state),
        ):
            with self.subTest(text):
                path = f"ref/states?country_id={self.country.id}&q={quote(text)}"
                ids = [item["id"] for item in self.read_data(path)["items"]]
                self.assertEqual(ids, state.ids)
        # A word that stands in front of many names is no name.
        self.assertEqual(self.read_data("ref/states?q=thành phố")["items"], [])

    def _make_variants(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Chất liệu",
                "value_ids": [
                    Command.create({"name": name})
                    for name in ("Sụn tự thân", "Silicon")
                ],
            }
        )
        line = {"attribute_id": attribute.id, "value_ids": attribute.value_ids.ids}
        template = self.env["product.template"].create(
            {
                "name": "Độn cằm",
                "type": "service",
                "attribute_line_ids": [Command.create(line)],
            }
        )
        return template.product_variant_ids

    def test_variants_differ_by_name(self):
        cartilage, silicone = self._make_variants()
        silicone.default_code = "DC-S"
        for text, expected in (
            ("don cam", cartilage + silicone),
            ("Độn cằm (Silicon)", silicone),
            ("silicon", silicone),
            ("cằm sụn", cartilage),
            ("dc-s", silicone),
        ):
            with self.subTest(text):
                items = self.read_data(f"ref/services?q={quote(text)}")["items"]
                self.assertEqual([item["id"] for item in items], expected.ids)
        self.assertEqual(
            [(item["code"], item["name"]) for item in items],
            [("DC-S", "Độn cằm (Silicon)")],
        )

    def test_a_name_of_the_list_is_a_code(self):
        self.client.takes_codes = True
        variants = self._make_variants()
        for item in self.read_data("ref/services?q=don cam")["items"]:
            payload = {**self.payload, "crm_line_ids": [item["name"]]}
            lead = self.assertSuccess(self.post(payload))
            self.assertEqual(lead.service_ids.product_id.id, item["id"])
        response = self.post({**self.payload, "crm_line_ids": ["Độn cằm"]})
        body = self.assertErrors(response, [("crm_line_ids.0", "ambiguous")])
        ids = [each["id"] for each in body["errors"][0]["candidates"]]
        self.assertEqual(ids, variants.ids)
