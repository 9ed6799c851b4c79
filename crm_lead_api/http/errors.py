# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Turn any exception into an answer, by one pure function."""

import uuid
from http import HTTPStatus

import psycopg2.errors
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError
from odoo.sql_db import PoolError
from odoo.tools.translate import LazyGettext

from ..exceptions import (
    FORBIDDEN,
    UNKNOWN_PATH,
    AnswerError,
    DryRunDone,
    FieldError,
    PayloadError,
)
from ..schemas import ErrorResponse
from ..schemas.error import ErrorItem
from ..schemas.lead import LeadWarning
from ..tools.json_body import format_problems
from ..translate import _lt

RETRY_AFTER = 2  # seconds; Odoo itself has already retried for longer
# What ends by itself
TEMPORARY = (
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    PoolError,
    # PostgreSQL has become the replica of another server.
    psycopg2.errors.ReadOnlySqlTransaction,
    ConcurrencyError,
    LockError,
    ServiceUnavailable,
)
# Type and text of werkzeug's exceptions, by status
HTTP_ERRORS = {
    HTTPStatus.BAD_REQUEST: ("malformed", _lt("The request cannot be understood.")),
    HTTPStatus.NOT_FOUND: UNKNOWN_PATH[1:],
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method_not_allowed",
        _lt(
            "This address does not take the method; the Allow header names the "
            "methods that it takes. To make a lead, send POST to /api/v1/lead."
        ),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large", _lt("The body is too large.")),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "rate_limit",
        _lt(
            "Too many requests: wait for the seconds that the Retry-After header "
            "names, then send it again."
        ),
    ),
}


def describe_error(exc: Exception, lang: str) -> tuple[dict, int, dict]:
    """Return (body, HTTP status, headers) for an exception, in a language."""
    if isinstance(exc, DryRunDone):
        body, warnings = exc.answer.to_body(), describe_warnings(exc.warnings, lang)
        body["data"]["warnings"] = [warning.model_dump() for warning in warnings]
        return body, int(HTTPStatus.OK), {"Preference-Applied": "dry-run"}
    errors = None
    if isinstance(exc, PayloadError):
        errors = [
            ErrorItem(
                **{name: value or None for name, value in vars(each).items()}
                | {"field": each.field, "message": _translate(each.message, lang)}
            )
            for each in exc.errors
        ]
    error = exc if isinstance(exc, AnswerError) else _to_answer(exc)
    status, said = int(error.status), {"type": error.kind}
    said["message"] = _translate(error.message, lang)
    if status == HTTPStatus.UNAUTHORIZED:
        return said, status, error.headers  # a TokenErrorResponse
    response = ErrorResponse(error=status, **said, errors=errors)
    body = response.model_dump(exclude_none=True) | error.details
    return body, status, error.headers


def describe_problems(exc: Exception, lang: str) -> str:
    """Return the messages of an error, each in a line; none for a dry run's end."""
    if isinstance(exc, DryRunDone):
        return ""
    return format_problems(describe_error(exc, lang)[0])


def describe_warnings(warnings: list[FieldError], lang: str) -> list[LeadWarning]:
    return [
        LeadWarning(**vars(warning) | {"message": _translate(warning.message, lang)})
        for warning in warnings
    ]


def to_legacy_error(body: dict) -> tuple[dict, int]:
    """Return (body, HTTP status) of a 422 in the form of the API's predecessors."""
    legacy = {"type": body["type"], "message": format_problems(body)}
    return legacy, HTTPStatus.UNAUTHORIZED


def _to_answer(exc):
    """Return the error to answer for an exception of Odoo, psycopg2 or werkzeug."""
    # psycopg2 has no class of its own for a connection that PostgreSQL has closed.
    if isinstance(exc, TEMPORARY) or type(exc) is psycopg2.DatabaseError:
        message = _lt("The server is not available just now: send it again.")
        return AnswerError(
            503, "unavailable", message, {"Retry-After": str(RETRY_AFTER)}
        )
    if isinstance(exc, PayloadError):
        message = _lt("1 field is wrong")
        if len(exc.errors) != 1:
            message = _lt("%(count)s fields are wrong", count=len(exc.errors))
        return AnswerError(422, "validation", message, **exc.details)
    if isinstance(exc, AccessError):
        message = _lt("The token is valid, but the client may not do this.")
        return AnswerError(*FORBIDDEN, message)
    if isinstance(exc, UserError):
        message = _lt("Odoo refused the lead: %(reason)s", reason=str(exc))
        return AnswerError(422, "refused", message)
    if isinstance(exc, HTTPException) and exc.code and exc.code < 500:
        kind, text = HTTP_ERRORS.get(exc.code, HTTP_ERRORS[HTTPStatus.BAD_REQUEST])
        # The exception's own headers (Allow, Retry-After), without its HTML page's
        of_page = ("Content-Type", "Content-Length")
        headers = {n: value for n, value in exc.get_headers() if n not in of_page}
        return AnswerError(exc.code, kind, text, headers)
    message = _lt("Internal error: nothing was saved. Please report the reference.")
    return AnswerError(500, "server", message, reference=str(uuid.uuid4()))


def _translate(text: LazyGettext | str, lang: str) -> str:
    return text._translate(lang) if isinstance(text, LazyGettext) else text
