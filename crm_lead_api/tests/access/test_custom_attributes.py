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
from ..data import CLIENT_GROUP
from .common import CustomFieldsCase


@tagged("post_install", "-at_install")
class TestCustomAttributes(CustomFieldsCase):
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

    def test_copy_of_a_client_of_another_branch(self):
        both = self.company + self.other_company
        self.manager.company_ids = both
        values = {"name": "Khác", "company_id": self.other_company.id}
        values["company_ids"] = [Command.set(self.other_company.ids)]
        client = self.env["crm.lead.api.client"].create(values)
        self._add("x_char", client=client)
        client = client.with_user(self.manager)
        copy = client.with_context(allowed_company_ids=both.ids).copy()
        self.assertEqual(copy.env.company, self.company)
        self.assertEqual(copy.user_id.sudo().company_ids, self.other_company)
        self.assertEqual(copy.company_ids, self.other_company)
        self.assertEqual(copy.attribute_ids.mapped("field_name"), ["x_char"])
        self.assertNotEqual(copy.attribute_ids, client.attribute_ids)

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
            *("created", "proposed", "warnings"),  # of a lead that is changed
            *("add_crm_line_ids", "remove_crm_line_ids"),  # of its change
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

    def test_names_that_an_earlier_version_let_pass(self):
        """Changes are made, and answered with the answer's own values."""
        (attribute,) = self._add("priority")
        lead = self.assertSuccess(self.post())
        for name in ("created", "proposed", "warnings"):
            with self.subTest(name):
                attribute._write({"name": name})
                self.env.invalidate_all()
                self.env.registry.clear_cache()
                data = {"street": f"1 {name}"}
                url = f"/api/v1/lead/{lead.id}"
                response = self.post(data, url=url, method="PATCH")
                answer = self.assertJson(response, 200)["data"]
                self.assertNotEqual(answer.get(name), "2")
                self.assertEqual(lead.street, data["street"])

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
        with patch.object(field, "groups", CLIENT_GROUP):
            self._add("priority")
            lead = self.assertSuccess(self.post_with(priority="2"))
            self.assertEqual(self.read_lead(lead)["priority"], "2")

    def test_records_that_the_client_may_not_read(self):
        self._make_field("x_cron_id", ttype="many2one", relation="ir.cron")
        with self.assertRaisesRegex(ValidationError, "tong-dai, may not read"):
            self._add("x_cron_id")
