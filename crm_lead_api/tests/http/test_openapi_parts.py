# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the parts of the OpenAPI document that generators of clients read."""

from odoo.tests import tagged

from ...http.body import FORMS, JSON
from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestOpenApiParts(LeadApiHttpCase):
    def _get_document(self):
        return self.post(url="/api/v1/openapi.json", method="GET").json()

    def test_names_of_schemes_and_examples(self):
        document = self._get_document()
        schemes = document["components"]["securitySchemes"]
        self.assertEqual(
            {name for way in document["security"] for name in way}, schemes.keys()
        )
        examples = {
            parameter["name"]: parameter.get("example")
            for parameter in document["paths"]["/api/v1/lead"]["post"]["parameters"]
        }
        self.assertEqual(examples["Accept-Language"], "vi")
        self.assertIsNone(examples["Prefer"])

    def test_headers_have_types(self):
        answers = self._get_document()["paths"]["/api/v1/lead"]["post"]["responses"]
        for status, name, schema, is_required in (
            ("200", "RateLimit-Remaining", {"type": "integer", "minimum": 0}, False),
            ("429", "Retry-After", {"type": "integer", "minimum": 1}, True),
            ("200", "X-Request-Id", {"type": "string"}, True),
            ("200", "X-Ignored-Fields", {"type": "string"}, False),
        ):
            with self.subTest(name):
                header = answers[status]["headers"][name]
                self.assertEqual(header["schema"], schema)
                self.assertEqual(header["required"], is_required)
                self.assertTrue(header["description"])

    def test_all_headers_of_an_answer_are_described(self):
        self.client.requests_per_minute = 100
        answers = self._get_document()["paths"]["/api/v1/lead"]["post"]["responses"]
        for status, payload in (("200", None), ("422", {})):
            sent = self.post(payload).headers
            described = answers[status]["headers"].keys()
            with self.subTest(status):
                named = {name for name in sent if name.startswith("RateLimit")}
                self.assertTrue(named)
                self.assertEqual(named - described, set())

    def test_a_form_is_described_like_the_json(self):
        document = self._get_document()
        request = document["components"]["schemas"]["LeadRequest"]
        properties, required = request["properties"], set(request["required"])
        content = document["paths"]["/api/v1/lead"]["post"]["requestBody"]["content"]
        for media in FORMS:
            # By name: some generators do not find a schema within the operation.
            name = content[media]["schema"]["$ref"].rpartition("/")[2]
            form = document["components"]["schemas"][name]
            self.assertEqual(form["title"], name)
            self.assertEqual(
                (form["type"], set(form["required"])), ("object", required)
            )
            self.assertEqual(
                {
                    name: (each["type"], each["description"])
                    for name, each in form["properties"].items()
                },
                {
                    name: ("string", each.get("description", ""))
                    for name, each in properties.items()
                },
            )
            lists = {
                name
                for name, each in form["properties"].items()
                if each.get("contentMediaType") == JSON
            }
            self.assertEqual(lists, {"crm_line_ids", "customer_portrait"})
