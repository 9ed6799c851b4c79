# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Build the OpenAPI 3.1 document from the routes and schemas that do the work."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from pydantic.json_schema import models_json_schema

from odoo.tools.translate import LazyTranslate

from ..schemas import (
    Event,
    LeadRequest,
    TokenErrorResponse,
)
from ..schemas.about import in_both_languages
from ..schemas.ticket import describe_text_tickets, takes_text_tickets
from ..tools import media_type
from .operation import Operation, in_one_line

_lt = LazyTranslate(__name__, default_lang="en_US")

VERSION = "1.1.0"  # of the API; docs/versions.rst says when it changes
REF = "#/components/schemas/{model}"

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


def build_document(
    rules: list,
    get_schema: Callable[..., type],
    defaults: tuple = (),
) -> dict[str, Any]:
    """Build the document.

    :param rules: of werkzeug, for the routes to describe
    :param get_schema: function that extends a schema with the attributes of the client
        and of other addons
    :param defaults: attributes that the client may leave out
    """
    operations = [Operation(rule, get_schema) for rule in rules]
    event = get_schema(Event)
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
    for name in {"LeadRequest", "LeadItem"} & schemas.keys():
        _leave_out_defaults(schemas[name], defaults)
    if takes_text_tickets(get_schema(LeadRequest)):
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
            "description": in_both_languages(INTRODUCTION),
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
    # A copy, because parts of the document are constants of this module.
    return deepcopy(document)


def _describe_event(reference):
    """Describe the request to a client's address for events."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "operationId": "receive_event",
        "summary": in_one_line(EVENT),
        "description": in_both_languages(EVENT_DETAILS),
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
            }
            for name in names
        ],
        "requestBody": {
            "required": True,
            "content": {media_type.JSON: {"schema": reference}},
        },
        "responses": {"2XX": {"description": in_both_languages(ACCEPTED)}},
    }


def _leave_out_defaults(schema, defaults):
    """Make the attributes optional that have a default of the client."""
    schema["required"] = [name for name in schema["required"] if name not in defaults]
