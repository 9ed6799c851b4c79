# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import (
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError, NotJsonError, PayloadError
from ..tools import media_type
from ..tools.json_body import is_deeper_than, parse_json, parse_literal, to_json

_lt = LazyTranslate(__name__, default_lang="en_US")

REPLACEMENT = "\ufffd"
NOT_UTF8 = _lt("The body is not UTF-8.")


def is_form(httprequest) -> bool:
    return httprequest.mimetype in media_type.FORMS


def parse_query(httprequest, schema):
    """Parse the part of the address after the question mark.

    :param schema: subclass of :class:`Query`
    :raise PayloadError: parameters are wrong
    """
    is_encoded = httprequest.query_string.isascii()
    query = schema.parse_query(httprequest.args, is_encoded)
    errors = query.get_errors()
    if errors and not schema.is_checked_by_model:
        raise PayloadError(schema.sort_errors(errors))
    return query


def parse_body(httprequest, schema, max_depth: int, takes_forms: bool) -> dict:
    """Parse a request's body, which is one JSON object, strictly read, or a form.

    :param schema: subclass of :class:`Schema`, which knows the form's lists and objects
    :param max_depth: how deep objects and lists may be nested
    :param takes_forms: ``False``: only JSON is allowed
    :raise NotJsonError: a form, or another media type, where only JSON is taken
    :raise UnsupportedMediaType: another media type is declared
    :raise RequestEntityTooLarge: longer than the route allows
    :raise MalformedRequestError: not UTF-8, or as for :func:`parse_json`
    """
    if not takes_forms and httprequest.mimetype not in ("", media_type.JSON):
        raise NotJsonError()
    if httprequest.mimetype not in ("", media_type.JSON, *media_type.FORMS):
        raise UnsupportedMediaType()
    body = _read(httprequest)
    if is_form(httprequest):
        return _parse_form(httprequest, schema, max_depth)
    return parse_json(_decode(body), max_depth)


def read_text(httprequest, data: dict | None = None) -> str:
    """Read the body as a text, or ``""`` if the body is too long.

    :param data: the attributes in the body; a form is kept as JSON
    """
    if data and is_form(httprequest):
        return to_json(data)
    try:
        return httprequest.get_data().decode(errors="replace")
    except HTTPException:
        return ""


def _read(httprequest):
    body = httprequest.get_data()
    if httprequest.content_length is None:
        # werkzeug cuts a body of unknown length off at the limit.
        if len(body) >= httprequest.max_content_length:
            raise RequestEntityTooLarge()
    return body


def _decode(body):
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise MalformedRequestError(NOT_UTF8) from None


def _parse_form(httprequest, schema, max_depth):
    """Read a form, in which all values are texts.

    Lists and objects are written as text, in JSON or with Python's quotes; a list may
    also be sent as several values of the same name.
    """
    body = httprequest.get_data()
    if body.lstrip().startswith(b"{"):
        raise MalformedRequestError(
            _lt("The body is JSON: send it with Content-Type: application/json.")
        )
    for name in httprequest.files:
        if name in schema.model_fields:
            raise MalformedRequestError(
                _lt("The form has a file for %(name)s: send a text.", name=name)
            )
    # werkzeug replaces bytes that are not UTF-8.
    if httprequest.mimetype == media_type.URLENCODED:
        _decode(unquote_to_bytes(body))
    elif (
        any(
            REPLACEMENT in text
            for pair in httprequest.form.items(True)
            for text in pair
        )
        and REPLACEMENT.encode() not in body
    ):
        raise MalformedRequestError(NOT_UTF8)
    form, lists, data = httprequest.form, schema.get_lists(), {}
    for name, texts in form.lists():
        if len(texts) > 1 and name in schema.model_fields and name not in lists:
            raise MalformedRequestError(
                _lt("The form has the attribute %(name)s twice.", name=name)
            )
        is_one_text = len(texts) == 1 and not texts[0].strip()
        if is_one_text or name not in (*lists, *schema.get_objects()):
            data[name] = texts[0]
            continue
        values = [parse_literal(text) for text in texts]
        if name in lists and not (len(values) == 1 and isinstance(values[0], list)):
            data[name] = values
        else:
            data[name] = values[0]
    if is_deeper_than(data, max_depth):
        raise MalformedRequestError(_lt("The body is nested too deeply."))
    # Files are ignored: the answer names them, as it names all ignored attributes.
    return {**{name: file.filename for name, file in httprequest.files.items()}, **data}
