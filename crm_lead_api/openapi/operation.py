# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Describe a route, as an operation of the OpenAPI document."""

import re
from http import HTTPStatus
from typing import get_args, get_type_hints

import pydantic

from odoo.tools.translate import LazyTranslate

from ..models.request.received_request import get_schemas
from ..schemas import LeadRequest, LeadsRequest, TokenErrorResponse
from ..schemas.about import STRICT_LANG, in_languages
from ..tools import media_type
from .headers import (
    CHANGE_KEY,
    ERROR_HEADERS,
    ETAG,
    HEADERS_OF_ALL,
    IGNORED,
    MATCH_PARAMETER,
    MODE,
    PREFER_PARAMETER,
    RATE_HEADERS,
    READ_HEADERS,
    REPLAYED,
    REQUEST_ID,
    WRITE_HEADERS,
    describe,
    describe_key,
)
from .strict import get_name

_lt = LazyTranslate(__name__, default_lang="en_US")

PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
DRY_RUN = "dry_run"
# openapi-generator makes no class for a schema of forms alone, but names it all the
# same; with a parameter it takes a form for something else.
CHARSET = f"{media_type.URLENCODED}; charset=utf-8"
ERRORS_OF_ALL = (401, 403, 429, 500, 503)
BODY = _lt("The body may be compressed, with the header Content-Encoding: gzip.")
ARGUMENTS = {
    "lead_id": _lt("The lead's id: id_lead of an answer."),
    "list_name": _lt("The name of a list: GET /api/v1/ref has the names."),
}
STATUSES = {
    400: _lt("The body, or a header, cannot be read."),
    401: _lt("No token, or one that opens nothing here."),
    403: _lt("The token is good, but its client may not do this now."),
    404: _lt("There is nothing at this address that the client may read."),
    409: _lt(
        "The Idempotency-Key came with another payload before; or the lead is closed, "
        "or the ticket has several open leads."
    ),
    412: _lt("The record has changed since it was read."),
    413: _lt("The body is too large."),
    415: _lt("The body is of another media type, or compressed in another way."),
    422: _lt("Attributes or parameters are wrong: all of them are named."),
    429: _lt("Too many requests: wait for the seconds in Retry-After."),
    500: _lt("A fault of ours; please report the reference."),
    503: _lt("Too busy: send it again after the seconds that Retry-After names."),
}


class Operation:
    """Describe a route for the document."""

    def __init__(self, rule, endpoint, get_schema):
        """
        :param str rule: of werkzeug, the path with its converters
        :param endpoint: of Odoo
        :param get_schema: returns the client's variant of a route's schema
        """
        self.routing = endpoint.routing
        endpoint = endpoint.original_endpoint
        self.name = endpoint.__name__
        self.path = PARAMETER.sub(r"{\1}", rule)
        self.takes_match = 412 in self.routing["errors"]
        self.arguments = PARAMETER.findall(rule)
        # Generated clients name their modules after the tag: it stays in one language.
        self.tag = {
            "name": self.routing["tag"]._translate("en_US"),
            "description": self.routing["tag"]._translate(STRICT_LANG.get() or "vi_VN"),
        }
        self.method = self.routing["methods"][0].lower()
        self.is_write = self.method != "get"
        self.hints = get_type_hints(endpoint, include_extras=True)
        payload, query = get_schemas(self.hints)
        self.is_bulk = payload is LeadsRequest
        self.file = self.routing["file"]
        self.payload = None
        if payload and not self.file:
            self.payload = get_schema(payload)
        if self.is_bulk:
            self.payload = LeadsRequest.describe_leads(get_schema(LeadRequest))
        self.query = get_schema(query)
        self.error = self.routing["error"]
        result = self.hints["return"]
        # The body of an Outcome[LeadResponse] is the JSON of a LeadResponse.
        answers = [*(get_args(result) or [result]), *self.routing["answers"]]
        if self.file and not self.is_write:
            answers = []  # the file
        self.answers = [get_schema(answer) for answer in answers]
        self.takes_dry_runs = True
        if STRICT_LANG.get():
            # The answer has one type: that of dry runs is not described.
            self.takes_dry_runs = len(self.answers) == 1
            self.answers = self.answers[:1]

    def get_models(self):
        """Return the schemas of the route, each with its mode for pydantic."""
        if self.payload:
            yield self.payload, "validation"
        for answer in (*self.answers, self.error):
            yield answer, "serialization"

    def describe(self, references, schemas):
        description = {
            "operationId": self.name,
            "summary": in_one_line(self.routing["summary"]),
            **self._describe_details(),
            "tags": [self.tag["name"]],
            "parameters": [
                *self._describe_arguments(),
                *self._describe_query(),
                *map(describe, self._find_headers()),
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
        elif self.file and self.is_write:
            description["requestBody"] = {
                "required": True,
                "content": self._describe_file(),
            }
        return description

    def _describe_details(self):
        paragraphs = map(in_languages, self.routing["details"])
        return (
            {"description": "\n\n".join(paragraphs)} if self.routing["details"] else {}
        )

    def _describe_arguments(self):
        for name in self.arguments:
            schema = pydantic.TypeAdapter(self.hints[name]).json_schema()
            text = schema.pop("description", None)
            yield {
                "name": name,
                "in": "path",
                "required": True,
                "description": text or in_languages(ARGUMENTS[name]),
                "schema": schema,
            }

    def _find_headers(self):
        if self.is_write and not self.is_bulk:
            yield describe_key(self.routing["key"] or CHANGE_KEY)
        if self.takes_match:
            yield MATCH_PARAMETER
        if self.is_write and self.takes_dry_runs:
            yield PREFER_PARAMETER
        yield from HEADERS_OF_ALL

    def _describe_query(self):
        schema = self.query.model_json_schema()
        for name, described in schema.get("properties", {}).items():
            if name == DRY_RUN and not self.takes_dry_runs:
                continue
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
        if not self.is_bulk and not STRICT_LANG.get():
            name = get_name(reference)
            schema = _to_form(self.payload, schemas[name], f"{name}Form")
            schemas[schema["title"]] = schema
            form = {"schema": {"$ref": f"{reference['$ref']}Form"}}
            content |= dict.fromkeys((*media_type.FORMS, CHARSET), form)
        return {
            "description": in_languages(BODY),
            "required": True,
            "content": content,
        }

    def _describe_success(self, references):
        answers = [references[answer, "serialization"] for answer in self.answers]
        schema = answers[0] if len(answers) == 1 else {"anyOf": answers}
        content = {media_type.JSON: {"schema": schema}}
        if not answers:
            content = self._describe_file()
        headers = WRITE_HEADERS if self.is_write else READ_HEADERS
        if self.takes_match:
            headers = {**headers, **ETAG}
        if self.is_write and not self.is_bulk:
            headers = {**headers, **REPLAYED}
        return {
            "description": in_languages(self.routing["summary"]),
            "headers": _sorted({**headers, **IGNORED}),
            "content": content,
        }

    def _describe_file(self):
        types = self.file.media_types
        if media_type.BYTES in types:
            if not self.is_write:
                types = [each for each in types if each != media_type.BYTES]
            elif STRICT_LANG.get():
                types = [media_type.BYTES]
        schema = {"type": "string", "format": "binary"}
        return {each: {"schema": schema} for each in types}

    def _describe_unchanged(self):
        return {
            "description": in_languages(_lt("Nothing has changed.")),
            "headers": _sorted(READ_HEADERS),
        }

    def _describe_error(self, status, references):
        model = TokenErrorResponse if status == 401 else self.error
        text = STATUSES.get(status) or HTTPStatus(status).phrase
        return {
            "description": in_languages(text),
            "headers": _sorted(ERROR_HEADERS.get(status, {})),
            "content": {
                media_type.JSON: {"schema": references[model, "serialization"]}
            },
        }


def in_one_line(text):
    return in_languages(text).replace("\n\n", " · ")


def _sorted(headers):
    headers = {"X-Request-Id": REQUEST_ID, "X-Mode": MODE, **RATE_HEADERS, **headers}
    return {name: describe(header) for name, header in sorted(headers.items())}


def _to_form(payload, schema, title):
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
        "title": title,
        "properties": properties,
        "required": list(schema.get("required", ())),
    }
