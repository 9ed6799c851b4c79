# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API keeps what docs/versions.rst promises to clients of released versions.

No kept tool compares OpenAPI 3.1 well enough: openapi-diff 0.24 takes 3.0 at most, the
packages @pb33f/openapi-changes and oasdiff of npm hold no program, and of 54 changes
schemawatch 0.1 judged 20 wrongly, api-schema-diff 1.0 judged 18, api-smart-diff 1.0 6.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"
# Keywords that only describe
TEXTS = ("description", "summary", "example", "examples", "title", "x-codeSamples")
# Keywords that have to be equal, or missing where more values are allowed
EQUAL = ("pattern", "format", "contentMediaType", "multipleOf")
MINIMA = ("minimum", "exclusiveMinimum", "minLength", "minItems")
MAXIMA = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def read_released() -> dict[tuple, dict]:
    """Return the released documents by version, the newest last."""
    documents = [json.loads(path.read_text()) for path in FOLDER.glob("*.json")]
    return dict(sorted((get_version(each), each) for each in documents))


def get_version(document) -> tuple:
    return tuple(map(int, document["info"]["version"].split(".")))


def strip_texts(node):
    """Return a part of a document without what only describes."""
    if isinstance(node, list):
        return [strip_texts(each) for each in node]
    if isinstance(node, dict):
        return {
            name: strip_texts(value)
            for name, value in node.items()
            # An attribute may have such a name, too.
            if name not in TEXTS or isinstance(value, dict)
        }
    return node


# ------------------------------------------------------- what clients send and get


def inline(node, schemas):
    """Return a part of a document with schemas in the place of their names."""
    if isinstance(node, list):
        return [inline(each, schemas) for each in node]
    if isinstance(node, dict):
        if reference := node.get("$ref"):
            return inline(schemas[reference.rpartition("/")[2]], schemas)
        return {name: inline(value, schemas) for name, value in node.items()}
    return node


def describe_requests(document):
    """Return one schema for all that clients may send."""
    places = {}
    for scheme in document.get("security", ()):
        known = [document["components"]["securitySchemes"][name] for name in scheme]
        places[f"security {[*scheme]}"] = {"const": json.dumps(known, sort_keys=True)}
    for place, operation in list_operations(document):
        body = {"in": "request", "name": "body"} | operation.get("requestBody", {})
        parts = {
            f"{part['in']} {part['name']}": part
            for part in [*operation.get("parameters", ()), body]
        }
        places[place] = {
            "properties": {
                name: part.get("schema") or get_contents(part)
                for name, part in parts.items()
            },
            "required": [name for name, part in parts.items() if part.get("required")],
        }
    return {"properties": places}


def describe_answers(document):
    """Return one schema for all answers of success and all events."""
    places = {
        f"event {name}": get_contents(event["post"]["requestBody"])
        for name, event in document.get("webhooks", {}).items()
    }
    for place, operation in list_operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith("2"):  # docs/versions.rst: errors may come and go
                headers = {f"header {name}": {} for name in answer.get("headers", ())}
                places[f"{place} {status}"] = get_contents(answer, headers)
    return {"properties": places}


def list_operations(document):
    for path, operations in document["paths"].items():
        for method in {"get", "put", "post", "delete", "patch"} & operations.keys():
            yield f"{method.upper()} {path}", operations[method]


def get_contents(part, others=()):
    contents = part.get("content", {}).items()
    return {
        "properties": {name: each["schema"] for name, each in contents} | dict(others)
    }


# ------------------------------------------------------------------- comparison


def find_breaking_changes(old: dict, new: dict) -> Iterator[str]:
    """Yield what a client of a document misses in a newer one, with its place."""
    old, new = (inline(each, each["components"]["schemas"]) for each in (old, new))
    yield from compare(*map(describe_requests, (old, new)), "", is_sent=True)
    for change in compare(*map(describe_answers, (old, new)), "", is_sent=False):
        # docs/versions.rst: new kinds of events may come
        if not change.startswith("event ") or not change.endswith(
            ".type: other values"
        ):
            yield change


def compare(old, new, place, is_sent) -> list[str]:
    """Each branch of what was sent, or of what is answered now, has to fit a branch of
    the other side."""
    narrow, wide = (old, new) if is_sent else (new, old)
    problems = []
    for branch in list_branches(narrow):
        found = [
            compare_branches(branch, other, place, is_sent)
            for other in list_branches(wide)
        ]
        problems += min(found, key=len)
    return problems


def compare_branches(narrow, wide, place, is_sent):
    if not fits(narrow, wide):
        return [f"{place}: other values"]
    old, new = map(get_parts, (narrow, wide) if is_sent else (wide, narrow))
    required = set(wide.get("required", ())) - set(narrow.get("required", ()))
    missing = [*(old.keys() - new.keys()), *required]
    problems = [f"{place}.{name}: gone, or required".lstrip(".") for name in missing]
    for name in old.keys() & new.keys():
        where = f"{place}.{name}".lstrip(".")
        problems += compare(old[name], new[name], where, is_sent)
    return problems


def list_branches(schema):
    """Return the types of a schema, each with its own keywords."""
    if choices := schema.get("anyOf", schema.get("oneOf")):
        return [each for choice in choices for each in list_branches(choice)]
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    return [{**schema, "type": each} for each in types] or [schema]


def get_parts(branch):
    items = {"[]": branch.get("items", {})} if branch.get("type") == "array" else {}
    return branch.get("properties", {}) | items


def fits(narrow, wide) -> bool:
    """Tell whether the values of a type fit another type, apart from their parts."""
    types = [each.get("type") for each in (narrow, wide)]
    choices = [get_choices(each) for each in (narrow, wide)]

    def is_within(name, sign):
        bounds = [each.get(name) for each in (narrow, wide)]
        if None in bounds:
            return bounds[1] is None
        return bounds[0] * sign >= bounds[1] * sign

    return (
        (types[1] in (None, types[0]) or types == ["integer", "number"])
        and (choices[1] is None or bool(choices[0]) and choices[0] <= choices[1])
        and all(wide.get(name) in (None, narrow.get(name)) for name in EQUAL)
        and all(is_within(name, 1) for name in MINIMA)
        and all(is_within(name, -1) for name in MAXIMA)
    )


def get_choices(branch):
    values = [branch["const"]] if "const" in branch else branch.get("enum")
    return values and set(values)


# ------------------------------------------------------------------------ tests


@pytest.fixture(scope="module")
def document(addons, start_server):
    """The document of all addons."""
    server = start_server(addons.copy("documented"))
    status, _head, body = server.send("GET", "/api/v1/openapi.json", [])
    assert status == 200
    document = json.loads(body)
    # The samples have the address of the server.
    del document["paths"]["/api/v1/lead"]["post"]["x-codeSamples"]
    if os.environ.get("CRM_LEAD_API_RELEASE"):
        path = FOLDER / f"{document['info']['version']}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return document


def test_released_clients_still_work(document):
    for version, released in read_released().items():
        if version[0] == get_version(document)[0]:
            assert [*find_breaking_changes(released, document)] == []
    # A client of what is new would miss it in the first document.
    oldest = next(iter(read_released().values()))
    assert [*find_breaking_changes(document, oldest)]


def test_newest_document_is_that_of_this_version(document):
    """Clients are made from it, and llms.txt points to it."""
    version, released = [*read_released().items()][-1]
    assert get_version(document) == version, "see CRM_LEAD_API_RELEASE in the guide"
    assert strip_texts(document) == strip_texts(released)
