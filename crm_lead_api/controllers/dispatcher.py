# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bytes in, a schema to the endpoint; a schema or an exception out, JSON back."""

import inspect
import json
import logging
import re
import uuid
from functools import cached_property
from http import HTTPStatus
from urllib.parse import quote

import psycopg2
from werkzeug.exceptions import (
    HTTPException,
    RequestEntityTooLarge,
    ServiceUnavailable,
    UnsupportedMediaType,
)

from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.http import Dispatcher, Response
from odoo.sql_db import PoolError
from odoo.tools.translate import LazyGettext, LazyTranslate

from ..exceptions import InvalidTokenError, MalformedBodyError, PayloadError
from ..schemas import ErrorResponse
from ..schemas.error import ErrorItem

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang="en_US")

LANGUAGES = {"en": "en_US", "vi": "vi_VN"}
MAX_DEPTH = 32
MAX_IGNORED_HEADER = 1024  # bytes
RETRY_AFTER = 2  # seconds; Odoo has by then retried for longer itself
SANE_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)
TOKEN_ERROR = {
    "type": "access_token",
    "message": "token seems to have expired or invalid",
}


class LeadApiDispatcher(Dispatcher):
    """Serves the routes of ``type="lead_api"``.

    The endpoint takes the request's body as its ``payload``, an instance of the schema
    that the parameter is annotated with, and returns a schema.
    """

    routing_type = "lead_api"
    mimetypes = ("application/json",)
    ignored_fields: list[str] = []
    response: Response | None = None
    is_committed = False

    @classmethod
    def is_compatible_with(cls, request):
        # Media types are judged in dispatch(): there a 415 is answered in JSON.
        return True

    @cached_property
    def request_id(self) -> str:
        """The caller's ``X-Request-Id`` where it is sane, else one of ours."""
        sent = self.request.httprequest.headers.get("X-Request-Id", "")
        return sent if SANE_REQUEST_ID.fullmatch(sent) else str(uuid.uuid4())

    @cached_property
    def lang(self) -> str:
        """The language of the texts in the answer, from ``Accept-Language``.

        It need not be installed in the database: the texts are the addon's own.
        """
        # Not best_match(): for "en-GB, vi;q=0.5" that finds vi.
        for language, quality in self.request.httprequest.accept_languages:
            code = language.partition("-")[0].lower()
            if code in LANGUAGES and quality > 0:
                return LANGUAGES[code]
        return LANGUAGES["en"]

    def dispatch(self, endpoint, args):
        # First of all that is done after the commit, for some of it may fail.
        self.request.env.cr.postcommit.add(self._mark_as_committed)
        schema = inspect.get_annotations(endpoint.original_endpoint)["payload"]
        payload = schema.parse(parse_body(self.request.httprequest))
        self.ignored_fields = payload.get_ignored_fields()
        # A dict, because other addons read it.
        self.request.params = {**args, "payload": payload}
        result = self.request.registry["ir.http"]._dispatch(endpoint)
        self.response = self._make_response(result.model_dump(), HTTPStatus.OK, {})
        return self.response

    def _mark_as_committed(self):
        self.is_committed = True

    def handle_error(self, exc):
        if self.is_committed:
            # The lead is there: a mail or a notice about it could not be sent.
            return self.response
        body, status, headers = describe_error(exc, self.lang)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _logger.error(
                "Reference %s: request %s", body["reference"], self.request_id
            )
        return self._make_response(body, status, headers)

    def _make_response(self, body, status, headers):
        headers = {**headers, "X-Request-Id": self.request_id}
        if self.ignored_fields:
            headers["X-Ignored-Fields"] = format_ignored_fields(self.ignored_fields)
        # Not request.make_json_response: it counts characters, not bytes, for the
        # Content-Length, which cuts Vietnamese short.
        return Response(
            json.dumps(body, ensure_ascii=False).encode(),
            status=status,
            headers=headers,
            content_type="application/json; charset=utf-8",
        )


# ---------------------------------------------------------------- reading


def parse_body(httprequest) -> dict:
    """Read a request's body as one JSON object, strictly.

    :raise UnsupportedMediaType: another media type is declared
    :raise RequestEntityTooLarge: longer than the route allows
    :raise MalformedBodyError: not UTF-8, not JSON, not an object, or ambiguous
    """
    if httprequest.mimetype not in ("", *LeadApiDispatcher.mimetypes):
        raise UnsupportedMediaType()
    try:
        body = httprequest.get_data()
        if httprequest.content_length is None:
            # werkzeug cuts a body of unknown length off at the limit.
            if len(body) >= httprequest.max_content_length:
                raise RequestEntityTooLarge()
        text = body.decode()
    except UnicodeDecodeError:
        raise MalformedBodyError(_lt("The body is not UTF-8.")) from None
    try:
        data = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise MalformedBodyError(_lt("The body is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        raise MalformedBodyError(
            _lt(
                "The body is not JSON: there is a mistake at line %(line)s, column "
                "%(column)s.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except ValueError:  # more digits than Python reads
        raise MalformedBodyError(
            _lt("The body has a number that is too long.")
        ) from None
    if not isinstance(data, dict):
        raise MalformedBodyError(
            _lt("The body is not a JSON object, in curly brackets.")
        )
    if _is_deeper_than(data, MAX_DEPTH):
        raise MalformedBodyError(_lt("The body is nested too deeply."))
    return data


def _unique_keys(pairs):
    data = dict(pairs)
    if len(data) < len(pairs):
        raise MalformedBodyError(
            _lt("The body has an object with the same attribute twice.")
        )
    return data


def _refuse_constant(name):
    raise MalformedBodyError(
        _lt("The body has %(name)s, which is not JSON.", name=name)
    )


def _is_deeper_than(data, depth):
    level = [data]
    for _depth in range(depth):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return bool(level)


# ---------------------------------------------------------------- answering


def format_ignored_fields(paths: list[str]) -> str:
    """Return attribute paths as a header's value: percent-encoded, and cut if long."""
    value = ", ".join(quote(path, errors="replace") for path in paths)
    if len(value) > MAX_IGNORED_HEADER:
        value = value[:MAX_IGNORED_HEADER]
        value = (value.rpartition(", ")[0] or value) + ", ..."
    return value


def describe_error(exc: Exception, lang: str) -> tuple[dict, int, dict]:
    """Return (body, HTTP status, headers) for whatever went wrong.

    The most specific class of the exception that the table knows decides.

    :param lang: code of the language of the texts
    """
    for cls in type(exc).__mro__:
        if describe := ERRORS.get(cls):
            return describe(exc, lang)
    return _describe_fault(exc, lang)


def _describe_token(exc, lang):
    return (
        TOKEN_ERROR,
        HTTPStatus.UNAUTHORIZED,
        {"WWW-Authenticate": "Bearer"},
    )


def _describe_payload(exc, lang):
    count = len(exc.errors)
    message = (
        _lt("1 field is wrong")
        if count == 1
        else _lt("%(count)s fields are wrong", count=count)
    )
    errors = [
        ErrorItem(
            field=error.field,
            code=error.code,
            message=_translate(error.message, lang),
            allowed=list(error.allowed) or None,
            did_you_mean=error.did_you_mean,
        )
        for error in exc.errors
    ]
    return _make_error(
        HTTPStatus.UNPROCESSABLE_ENTITY, "validation", message, lang, errors=errors
    )


def _describe_malformed(exc, lang):
    return _make_error(HTTPStatus.BAD_REQUEST, "malformed", exc.reason, lang)


def _describe_refused(exc, lang):
    return _make_error(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "refused",
        _lt("Odoo refused the lead: %(reason)s", reason=str(exc)),
        lang,
    )


def _describe_forbidden(exc, lang):
    return _make_error(
        HTTPStatus.FORBIDDEN,
        "forbidden",
        _lt("The token is good, but its user may not create this lead."),
        lang,
    )


def _describe_busy(exc, lang):
    return _make_error(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        _lt("The server is too busy: nothing was saved, send it again."),
        lang,
        {"Retry-After": str(RETRY_AFTER)},
    )


def _describe_http(exc, lang):
    if exc.code is None or exc.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _describe_fault(exc, lang)
    kind, message = HTTP_ERRORS.get(exc.code, HTTP_ERRORS[HTTPStatus.BAD_REQUEST])
    # The exception's own headers (Allow, Retry-After), but not those of its HTML page.
    headers = {
        name: value
        for name, value in exc.get_headers()
        if name not in ("Content-Type", "Content-Length")
    }
    if exc.code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        headers["Accept"] = ", ".join(LeadApiDispatcher.mimetypes)
    return _make_error(exc.code, kind, message, lang, headers)


def _describe_fault(exc, lang):
    return _make_error(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "server",
        _lt("A fault of ours: nothing was saved. Please report the reference."),
        lang,
        reference=str(uuid.uuid4()),
    )


def _make_error(status, kind, message, lang, headers=None, **details):
    body = ErrorResponse(
        error=int(status), type=kind, message=_translate(message, lang), **details
    )
    return body.to_body(), int(status), headers or {}


def _translate(text: LazyGettext | str, lang: str) -> str:
    return text._translate(lang) if isinstance(text, LazyGettext) else text


ERRORS = {
    InvalidTokenError: _describe_token,
    PayloadError: _describe_payload,
    MalformedBodyError: _describe_malformed,
    AccessError: _describe_forbidden,
    UserError: _describe_refused,
    HTTPException: _describe_http,
    ServiceUnavailable: _describe_busy,
    psycopg2.OperationalError: _describe_busy,
    psycopg2.InterfaceError: _describe_busy,
    ConcurrencyError: _describe_busy,
    LockError: _describe_busy,
    PoolError: _describe_busy,
}

HTTP_ERRORS = {
    HTTPStatus.BAD_REQUEST: ("malformed", _lt("The request cannot be understood.")),
    HTTPStatus.NOT_FOUND: ("not_found", _lt("There is nothing at this address.")),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method_not_allowed",
        _lt(
            "This address does not take that method; the Allow header names those that "
            "it takes."
        ),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large", _lt("The body is too large.")),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "unsupported_media_type",
        _lt("Send the body as application/json."),
    ),
}
