# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Describe the headers of requests and answers for the OpenAPI document.

Their texts are put into its languages by :func:`describe`."""

from odoo.tools.translate import LazyTranslate

from ..schemas.about import in_languages

_lt = LazyTranslate(__name__, default_lang="en_US")


def describe(part: dict) -> dict:
    """Return a header, or a parameter, with its text in the document's languages."""
    return {**part, "description": in_languages(part["description"])}


def _header(text, schema=None, required=False):
    return {
        "description": text,
        "schema": schema or {"type": "string"},
        "required": required,
    }


def _integer(minimum=0):
    return {"type": "integer", "minimum": minimum}


REQUEST_ID = _header(
    _lt("The client's own id if it is sane, otherwise an id of Odoo."), required=True
)
MODE = _header(
    _lt("test: the request had a token for tests; otherwise without this header."),
    {"type": "string", "enum": ["test"]},
)
RATE_HEADERS = {
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
    401: {
        "WWW-Authenticate": _header(
            _lt(
                "Bearer; for a token that opens nothing also the reason, as "
                "error_description."
            )
        )
    },
    415: {
        "Accept-Encoding": _header(
            _lt("Only if Content-Encoding is wrong: the right values."),
            {"type": "string", "enum": ["gzip, identity"]},
        )
    },
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
        "description": text,
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


def describe_key(text):
    """Return the parameter for the header ``Idempotency-Key``."""
    schema = {"type": "string", "pattern": "^[!-~]{0,255}$"}
    return _parameter("Idempotency-Key", text, schema)


# Unless the route has a text of its own
CHANGE_KEY = _lt(
    "Your own key for each change: a repeated request then changes nothing."
)
PREFER_PARAMETER = _parameter(
    "Prefer",
    _lt("dry-run: describe the records that the request would make, and save nothing."),
)
MATCH_PARAMETER = _parameter(
    "If-Match",
    _lt("The ETag that you read; 412 if the record has changed since."),
)
ETAG = {
    "ETag": _header(_lt("Stands for the record: send it as If-Match with a change."))
}
