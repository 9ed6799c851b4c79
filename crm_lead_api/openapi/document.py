# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Build the OpenAPI 3.1 document from the routes and schemas that do the work."""

import re
from copy import deepcopy
from http import HTTPStatus
from typing import Any, get_args, get_type_hints

import pydantic
from pydantic.json_schema import models_json_schema

from odoo.tools.translate import LazyTranslate

from ..schemas import (
    ErrorResponse,
    Event,
    LeadRequest,
    LeadsRequest,
    TokenErrorResponse,
)
from ..schemas.about import in_both_languages
from ..tools import media_type

_lt = LazyTranslate(__name__, default_lang="en_US")

REF = "#/components/schemas/{model}"
PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
ERRORS_OF_ALL = (401, 403, 429, 500, 503)

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
STATUSES = {
    400: _lt("The body, or a header, cannot be read."),
    401: _lt("No token, or one that opens nothing here."),
    403: _lt("The token is good, but its client may not do this now."),
    404: _lt("There is nothing at this address that the client may read."),
    409: _lt("The Idempotency-Key came with another payload before."),
    413: _lt("The body is too large."),
    415: _lt("The body is of another media type."),
    422: _lt("Attributes or parameters are wrong: all of them are named."),
    429: _lt("Too many requests: wait for the seconds in Retry-After."),
    500: _lt("A fault of ours; please report the reference."),
    503: _lt("Too busy: send it again after the seconds that Retry-After names."),
}


def _header(text, schema=None, required=False):
    return {
        "description": in_both_languages(text),
        "schema": schema or {"type": "string"},
        "required": required,
    }


def _integer(minimum=0):
    return {"type": "integer", "minimum": minimum}


REQUEST_ID = _header(
    _lt("The client's own id if it is sane, otherwise an id of Odoo."), required=True
)
RATE_HEADERS = {
    "RateLimit-Limit": _header(
        _lt("Requests per minute; without the header there is no limit."), _integer()
    ),
    "RateLimit-Remaining": _header(
        _lt("How many are left in this minute."), _integer()
    ),
    "RateLimit-Reset": _header(
        _lt("In how many seconds the next minute begins."), _integer()
    ),
}
IGNORED = {
    "X-Ignored-Fields": _header(
        _lt("The paths of ignored attributes, percent-encoded.")
    )
}
RETRY_AFTER = _header(_lt("Seconds to wait."), _integer(1), required=True)
ERROR_HEADERS = {
    401: {"WWW-Authenticate": _header(_lt("Bearer."))},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}
READ_HEADERS = {
    "ETag": _header(_lt("Send it as If-None-Match to get a 304 while nothing changed."))
}
REPLAYED = {
    "Idempotency-Replayed": _header(
        _lt(
            "true: the answer repeats the answer to an earlier request; nothing was "
            "made."
        ),
        {"type": "string", "enum": ["true"]},
    ),
    "X-Lead-State": _header(
        _lt(
            "The lead of a repeated request is gone: deleted, or merged into another "
            "lead."
        ),
        {"type": "string", "enum": ["deleted", "merged"]},
    ),
}
WRITE_HEADERS = {
    "Preference-Applied": _header(
        _lt("dry-run: nothing was saved."), {"type": "string", "enum": ["dry-run"]}
    ),
}


def _parameter(name, text, schema=None, example=None):
    parameter = {
        "name": name,
        "in": "header",
        "description": in_both_languages(text),
        "schema": schema or {"type": "string"},
    }
    return parameter if example is None else {**parameter, "example": example}


HEADERS_OF_ALL = [
    _parameter(
        "Accept-Language", _lt("The language of messages: en or vi."), example="vi"
    ),
    _parameter(
        "X-Request-Id",
        _lt("Your own id for the request; the answer and the log have the same id."),
    ),
]
KEY_PARAMETER = _parameter(
    "Idempotency-Key",
    _lt("Your own key for each lead: a repeated request then makes no second lead."),
    {"type": "string", "pattern": "^[!-~]{0,255}$"},
)
PREFER_PARAMETER = _parameter(
    "Prefer",
    _lt("dry-run: describe the records that the request would make, and save nothing."),
)


def build_document(
    rules: list, version: str, lead_schema: type = LeadRequest, defaults: tuple = ()
) -> dict[str, Any]:
    """Build the document.

    :param rules: of werkzeug, for the routes to describe
    :param version: of the addon
    :param lead_schema: of the client, subclass of :class:`LeadRequest`
    :param defaults: attributes that the client may leave out
    """
    operations = [_Operation(rule, lead_schema) for rule in rules]
    models = {
        (ErrorResponse, "serialization"),
        (TokenErrorResponse, "serialization"),
        (Event, "serialization"),
        *(each for operation in operations for each in operation.get_models()),
    }
    references, definitions = models_json_schema(
        sorted(models, key=lambda each: (each[0].__name__, each[1])), ref_template=REF
    )
    schemas = definitions["$defs"]
    for name, schema in schemas.items():
        # Generated clients name their classes after the title.
        schema["title"] = name.replace("-", "")
    for name in {"LeadRequest", "LeadItem"} & schemas.keys():
        _leave_out_defaults(schemas[name], defaults)
    paths = {}
    for operation in operations:
        path = paths.setdefault(operation.path, {})
        path[operation.method] = operation.describe(references, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": _in_one_line(TITLE),
            "version": version,
            "description": in_both_languages(INTRODUCTION),
            "license": {"name": "LGPL-3.0-or-later", "identifier": "LGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": list({each.tag["name"]: each.tag for each in operations}.values()),
        "security": [{"bearer": []}, {"accessToken": []}],
        "paths": paths,
        "webhooks": {
            "event": {"post": _describe_event(references[Event, "serialization"])}
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
        "summary": _in_one_line(EVENT),
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


class _Operation:
    """Describe a route for the document."""

    def __init__(self, rule, lead_schema):
        endpoint = rule.endpoint.original_endpoint
        self.routing = rule.endpoint.routing
        self.name = endpoint.__name__
        self.path = PARAMETER.sub(r"{\1}", rule.rule)
        self.arguments = PARAMETER.findall(rule.rule)
        # Generated clients name their modules after the tag: it stays in one language.
        self.tag = {
            "name": self.routing["tag"]._translate("en_US"),
            "description": self.routing["tag"]._translate("vi_VN"),
        }
        self.is_write = "POST" in self.routing["methods"]
        self.method = "post" if self.is_write else "get"
        self.hints = get_type_hints(endpoint, include_extras=True)
        self.is_bulk = self.hints.get("payload") is LeadsRequest
        self.payload = "payload" in self.hints and lead_schema
        if self.is_bulk:
            self.payload = LeadsRequest.describe_leads(lead_schema)
        result = self.hints["return"]
        # The body of an Outcome[LeadResponse] is a LeadResponse.
        self.answers = [*(get_args(result) or [result]), *self.routing["answers"]]

    def get_models(self):
        """Return the schemas of the route, each with its mode for pydantic."""
        if self.payload:
            yield self.payload, "validation"
        for answer in self.answers:
            yield answer, "serialization"

    def describe(self, references, schemas):
        description = {
            "operationId": self.name,
            "summary": _in_one_line(self.routing["summary"]),
            "tags": [self.tag["name"]],
            "parameters": [
                *self._describe_arguments(),
                *self._describe_query(),
                *([KEY_PARAMETER] if self.is_write and not self.is_bulk else ()),
                *([PREFER_PARAMETER] if self.is_write else ()),
                *HEADERS_OF_ALL,
            ],
            "responses": {
                "200": self._describe_success(references),
                **({} if self.is_write else {"304": self._describe_unchanged()}),
                **{
                    str(status): self._describe_error(status, references)
                    for status in sorted({*ERRORS_OF_ALL, *self.routing["errors"]})
                },
            },
        }
        if self.payload:
            reference = references[self.payload, "validation"]
            description["requestBody"] = self._describe_body(reference, schemas)
        return description

    def _describe_arguments(self):
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": pydantic.TypeAdapter(self.hints[name]).json_schema(),
            }
            for name in self.arguments
        ]

    def _describe_query(self):
        if "query" not in self.hints:
            return
        schema = self.hints["query"].model_json_schema()
        for name, described in schema["properties"].items():
            text, example = described.pop("description"), described.pop("examples", [])
            described.pop("x-odoo-model", None)
            yield {
                "name": name,
                "in": "query",
                "description": text,
                "required": name in schema.get("required", ()),
                "schema": described,
                **({"example": example[0]} if example else {}),
            }

    def _describe_body(self, reference, schemas):
        content = {media_type.JSON: {"schema": reference}}
        if not self.is_bulk:
            schema = schemas[reference["$ref"].rpartition("/")[2]]
            form = {"schema": _to_form(self.payload, schema)}
            content |= dict.fromkeys(media_type.FORMS, form)
        return {"required": True, "content": content}

    def _describe_success(self, references):
        answers = [references[answer, "serialization"] for answer in self.answers]
        schema = answers[0] if len(answers) == 1 else {"anyOf": answers}
        headers = WRITE_HEADERS if self.is_write else READ_HEADERS
        if self.is_write and not self.is_bulk:
            headers = {**headers, **REPLAYED}
        return {
            "description": in_both_languages(self.routing["summary"]),
            "headers": _sorted({**headers, **IGNORED}),
            "content": {media_type.JSON: {"schema": schema}},
        }

    def _describe_unchanged(self):
        return {
            "description": in_both_languages(_lt("Nothing has changed.")),
            "headers": _sorted(READ_HEADERS),
        }

    def _describe_error(self, status, references):
        model = TokenErrorResponse if status == 401 else ErrorResponse
        text = STATUSES.get(status) or HTTPStatus(status).phrase
        return {
            "description": in_both_languages(text),
            "headers": _sorted(ERROR_HEADERS.get(status, {})),
            "content": {
                media_type.JSON: {"schema": references[model, "serialization"]}
            },
        }


def _in_one_line(text):
    return in_both_languages(text).replace("\n\n", " · ")


def _sorted(headers):
    return dict(sorted({"X-Request-Id": REQUEST_ID, **RATE_HEADERS, **headers}.items()))


def _to_form(payload, schema):
    """Return the schema of a form with the same attributes, all of them texts."""
    structured = (*payload.get_lists(), *payload.get_objects())
    properties = {}
    for name, described in schema["properties"].items():
        text = {"type": "string", "description": described.get("description", "")}
        if name in structured:
            text["contentMediaType"] = media_type.JSON
        properties[name] = text
    return {
        "type": "object",
        "properties": properties,
        "required": list(schema["required"]),
    }
