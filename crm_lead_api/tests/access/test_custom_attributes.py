# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a client sends besides the attributes of the contract, for fields that an
administrator has made."""

from datetime import date, datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.access.crm_lead_api_attribute import TAKEN_FIELDS
from ...schemas import LeadRequest
from ..common import CALLER_GROUP, MANAGER_GROUP
from ..request.test_request_log import LeadApiLogCase

CHOICES = {"a or b": "This or that", "it's": "Its", "Tài chính": "Finance"}
FIELDS = {
    "x_char": {"ttype": "char", "size": 10, "help": "What the card says."},
    "x_text": {"ttype": "text"},
    "x_integer": {"ttype": "integer"},
    "x_float": {"ttype": "float"},
    "x_monetary": {"ttype": "monetary", "currency_field": "company_currency"},
    "x_boolean": {"ttype": "boolean"},
    "x_date": {"ttype": "date"},
    "x_datetime": {"ttype": "datetime"},
    "x_selection": {
        "ttype": "selection",
        "selection_ids": [
            Command.create({"value": value, "name": label})
            for value, label in CHOICES.items()
        ],
    },
    "x_pricelist_id": {"ttype": "many2one", "relation": "product.pricelist"},
    "x_product_ids": {"ttype": "many2many", "relation": "product.product"},
}
NAMES = {name: name.removeprefix("x_") for name in FIELDS}
# By attribute: what is sent, what is stored, what is answered
RIGHT = {
    "char": [
        (" thẻ\n số ", "thẻ số", "thẻ số"),
        ("x" * 10, "x" * 10, "x" * 10),
        ("0", "0", "0"),
    ],
    "text": [(" a\nb ", " a\nb ", " a\nb "), ("x" * 10_000,) * 3],
    "integer": [
        *((5, 5, 5), (" 5 ", 5, 5), (0, 0, 0), ("-7", -7, -7)),
        *((2**31 - 1,) * 3, (-(2**31),) * 3),
    ],
    "float": [
        *((1.25, 1.25, 1.25), (3, 3, 3), ("2.5", 2.5, 2.5), ("-4", -4, -4)),
        *((0, 0, 0), (1e13, 1e13, 1e13)),
    ],
    "monetary": [(1_500_000, 1_500_000, 1_500_000), ("25000", 25000, 25000)],
    "boolean": [
        *((True, True, True), ("true", True, True), ("True", True, True)),
        *((" 1 ", True, True), (False, False, False), ("false", False, False)),
        *(("0", False, False),),
    ],
    "date": [
        ("2026-02-28", date(2026, 2, 28), "2026-02-28"),
        ("0001-01-01", date(1, 1, 1), "0001-01-01"),
    ],
    "datetime": [
        (
            "2026-11-25T01:30:15.25+07:00",
            datetime(2026, 11, 24, 18, 30, 15),
            "2026-11-24T18:30:15Z",
        ),
        (
            "2026-11-25t08:00z",
            datetime(2026, 11, 25, 8),
            "2026-11-25T08:00:00Z",
        ),
    ],
    "selection": [(value, value, value) for value in CHOICES],
    "product_ids": [([], [], [])],
}
WRONG = {
    "char": [(5, "type"), (["a"], "type"), ("x" * 11, "too_long")],
    "text": [(5, "type"), ("x" * 10_001, "too_long"), ("a\x00", "characters")],
    "integer": [
        *(("abc", "type"), (1.5, "type"), ("1.5", "type"), (True, "type")),
        *(([1], "type"), ({}, "type"), (2**31, "range"), ("-2147483649", "range")),
        (10**400, "range"),
    ],
    "float": [
        *(("abc", "type"), (True, "type"), ([1.5], "type"), ("1e5", "type")),
        *(("1,5", "type"), (1e13 + 1, "range"), (-(10**400), "range")),
        (float("1e300"), "range"),
    ],
    "monetary": [("abc", "type"), ({}, "type"), ("99999999999999999999", "range")],
    "boolean": [("yes", "type"), (1, "type"), (0, "type"), ([True], "type")],
    "date": [
        *(("25/11/2026", "format"), ("2026-02-30", "format"), (20261125, "format")),
        ("2026-11-25T08:00:00Z", "format"),
    ],
    "datetime": [
        *(("2026-11-25", "format"), ("2026-11-25T08:00:00", "format")),
        *((1764028800, "format"), ([], "format"), ({}, "format")),
        ("0001-01-01T00:00:00+07:00", "format"),
    ],
    "selection": [("This or that", "choice"), (1, "choice"), (["it's"], "choice")],
    "pricelist_id": [
        *(("abc", "type"), (True, "type"), (0, "range"), (2**31, "range")),
        (2_000_000_000, "unknown"),
    ],
    "product_ids": [
        *((5, "type"), ("[1]", "type"), ([1] * 101, "too_many")),
        (["a", 0, 2_000_000_000], {"0": "type", "1": "range", "2": "unknown"}),
    ],
}


class CustomAttributesCase(LeadApiLogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)
        for name, values in FIELDS.items():
            cls._make_field(name, **values)
        cls.attributes = cls._add(*FIELDS)

    @classmethod
    def _make_field(cls, name, **values):
        return cls.env["ir.model.fields"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "field_description": name.capitalize(),
                "state": "manual",
                **values,
            }
        )

    @classmethod
    def _add(cls, *names, client=None, **values):
        return cls.env["crm.lead.api.attribute"].create(
            [
                {"client_id": (client or cls.client).id, "field_name": name, **values}
                for name in names
            ]
        )

    def post_with(self, **attributes):
        return self.post({**self.payload, **attributes})

    def read_lead(self, lead, token=None):
        response = self.post(
            url=f"/api/v1/lead/{lead.id}", token=token, method="GET", data=None
        )
        return self.assertJson(response, 200)["data"]


@tagged("post_install", "-at_install")
class TestCustomValues(CustomAttributesCase):
    def test_tables_know_every_attribute(self):
        self.assertEqual(set(WRONG), set(NAMES.values()))
        self.assertEqual(set(RIGHT) | {"pricelist_id"}, set(NAMES.values()))

    def test_sent_is_stored_and_answered(self):
        for name, cases in RIGHT.items():
            for sent, stored, answered in cases:
                with self.subTest(name, sent=str(sent)[:40]):
                    response = self.post_with(**{name: sent})
                    lead = self.assertSuccess(response)
                    self.assertNotIn("X-Ignored-Fields", response.headers)
                    value = lead[f"x_{name}"]
                    if name == "product_ids":
                        value = value.ids
                    self.assertEqual(value, stored)
                    self.assertEqual(self.read_lead(lead)[name], answered)

    def test_relations_are_stored_and_answered(self):
        ids = [self.service_2.id, str(self.service.id), self.service.id]
        lead = self.assertSuccess(
            self.post_with(pricelist_id=f" {self.pricelist.id} ", product_ids=ids)
        )
        self.assertEqual(lead.x_pricelist_id, self.pricelist)
        self.assertEqual(lead.x_product_ids, self.service + self.service_2)
        data = self.read_lead(lead)
        self.assertEqual(data["pricelist_id"], self.pricelist.id)
        self.assertCountEqual(data["product_ids"], (self.service + self.service_2).ids)

    def test_wrong_value(self):
        for name, cases in WRONG.items():
            for value, code in cases:
                codes = code if isinstance(code, dict) else {"": code}
                expected = [
                    (f"{name}.{below}" if below else name, code)
                    for below, code in codes.items()
                ]
                with (
                    self.subTest(name, value=str(value)[:40]),
                    self.assertNothingMade(),
                ):
                    self.assertErrors(self.post_with(**{name: value}), expected)

    def test_wrong_value_is_explained(self):
        response = self.post_with(
            float="x", boolean="x", selection="Its", integer=2**31
        )
        messages = {
            error["field"]: error["message"] for error in response.json()["errors"]
        }
        self.assertEqual(messages["float"], 'Send a number, such as 1.5 or "1.5".')
        self.assertEqual(messages["boolean"], "Send true or false.")
        self.assertEqual(messages["integer"], "Send a number of at most 2147483647.")
        (error,) = (e for e in response.json()["errors"] if e["field"] == "selection")
        self.assertEqual(error["allowed"], list(CHOICES))
        self.assertEqual(error["did_you_mean"], "it's")

    def test_not_sent(self):
        lead = self.assertSuccess(self.post())
        for name in NAMES.values():
            for variant in (None, "", "  "):
                with self.subTest(name, variant=variant):
                    lead = self.assertSuccess(self.post_with(**{name: variant}))
                    self.assertFalse(lead[f"x_{name}"])
        data = self.read_lead(lead)
        self.assertEqual(
            {name: data[name] for name in NAMES.values()},
            {
                **dict.fromkeys(NAMES.values()),
                **{"integer": 0, "float": 0, "monetary": 0, "boolean": False},
                "product_ids": [],
            },
        )

    def test_required(self):
        self.attributes.is_required = True
        right = {name: cases[0][0] for name, cases in RIGHT.items()}
        right |= {"boolean": False, "integer": 0, "pricelist_id": self.pricelist.id}
        self.assertSuccess(self.post_with(**right))
        for variant in ({}, dict.fromkeys(right), dict.fromkeys(right, " ")):
            with self.subTest(variant), self.assertNothingMade():
                self.assertErrors(
                    self.post_with(**variant),
                    [(name, "required") for name in NAMES.values()],
                )

    def test_errors_come_after_those_of_the_contract_in_the_order_of_the_list(self):
        wrong = dict.fromkeys(NAMES.values(), {})
        wrong |= {"customer_portrait": {"transport": "plane"}, "product_ids": 5}
        for sequence, attribute in enumerate(reversed(self.attributes)):
            attribute.sequence = sequence
        response = self.post_with(gender="x", **wrong)
        found = [error["field"] for error in response.json()["errors"]]
        self.assertEqual(
            found,
            ["gender", "customer_portrait.transport", *reversed(NAMES.values())],
        )

    def test_archived_record(self):
        with self.assertNothingMade():
            self.assertErrors(
                self.post_with(
                    pricelist_id=self.archived_pricelist.id,
                    product_ids=[self.service.id, self.archived_service.id],
                ),
                [("pricelist_id", "archived"), ("product_ids.1", "archived")],
            )

    def test_record_of_another_company(self):
        other = {
            "pricelist_id": self.other_pricelist.id,
            "product_ids": [self.service.id, self.other_service.id],
        }
        for code in ("unknown", "mismatch"):
            with self.subTest(code), self.assertNothingMade():
                self.assertErrors(
                    self.post_with(**other),
                    [("pricelist_id", code), ("product_ids.1", code)],
                )
            self.caller.company_ids += self.other_company
        lead = self.assertSuccess(
            self.post_with(
                company_id=self.other_company.id,
                price_list_id=self.other_pricelist.id,
                crm_line_ids=[self.other_service.id],
                pricelist_id=self.other_pricelist.id,
            )
        )
        self.assertEqual(lead.x_pricelist_id, self.other_pricelist)

    def test_codes_are_for_the_lists_of_the_contract(self):
        self.client.write({"takes_codes": True, "takes_own_codes": True})
        lead = self.assertSuccess(
            self.post_with(pricelist_id=str(self.pricelist.id), country_id="VN")
        )
        self.assertEqual(lead.x_pricelist_id, self.pricelist)
        self.assertErrors(
            self.post_with(pricelist_id="Khuyến mãi", product_ids=["x"]),
            [("pricelist_id", "type"), ("product_ids.0", "type")],
        )

    def test_sent_as_a_form(self):
        form = {**self.payload, "customer_portrait": "", "boolean": "True"}
        form |= {"product_ids": f"[{self.service.id}]", "integer": "12"}
        lead = self.assertSuccess(self.post(data=form))
        self.assertEqual((lead.x_boolean, lead.x_integer), (True, 12))
        self.assertEqual(lead.x_product_ids, self.service)

    def test_another_client_does_not_have_them(self):
        client = self._new_client("web", reads_all_leads=True)
        token = self._new_token(client)
        self._add("x_integer", client=client, name="char")
        response = self.post({**self.payload, "char": 5, "integer": "x"}, token=token)
        lead = self.assertSuccess(response)
        self.assertEqual(response.headers["X-Ignored-Fields"], "integer")
        self.assertEqual((lead.x_integer, lead.x_char), (5, False))
        self.assertEqual(lead.lead_api_request_ids.ignored_fields, "integer")
        # Each reads by the names that it knows.
        self.client.reads_all_leads = True
        self.assertEqual(self.read_lead(lead, token)["char"], 5)
        self.assertNotIn("integer", self.read_lead(lead, token))
        data = self.read_lead(lead)
        self.assertEqual((data["char"], data["integer"]), (None, 5))

    def test_lists_of_leads_have_them(self):
        lead = self.assertSuccess(self.post_with(integer=5))
        response = self.post(url="/api/v1/lead?ticket_id=4711", method="GET", data=None)
        (item,) = response.json()["data"]["items"]
        self.assertEqual((item["id_lead"], item["integer"]), (lead.id, 5))

    def test_whoever_reads_in_odoo_knows_those_of_the_sender(self):
        lead = self.assertSuccess(self.post_with(integer=5))
        self.assertEqual(lead._get_custom_values()["integer"], 5)
        values = lead.with_user(self.agent)._get_custom_values()
        self.assertEqual(values["integer"], 5)
        self.assertEqual(
            self.env["crm.lead"].create({"name": "x"})._get_custom_values(), {}
        )

    def test_what_is_sent_counts_more_than_the_contact(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Khách",
                "street": "1 Tràng Tiền",
                "zip": "10000",
                "city": "Hà Nội",
                "function": "Giáo viên",
            }
        )
        self._add("zip", "function")
        lead = self.assertSuccess(
            self.post_with(account_id=partner.id, zip="70000", function="Bác sĩ")
        )
        self.assertEqual((lead.zip, lead.function), ("70000", "Bác sĩ"))
        self.assertEqual((partner.zip, partner.function), ("10000", "Giáo viên"))

    def test_list_of_choices_names_them(self):
        # The name of a field that is something else must not matter.
        self.attributes.filtered(lambda a: a.name == "selection").name = "function"
        url = "/api/v1/ref/choices?q=function"
        items = self.post(url=url, method="GET", data=None).json()["data"]["items"]
        self.assertEqual({item["code"]: item["name"] for item in items}, CHOICES)

    def test_dry_run(self):
        url = "/api/v1/lead?dry_run=1"
        with self.assertNothingMade():
            wrong = self.post({**self.payload, "integer": "x"}, url=url)
            self.assertErrors(wrong, [("integer", "type")])
            response = self.post({**self.payload, "integer": 5, "foo": 1}, url=url)
        warnings = self.assertJson(response, 200)["data"]["warnings"]
        self.assertEqual([each["field"] for each in warnings], ["foo"])

    def test_sent_again(self):
        self.assertErrors(self.post_with(integer="x"), [("integer", "type")])
        wizard = (
            self.env["crm.lead.api.resend"]
            .with_user(self.manager)
            .create({"request_ids": [Command.set(self._get_entries()[:1].ids)]})
        )
        self.assertIn("integer", wizard.problems)
        wizard.action_check()
        self.assertIn("integer", wizard.problems)
        wizard.payload = wizard.payload.replace('"integer": "x"', '"integer": 5')
        action = wizard.action_send()
        self.assertEqual(self.env["crm.lead"].browse(action["res_id"]).x_integer, 5)


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
