# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tables of docs/contract.rst are what the lead API does."""

import json
import re

from contract import LEAD, PORTRAIT
from documents import find_newest

SCHEMAS = json.loads(find_newest().read_text())["components"]["schemas"]
MODELS = {"crm.lead": LEAD, "crm.customer.portrait": PORTRAIT}
READ_FIELDS = """
models = ("crm.lead", "crm.customer.portrait")
print(">>" + json.dumps({model: [*env[model]._fields] for model in models}))
"""
# Gives the client one more company; prints the ids of records that do not go with the
# clinic, or that no request may name.
MAKE_OTHERS = """
company = env.ref("base.main_company")
env.ref("crm_lead_api.demo_client").company_ids |= company
make = lambda model: env[model].create({"name": "Khác", "company_id": company.id}).ids
print(">>" + json.dumps({
    "account_id": make("res.partner")[0],
    "user_id": env.ref("base.demo_user0").id,
    "price_list_id": make("product.pricelist")[0],
    "crm_line_ids": make("product.product"),
}))
"""
READ_OTHERS = """
SELECT (SELECT id FROM res_country_state WHERE country_id = us.res_id LIMIT 1),
       (SELECT id FROM res_country_district WHERE state_id != %s LIMIT 1),
       (SELECT id FROM utm_source WHERE group_id != %s LIMIT 1)
  FROM ir_model_data AS us WHERE module = 'base' AND name = 'us'
"""
WRONG = {
    "unknown": 999_999_999,
    "type": True,
    "choice": "x",
    "format": "x",
    "too_long": "x" * 10_001,
    "too_few": [],
    "too_many": ["x"] * 101,
    "mismatch": None,
    "range": None,
}
OUT_OF_RANGE = {"ticket_id": 0, "birth_date": "1800-01-01"}  # others: hours


def get_type(schema):
    """Return the type of an attribute in the document, as the page names it."""
    [schema] = [
        each
        for each in schema.get("anyOf", [schema])
        if each.get("pattern") != r"^\s*$"
    ]
    if "$ref" in schema:
        return "object"
    types = schema["type"]
    return schema.get("format") or (types if isinstance(types, str) else types[0])


def test_attributes():
    schema = SCHEMAS["LeadRequest"]
    assert [
        (name, required == "yes", kind) for name, required, kind, *_more in LEAD
    ] == [
        (name, name in schema["required"], get_type(each))
        for name, each in schema["properties"].items()
    ]
    portrait = SCHEMAS["CustomerPortrait-Input"]["properties"]
    assert [row[:2] for row in PORTRAIT] == [
        [name, get_type(each)] for name, each in portrait.items()
    ]


def test_fields(database):
    fields = json.loads(database.run(READ_FIELDS))
    for model, rows in MODELS.items():
        assert {each[-2].split()[0] for each in rows} <= {*fields[model]}


def test_wrong_values(database, start_server, token, payload):
    """Each wrong value is a 422 with the code of the page; what the page says is stored
    makes a lead."""
    names = ("state_id", "category_source_id")
    others = database.query(READ_OTHERS, *(payload[name] for name in names))[0]
    mismatches = {
        **dict(zip(("state_id", "district_id", "source_id"), others, strict=True)),
        **json.loads(database.run(MAKE_OTHERS)),
    }
    assert {name for name, *_more, text in LEAD if "mismatch" in text} == {*mismatches}
    server = start_server(database, "--max-cron-threads=0")

    def find_errors(name, value):
        part, _dot, item = name.rpartition(".")
        values = {part: {item: value}} if part else {name: value}
        status, _head, body = server.post(token, {**payload, **values})
        answer = json.loads(body)
        assert status == (422 if "errors" in answer else 200)
        return [(each["field"], each["code"]) for each in answer.get("errors", ())]

    for prefix, rows in (("", LEAD), ("customer_portrait.", PORTRAIT)):
        for name, *_more, text in rows:
            for code in WRONG.keys() & re.findall(r"\w+", text):
                value = WRONG[code]
                if name == "crm_line_ids" and code == "unknown":
                    value = [value]
                elif code == "mismatch":
                    value = mismatches[name]
                elif code == "range":
                    value = OUT_OF_RANGE.get(name, 24)
                errors = find_errors(f"{prefix}{name}", value)
                found = [(field.split(".")[-1], each) for field, each in errors]
                assert (name, code) in found or errors == [(f"{name}.0", code)], name
            if text.startswith("stored"):
                assert find_errors(name, f"none {name}") == []
