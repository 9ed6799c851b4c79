# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unicodedata
from typing import get_args

from odoo.tests import TransactionCase, tagged

from ...exceptions import FieldError
from ...schemas import Customer, CustomerPortrait, CustomersResponse, LeadRequest
from ...schemas.base import Schema


@tagged("post_install", "-at_install")
class TestSchemas(TransactionCase):
    def test_blanks_of_all_kinds_around_numbers(self):
        blanks = "\u2006\xa0\x1d\u2006"
        payload = LeadRequest.parse(
            {
                "ticket_id": f"{blanks}35{blanks}",
                "customer_portrait": {"work_start_time": f"{blanks}8.5{blanks}"},
            }
        )
        self.assertEqual(payload.ticket_id, 35)
        self.assertEqual(payload.customer_portrait.work_start_time, 8.5)

    def test_letters_and_their_accents_are_one_character(self):
        text = "Nguyễn Thị Hoà"
        apart = unicodedata.normalize("NFD", text)
        self.assertNotEqual(apart, text)
        payload = LeadRequest.parse(
            {"contact_name": apart, "customer_portrait": {"hobby": [apart]}}
        )
        self.assertEqual(payload.contact_name, text)
        self.assertEqual(payload.customer_portrait.hobby, [text])

    def test_errors_of_unknown_attributes_come_last(self):
        errors = [
            FieldError(field, "unknown", "")
            for field in ("x", "customer_portrait.hobby.1", "gender", "phone_no1")
        ]
        self.assertEqual(
            [error.field for error in LeadRequest.sort_errors(errors)],
            ["phone_no1", "gender", "customer_portrait.hobby.1", "x"],
        )

    def test_a_customer_with_a_part_of_another_addon(self):
        class InsuredCustomer(Customer):
            policy: str | None = None

        described = CustomersResponse.with_data(customers=list[InsuredCustomer])
        definitions = described.model_json_schema()["$defs"]
        self.assertIn("policy", definitions["InsuredCustomer"]["properties"])
        self.assertTrue(issubclass(described, CustomersResponse))

    def test_choices_are_those_of_the_fields(self):
        """The schema and the Selection fields name the same values."""
        for schema, model, names in (
            (LeadRequest, "crm.lead", {}),
            (CustomerPortrait, "crm.customer.portrait", {}),
        ):
            for name, field in schema.model_fields.items():
                choices = self._get_choices(field.annotation)
                if choices:
                    values = self.env[model]._fields[names.get(name, name)]
                    with self.subTest(name):
                        self.assertEqual(
                            choices, [value for value, _label in values.selection]
                        )

    def _get_choices(self, annotation):
        return next(
            (
                list(get_args(choice))
                for choice in get_args(annotation)
                if get_args(choice) and isinstance(get_args(choice)[0], str)
            ),
            None,
        )

    def test_ignored_fields_are_named_with_their_path(self):
        payload = LeadRequest.parse(
            {"foo": 1, "gender": "male", "customer_portrait": {"bar": 2, "hobby": []}}
        )
        self.assertEqual(payload.get_ignored_fields(), ["foo", "customer_portrait.bar"])

    def test_lines_are_trimmed_and_texts_are_kept(self):
        payload = LeadRequest.parse(
            {
                "contact_name": "  Trần\n Thị Thanh Thảo ",
                "customer_portrait": {
                    "term_goals": " a\nb ",
                    "hobby": [" x ", "", None],
                },
            }
        )
        self.assertEqual(payload.contact_name, "Trần Thị Thanh Thảo")
        self.assertEqual(payload.customer_portrait.term_goals, " a\nb ")
        self.assertEqual(payload.customer_portrait.hobby, [" x "])

    def test_wrong_account_does_not_make_the_phone_required(self):
        fields = [e.field for e in LeadRequest.parse({"account_id": "x"}).get_errors()]
        self.assertIn("account_id", fields)
        self.assertNotIn("phone_no1", fields)

    def test_did_you_mean(self):
        for sent, meant in (
            ("Co-worker", "co_worker"),
            ("familly", "family"),
            ("xyz", None),
        ):
            payload = LeadRequest.parse({"customer_portrait": {"affected_by": sent}})
            error = next(e for e in payload.get_errors() if "affected_by" in e.field)
            with self.subTest(sent):
                self.assertEqual(error.did_you_mean, meant)

    def test_every_schema_ignores_what_it_does_not_know(self):
        for schema in Schema.__subclasses__():
            # The schemas of answers have attributes that are always there.
            if any(field.is_required() for field in schema.model_fields.values()):
                continue
            self.assertEqual(
                schema.parse({"unheard_of": 1}).get_ignored_fields(), ["unheard_of"]
            )
