# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Describe a route, as an operation of the OpenAPI document."""

import re
from http import HTTPStatus
from typing import get_args, get_type_hints

import pydantic

from ..http.body import BYTES, FORMS, JSON, URLENCODED
from ..http.received_request import get_schemas
from ..schemas import LeadRequest, LeadsRequest, TokenErrorResponse
from ..schemas.about import STRICT_LANG, in_languages
from ..translate import _lt
from .strict import get_name

PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
# openapi-generator makes no class for a schema of forms alone, but names it all the
# same; with a parameter it takes a form for something else.
CHARSET = f"{URLENCODED}; charset=utf-8"
ERRORS_OF_ALL = (401, 403, 429, 500, 503)
BODY = _lt("The body may be compressed, with the header Content-Encoding: gzip.")
ARGUMENTS = {
    "lead_id": _lt("The lead's id: id_lead of an answer."),
    "list_name": _lt("The name of a list: GET /api/v1/ref has the names."),
}
STATUSES = {
    400: _lt("The body, or a header, cannot be read."),
    401: _lt("No token, or an invalid one."),
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
    429: _lt(
        "Too many requests: wait for the seconds in Retry-After. With the type "
        "wrong_tokens, too many wrong tokens came from the address, and this token is "
        "wrong: stop, and correct it."
    ),
    500: _lt("Internal error; please report the reference."),
    503: _lt("Too busy: send it again after the seconds that Retry-After names."),
}

# ---------------------------------------------------------------- headers


def _describe_part(part: dict) -> dict:
    """Return a header, or a parameter, with its text in the document's languages."""
    return {**part, "description": in_languages(part["description"])}


def _header(text, schema=None, required=False):
    schema = schema or {"type": "string"}
    return {"description": text, "schema": schema, "required": required}


def _parameter(name, text, schema=None, **example):
    schema = schema or {"type": "string"}
    parameter = {"name": name, "in": "header", "description": text, "schema": schema}
    return parameter | example


def _choice(value):
    return {"type": "string", "enum": [value]}


COUNT = {"type": "integer", "minimum": 0}
RETRY_AFTER = {
    "Retry-After": _header(
        _lt("Seconds to wait."), {"type": "integer", "minimum": 1}, required=True
    )
}
ERROR_HEADERS = {
    401: {
        "WWW-Authenticate": _header(
            _lt(
                "Bearer; for an invalid token also the reason, as error_description; "
                "for a token that has expired or was revoked also the time."
            )
        )
    },
    415: {
        "Accept-Encoding": _header(
            _lt("Only if Content-Encoding is wrong: the right values."),
            _choice("gzip, identity"),
        )
    },
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}
ANSWER_HEADERS = {
    "X-Request-Id": _header(
        _lt("The client's own id if it is sane, otherwise an id of Odoo."),
        required=True,
    ),
    "X-Mode": _header(
        _lt("test: the request had a token for tests; otherwise without this header."),
        _choice("test"),
    ),
    "RateLimit-Policy": _header(
        _lt('The limit: "default";q=120;w=60 is 120 requests in 60 seconds.')
    ),
    "RateLimit": _header(
        _lt(
            'What is left: with "default";r=119;t=30 there are 119 requests, for 30 '
            "seconds."
        )
    ),
    "RateLimit-Limit": _header(
        _lt("Requests per minute; without the header there is no limit."), COUNT
    ),
    "RateLimit-Remaining": _header(_lt("How many are left in this minute."), COUNT),
    "RateLimit-Reset": _header(
        _lt("In how many seconds the next minute begins."), COUNT
    ),
}
SUCCESS_HEADERS = {
    "X-Ignored-Fields": _header(
        _lt("The paths of ignored attributes, percent-encoded.")
    )
}
READ_HEADERS = {
    "ETag": _header(_lt("Send it as If-None-Match to get a 304 while nothing changed."))
}
WRITE_HEADERS = {
    "Preference-Applied": _header(
        _lt("dry-run: nothing was saved."), _choice("dry-run")
    )
}
REPLAYED = {
    "Idempotency-Replayed": _header(
        _lt(
            "true: the answer repeats the answer to an earlier request; nothing was "
            "made."
        ),
        _choice("true"),
    ),
    "X-Lead-State": _header(
        _lt(
            "The lead of a repeated request is gone: deleted, or merged into another "
            "lead."
        ),
        {"type": "string", "enum": ["deleted", "merged"]},
    ),
}
ETAG = {
    "ETag": _header(_lt("Stands for the record: send it as If-Match with a change."))
}
HEADERS_OF_ALL = [
    _parameter(
        "Accept-Language", _lt("The language of messages: en or vi."), example="vi"
    ),
    _parameter(
        "X-Request-Id",
        _lt("Your own id for the request; the answer and the log have the same id."),
    ),
]


# Unless the route has a text of its own
CHANGE_KEY = _lt(
    "Your own key for each change: a repeated request then changes nothing."
)
PREFER_PARAMETER = _parameter(
    "Prefer",
    _lt("dry-run: describe the records that the request would make, and save nothing."),
)
MATCH_PARAMETER = _parameter(
    "If-Match", _lt("The ETag that you read; 412 if the record has changed since.")
)
NOT_CHANGED = _lt("Nothing has changed.")

# ---------------------------------------------------------------- operations


class Operation:
    def __init__(self, rule, endpoint, get_schema):
        self.routing = endpoint.routing
        self.name = endpoint.original_endpoint.__name__
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
        self.hints = get_type_hints(endpoint.original_endpoint, include_extras=True)
        payload, query = get_schemas(endpoint)
        self.is_bulk = payload is LeadsRequest
        self.file = self.routing["file"]
        self.payload = get_schema(payload) if payload and not self.file else None
        if self.is_bulk:
            self.payload = LeadsRequest.describe_leads(get_schema(LeadRequest))
        self.query = get_schema(query)
        self.error = self.routing["error"]
        result = self.hints["return"]
        # The body of an Outcome[LeadResponse] is the JSON of a LeadResponse.
        answers = [*(get_args(result) or [result]), *self.routing["answers"]]
        if self.file and not self.is_write:
            answers = []  # the file
        # A strict document has one type of answer: dry runs are not described.
        is_strict = STRICT_LANG.get() is not None
        self.takes_dry_runs = not is_strict or len(answers) == 1
        self.answers = [get_schema(each) for each in answers]
        if is_strict:
            del self.answers[1:]

    def get_models(self):
        if self.payload:
            yield self.payload, "validation"
        for answer in (*self.answers, self.error):
            yield answer, "serialization"

    def describe(self, references, schemas):
        responses = {"200": self._describe_success(references)}
        if not self.is_write:
            responses["304"] = _describe_answer(NOT_CHANGED, READ_HEADERS)
        for status in sorted({*ERRORS_OF_ALL, *self.routing["errors"]}):
            model = TokenErrorResponse if status == 401 else self.error
            responses[str(status)] = _describe_answer(
                STATUSES.get(status) or HTTPStatus(status).phrase,
                ERROR_HEADERS.get(status, {}),
                {JSON: {"schema": references[model, "serialization"]}},
            )
        details = "\n\n".join(map(in_languages, self.routing["details"]))
        description = {
            "operationId": self.name,
            "summary": in_one_line(self.routing["summary"]),
            **({"description": details} if details else {}),
            "tags": [self.tag["name"]],
            "parameters": [
                *self._describe_arguments(),
                *self._describe_query(),
                *map(_describe_part, self._find_headers()),
            ],
            "responses": responses,
        }
        if self.payload:
            reference = references[self.payload, "validation"]
            description["requestBody"] = self._describe_body(reference, schemas)
        elif self.file and self.is_write:
            content = self._describe_file()
            description["requestBody"] = {"required": True, "content": content}
        return description

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
            text = self.routing["key"] or CHANGE_KEY
            schema = {"type": "string", "pattern": "^[!-~]{0,255}$"}
            yield _parameter("Idempotency-Key", text, schema)
        if self.takes_match:
            yield MATCH_PARAMETER
        if self.is_write and self.takes_dry_runs:
            yield PREFER_PARAMETER
        yield from HEADERS_OF_ALL

    def _describe_query(self):
        schema = self.query.model_json_schema()
        for name, described in schema.get("properties", {}).items():
            if name == "dry_run" and not self.takes_dry_runs:
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
        content = {JSON: {"schema": reference}}
        if not self.is_bulk and not STRICT_LANG.get():
            name, form = get_name(reference), f"{get_name(reference)}Form"
            schemas[form] = _to_form(self.payload, schemas[name], form)
            form = {"schema": {"$ref": f"{reference['$ref']}Form"}}
            content |= dict.fromkeys((*FORMS, CHARSET), form)
        return {"description": in_languages(BODY), "required": True, "content": content}

    def _describe_success(self, references):
        answers = [references[answer, "serialization"] for answer in self.answers]
        schema = answers[0] if len(answers) == 1 else {"anyOf": answers}
        content = {JSON: {"schema": schema}} if answers else self._describe_file()
        headers = SUCCESS_HEADERS | (WRITE_HEADERS if self.is_write else READ_HEADERS)
        if self.takes_match:
            headers |= ETAG
        if self.is_write and not self.is_bulk:
            headers |= REPLAYED
        return _describe_answer(self.routing["summary"], headers, content)

    def _describe_file(self):
        types = self.file.media_types
        if not self.is_write:
            types = [each for each in types if each != BYTES]
        elif STRICT_LANG.get() and BYTES in types:
            types = [BYTES]
        schema = {"type": "string", "format": "binary"}
        return {each: {"schema": schema} for each in types}


def in_one_line(text):
    return in_languages(text).replace("\n\n", " · ")


def _describe_answer(text, headers, content=None):
    headers = sorted({**ANSWER_HEADERS, **headers}.items())
    parts = {name: _describe_part(header) for name, header in headers}
    answer = {"description": in_languages(text), "headers": parts}
    return {**answer, "content": content} if content else answer


def _to_form(payload, schema, title):
    """Return the schema of a form with the same attributes, all of them texts."""
    structured = (*payload.get_lists(), *payload.get_objects())
    properties = {
        name: {"type": "string", "description": each.get("description", "")}
        | ({"contentMediaType": JSON} if name in structured else {})
        for name, each in schema["properties"].items()
    }
    return {
        "type": "object",
        "title": title,
        "properties": properties,
        "required": list(schema.get("required", ())),
    }
