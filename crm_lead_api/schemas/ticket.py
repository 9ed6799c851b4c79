# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the tickets of outside systems: numbers or, for some clients, texts."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from .base import NULL, Attribute, Schema, extend
from .value import MAX_NUMBER, AlsoTakes, check_storable, to_whole

ATTRIBUTE = "ticket_id"
EXAMPLE = "TCK-100234"
MAX_TEXT = 64  # characters
COMMA = ","  # between the tickets of a merged lead


def _to_text(value: Any) -> Any:
    """Turn a number into its digits, and cut off the spaces at the ends of a text."""
    value = to_whole(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    value = value.strip()
    if not value:  # a query has no other "not sent"
        raise PydanticCustomError("missing", "no ticket")
    if COMMA in value:
        raise PydanticCustomError("comma", "a comma")
    return value


TextTicket = Annotated[
    str,
    Field(strict=True, max_length=MAX_TEXT),
    AfterValidator(check_storable),
    BeforeValidator(_to_text),
    AlsoTakes({"pattern": r"^[^,]*[^\s,][^,]*$"}),
]
# In answers; the document of a client with texts says so: see describe_text_tickets.
Ticket = Annotated[int | str, WithJsonSchema({"type": "integer"}, mode="serialization")]


def take_text_tickets(schema: type[Schema]) -> type[Schema]:
    return extend(schema, Attribute(ATTRIBUTE, TextTicket, example=EXAMPLE))


def describe_text_tickets(schemas: dict[str, dict]) -> None:
    """Change the JSON Schemas of answers: their tickets are texts."""
    for schema in schemas.values():
        properties = schema.get("properties", {})
        if "ticket_ids" in properties:
            properties["ticket_ids"]["items"] = {"type": "string"}
        own = properties.get(ATTRIBUTE, {})
        types = [each.get("type") for each in own.get("anyOf", ())]
        if types[:1] == ["integer"] and types[-1] == "null":
            own |= {"anyOf": [{"type": "string"}, NULL], "examples": [EXAMPLE]}


def find_texts(ticket_ref: str | Literal[False]) -> list[str]:
    """Return the tickets in a lead's reference, as texts."""
    texts = (text.strip() for text in (ticket_ref or "").split(COMMA))
    return [text for text in texts if 0 < len(text) <= MAX_TEXT]


def find_numbers(ticket_ref: str | Literal[False], has_texts: bool) -> list[int]:
    """Return the tickets in a lead's reference that are numbers.

    :param has_texts: the reference has tickets that were sent as texts, whose digits
        are no numbers; otherwise staff may have written words beside the numbers
    """
    if has_texts:
        found = filter(re.compile(r"[1-9][0-9]*").fullmatch, find_texts(ticket_ref))
    else:
        found = re.findall(r"[0-9]+", ticket_ref or "")
    return [number for number in map(int, found) if number <= MAX_NUMBER]


def get_pattern(ticket: int | str) -> str:
    """Return the regular expression of references with a ticket, for PostgreSQL."""
    if isinstance(ticket, int):
        return rf"(^|[^0-9])0*{ticket}([^0-9]|$)"
    return rf"(^|{COMMA})\s*{re.escape(ticket)}\s*({COMMA}|$)"
