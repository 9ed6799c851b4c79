# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError

_lt = LazyTranslate(__name__, default_lang="en_US")

MEDIA_TYPE = "application/json"
MAX_DEPTH = 32


def parse_body(httprequest) -> dict:
    """Read a request's body as one JSON object, strictly.

    :raise UnsupportedMediaType: another media type is declared
    :raise RequestEntityTooLarge: longer than the route allows
    :raise MalformedRequestError: not UTF-8, not JSON, not an object, or ambiguous
    """
    if httprequest.mimetype not in ("", MEDIA_TYPE):
        raise UnsupportedMediaType()
    try:
        body = httprequest.get_data()
        if httprequest.content_length is None:
            # werkzeug cuts a body of unknown length off at the limit.
            if len(body) >= httprequest.max_content_length:
                raise RequestEntityTooLarge()
        text = body.decode()
    except UnicodeDecodeError:
        raise MalformedRequestError(_lt("The body is not UTF-8.")) from None
    try:
        data = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise MalformedRequestError(_lt("The body is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        raise MalformedRequestError(
            _lt(
                "The body is not JSON: there is a mistake at line %(line)s, column "
                "%(column)s.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except ValueError:  # more digits than Python reads
        raise MalformedRequestError(
            _lt("The body has a number that is too long.")
        ) from None
    if not isinstance(data, dict):
        raise MalformedRequestError(
            _lt("The body is not a JSON object, in curly brackets.")
        )
    if _is_deeper_than(data, MAX_DEPTH):
        raise MalformedRequestError(_lt("The body is nested too deeply."))
    return data


def _unique_keys(pairs):
    data = dict(pairs)
    if len(data) < len(pairs):
        raise MalformedRequestError(
            _lt("The body has an object with the same attribute twice.")
        )
    return data


def _refuse_constant(name):
    raise MalformedRequestError(
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
