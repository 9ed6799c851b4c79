# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reduce the OpenAPI document to what all generators of clients understand.

Each attribute has one type, answers of one kind have one class, and nothing is written
twice.
"""

import json
import re
from collections import Counter
from typing import Any

from ..schemas.base import NULL

REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


def reduce_document(
    document: dict[str, Any], families: list[list[str]]
) -> dict[str, Any]:
    """Return the strict document for a document in one language.

    :param families: names of classes of answers that differ by some attributes; the
        first of each gets the attributes of the others, which go
    """
    document.pop("webhooks")  # what generated clients do not send
    document = _take_one_type(document)
    document = _join_families(document, families)
    _keep_used_schemas(document)
    _avoid_faults(document)
    _share_parts(document)
    _say_once(document)
    return document


def get_name(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _take_one_type(node):
    """Return a part of a document with one type for each schema: the first that it
    names, and perhaps ``null``; any object, if it names several classes."""
    if isinstance(node, list):
        return [_take_one_type(each) for each in node]
    if not isinstance(node, dict):
        return node
    node = {name: _take_one_type(each) for name, each in node.items()}
    # An attribute may have such a name, too: its value is no list.
    if isinstance(node.get("type"), list):
        node["type"] = node["type"][0]
    if node.get("additionalProperties") is True:
        del node["additionalProperties"]
    if node.get("type") == "integer":
        node["format"] = "int64"  # without it tickets would be too long
    if isinstance(options := node.pop("anyOf", None), list):
        first, *others = (each for each in options if each != NULL)
        if others:
            first = _take_one_type({"type": first.get("type", "object")})
        node |= {"anyOf": [first, NULL]} if NULL in options else first
    return node


def _join_families(document, families):
    schemas, names = document["components"]["schemas"], {}

    def join(name, other):
        """Add the attributes of another class to a class."""
        if name == other or other in names:
            return
        names[other] = name
        one, two = schemas[name], schemas.pop(other)
        for attribute, schema in two["properties"].items():
            present = one["properties"].setdefault(attribute, schema)
            if schema.keys() & present.keys() & {"$ref"}:
                join(get_name(present), get_name(schema))
        others = two.get("required", ())
        one["required"] = [each for each in one.get("required", ()) if each in others]

    for first, *others in families:
        for other in others:
            join(first, other)
    text = REFERENCE.sub(
        lambda found: found[0].replace(found[1], names.get(found[1], found[1])),
        json.dumps(document),
    )
    return json.loads(text)


def _keep_used_schemas(document):
    """Keep the schemas that operations use, in the order of their use."""
    schemas, used = document["components"].pop("schemas"), {}
    new = REFERENCE.findall(json.dumps(document["paths"]))
    while new:
        used |= {name: schemas[name] for name in new if name not in used}
        new = [n for n in REFERENCE.findall(json.dumps(used)) if n not in used]
    document["components"]["schemas"] = used


def _avoid_faults(document):
    """Drop what some generators get wrong: titles of attributes and parameters, which
    become classes, default values, and that a closed list is there, though it may be
    null."""
    for schema in document["components"]["schemas"].values():
        attributes = schema.get("properties", {})
        for attribute in attributes.values():
            attribute.pop("title", None)
            attribute.pop("default", None)
        if "required" in schema:
            schema["required"] = [
                name
                for name in schema["required"]
                if "enum" not in attributes[name].get("anyOf", [{}])[0]
            ]
    for operation in _find_operations(document):
        for parameter in operation["parameters"]:
            parameter["schema"].pop("title", None)


def _share_parts(document):
    """Move parameters, headers and answers of several operations to the components."""
    components, operations = document["components"], [*_find_operations(document)]
    parameters = [each["parameters"] for each in operations]
    answers = [each["responses"] for each in operations]
    headers = [each["headers"] for every in answers for each in every.values()]
    places = [(each, n, p["name"]) for each in parameters for n, p in enumerate(each)]
    _share(places, "parameters", components)
    _share([(each, n, n) for each in headers for n in each], "headers", components)
    places = [(each, n, f"Status{n}") for each in answers for n in each]
    _share(places, "responses", components)


def _share(places, kind, components):
    """Put references in place of equal parts, which are given by the list or dict that
    holds each, its key there, and its name as a component."""
    texts = [json.dumps(holder[key]) for holder, key, _name in places]
    counts, names, shared = Counter(texts), {}, components.setdefault(kind, {})
    for (holder, key, name), text in zip(places, texts, strict=True):
        if counts[text] == 1:
            continue
        if text not in names:
            same = [n for n in shared if re.fullmatch(rf"{name}(_\d+)?", n)]
            names[text] = f"{name}_{len(same) + 1}" if same else name
            shared[names[text]] = holder[key]
        holder[key] = {"$ref": f"#/components/{kind}/{names[text]}"}


def _say_once(document):
    """Leave out paragraphs that an earlier part says."""
    said = set()

    def visit(node):
        if isinstance(node, list):
            for each in node:
                visit(each)
        elif isinstance(node, dict):
            # An attribute may have such a name, too: its value is no text.
            if isinstance(text := node.get("summary"), str):
                said.add(text)
            if isinstance(text := node.get("description"), str):
                new = [each for each in text.split("\n\n") if each not in said]
                said.update(new)
                node["description"] = "\n\n".join(new)
                if not new:
                    del node["description"]
            for each in node.values():
                visit(each)

    visit(document)
    answers = [each["responses"] for each in _find_operations(document)]
    for every in (*answers, document["components"]["responses"]):
        for answer in every.values():
            if "$ref" not in answer:
                answer.setdefault("description", "")  # it is required


def _find_operations(document):
    for path in document["paths"].values():
        yield from path.values()
