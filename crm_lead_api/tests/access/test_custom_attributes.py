# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the administration of custom attributes."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.access.crm_lead_api_attribute import TAKEN_FIELDS
from ...schemas import LeadRequest
from ..common import CALLER_GROUP
from .common import NAMES, CustomAttributesCase


@tagged("post_install", "-at_install")
class TestCustomAttributes(CustomAttributesCase):
    def setUp(self):
        # Once the fields that a test has made are rolled back.
        self.addCleanup(self.registry._setup_models__, self.cr, ["crm.lead"])
        super().setUp()

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

    def test_description_is_in_both_languages(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        definition = self.env["ir.model.fields"]._get("crm.lead", "x_char")
        definition.with_context(lang="vi_VN").help = "Thẻ ghi gì."
        schema = self.client.with_context(lang="vi_VN")._get_schema()
        self.assertEqual(
            schema.model_json_schema()["properties"]["char"]["description"],
            "What the card says.\n\nThẻ ghi gì.",
        )

    def test_administrator_adds_one(self):
        client = self._new_client("web").with_user(self.manager)
        self.assertFalse(
            self.env["ir.model.fields"].with_user(self.manager).has_access("read")
        )
        with Form(client) as form, form.attribute_ids.new() as line:
            line.field_name = "x_integer"
            self.assertEqual(line.name, "integer")
            line.is_required = True
        self.assertRecordValues(
            client.attribute_ids,
            [{"field_name": "x_integer", "name": "integer", "is_required": True}],
        )
        with Form(client) as form, form.attribute_ids.edit(0) as line:
            line.field_name = "x_char"
            self.assertEqual(line.name, "integer")
        field = client.attribute_ids.field_id.sudo()
        self.assertEqual((field.model, field.name), ("crm.lead", "x_char"))
        self.assertErrors(
            self.post({**self.payload, "integer": 5}, self._new_token(client.sudo())),
            [("integer", "type")],
        )
        with Form(client) as form:
            form.attribute_ids.remove(0)
        self.assertFalse(client.attribute_ids)

    def test_administrator_of_another_company_changes_none(self):
        client = self.env["crm.lead.api.client"].create(
            {"name": "Khác", "company_ids": [Command.set(self.other_company.ids)]}
        )
        (attribute,) = self._add("x_char", client=client)
        self.assertFalse(attribute.with_user(self.manager).has_access("read"))
        client.user_id.company_ids += self.company
        attribute = attribute.with_user(self.manager)
        self.assertTrue(attribute.has_access("read"))
        with self.assertRaises(AccessError):
            attribute.name = "changed"

    def test_proposed_names(self):
        client = self._new_client("web")
        self._make_field("x_studio_card_no", ttype="char")
        self._make_field("x_street", ttype="char")
        attributes = self._add(
            *("x_studio_card_no", "x_street", "priority"), client=client
        )
        self.assertEqual(attributes.mapped("name"), ["card_no", "x_street", "priority"])

    def test_names_that_are_refused(self):
        (attribute,) = self._add("priority")
        for name in (
            *("gender", "customer_portrait", "account_id"),  # of the contract
            *("state", "id_lead", "owner", "ticket_ids"),  # of a lead that is read
            *("parse", "get_errors", "json", "model_fields"),  # of the schema's class
            *("", "Priority", "1st", "_a", "a-b", "a b", "ưu_tiên", "a" * 64, "a\n"),
        ):
            with self.subTest(name), self.assertRaises(ValidationError):
                attribute.name = name
        for name in ("a", "a" * 63, "x_1", "class", "level", "name"):
            with self.subTest(name):
                attribute.name = name
                lead = self.assertSuccess(self.post_with(**{name: "2"}))
                self.assertEqual(lead.priority, "2")
                self.assertEqual(lead.contact_name, self.payload["contact_name"])
                self.assertEqual(self.read_lead(lead)[name], "2")

    @mute_logger("odoo.sql_db")
    def test_one_name_and_one_field_each_only_once(self):
        for field_name, name in (("priority", "char"), ("x_char", "other")):
            with self.subTest(field_name), self.assertRaises(IntegrityError):
                self._add(field_name, name=name)

    def test_fields_that_are_refused(self):
        of_contact = {"ttype": "char", "related": "partner_id.name", "store": True}
        self._make_field("x_name", readonly=False, **of_contact)
        self._make_field("x_shown_name", readonly=True, **of_contact)
        definitions = self.env["ir.model.fields"]
        attributes = self.env["crm.lead.api.attribute"]
        for model, name in (
            *(("crm.lead", name) for name in sorted(TAKEN_FIELDS)),
            *(("crm.lead", name) for name in ("id", "create_uid", "write_date")),
            ("crm.lead", "phone_sanitized"),  # computed
            ("crm.lead", "date_conversion"),  # Odoo's
            ("crm.lead", "is_match_doubtful"),  # not stored
            ("crm.lead", "description"),  # a type that is not taken
            *(("crm.lead", name) for name in ("x_name", "x_shown_name")),
            ("res.partner", "comment"),
        ):
            definition = definitions._get(model, name)
            with self.subTest(name):
                if model == "crm.lead":
                    self.assertNotIn(name, dict(attributes._select_field_name()))
                with self.assertRaises(ValidationError):
                    attributes.create(
                        {
                            "client_id": self.client.id,
                            "field_id": definition.id,
                            "name": "other",
                        }
                    )
        for name in ("priority", "city", "tag_ids", "expected_revenue", "x_char"):
            with self.subTest(name):
                self.assertIn(name, dict(attributes._select_field_name()))

    def test_taken_are_all_that_a_request_fills(self):
        filled = set()
        leads = self.env.registry["crm.lead"]
        create = leads.create

        def note(self, vals_list):
            for vals in vals_list if isinstance(vals_list, list) else [vals_list]:
                filled.update(vals)
            return create(self, vals_list)

        with patch.object(leads, "create", note):
            self.create_lead()
        self.assertIn("portrait_id", filled)
        self.assertLessEqual(filled, TAKEN_FIELDS)

    def test_read_only_for_staff_is_not_for_the_client(self):
        self._make_field("x_card", ttype="char", readonly=True)
        self._add("x_card")
        lead = self.assertSuccess(self.post_with(card="7"))
        self.assertEqual(lead.x_card, "7")

    def test_fields_of_groups(self):
        field = self.env["crm.lead"]._fields["priority"]
        with (
            patch.object(field, "groups", "sales_team.group_sale_manager"),
            self.assertRaisesRegex(ValidationError, "tong-dai, may not fill"),
            self.cr.savepoint(),
        ):
            self._add("priority")
        with patch.object(field, "groups", CALLER_GROUP):
            self._add("priority")
            lead = self.assertSuccess(self.post_with(priority="2"))
            self.assertEqual(self.read_lead(lead)["priority"], "2")

    def test_records_that_the_client_may_not_read(self):
        self._make_field("x_cron_id", ttype="many2one", relation="ir.cron")
        with self.assertRaisesRegex(ValidationError, "tong-dai, may not read"):
            self._add("x_cron_id")

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

    def test_reading_costs_no_more_queries_for_many_leads(self):
        few = self.create_lead()
        many = few + self.create_lead(ticket_id=2) + self.create_lead(ticket_id=3)

        def count(client, leads):
            leads = leads.with_user(client.user_id).sudo()
            client._get_schema()
            self.env.invalidate_all()
            leads.mapped("name")
            leads.env.user._get_lead_api_client().mapped("reads_all_leads")
            before = self.cr.sql_log_count
            for lead in leads:
                lead._get_custom_values()
            return self.cr.sql_log_count - before

        # Its attributes are read anew for each request.
        self.assertEqual(count(self._new_client("web"), few), 1)
        self.assertEqual(count(self.client, many), count(self.client, few))

    def test_the_class_is_made_once_whoever_asks_first(self):
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        schema = self.client.with_user(self.caller)._get_schema()
        self.assertIs(self.client._get_schema(), schema)
        self.assertIs(self.client.sudo()._get_schema(), schema)
