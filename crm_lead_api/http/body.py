# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the body of a request: a JSON object, a form or a file.

In a form, as browsers and PHP write it, all values are texts. A list or an object is
one text, in JSON or with Python's quotes; several values of the same name; or several
names with keys in brackets, ``customer_portrait[hobby][]``. Such names fit into the few
lines below, and no library for them knows the attributes.
"""

import ast
import hashlib
import json
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from gzip import GzipFile
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from werkzeug import Request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from odoo.http import make_request_wrap_methods

from ..exceptions import AnswerError, malformed
from ..tools.json_body import to_json
from ..translate import _lt

# Media types (RFC 9110, section 8.3)
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
FORMS = (URLENCODED, "multipart/form-data")
BYTES = "application/octet-stream"  # a file of any type

# Odoo hands on most attributes of werkzeug's request, but not this one.
_get_stream, _set_stream = make_request_wrap_methods("stream")

GZIP = ("gzip", "x-gzip")
PART = 64 * 1024  # bytes of a file that are in memory at once
CUT_OFF = _lt(
    "The body ended before all of its bytes had arrived: send the whole file again."
)
NOT_JSON = _lt("Send the body as application/json: this address takes no forms.")
NO_OBJECT = _lt("Send the body as application/json, or as a form.")
NOT_GZIP = _lt(
    "Send the body as it is, or compressed, with the header Content-Encoding: gzip."
)
NOT_AN_OBJECT = _lt("The body is not a JSON object, in curly brackets.")
NOT_UTF8 = _lt("The body is not UTF-8.")
TOO_DEEP = _lt("The body is nested too deeply.")
EMPTY = _lt("The body is empty: send the file as the body.")
NAMELESS = _lt("A part of the form has no name: each part needs one, in quotes.")
REPLACEMENT = "\ufffd"
NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
KEY = re.compile(r"\[([^\[\]]*)\]")
INDEX = re.compile(r"[0-9]{0,9}")  # none: the next one


@dataclass(frozen=True)
class FileContent:
    """Describe the files of a route."""

    # With BYTES among them, the route itself finds the type of such a file
    media_types: tuple[str, ...]
    get_max_size: Callable[[Any], int] | None = None  # in bytes, from the environment


class ReceivedFile:
    """Hold a file that a client has sent: on disk, because it may be large. The
    system's file has no name, and is gone when it is closed."""

    def __init__(self, file: IO[bytes], media_type: str, parts: Iterable[bytes]):
        self.file, self.media_type, self.size = file, media_type, 0
        # Of Odoo's attachments, which tells files apart and protects nothing
        digest = hashlib.sha1(usedforsecurity=False)
        for part in parts:
            file.write(part)
            self.size += len(part)
            digest.update(part)
        self.checksum = digest.hexdigest()  # as ir.attachment has it

    def get_bytes(self, size: int = -1) -> bytes:
        self.file.seek(0)
        return self.file.read(size)

    def copy_to(self, target: IO[bytes]) -> None:
        self.file.seek(0)
        shutil.copyfileobj(self.file, target)

    def to_data(self) -> dict:
        """Describe the file in JSON: equal files have equal descriptions."""
        return {n: getattr(self, n) for n in ("media_type", "size", "checksum")}

    # As for bytes, because Odoo compares a file with a stored file of equal checksum

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _step = part.indices(self.size)
        self.file.seek(start)
        return self.file.read(max(stop - start, 0))


def parse_body(
    httprequest, schema, max_depth: int, takes_forms: bool
) -> tuple[dict, str]:
    """Parse a body: one JSON object, or a form, whose lists the schema knows.

    :return: the attributes, and the text to keep; a form is kept as JSON
    :raise AnswerError: another media type or encoding than the route takes (415); too
        long (413); not UTF-8, or as for :func:`parse_json` (400)
    """
    if not takes_forms and httprequest.mimetype not in ("", JSON):
        raise _unsupported(NOT_JSON, {"Accept": JSON})
    if httprequest.mimetype not in ("", JSON, *FORMS):
        raise _unsupported(NO_OBJECT, {"Accept": ", ".join((JSON, *FORMS))})
    body = read_body(httprequest)
    if httprequest.mimetype in FORMS:
        data = parse_form(httprequest, body, schema, max_depth)
        text = to_json(data) if data else body.decode("utf-8-sig", "replace")
    else:
        text = decode(body)
        data = parse_json(text, max_depth)
    return data, text


def read_text(httprequest) -> str:
    """Read the body as a text, or ``""`` if it is too long or cannot be inflated."""
    try:
        return read_body(httprequest).decode("utf-8-sig", errors="replace")
    except (HTTPException, AnswerError):
        return ""


def read_body(httprequest) -> bytes:
    """Read the body, inflated, up to the request's ``max_content_length``.

    :raise AnswerError: too long (413), or in another encoding (415)
    """
    encoding = httprequest.headers.get("Content-Encoding", "").strip().lower()
    limit = httprequest.max_content_length
    if encoding not in ("", "identity", *GZIP):
        raise _unsupported(NOT_GZIP, {"Accept-Encoding": "gzip, identity"})
    try:
        stream = _get_stream(httprequest)
        if not isinstance(stream, BytesIO):  # the first time
            stream = BytesIO(b"".join(_receive_parts(httprequest)))
            _set_stream(httprequest, stream)
    except RequestEntityTooLarge:
        raise _too_large(limit) from None
    body = stream.getvalue()
    return _inflate(body, limit) if encoding in GZIP else body


def _receive_parts(httprequest) -> Iterator[bytes]:
    """Read the body part by part, up to the limit, which werkzeug before 2.3 lacks.

    :raise ClientDisconnected: the body ends too early, or its chunks are none
    """
    limit, length = httprequest.max_content_length, httprequest.content_length
    if length is None:  # werkzeug from 2.3 on cuts it off at the limit
        limit -= 1
    size = length or 0
    stream = _get_stream(httprequest)
    try:
        while size <= limit and (part := stream.read(PART)):
            yield part
            if length is None:
                size += len(part)
    except OSError:
        raise ClientDisconnected() from None
    if size > limit:
        raise RequestEntityTooLarge()


def _unsupported(message, headers):
    return AnswerError(415, "unsupported_media_type", message, headers)


def _too_large(limit):
    message = _lt("The body is too large: send at most %(limit)s bytes.", limit=limit)
    return AnswerError(413, "too_large", message)


def _inflate(body, limit):
    """Inflate a body, and stop at the limit: a few bytes may stand for gigabytes."""
    try:
        inflated = GzipFile(fileobj=BytesIO(body)).read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise malformed(
            _lt("The body is not in the format gzip, which Content-Encoding names.")
        ) from None
    if len(inflated) > limit:
        raise _too_large(limit)
    return inflated


# ---------------------------------------------------------------- JSON


def decode(body: bytes) -> str:
    """Decode a body without a byte order mark; otherwise than UTF-8 it is malformed."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise malformed(NOT_UTF8) from None


def parse_json(text: str, max_depth: int) -> dict:
    """Parse a text strictly as one JSON object.

    :raise AnswerError: not JSON, not an object, too deep, or ambiguous (400)
    """
    if not text.strip():
        raise malformed(
            _lt("The body is empty: send a JSON object, in curly brackets.")
        )
    try:
        data = _load(text)
    except RecursionError:
        raise malformed(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise malformed(
            _lt(
                "The body is not JSON: there is a mistake at line %(line)s, column "
                "%(column)s.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except ValueError:  # more digits than Python reads
        raise malformed(_lt("The body has a number that is too long.")) from None
    if not isinstance(data, dict):
        raise malformed(NOT_AN_OBJECT)
    if is_deeper_than(data, max_depth):
        raise malformed(TOO_DEEP)
    return data


def _load(text):
    return json.loads(
        text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
    )


def _unique_keys(pairs):
    data = dict(pairs)
    if len(data) < len(pairs):
        raise malformed(_lt("The body has an object with the same attribute twice."))
    return data


def _refuse_constant(name):
    raise malformed(_lt("The body has %(name)s, which is not JSON.", name=name))


def is_deeper_than(data: Any, depth: int) -> bool:
    """Tell whether objects and lists are nested deeper than a number of levels."""
    level = [data]
    for _depth in range(depth):
        nodes = (each.values() if isinstance(each, dict) else each for each in level)
        level = [e for node in nodes for e in node if isinstance(e, dict | list)]
    return bool(level)


def parse_literal(text: str) -> Any:
    """Parse a form's text as JSON or as a Python literal, which is never run; return
    other texts unchanged.

    :raise AnswerError: the value is ambiguous, or JSON has no such value (400)
    """
    with suppress(ValueError, RecursionError):
        return _load(text)
    with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        # Through JSON, which has no sets, bytes or complex numbers.
        return _load(json.dumps(ast.literal_eval(text.strip())))
    return text


# ---------------------------------------------------------------- files


def receive_file(request, content: FileContent) -> ReceivedFile:
    """Write a request's body, which is a file, to the disk, part by part.

    :raise AnswerError: another media type, or encoding, is declared (415); the file is
        larger than the route allows (413), empty, or shorter than declared (400)
    """
    httprequest, folder = request.httprequest, request.env["ir.attachment"]._filestore()
    # The transfer may take minutes: without a transaction nobody waits for it.
    request.env.cr.commit()  # pylint: disable=invalid-commit
    encoding = httprequest.headers.get("Content-Encoding", "").strip().lower()
    types = content.media_types
    if encoding not in ("", "identity") or httprequest.mimetype not in types:
        allowed = ", ".join(types)
        message = _lt("Send the file as it is, as one of: %(types)s.", types=allowed)
        raise _unsupported(message, {"Accept": allowed})
    os.makedirs(folder, exist_ok=True)
    file = tempfile.TemporaryFile(dir=folder)
    try:
        parts = _receive_parts(httprequest)
        received = ReceivedFile(file, httprequest.mimetype, parts)
        if not received.size:
            raise malformed(EMPTY)
        return received
    except BaseException as error:
        file.close()
        if isinstance(error, ClientDisconnected):
            raise malformed(CUT_OFF) from None
        if isinstance(error, RequestEntityTooLarge):
            raise _too_large(httprequest.max_content_length) from None
        raise


# ---------------------------------------------------------------- forms


def parse_form(httprequest, body: bytes, schema, max_depth: int) -> dict:
    """Parse a form as the JSON object with the same attributes.

    :raise AnswerError: too many parts (413); not UTF-8, too deep, contradictory, or
        with a part without a name (400)
    """
    if body.lstrip().startswith(b"{"):
        raise malformed(
            _lt("The body is JSON: send it with Content-Type: application/json.")
        )
    # Not httprequest.form: the body may have been compressed.
    # The size has kept to the limit of the route. An old werkzeug counts no parts.
    limit = getattr(Request, "max_form_parts", None)
    parser = FormDataParser(**{"max_form_parts": limit} if limit else {})
    mimetype, parameters = httprequest.mimetype, httprequest.mimetype_params
    try:
        _, form, files = parser.parse(BytesIO(body), mimetype, len(body), parameters)
    except RequestEntityTooLarge:
        message = _lt(
            "The form is too large: send at most %(limit)s parts.", limit=limit
        )
        raise AnswerError(413, "too_large", message) from None
    if None in form or None in files:
        raise malformed(NAMELESS)
    for name in files:
        root = NAME.match(name)
        if root and root[1] in schema.model_fields:
            raise malformed(
                _lt("The form has a file for %(name)s: send a text.", name=name)
            )
    sent = list(form.items(True))
    # Bytes that are not UTF-8, which werkzeug replaces
    is_replaced = any(REPLACEMENT in text for pair in sent for text in pair)
    if mimetype == URLENCODED:
        decode(unquote_to_bytes(body))
    elif is_replaced and REPLACEMENT.encode() not in body:
        raise malformed(NOT_UTF8)
    data = _read_attributes([(_split(n, max_depth), text) for n, text in sent], schema)
    if is_deeper_than(data, max_depth):
        raise malformed(TOO_DEEP)
    # Files are ignored: the answer names them, as it names all ignored attributes.
    return {**{name: file.filename for name, file in files.items()}, **data}


def _split(name, max_depth):
    match = NAME.fullmatch(name)
    if not match:
        return [name]
    keys = KEY.findall(match[2])
    if len(keys) > max_depth:  # also keeps the functions below from endless recursion
        raise malformed(TOO_DEEP)
    return [match[1], *keys]


def _read_attributes(pairs, schema, parent=None):
    """Read the attributes of the form, or of the object ``parent`` in it, from pairs of
    keys and text; the first key is the attribute."""
    data, groups = {}, {}
    for (key, *rest), text in pairs:
        groups.setdefault(key, []).append((rest, text))
    for key, group in groups.items():
        name = key if parent is None else f"{parent}[{key}]"
        if key in schema.model_fields:
            data[key] = _read_attribute(name, key, group, schema)
        else:
            # Unknown attributes are ignored, also if they contradict themselves.
            texts = [text for rest, text in group if not rest]
            data[key] = texts if len(texts) > 1 else group[0][1]
            with suppress(AnswerError):
                data[key] = _read_value(name, group)
    return data


def _read_attribute(name, key, group, schema):
    """Read a known attribute, ``name`` in the form, from pairs of keys and text. The
    items of a list are ids, which are numbers, or texts."""
    is_list, parts = key in schema.get_lists(), schema._get_schema(key)
    items = [text for _rest, text in group]
    if _has_keys(name, group):
        pairs = [(rest, text) for rest, text in group if rest]
        if parts and not all(INDEX.fullmatch(rest[0]) for rest, _text in pairs):
            return _read_attributes(pairs, parts, name)
        is_sent = any(map(str.strip, items))
        items = _read_value(name, group)
        if not (is_list and isinstance(items, list)):
            return items
        if not is_sent:
            return ""
    elif not is_list:
        text = _read_value(name, group)
        return parse_literal(text) if parts and text.strip() else text
    elif len(items) == 1:
        if not items[0].strip():
            return ""  # not sent
        if isinstance(value := parse_literal(items[0]), list):
            return value
    is_id = key in schema.get_models()
    return [parse_literal(i) if is_id and isinstance(i, str) else i for i in items]


def _read_value(name, group):
    """Read texts by the keys of their names alone: numbers, and ``[]`` for the next
    number, make a list; other keys make an object."""
    if not _has_keys(name, group):
        if len(group) > 1:
            raise malformed(
                _lt("The form has the attribute %(name)s twice.", name=name)
            )
        return group[0][1]
    values, following = {}, 0
    for rest, text in group:
        if not rest:
            continue
        key, *below = rest
        if INDEX.fullmatch(key):
            key = int(key or following)
            following = max(following, key + 1)
        values.setdefault(key, []).append((below, text))
    read = {key: _read_value(f"{name}[{key}]", values[key]) for key in values}
    if all(isinstance(key, int) for key in read):
        return [read[key] for key in sorted(read)]
    return {str(key): value for key, value in read.items()}


def _has_keys(name, group):
    """Tell whether a value is sent in parts, with keys in brackets; to send it also as
    a whole is malformed."""
    has_keys = any(rest for rest, _text in group)
    if has_keys and any(text.strip() for rest, text in group if not rest):
        raise malformed(
            _lt(
                "The form has the attribute %(name)s twice: with brackets after the "
                "name, and without. Send it in one way.",
                name=name,
            )
        )
    return has_keys
