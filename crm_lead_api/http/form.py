# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read forms, in which all values are texts, as browsers and PHP write them.

A list or an object is one text, in JSON or with Python's quotes; several values of the
same name; or several names with keys in brackets, ``customer_portrait[hobby][]``. Such
names fit into the few lines below, and no library for them knows the attributes.
"""

import re
from contextlib import suppress
from io import BytesIO
from urllib.parse import unquote_to_bytes

from werkzeug import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from odoo.tools.translate import LazyTranslate

from ..exceptions import AnswerError, MalformedRequestError
from ..tools import media_type
from ..tools.json_body import (
    NOT_UTF8,
    TOO_DEEP,
    decode,
    is_deeper_than,
    parse_literal,
)

_lt = LazyTranslate(__name__, default_lang="en_US")

NAMELESS = _lt("A part of the form has no name: each part needs one, in quotes.")
REPLACEMENT = "\ufffd"
NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
KEY = re.compile(r"\[([^\[\]]*)\]")
INDEX = re.compile(r"[0-9]{1,9}")


def is_form(httprequest) -> bool:
    return httprequest.mimetype in media_type.FORMS


def parse_form(httprequest, body: bytes, schema, max_depth: int) -> dict:
    """Parse a form as the JSON object with the same attributes.

    :param body: the request's body, inflated
    :param schema: subclass of :class:`Schema`, which knows the lists and objects
    :param max_depth: how deep lists and objects may be nested
    :raise AnswerError: too many parts (413)
    :raise MalformedRequestError: not UTF-8, nested too deeply, contradictory, or with a
        part without a name
    """
    if body.lstrip().startswith(b"{"):
        raise MalformedRequestError(
            _lt("The body is JSON: send it with Content-Type: application/json.")
        )
    # Not httprequest.form: the body may have been compressed.
    # The size has kept to the limit of the route. An old werkzeug counts no parts.
    limit = getattr(Request, "max_form_parts", None)
    limits = {"max_form_parts": limit} if limit else {}
    try:
        _rest, form, files = FormDataParser(**limits).parse(
            BytesIO(body),
            httprequest.mimetype,
            len(body),
            httprequest.mimetype_params,
        )
    except RequestEntityTooLarge:
        message = _lt(
            "The form is too large: send at most %(limit)s parts.", limit=limit
        )
        raise AnswerError(413, "too_large", message) from None
    if None in form or None in files:
        raise MalformedRequestError(NAMELESS)
    for name in files:
        root = NAME.match(name)
        if root and root[1] in schema.model_fields:
            raise MalformedRequestError(
                _lt("The form has a file for %(name)s: send a text.", name=name)
            )
    _check_encoding(httprequest, body, form)
    data = _read_attributes(
        [(_split(name, max_depth), text) for name, text in form.items(True)], schema
    )
    if is_deeper_than(data, max_depth):
        raise MalformedRequestError(TOO_DEEP)
    # Files are ignored: the answer names them, as it names all ignored attributes.
    return {**{name: file.filename for name, file in files.items()}, **data}


def _check_encoding(httprequest, body, form):
    """Refuse bytes that are not UTF-8, which werkzeug replaces."""
    if httprequest.mimetype == media_type.URLENCODED:
        decode(unquote_to_bytes(body))
    elif REPLACEMENT.encode() not in body and any(
        REPLACEMENT in text for pair in form.items(True) for text in pair
    ):
        raise MalformedRequestError(NOT_UTF8)


def _split(name, max_depth):
    """Split a name into the attribute and the keys in brackets after it."""
    match = NAME.fullmatch(name)
    if not match:
        return [name]
    keys = KEY.findall(match[2])
    if len(keys) > max_depth:  # also keeps the functions below from endless recursion
        raise MalformedRequestError(TOO_DEEP)
    return [match[1], *keys]


def _read_attributes(pairs, schema, parent=None):
    """Read the attributes of an object.

    :param pairs: ``(keys, text)`` of each value; the first key is the attribute
    :param schema: of the object
    :param parent: the name of the object in the form, ``None`` for the form itself
    """
    data, groups = {}, {}
    for (key, *rest), text in pairs:
        groups.setdefault(key, []).append((rest, text))
    for key, group in groups.items():
        name = key if parent is None else f"{parent}[{key}]"
        if key in schema.model_fields:
            data[key] = _read_attribute(name, key, group, schema)
        else:
            # Unknown attributes are ignored, also if they contradict themselves.
            data[key] = group[0][1]
            with suppress(MalformedRequestError):
                data[key] = _read_value(name, group)
    return data


def _read_attribute(name, key, group, schema):
    """Read a known attribute.

    :param name: of the attribute in the form
    :param key: the attribute
    :param group: ``(keys, text)`` of each value of the attribute
    """
    is_list, parts = key in schema.get_lists(), schema._get_schema(key)
    if _has_keys(name, group):
        keys = {rest[0] for rest, _text in group if rest}
        if parts and not all(_is_index(each) for each in keys):
            pairs = [(rest, text) for rest, text in group if rest]
            return _read_attributes(pairs, parts, name)
        value = _read_value(name, group)
        if not (is_list and isinstance(value, list)):
            return value
        if not any(text.strip() for _rest, text in group):
            return ""  # not sent
        return [_read_item(item, key, schema) for item in value]
    if not is_list:
        text = _read_value(name, group)
        return parse_literal(text) if parts and text.strip() else text
    texts = [text for _rest, text in group]
    if len(texts) == 1 and not texts[0].strip():
        return ""  # not sent
    if len(texts) == 1 and isinstance(value := parse_literal(texts[0]), list):
        return value
    return [_read_item(text, key, schema) for text in texts]


def _read_item(item, key, schema):
    """Read an item of a list: ids are numbers, all other items are texts."""
    is_id = isinstance(item, str) and key in schema.get_models()
    return parse_literal(item) if is_id else item


def _read_value(name, group):
    """Read texts by the keys of their names alone: numbers, and ``[]`` for the next
    number, make a list; other keys make an object.

    :param name: of the value in the form
    :param group: ``(keys, text)`` of each text
    """
    if not _has_keys(name, group):
        if len(group) > 1:
            raise MalformedRequestError(
                _lt("The form has the attribute %(name)s twice.", name=name)
            )
        return group[0][1]
    values, following = {}, 0
    for rest, text in group:
        if not rest:
            continue
        key, *below = rest
        if _is_index(key):
            key = int(key or following)
            following = max(following, key + 1)
        values.setdefault(key, []).append((below, text))
    read = {key: _read_value(f"{name}[{key}]", values[key]) for key in values}
    if all(isinstance(key, int) for key in read):
        return [read[key] for key in sorted(read)]
    return {str(key): value for key, value in read.items()}


def _has_keys(name, group):
    """Tell whether a value is sent in parts, with keys in brackets.

    :raise MalformedRequestError: the value is also sent as a whole
    """
    has_keys = any(rest for rest, _text in group)
    if has_keys and any(text.strip() for rest, text in group if not rest):
        raise MalformedRequestError(
            _lt(
                "The form has the attribute %(name)s twice: with brackets after the "
                "name, and without. Send it in one way.",
                name=name,
            )
        )
    return has_keys


def _is_index(key):
    return not key or bool(INDEX.fullmatch(key))
