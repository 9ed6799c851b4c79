# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the strict OpenAPI document, for generators of clients."""

import json
from collections import Counter

from openapi_spec_validator import validate

from odoo.tests import tagged

from ...http.body import JSON
from ..access.common import CustomFieldsCase

NULL = {"type": "null"}


def find_schemas(node, name=None):
    """Yield each schema in a part of a document."""
    if isinstance(node, list):
        for each in node:
            yield from find_schemas(each)
    elif isinstance(node, dict):
        if name != "properties" and node.keys() & {"type", "anyOf", "enum"}:
            yield node
        for name_, each in node.items():
            yield from find_schemas(each, name_)


def find_texts(node):
    """Yield each description and summary in a part of a document."""
    for name, each in node.items() if isinstance(node, dict) else enumerate(node):
        if name in ("description", "summary") and isinstance(each, str):
            yield from each.split("\n\n")
        elif isinstance(each, dict | list):
            yield from find_texts(each)


@tagged("post_install", "-at_install")
class TestOpenApiStrict(CustomFieldsCase):
    def _read(self, lang="en", **kwargs):
        return self.post(
            url="/api/v1/openapi.json?strict=1",
            method="GET",
            headers={"Accept-Language": lang},
            **kwargs,
        ).json()

    def _get_attributes(self, name, **kwargs):
        return self._read(**kwargs)["components"]["schemas"][name]["properties"]

    def test_document_is_valid(self):
        document = self._read()
        validate(document)
        usual = self.post(url="/api/v1/openapi.json", method="GET").json()
        self.assertEqual(
            {path: [*methods] for path, methods in document["paths"].items()},
            {path: [*methods] for path, methods in usual["paths"].items()},
        )

    def test_one_type_for_each_attribute(self):
        """Besides it there is at most null."""
        schemas = [*find_schemas(self._read())]
        self.assertGreater(len(schemas), 200)
        for schema in schemas:
            with self.subTest(json.dumps(schema)):
                self.assertIsInstance(schema.get("type", ""), str)
                if options := schema.get("anyOf"):
                    self.assertEqual((len(options), options[1]), (2, NULL))
                    self.assertNotIn("anyOf", options[0])

    def test_types(self):
        request, change = map(self._get_attributes, ("LeadRequest", "LeadChange"))
        described = {
            "type": "integer",
            "format": "int64",
            "minimum": 1,
            "maximum": 2**63 - 1,
        }
        self.assertLessEqual(described.items(), request["ticket_id"].items())
        self.assertEqual(request["gender"]["type"], "string")
        # A custom attribute
        self.assertEqual(request["boolean"]["type"], "boolean")
        # null empties an attribute of a change alone.
        self.assertEqual(
            [each["type"] for each in change["gender"]["anyOf"]], ["string", "null"]
        )
        stored = self._get_attributes("StoredLead")
        self.assertEqual(stored["state"]["type"], "string")
        self.assertEqual(stored["ticket_ids"]["items"]["type"], "integer")
        self.client.has_text_tickets = True
        stored = self._get_attributes("StoredLead")
        self.assertEqual(stored["ticket_ids"]["items"]["type"], "string")

    def test_one_class_for_each_kind_of_answer(self):
        """A lead may leave out the attributes that an answer to a change adds."""
        document = self._read()
        schemas = document["components"]["schemas"]
        lead = document["paths"]["/api/v1/lead"]
        found = {
            method: lead[method]["responses"]["200"]["content"][JSON]["schema"]
            for method in ("patch", "put")
        }
        reference = {"$ref": "#/components/schemas/StoredLeadResponse"}
        self.assertEqual(found, {"patch": reference, "put": reference})
        stored = schemas["StoredLead"]
        for name in ("proposed", "created"):
            self.assertIn(name, stored["properties"])
            self.assertNotIn(name, stored["required"])
        self.assertIn("id_lead", stored["required"])
        self.assertNotIn("TokenErrorResponse", schemas)
        self.assertEqual(schemas["ErrorResponse"]["required"], ["type", "message"])

    def test_no_forms_and_no_dry_run_of_another_class(self):
        create = self._read()["paths"]["/api/v1/lead"]["post"]
        self.assertEqual([*create["requestBody"]["content"]], [JSON])
        schema = create["responses"]["200"]["content"][JSON]["schema"]
        self.assertEqual(schema, {"$ref": "#/components/schemas/LeadResponse"})
        self.assertNotIn("dry_run", json.dumps(create["parameters"]))

    def test_attributes_with_words_of_openapi(self):
        names = ("summary", "description", "responses", "type", "required", "title")
        for attribute, name in zip(self.attributes, names, strict=False):
            attribute.name = name
        document = self._read()
        validate(document)
        properties = document["components"]["schemas"]["LeadRequest"]["properties"]
        self.assertLessEqual(set(names), properties.keys())

    def test_one_language(self):
        self.attributes.unlink()  # nobody has translated their fields
        english, vietnamese = (
            set(find_texts(self._read(lang))) for lang in ("en", "vi")
        )
        self.assertIn("The customer's gender.", english)
        self.assertGreater(len(vietnamese), 200)
        self.assertEqual(english & vietnamese, {""})
        self.assertEqual([each for each in english if " · " in each], [])

    def test_nothing_is_written_twice(self):
        texts = Counter(text for text in find_texts(self._read()) if len(text) > 40)
        self.assertEqual([text for text, n in texts.items() if n > 1], [])

    def test_example_makes_a_lead(self):
        create = self._read()["paths"]["/api/v1/lead"]["post"]
        example = create["requestBody"]["content"][JSON]["example"]
        self.assertSuccess(self.post(example))
