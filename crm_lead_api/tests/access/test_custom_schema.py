# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the schema with a client's custom attributes: documentation, changes, cost."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ...schemas import LeadRequest
from .common import NAMES, CustomFieldsCase


@tagged("post_install", "-at_install")
class TestCustomSchema(CustomFieldsCase):
    def test_schema_documents_them(self):
        self._add("priority", is_required=True, description="How hot it is.")
        schema = self.client._get_schema().model_json_schema()
        properties = schema["properties"]
        self.assertEqual(schema["title"], "LeadRequest")
        self.assertEqual(
            list(properties),
            [*LeadRequest.model_fields, *NAMES.values(), "priority"],
        )
        self.assertIn("priority", schema["required"])
        self.assertNotIn("char", schema["required"])
        self.assertEqual(
            properties["char"],
            {
                "description": "What the card says.",
                "examples": ["ABC123"],
                "type": ["string", "null"],
                "maxLength": 10,
            },
        )
        self.assertEqual(
            properties["priority"],
            {
                "description": "How hot it is.",
                "examples": ["0"],
                "type": "string",
                "enum": ["0", "1", "2", "3"],
            },
        )
        self.assertEqual(properties["integer"]["description"], "X_integer")
        self.assertEqual(properties["product_ids"]["x-odoo-model"], "product.product")
        kinds = {
            name: properties[name]["anyOf"][0].get("type")
            for name in NAMES.values()
            if "anyOf" in properties[name]
        }
        self.assertEqual(
            kinds,
            {
                "integer": ["integer", "string"],
                "float": ["number", "string"],
                "monetary": ["number", "string"],
                "boolean": ["boolean", "string"],
                "date": "string",
                "datetime": "string",
                "selection": "string",
                "pricelist_id": ["integer", "string"],
                "product_ids": "array",
            },
        )
        self.assertEqual(properties["datetime"]["anyOf"][0]["format"], "date-time")

    def test_examples_are_right(self):
        schema = self.client._get_schema()
        examples = {
            name: field.examples[0]
            for name, field in schema.model_fields.items()
            if field.examples
        }
        errors = schema.parse(examples).get_errors()
        self.assertEqual([error.field for error in errors], [])

    def test_document_has_an_example_that_can_be_sent(self):
        self.attributes.is_required = True
        response = self.post(url="/api/v1/openapi.json", method="GET", data=None)
        operation = response.json()["paths"]["/api/v1/lead"]["post"]
        content = operation["requestBody"]["content"]["application/json"]
        example = {name: content["example"][name] for name in NAMES.values()}
        lead = self.assertSuccess(self.post_with(**example))
        self.assertEqual((lead.x_char, lead.x_integer), ("ABC123", 3))
        self.assertTrue(lead.x_pricelist_id)
        self.assertEqual(len(lead.x_product_ids), 1)

    def test_example_names_records_of_the_company(self):
        self.caller.company_ids += self.other_company
        references = self.env["crm.lead.api.reference"].with_user(self.caller)
        schema = self.client._get_schema()
        for company, pricelist in (
            (self.company, self.pricelist),
            (self.other_company, self.other_pricelist),
        ):
            pricelists = pricelist.search(
                [*pricelist._check_company_domain(company), ("id", "<", pricelist.id)]
            )
            pricelists.active = False
            examples = references._find_custom_examples(schema, company)
            with self.subTest(company.name):
                self.assertEqual(examples["pricelist_id"], pricelist.id)

    def test_description_is_in_both_languages(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        definition = self.env["ir.model.fields"]._get("crm.lead", "x_char")
        definition.with_context(lang="vi_VN").help = "Thẻ ghi gì."
        schema = self.client.with_context(lang="vi_VN")._get_schema()
        self.assertEqual(
            schema.model_json_schema()["properties"]["char"]["description"],
            "What the card says.\n\nThẻ ghi gì.",
        )

    def test_a_change_counts_at_once(self):
        (attribute,) = self._add("priority")
        self.assertErrors(self.post_with(priority="x"), [("priority", "choice")])
        attribute.name = "level"
        response = self.post_with(priority="x", level="2")
        self.assertEqual(self.assertSuccess(response).priority, "2")
        self.assertEqual(response.headers["X-Ignored-Fields"], "priority")
        attribute.is_required = True
        self.assertErrors(self.post(), [("level", "required")])
        attribute.unlink()
        response = self.post_with(level="x")
        self.assertSuccess(response)
        self.assertEqual(response.headers["X-Ignored-Fields"], "level")
        definition = self.env["ir.model.fields"]._get("crm.lead", "priority")
        self.env["crm.lead.api.attribute"].create(
            {"client_id": self.client.id, "field_id": definition.id}
        )
        self.assertErrors(self.post_with(priority="x"), [("priority", "choice")])

    def test_a_changed_field_counts_at_once(self):
        definition = self.env["ir.model.fields"]._get("crm.lead", "x_selection")
        self.assertErrors(self.post_with(selection="new"), [("selection", "choice")])
        definition.selection_ids = [Command.create({"value": "new", "name": "New"})]
        self.assertSuccess(self.post_with(selection="new"))
        definition.selection_ids.unlink()
        self.assertErrors(self.post_with(selection="new"), [("selection", "choice")])
        definition.name = "x_chosen"
        attribute = self.client.attribute_ids.filtered_domain(
            [("name", "=", "selection")]
        )
        self.assertEqual(attribute.field_name, "x_chosen")
        self.assertErrors(self.post_with(selection="new"), [("selection", "choice")])
        definition.unlink()
        self.assertFalse(attribute.exists())
        response = self.post_with(selection="new")
        self.assertSuccess(response)
        self.assertEqual(response.headers["X-Ignored-Fields"], "selection")

    def test_a_field_that_became_unfit_is_ignored(self):
        lead_fields = self.env["crm.lead"]._fields
        with patch.object(lead_fields["x_integer"], "store", False):
            self.env.registry.clear_cache()
            response = self.post_with(integer=5)
            self.assertSuccess(response)
            self.assertEqual(response.headers["X-Ignored-Fields"], "integer")
            attribute = self.client.attribute_ids.filtered_domain(
                [("name", "=", "integer")]
            )
            self.assertFalse(attribute.field_name)

    def test_calls_cost_no_more_queries(self):
        other = self._new_client("web")
        for client in (self.client, other):
            client._get_schema()
            with self.subTest(client.name), self.assertQueryCount(0):
                schema = client._get_schema()
                schema.parse(self.payload)
            self.assertEqual(schema is LeadRequest, client == other)

    def test_the_class_is_made_once_whoever_asks_first(self):
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        schema = self.client.with_user(self.caller)._get_schema()
        self.assertIs(self.client._get_schema(), schema)
        self.assertIs(self.client.sudo()._get_schema(), schema)
