# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the changes between two OpenAPI 3.1 documents that break a client of the first.

docs/versions.rst says what counts as breaking. No kept tool was good enough: oasdiff is
in no registry of Python or npm; of the changes in setup/tests/test_breaking_changes.py
api-smart-diff 1.0.6 judged 6 wrongly, and @useoptic/optic 1.0.9 judged 11. The library
jsonsubschema 0.0.8 does not end on a text with a pattern and a length.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METHODS = ("get", "put", "post", "delete", "patch")
# Keywords that have to be equal, or missing where more values are allowed
KINDS = ("pattern", "format", "contentMediaType", "multipleOf")
MINIMA = ("minimum", "exclusiveMinimum", "minLength", "minItems")
MAXIMA = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


@dataclass(frozen=True)
class Comparison:
    """Compare schemas of two documents.

    :param old: the document that clients know
    :param new: the document to check
    :param is_sent: clients send the values, and rely on what is taken; otherwise
        clients get the values, and rely on what may come
    """

    old: dict[str, Any]
    new: dict[str, Any]
    is_sent: bool

    def compare(self, old: dict, new: dict, where: str) -> list[str]:
        """Return the breaking changes of a schema.

        :param where: the place of the schema, for people
        """
        old, new = _get_branches(self.old, old), _get_branches(self.new, new)
        problems = []
        # Each value of the one side has to fit a branch of the other side.
        for branch in old if self.is_sent else new:
            found = [
                self._compare_branches(
                    *((branch, other) if self.is_sent else (other, branch)), where
                )
                for other in (new if self.is_sent else old)
            ]
            problems += min(found, key=len, default=[f"{where}: {self._get_verb()}"])
        return problems

    def _get_verb(self):
        return "takes less" if self.is_sent else "may have other values"

    def _compare_branches(self, old, new, where):
        if not _fits(*((old, new) if self.is_sent else (new, old))):
            return [f"{where}: {self._get_verb()}"]
        if old.get("type") == "array":
            return self.compare(
                old.get("items", {}), new.get("items", {}), f"{where}[]"
            )
        return [*self._compare_objects(old, new, where)]

    def _compare_objects(self, old, new, where):
        before, after = old.get("properties", {}), new.get("properties", {})
        required = [set(each.get("required", ())) for each in (old, new)]
        for name in before:
            if name not in after:
                yield f"{where}.{name}: is gone"
            else:
                yield from self.compare(before[name], after[name], f"{where}.{name}")
        if self.is_sent:
            for name in sorted(required[1] - required[0]):
                yield f"{where}.{name}: must be sent"
        else:
            for name in sorted((required[0] - required[1]) & after.keys()):
                yield f"{where}.{name}: may be left out"


def find_breaking_changes(old: dict, new: dict) -> Iterator[str]:
    """Yield the breaking changes between two documents, each as a line for people."""
    sent, got = Comparison(old, new, is_sent=True), Comparison(old, new, is_sent=False)
    for scheme in old.get("security", ()):
        known = [new["components"]["securitySchemes"].get(name) for name in scheme]
        wanted = [old["components"]["securitySchemes"][name] for name in scheme]
        if scheme not in new.get("security", ()) or known != wanted:
            yield f"security {', '.join(scheme)}: is gone"
    for path, operations in old["paths"].items():
        for method in METHODS:
            if before := operations.get(method):
                where = f"{method.upper()} {path}"
                if after := new["paths"].get(path, {}).get(method):
                    yield from _compare_operations(before, after, where, sent, got)
                else:
                    yield f"{where}: is gone"
    for name, event in old.get("webhooks", {}).items():
        if name not in new.get("webhooks", {}):
            yield f"event {name}: is gone"
            continue
        bodies = [
            each["post"]["requestBody"] for each in (event, new["webhooks"][name])
        ]
        for change in _compare_contents(*bodies, f"event {name}", got):
            # docs/versions.rst: new kinds of events may come
            if change != f"event {name}.type: may have other values":
                yield change


def _compare_operations(old, new, where, sent, got):
    yield from _compare_parameters(old, new, where, sent)
    before, after = old.get("requestBody", {}), new.get("requestBody", {})
    if after.get("required") and not before.get("required"):
        yield f"{where} body: must be sent"
    yield from _compare_contents(before, after, f"{where} body", sent)
    for status, answer in old["responses"].items():
        if not status.startswith("2"):
            continue  # docs/versions.rst: errors may come and go
        place = f"{where} {status}"
        if status not in new["responses"]:
            yield f"{place}: is gone"
            continue
        now = new["responses"][status]
        for name in old["responses"][status].get("headers", {}):
            if name not in now.get("headers", {}):
                yield f"{place} header {name}: is gone"
        yield from _compare_contents(answer, now, place, got)


def _compare_parameters(old, new, where, sent):
    before, after = (
        {(each["in"], each["name"]): each for each in operation.get("parameters", ())}
        for operation in (old, new)
    )
    for key, parameter in before.items():
        place = f"{where} {' '.join(key)}"
        if key not in after:
            yield f"{place}: is gone"
        else:
            yield from sent.compare(parameter["schema"], after[key]["schema"], place)
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{where} {' '.join(key)}: must be sent"


def _compare_contents(old, new, where, comparison):
    after = new.get("content", {})
    for media_type, content in old.get("content", {}).items():
        if media_type not in after:
            yield f"{where} {media_type}: is gone"
        else:
            schemas = content["schema"], after[media_type]["schema"]
            yield from comparison.compare(*schemas, where)


# ----------------------------------------------------------------- schemas


def _get_branches(document, schema):
    """Return the types of a schema, each with its own keywords and without references.

    :rtype: list[dict]
    """
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return _get_branches(document, document["components"]["schemas"][name])
    if choices := schema.get("anyOf", schema.get("oneOf")):
        return [each for choice in choices for each in _get_branches(document, choice)]
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    return [{**schema, "type": each} for each in types] or [schema]


def _fits(smaller, larger):
    """Tell whether the values of a type fit another type, apart from their parts."""
    types = [each.get("type") for each in (smaller, larger)]
    if types[1] not in (None, types[0]) and types != ["integer", "number"]:
        return False
    choices = [_get_choices(each) for each in (smaller, larger)]
    if choices[1] is not None and not (choices[0] and choices[0] <= choices[1]):
        return False
    return (
        all(larger.get(name) in (None, smaller.get(name)) for name in KINDS)
        and all(_is_within(smaller, larger, name, 1) for name in MINIMA)
        and all(_is_within(smaller, larger, name, -1) for name in MAXIMA)
    )


def _get_choices(branch):
    values = [branch["const"]] if "const" in branch else branch.get("enum")
    return values and set(values)


def _is_within(smaller, larger, name, sign):
    bounds = [each.get(name) for each in (smaller, larger)]
    if bounds[1] is None:
        return True
    return bounds[0] is not None and bounds[0] * sign >= bounds[1] * sign


def main() -> int:
    old, new = (json.loads(Path(path).read_text()) for path in sys.argv[1:3])
    changes = [*find_breaking_changes(old, new)]
    print(*changes, sep="\n")
    return int(bool(changes))


if __name__ == "__main__":
    sys.exit(main())
