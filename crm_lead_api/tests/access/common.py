# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Share an administrator of clients, and custom attributes: fields made by one."""

from datetime import date, datetime

from odoo.fields import Command

from ..common import LeadApiCase, LeadApiLogCase
from ..data import MANAGER_GROUP

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


class ClientCase(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager", MANAGER_GROUP)
        cls.clients = cls.env["crm.lead.api.client"].with_user(cls.manager)


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


class CustomFieldsCase(CustomAttributesCase):
    """Tests that make and change such fields."""

    def setUp(self):
        # Once the fields that a test has made are rolled back.
        self.addCleanup(self.registry._setup_models__, self.cr, ["crm.lead"])
        super().setUp()
