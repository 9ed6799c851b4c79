# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Build the OpenAPI 3.1 document from the routes and schemas that do the work."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ..http.body import JSON
from ..schemas import (
    Answer,
    ErrorResponse,
    Event,
    LeadRequest,
    Schema,
    TokenErrorResponse,
)
from ..schemas.about import STRICT_LANG, in_languages
from ..schemas.ticket import ATTRIBUTE, describe_text_tickets
from ..tools.json_body import to_json
from ..translate import _lt
from .operation import Operation, in_one_line
from .strict import get_name, reduce_document

VERSION = "1.1.0"  # of the API; docs/versions.rst says when it changes
REF = "#/components/schemas/{model}"
GAP = re.compile(r'"\{\{(\w+)\}\}"')

# Of samples: templates of a request, and the languages they are in
SAMPLES = Path(__file__).parent / "samples"
LANGUAGES = {
    "curl.sh.tmpl": "curl",
    "python.py.tmpl": "Python",
    "php.php.tmpl": "PHP",
    "javascript.mjs.tmpl": "JavaScript",
    "csharp.cs.tmpl": "C#",
}
# Texts are found as well, so that the words in them stay.
JSON_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|true|false|null')

TITLE = _lt("Lead API")
INTRODUCTION = _lt(
    "Put leads into Odoo's CRM with one POST, and read their progress. Each request "
    "needs a token; on a server with several databases the header X-Odoo-Database "
    "names the database. Unknown attributes are ignored, and named in the answer's "
    "header X-Ignored-Fields. An answer other than 200 leaves nothing behind."
)
EVENT = _lt("Events about your system's leads")
EVENT_DETAILS = _lt(
    "Sent to the address that an administrator sets for your system. webhook-signature "
    "is, as Standard Webhooks say it, v1, a comma, and in base64 the HMAC-SHA256 of "
    "webhook-id, webhook-timestamp and body, with dots between them; the key is what "
    "follows whsec_ in the secret, in base64. An event may arrive twice: its id stays "
    "the same."
)
ACCEPTED = _lt("Accepted. After any other answer the event is sent again later.")


@lru_cache(maxsize=16)
def find_schemas(routes: tuple) -> tuple[type[Schema], ...]:
    """Return the schemas of the routes and of events, as they are without a client."""
    found = {Event: Event, LeadRequest: LeadRequest}
    for route in routes:
        Operation(*route, lambda schema: found.setdefault(schema, schema))
    return tuple(found)


# Neither Odoo's cache nor a signal to other processes: what goes into the document is
# the key, so that no entry is ever out of date. An entry takes less than a megabyte.
@lru_cache(maxsize=32)
def prepare_document(
    routes: tuple,
    schemas: tuple[type, ...],
    defaults: tuple[str, ...],
    strict_lang: str | None,
) -> str:
    """Prepare the document as JSON, with gaps for the examples: see :func:`fill`.

    :param routes: path and endpoint of each route to describe
    :param schemas: those of :func:`find_schemas`, as the client's
    :param defaults: attributes that the client may leave out
    :param strict_lang: ``None``: the document is not strict, and has both languages
    """
    variants = dict(zip(find_schemas(routes), schemas, strict=True))
    token = STRICT_LANG.set(strict_lang)
    try:
        return to_json(_build(routes, variants, defaults))
    finally:
        STRICT_LANG.reset(token)


def fill(document: str, values: dict[str, Any]) -> bytes:
    """Return the document in UTF-8, with the values of its gaps, by their names."""
    return GAP.sub(lambda match: to_json(values[match[1]]), document).encode()


def _build(routes, variants, defaults):
    """Build the document; ``variants`` are the client's schemas, by the common ones."""
    operations = [Operation(*route, variants.__getitem__) for route in routes]
    event = variants[Event]
    models = {
        (TokenErrorResponse, "serialization"),
        (event, "serialization"),
        *(each for operation in operations for each in operation.get_models()),
    }
    references, definitions = models_json_schema(
        sorted(models, key=lambda each: (each[0].__name__, each[1])), ref_template=REF
    )
    schemas = definitions["$defs"]
    for name, schema in schemas.items():
        # Generated clients name their classes after the title.
        schema["title"] = name.replace("-", "")
        for attribute in schema.get("properties", {}).values():
            if "const" in attribute:
                attribute.pop("default", None)  # which Java's generator gets wrong
        if STRICT_LANG.get() == "vi_VN":
            schema.pop("description", None)  # the class's, in English
    for name in {"LeadRequest", "LeadItem"} & schemas.keys():
        # Attributes that have a default of the client are optional.
        required = schemas[name]["required"]
        schemas[name]["required"] = [each for each in required if each not in defaults]
    if str in variants[LeadRequest]._get_types(ATTRIBUTE):
        describe_text_tickets(schemas)
    paths = {}
    for operation in operations:
        path = paths.setdefault(operation.path, {})
        path[operation.method] = operation.describe(references, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": in_one_line(TITLE),
            "version": VERSION,
            "description": in_languages(INTRODUCTION),
            "license": {"name": "LGPL-3.0-or-later", "identifier": "LGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": list({each.tag["name"]: each.tag for each in operations}.values()),
        "security": [{"bearer": []}, {"accessToken": []}],
        "paths": paths,
        "webhooks": {
            "event": {"post": _describe_event(references[event, "serialization"])}
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "accessToken": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "access-token",
                },
            },
        },
    }
    create = paths["/api/v1/lead"]["post"]
    _set_example(create["requestBody"], "lead")
    if STRICT_LANG.get():
        return reduce_document(document, _find_families(operations, references))
    create["x-missing"] = "{{missing}}"  # required attributes that samples lack
    create["x-codeSamples"] = "{{samples}}"
    _set_example(create["responses"]["422"], "wrong_lead")
    create = paths["/api/v1/leads"]["post"]
    _set_example(create["requestBody"], "leads")
    _set_example(create["responses"]["422"], "no_leads")
    return document


def _find_families(operations, references):
    """Return the names of the classes of answers, those with a common base together:
    the first is that of a route that reads."""
    families = {ErrorResponse: []}
    for operation in sorted(operations, key=lambda each: each.is_write):
        for answer in (*operation.answers, operation.error):
            bases = answer.__mro__
            end = Answer if Answer in bases else BaseModel
            family = families.setdefault(bases[bases.index(end) - 1], [])
            family.append(references[answer, "serialization"])
    families[ErrorResponse].append(references[TokenErrorResponse, "serialization"])
    return [[get_name(each) for each in family] for family in families.values()]


def _set_example(part, name):
    part["content"][JSON]["example"] = f"{{{{{name}}}}}"


def _describe_event(reference):
    part = {"in": "header", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "receive_event",
        "summary": in_one_line(EVENT),
        "description": in_languages(EVENT_DETAILS),
        "parameters": [
            {"name": f"webhook-{name}", **part}
            for name in ("id", "timestamp", "signature")
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": reference}}},
        "responses": {"2XX": {"description": in_languages(ACCEPTED)}},
    }


# ---------------------------------------------------------------- samples


def render_samples(url: str, payload: dict) -> list[dict[str, str]]:
    """Render samples that send a lead to a server, whose address ends with a slash:
    ``lang``, ``label`` and ``source`` of each. They are dry runs until the reader takes
    that out, and have YOUR_TOKEN for the token."""
    text, samples = json.dumps(payload, ensure_ascii=False, indent=2), []
    for name, label in LANGUAGES.items():
        source = (SAMPLES / name).read_text()
        literal = JSON_WORD.sub(_to_python, text) if label == "Python" else text
        values = {"url": url, "ticket_id": str(payload["ticket_id"])}
        # The payload last: typed texts in it may contain a placeholder.
        for gap, value in {**values, "payload": literal}.items():
            source = source.replace(f"{{{{{gap}}}}}", value)
        lang = name.partition(".")[0]
        samples.append({"lang": lang, "label": label, "source": source})
    return samples


def _to_python(word):
    return {"true": "True", "false": "False", "null": "None"}.get(word[0], word[0])
