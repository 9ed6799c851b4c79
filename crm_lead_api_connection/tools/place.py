# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read values at places in messages, by JMESPath."""

import json
from collections.abc import Iterator
from typing import Any

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError

from .message_body import load_json

MAX_PREFIX = 200  # characters of the names around an answer
ANSWERS = "answers"  # the customer's answers in a message, by name


class _Functions(functions.Functions):
    """Add functions to those of JMESPath."""

    @functions.signature({"types": ["object"]})
    def _func_items(self, value):
        """Return the pairs of name and value of an object, as JMESPath Community has
        it."""
        return [list(pair) for pair in value.items()]

    @functions.signature({"types": ["string"]})
    def _func_from_json(self, text):
        """Parse a text in JSON, which a form may have; ``null``: it is none."""
        try:
            return load_json(text)
        except ValueError:
            return None


OPTIONS = jmespath.Options(custom_functions=_Functions())


def check_place(env, place: str) -> None:
    """Check an expression.

    :raise ValidationError: it is none of JMESPath
    """
    try:
        jmespath.compile(place)
    except JMESPathError:
        from odoo.exceptions import ValidationError  # setup/connect has no Odoo

        text = env._(
            "“%(place)s” is no place in a message: write names with dots between them, "
            "such as customer.phone, in quotes if they have spaces.",
            place=place,
        )
        raise ValidationError(text) from None


def read(place: str | bool, data: Any) -> Any:
    """Return the value at a place; ``None``: there is none, or a function of the
    expression does not take what is there."""
    if not place:
        return None
    try:
        return jmespath.compile(place).search(data, options=OPTIONS)
    # JMESPath's functions raise others for what they do not expect, too.
    except (JMESPathError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def read_answers(place: str | bool, item: Any) -> dict[str, Any]:
    """Return the customer's answers in an item, by the name of the question: of an
    answer with parts, ``{"customer": {"city": …}}``, each, by ``customer.city``.

    :param place: of an object, or a list of objects with ``name`` and ``value``
    """
    found = read(place, item)
    if isinstance(found, list):
        named = [
            (str(each["name"]), each.get("value"))
            for each in found
            if isinstance(each, dict) and each.get("name") not in (None, "")
        ]
        answers = {}
        for name, value in named:  # of a choice of several perhaps each one
            if name in answers:
                before = answers[name]
                before = before if isinstance(before, list) else [before]
                value = [*before, *(value if isinstance(value, list) else [value])]
            answers[name] = value
        return answers
    return dict(flatten(found)) if isinstance(found, dict) else {}


def flatten(data: dict, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each part of an object, by the names of the objects around it."""
    for name, value in data.items():
        # An answer has the names around it in its own: long ones would take up memory.
        if isinstance(value, dict) and value and len(prefix + name) <= MAX_PREFIX:
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def read_labels(place: str | bool, item: Any) -> dict[str, str]:
    """Return the questions as the customer reads them, by name, as far as sent."""
    found = read(place, item)
    if not isinstance(found, list):
        return {}
    return {
        str(each["name"]): str(each["label"])
        for each in found
        if isinstance(each, dict) and each.get("name") and each.get("label")
    }


def find_names(place: str) -> set[str]:
    """Return the names that an expression reads, with dots, such as ``answers.phone``
    and ``customer.phone``."""
    names = set()

    def visit(node):
        if name := _get_name(node):
            names.add(name)
            return
        for child in node["children"]:
            if isinstance(child, dict):
                visit(child)

    try:
        visit(jmespath.compile(place).parsed)
    except JMESPathError:  # somebody types it, and it is not saved yet
        return set()
    return names


def _get_name(node):
    """Return the name that a part of an expression consists of, or ``""``."""
    if node["type"] == "field":
        return node["value"]
    if node["type"] in ("subexpression", "index_expression"):
        names = [
            _get_name(each) for each in node["children"] if each["type"] != "index"
        ]
        return ".".join(names) if all(names) else ""
    return ""


def find_answer_names(place: str, is_whole: bool = False) -> set[str]:
    """Return the names of the answers that an expression reads.

    :param is_whole: the answers are the whole message
    """
    names, prefix = find_names(place), f"{ANSWERS}."
    answers = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    return answers | names if is_whole else answers


def get_path(place: str) -> list[str]:
    """Return the names that a place consists of; none if it has anything else."""
    node = jmespath.compile(place).parsed
    nodes = node["children"] if node["type"] == "subexpression" else [node]
    is_path = all(each["type"] == "field" for each in nodes)
    return [each["value"] for each in nodes] if is_path else []


def remove(place: str | bool, data: dict) -> dict:
    """Return an object without the value at a place of names alone."""
    path = get_path(place) if place else []
    return _remove(data, path) if path else data


def _remove(data, names):
    name, *rest = names
    if not isinstance(data, dict) or name not in data:
        return data
    if rest:
        return {**data, name: _remove(data[name], rest)}
    return {key: value for key, value in data.items() if key != name}


def quote(name: str) -> str:
    """Return the place of an answer by its name."""
    return f"{ANSWERS}.{json.dumps(name, ensure_ascii=False)}"
