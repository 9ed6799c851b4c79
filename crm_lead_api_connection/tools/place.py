# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read values at places in messages, by JMESPath."""

from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

ANSWERS = "answers"  # the customer's answers in a message, by name


class PlaceError(ValueError):
    """Report an expression that is no place."""

    def __init__(self, place: str):
        super().__init__(place)
        self.place = place

    def get_message(self, env) -> str:
        return env._(
            "“%(place)s” is no place in a message: write names with dots between them, "
            "such as customer.phone, in quotes if they have spaces.",
            place=self.place,
        )


@lru_cache(maxsize=1024)
def _compile(place):
    return jmespath.compile(place)


def check_place(place: str) -> None:
    """Check an expression.

    :raise PlaceError: it is none of JMESPath
    """
    try:
        _compile(place)
    except JMESPathError:
        raise PlaceError(place) from None


def read(place: str | bool, data: Any) -> Any:
    """Return the value at a place; ``None``: there is none, or a function of the
    expression does not take what is there."""
    if not place:
        return None
    try:
        return _compile(place).search(data)
    except JMESPathError:
        return None


def read_answers(place: str | bool, item: Any) -> dict[str, Any]:
    """Return the customer's answers in an item, by the name of the question.

    :param place: of an object, or a list of objects with ``name`` and ``value``
    """
    found = read(place, item)
    if isinstance(found, dict):
        return found
    return {
        str(each["name"]): each.get("value")
        for each in found or ()
        if isinstance(each, dict) and each.get("name") not in (None, "")
    }


def read_labels(place: str | bool, item: Any) -> dict[str, str]:
    """Return the questions as the customer reads them, by name, as far as sent."""
    found = read(place, item)
    if not isinstance(found, list):
        return {}
    return {
        str(each["name"]): each["label"]
        for each in found
        if isinstance(each, dict) and each.get("name") and each.get("label")
    }


def find_answer_names(place: str) -> set[str]:
    """Return the names of the answers that an expression reads."""
    names = set()

    def visit(node):
        children = node["children"]
        if node["type"] == "subexpression":
            parent, child = children
            if parent == {"type": "field", "children": [], "value": ANSWERS}:
                names.add(child.get("value"))
        for child in children:
            if isinstance(child, dict):
                visit(child)

    visit(_compile(place).parsed)
    return names - {None}


def quote(name: str) -> str:
    """Return the place of an answer by its name."""
    text = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{ANSWERS}."{text}"'
