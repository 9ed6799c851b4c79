# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/ref``: what a lead can name, as far as the token may use it."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import ReadCase


@tagged("post_install", "-at_install")
class TestReference(ReadCase):
    def read_ids(self, path):
        ids, cursor = [], ""
        while cursor is not None:
            page = self.read_data(f"ref/{path}&cursor={cursor}")
            ids += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
        return ids

    def test_example_names_an_agent_with_an_email(self):
        binh = self._new_user("binh", "sales_team.group_sale_salesman")
        binh.email = "binh@example.com"
        references = self.env["crm.lead.api.reference"].with_user(self.caller)
        schema = self.client._get_schema()
        first = self.agent.browse(references._get_example(schema)["user_id"])
        first.partner_id.email = False
        second = self.agent.browse(references._get_example(schema)["user_id"])
        self.assertNotEqual(second, first)
        self.assertTrue(second.email)

    def test_example_of_a_company_without_a_country(self):
        """Its country has states: a lead must name one."""
        references = self.env["crm.lead.api.reference"].with_user(self.caller)
        schema = self.client._get_schema()
        self.company.country_id = False
        example = references._get_example(schema)
        self.assertEqual(references._find_missing(schema, example), [])
        self.assertTrue(self.assertSuccess(self.post(example)))

    def test_lists(self):
        lists = self.read_data("ref")["items"]
        self.assertEqual(len(lists), 11)
        for each in lists:
            with self.subTest(each["name"]):
                page = self.read_data(
                    f"{each['path'].removeprefix('/api/v1/')}?limit=1"
                )
                self.assertTrue(page["items"])
        company, group = ["company_id"], ["category_source_id"]
        found = {each["name"]: (each["attribute"], each["filters"]) for each in lists}
        expected = {
            name: (attribute, ["q", *filters, "limit", "cursor"])
            for name, attribute, filters in (
                ("agents", "user_id", company),
                ("countries", "country_id", []),
                ("states", "state_id", ["country_id"]),
                ("districts", "district_id", ["state_id"]),
                ("companies", "company_id", []),
                ("price-lists", "price_list_id", company),
                ("source-groups", "category_source_id", []),
                ("sources", "source_id", group),
                ("campaigns", "campaign_id", []),
                ("services", "crm_line_ids", [*company, "price_list_id"]),
            )
        }
        self.assertEqual(found, {**expected, "choices": (None, ["q"])})
        titles = {each["name"]: each["title"] for each in lists}
        self.assertEqual(titles["price-lists"], "Price Lists")
        self.assertEqual(titles["choices"], "Choices of closed lists")

    def test_only_what_the_token_may_use(self):
        for path, there, not_there in (
            ("companies?", self.company, self.other_company),
            (f"states?country_id={self.country.id}", self.state, None),
            (f"districts?state_id={self.state.id}", self.district, self.other_district),
            ("districts?q=quận 1", None, self.archived_district),
            ("price-lists?", self.pricelist, self.other_pricelist),
            ("price-lists?", self.pricelist, self.archived_pricelist),
            ("source-groups?", self.source_group, self.archived_group),
            (
                f"sources?category_source_id={self.source_group.id}",
                self.source,
                self.other_source,
            ),
            ("campaigns?", self.campaign, self.archived_campaign),
            ("services?limit=1000", self.service, self.other_service),
            ("services?limit=1000", self.service_2, self.archived_service),
            ("agents?", self.agent, self.portal_user),
            ("agents?", self.agent, self.archived_user),
            ("agents?", self.agent, self.caller),
        ):
            with self.subTest(path, not_there=not_there):
                ids = self.read_ids(path)
                if there:
                    self.assertIn(there.id, ids)
                if not_there:
                    self.assertNotIn(not_there.id, ids)

    def test_what_an_item_says(self):
        self.district.code = "26740"
        for path, expected in {
            f"states?country_id={self.country.id}&q={self.state.name}": {
                "id": self.state.id,
                "code": self.state.code,
                "name": self.state.name,
                "country_id": self.country.id,
            },
            "districts?q=26740": {
                "id": self.district.id,
                "code": "26740",
                "name": "Phường Bến Thành",
                "state_id": self.state.id,
            },
            "sources?q=facebook hoa mai": {
                "id": self.source.id,
                "code": None,
                "name": "Facebook Hoa Mai",
                "category_source_id": self.source_group.id,
            },
            f"agents?q={self.agent.login}": {
                "id": self.agent.id,
                "code": self.agent.login,
                "name": "Lê Thu Hương",
                "email": self.agent.email,
            },
            "price-lists?q=khuyến mãi": {
                "id": self.pricelist.id,
                "code": None,
                "name": "Khuyến mãi",
                "company_id": self.company.id,
                "currency": "VND",
            },
            f"services?q=nâng mũi&price_list_id={self.pricelist.id}": {
                "id": self.service.id,
                "code": None,
                "name": "Nâng mũi",
                "company_id": self.company.id,
                "price": 800.0,
                "currency": "VND",
            },
            "services?q=nâng mũi": {
                "id": self.service.id,
                "code": None,
                "name": "Nâng mũi",
                "company_id": self.company.id,
            },
        }.items():
            with self.subTest(path):
                items = self.read_data(f"ref/{path}")["items"]
                self.assertIn(expected, items)

    def test_services_only(self):
        chair = self.env["product.product"].create({"name": "Ghế văn phòng"})
        ids = self.read_ids("services?limit=1000")
        self.assertNotIn(chair.id, ids)
        self.assertIn(self.service.id, ids)
        # An id of what is for sale stays right, whether or not it is listed.
        lead = self.assertSuccess(
            self.post({**self.payload, "crm_line_ids": [chair.id]})
        )
        self.assertEqual(lead.service_ids.product_id, chair)

    def test_services_of_a_category(self):
        category = self.env["product.category"].create({"name": "Dịch vụ"})
        below = category.create({"name": "Mũi", "parent_id": category.id})
        kit = self.env["product.product"].create(
            {"name": "Bộ chăm sóc", "categ_id": below.id}
        )
        self.service_2.categ_id = category
        self.client.service_category_id = category
        ids = self.read_ids("services?limit=1000")
        self.assertEqual(ids, (self.service_2 + kit).ids)
        example = self.get("openapi.json").json()["paths"]["/api/v1/lead"]["post"]
        example = example["requestBody"]["content"]["application/json"]["example"]
        self.assertEqual(example["crm_line_ids"], self.service_2.ids)
        self.assertIn("@", example["agent_email"])

    def test_choices(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        for language, female in (("en", "Female"), ("vi", "Nữ")):
            items = self.read_data(
                "ref/choices", headers={"Accept-Language": language}
            )["items"]
            gender = {"attribute": "gender", "code": "female", "name": female}
            self.assertIn(gender, items)
            self.assertIn(
                "customer_portrait.transport", {item["attribute"] for item in items}
            )

    def test_names_in_the_callers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.country.with_context(lang="vi_VN").name = "Việt Nam"
        for language, name in (
            ("en", "Vietnam"),
            ("vi", "Việt Nam"),
            ("es", "Vietnam"),
        ):
            with self.subTest(language):
                items = self.read_data(
                    "ref/countries?limit=1000",
                    headers={"Accept-Language": language},
                )["items"]
                names = {item["id"]: item["name"] for item in items}
                self.assertEqual(names[self.country.id], name)

    def test_ten_thousand_services(self):
        self.env["product.product"].create(
            [
                {"name": f"Dịch vụ {number}", "type": "service"}
                for number in range(10_000)
            ]
        )
        self.env.flush_all()
        # As PostgreSQL does by itself after a while.
        self.env.cr.execute("ANALYZE product_product, product_template")
        ids, cursor, pages = [], "", 0
        while cursor is not None:
            page = self.read_data(
                f"ref/services?q=dịch vụ&limit=1000&cursor={cursor}"
                f"&price_list_id={self.pricelist.id}"
            )
            ids += [item["id"] for item in page["items"]]
            cursor, pages = page["next_cursor"], pages + 1
        self.assertEqual((pages, len(ids), len(set(ids))), (10, 10_000, 10_000))

    def test_304(self):
        path = "ref/services?limit=1000"
        first = self.get(path)
        self.assertEqual(first.status_code, 200)
        headers = {"If-None-Match": first.headers["ETag"]}
        second = self.get(path, headers=headers)
        self.assertEqual((second.status_code, second.content), (304, b""))
        self.assertEqual(second.headers["ETag"], first.headers["ETag"])
        self.service.name = "Nâng mũi cấu trúc"
        third = self.get(path, headers=headers)
        self.assertEqual(third.status_code, 200)
        self.assertIn("Nâng mũi cấu trúc", third.text)

    def test_wrong_parameters(self):
        for query, errors in {
            "limit=0": [("limit", "range")],
            "limit=1001": [("limit", "range")],
            "limit=x&cursor=x": [("limit", "type"), ("cursor", "format")],
            "limit=1&limit=2": [("limit", "too_many")],
            "limit=": [("limit", "type")],
            "q=%00": [("q", "characters")],
            f"company_id={self.other_company.id}": [("company_id", "unknown")],
            "price_list_id=999999": [("price_list_id", "unknown")],
        }.items():
            with self.subTest(query):
                self.assertErrors(self.get(f"ref/services?{query}"), errors)

    def test_unknown_parameters_are_named(self):
        response = self.get("ref/services?limit=1&sort=name")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["X-Ignored-Fields"], "sort")

    def test_head(self):
        response = self.post(url="/api/v1/ref/countries", method="HEAD")
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertTrue(response.headers["ETag"])

    def test_unknown_list(self):
        self.assertError(self.get("ref/customers"), 404, "not_found")

    def test_without_a_token(self):
        for path in ("ref", "ref/countries", "me", "leads", "lead?ticket_id=1"):
            with self.subTest(path):
                self.assertEqual(self.get(path, token="x").status_code, 401)

    def test_reading_counts_as_calls(self):
        self.client.requests_per_minute = 2
        self.assertEqual(self.get("me").headers["RateLimit-Remaining"], "1")
        self.assertEqual(self.get("me").status_code, 200)
        response = self.get("me")
        self.assertError(response, 429, "rate_limit")
        self.assertTrue(response.headers["Retry-After"])

    def test_several_companies(self):
        caller = self.caller.sudo()
        caller.company_ids = [Command.link(self.other_company.id)]
        ids = self.read_ids("services?limit=1000")
        self.assertLess({self.service.id, self.other_service.id}, set(ids))
        ids = self.read_ids(f"services?limit=1000&company_id={self.company.id}")
        self.assertIn(self.service.id, ids)
        self.assertNotIn(self.other_service.id, ids)
