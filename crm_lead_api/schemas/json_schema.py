# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Describe attributes in JSON Schema, for the OpenAPI document."""

from typing import Any

from .about import STRICT_LANG

NULL = {"type": "null"}
NOT_SENT = {"type": ["string", "null"], "pattern": r"^\s*$"}
CONSTRAINTS = (
    *("minimum", "maximum", "exclusiveMaximum", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "format"),
)


def describe_stored(schema: Any) -> Any:
    """Return a JSON Schema without limits: staff may have written other values."""
    if isinstance(schema, list):
        return [describe_stored(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: describe_stored(value)
        for name, value in schema.items()
        if name not in (*CONSTRAINTS, "default")
    }


def describe_attribute(schema: dict, is_required: bool, is_emptied: bool) -> dict:
    """Return an attribute's JSON Schema, including the values for "not sent".

    :param is_emptied: ``null`` empties the attribute, instead of "not sent"
    """
    said = {
        name: schema.pop(name)
        for name in ("description", "examples", "x-odoo-model")
        if name in schema
    }
    schema.pop("default", None)
    wanted, *_null = schema.get("anyOf", [schema])
    if STRICT_LANG.get():
        return {**said, **({"anyOf": [wanted, NULL]} if is_emptied else wanted)}
    is_text = wanted.get("type") == "string" and not {"enum", "format"} & wanted.keys()
    if is_required:
        if is_text:
            wanted.setdefault("pattern", r"\S")
        return {**said, **wanted}
    if is_text:
        return {**said, **wanted, "type": ["string", "null"]}
    return {**said, "anyOf": [wanted, NOT_SENT]}
