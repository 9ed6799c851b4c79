# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Turn any exception into an answer, by one pure function."""

import uuid
from http import HTTPStatus

import psycopg2.errors
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.sql_db import PoolError
from odoo.tools.translate import LazyGettext, LazyTranslate

from ...exceptions import (
    AmbiguousTicketError,
    AnswerError,
    ClientRefusedError,
    ClosedLeadError,
    DryRunDone,
    FieldError,
    IdempotencyConflictError,
    InvalidTokenError,
    MalformedRequestError,
    NotJsonError,
    PayloadError,
    StaleLeadError,
    UnknownEncodingError,
    UnknownLeadError,
)
from ...schemas import ErrorResponse
from ...schemas.error import ErrorItem
from ...schemas.lead import LeadWarning
from ...tools import media_type
from ...tools.json_body import format_problems, to_json

_lt = LazyTranslate(__name__, default_lang="en_US")

RETRY_AFTER = 2  # seconds; Odoo itself has already retried for longer
TOKEN_ERROR = {
    "type": "access_token",
    "message": "token seems to have expired or invalid",
}


def describe_error(exc: Exception, lang: str) -> tuple[dict, int, dict]:
    """Return (body, HTTP status, headers) for an exception.

    The most specific class of the exception in ``ERRORS`` decides.

    :param lang: code of the language of the texts
    """
    for cls in type(exc).__mro__:
        if describe := ERRORS.get(cls):
            return describe(exc, lang)
    return _describe_fault(exc, lang)


def describe_warnings(warnings: list[FieldError], lang: str) -> list[LeadWarning]:
    """Return warnings as answers have them.

    :param lang: code of the language of the texts
    """
    return [
        LeadWarning(
            field=warning.field,
            code=warning.code,
            message=_translate(warning.message, lang),
            did_you_mean=warning.did_you_mean,
        )
        for warning in warnings
    ]


def to_legacy_error(body: dict) -> tuple[dict, int]:
    """Return (body, HTTP status) of a 422 in the form of the API's predecessors."""
    legacy = {"type": body["type"], "message": format_problems(to_json(body))}
    return legacy, HTTPStatus.UNAUTHORIZED


def _describe_token(exc, lang):
    challenge = "Bearer"
    if exc.reason:  # RFC 6750, section 3
        challenge += f' error="invalid_token", error_description="{exc.reason}"'
    return (
        dict(TOKEN_ERROR),
        HTTPStatus.UNAUTHORIZED,
        {"WWW-Authenticate": challenge},
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
            candidates=list(error.candidates) or None,
        )
        for error in exc.errors
    ]
    body, status, headers = _make_error(
        HTTPStatus.UNPROCESSABLE_ENTITY, "validation", message, lang, errors=errors
    )
    return body | exc.details, status, headers


def _describe_malformed(exc, lang):
    return _make_error(HTTPStatus.BAD_REQUEST, "malformed", exc.reason, lang)


def _describe_client(exc, lang):
    return _make_error(HTTPStatus.FORBIDDEN, "forbidden", exc.reason, lang)


def _describe_conflict(exc, lang):
    message = _lt(
        "This Idempotency-Key came with another payload before: send a key of its own "
        "with each lead, and change a lead by PATCH or PUT."
    )
    return _make_error(HTTPStatus.CONFLICT, "conflict", message, lang)


def _describe_unknown_lead(exc, lang):
    message = _lt("Your client has no lead with this id, or of this ticket.")
    return _make_error(HTTPStatus.NOT_FOUND, "not_found", message, lang)


def _describe_closed(exc, lang):
    message = _lt("The lead is closed: make a new lead with POST /api/v1/lead.")
    return _make_error(HTTPStatus.CONFLICT, "closed", message, lang, state=exc.state)


def _describe_ambiguous(exc, lang):
    message = _lt(
        "The ticket has several open leads: send the change to /api/v1/lead/<id> of "
        "one of them."
    )
    return _make_error(
        HTTPStatus.CONFLICT, "ambiguous", message, lang, leads=exc.lead_ids
    )


def _describe_stale(exc, lang):
    message = _lt(
        "If-Match is not the ETag of the lead as it is now: read the lead again, and "
        "send the change with the new ETag."
    )
    return _make_error(
        HTTPStatus.PRECONDITION_FAILED, "precondition_failed", message, lang
    )


def _describe_answer(exc, lang):
    body, status, headers = _make_error(
        exc.status, exc.kind, exc.message, lang, exc.headers
    )
    return body | exc.details, status, headers


def _describe_dry_run(exc, lang):
    body = exc.answer.to_body()
    warnings = describe_warnings(exc.warnings, lang)
    body["data"]["warnings"] = [warning.model_dump() for warning in warnings]
    return body, int(HTTPStatus.OK), {"Preference-Applied": "dry-run"}


def _describe_refused(exc, lang):
    message = _lt("Odoo refused the lead: %(reason)s", reason=str(exc))
    return _make_error(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", message, lang)


def _describe_forbidden(exc, lang):
    message = _lt("The token is valid, but the client may not do this.")
    return _make_error(HTTPStatus.FORBIDDEN, "forbidden", message, lang)


def _describe_busy(exc, lang):
    message = _lt("The server is not available just now: send it again.")
    headers = {"Retry-After": str(RETRY_AFTER)}
    return _make_error(
        HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", message, lang, headers
    )


def _describe_database(exc, lang):
    # psycopg2 has no class of its own for a connection that PostgreSQL has closed.
    is_lost = type(exc) is psycopg2.DatabaseError
    return (_describe_busy if is_lost else _describe_fault)(exc, lang)


def _describe_http(exc, lang):
    if exc.code is None or exc.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _describe_fault(exc, lang)
    kind, message = HTTP_ERRORS.get(exc.code, HTTP_ERRORS[HTTPStatus.BAD_REQUEST])
    # The exception's own headers (Allow, Retry-After), without its HTML page's headers
    headers = {
        name: value
        for name, value in exc.get_headers()
        if name not in ("Content-Type", "Content-Length")
    }
    if exc.code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        headers["Accept"] = ", ".join((media_type.JSON, *media_type.FORMS))
    return _make_error(exc.code, kind, message, lang, headers)


def _describe_not_json(exc, lang):
    message = _lt("Send the body as application/json: this address takes no forms.")
    headers = {"Accept": media_type.JSON}
    return _make_error(exc.code, "unsupported_media_type", message, lang, headers)


def _describe_encoding(exc, lang):
    message = _lt(
        "Send the body as it is, or compressed, with the header Content-Encoding: gzip."
    )
    headers = {"Accept-Encoding": "gzip, identity"}
    return _make_error(exc.code, "unsupported_media_type", message, lang, headers)


def _describe_fault(exc, lang):
    message = _lt("A fault of ours: nothing was saved. Please report the reference.")
    reference = str(uuid.uuid4())
    return _make_error(
        HTTPStatus.INTERNAL_SERVER_ERROR, "server", message, lang, reference=reference
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
    MalformedRequestError: _describe_malformed,
    ClientRefusedError: _describe_client,
    IdempotencyConflictError: _describe_conflict,
    ClosedLeadError: _describe_closed,
    AmbiguousTicketError: _describe_ambiguous,
    StaleLeadError: _describe_stale,
    AnswerError: _describe_answer,
    DryRunDone: _describe_dry_run,
    AccessError: _describe_forbidden,
    UserError: _describe_refused,
    HTTPException: _describe_http,
    NotJsonError: _describe_not_json,
    UnknownEncodingError: _describe_encoding,
    UnknownLeadError: _describe_unknown_lead,
    ServiceUnavailable: _describe_busy,
    psycopg2.DatabaseError: _describe_database,
    psycopg2.OperationalError: _describe_busy,
    # PostgreSQL has become the replica of another server.
    psycopg2.errors.ReadOnlySqlTransaction: _describe_busy,
    psycopg2.InterfaceError: _describe_busy,
    ConcurrencyError: _describe_busy,
    LockError: _describe_busy,
    PoolError: _describe_busy,
}

HTTP_ERRORS = {
    HTTPStatus.BAD_REQUEST: ("malformed", _lt("The request cannot be understood.")),
    HTTPStatus.NOT_FOUND: (
        "not_found",
        _lt(
            "There is nothing at this address. To make a lead, send POST to "
            "/api/v1/lead; /api/v1/docs lists all addresses."
        ),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method_not_allowed",
        _lt(
            "This address does not take the method; the Allow header names the "
            "methods that it takes. To make a lead, send POST to /api/v1/lead."
        ),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large", _lt("The body is too large.")),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "unsupported_media_type",
        _lt("Send the body as application/json, or as a form."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "rate_limit",
        _lt(
            "Too many requests: wait for the seconds that the Retry-After header "
            "names, then send it again."
        ),
    ),
}
