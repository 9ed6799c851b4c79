# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from gzip import GzipFile
from io import BytesIO
from typing import Any

from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from odoo.http import make_request_wrap_methods
from odoo.tools.translate import LazyTranslate

from ..exceptions import (
    AnswerError,
    MalformedRequestError,
    NotJsonError,
    PayloadError,
    UnknownEncodingError,
)
from ..tools import media_type
from ..tools.json_body import decode, parse_json, to_json
from ..tools.received_file import ReceivedFile
from .form import is_form, parse_form

_lt = LazyTranslate(__name__, default_lang="en_US")

# Odoo hands on most attributes of werkzeug's request, but not this one.
_get_stream, _set_stream = make_request_wrap_methods("stream")

GZIP = ("gzip", "x-gzip")
PART = 64 * 1024  # bytes of a file that are in memory at once
CUT_OFF = _lt(
    "The body ended before all of its bytes had arrived: send the whole file again."
)
EMPTY = _lt("The body is empty: send the file as the body.")


@dataclass(frozen=True)
class FileContent:
    """Describe the files of a route.

    :param media_types: the types that a file may have; among those that a client
        declares may be :data:`media_type.BYTES`, for which the route finds the type
    :param get_max_size: function of Odoo's environment, which returns the largest size
        in bytes
    """

    media_types: tuple[str, ...]
    get_max_size: Callable[[Any], int] | None = None


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
    :raise UnsupportedMediaType: another media type, or encoding, is declared
    :raise AnswerError: longer than the route allows (413)
    :raise MalformedRequestError: not UTF-8, or as for :func:`parse_json`
    """
    if not takes_forms and httprequest.mimetype not in ("", media_type.JSON):
        raise NotJsonError()
    if httprequest.mimetype not in ("", media_type.JSON, *media_type.FORMS):
        raise UnsupportedMediaType()
    body = _read(httprequest)
    if is_form(httprequest):
        return parse_form(httprequest, body, schema, max_depth)
    return parse_json(decode(body), max_depth)


def get_max_size(env, routing: dict) -> int:
    """Return how many bytes the body of a route may have.

    :param routing: of the route, see :func:`api_route`
    """
    file = routing["file"]
    if file and file.get_max_size:
        return file.get_max_size(env)
    max_body = env["ir.config_parameter"]._get_lead_api_int("max_body")
    return max_body * 1024 * routing["max_body_factor"]


def receive_file(request, content: FileContent) -> ReceivedFile:
    """Receive the file that is the body of a request; see :func:`read_file`.

    :param request: of Odoo
    """
    folder = request.env["ir.attachment"]._filestore()
    # The transfer may take minutes: without a transaction nobody waits for it.
    request.env.cr.commit()  # pylint: disable=invalid-commit
    return read_file(request.httprequest, content, folder)


def read_file(httprequest, content: FileContent, folder: str) -> ReceivedFile:
    """Write a request's body, which is a file, to the disk, part by part.

    :param folder: on the disk that the file is for
    :raise AnswerError: another media type, or encoding, is declared (415); the file is
        larger than the route allows (413)
    :raise MalformedRequestError: the body is empty, or shorter than declared
    """
    encoding = httprequest.headers.get("Content-Encoding", "").strip().lower()
    is_encoded = encoding not in ("", "identity")
    if is_encoded or httprequest.mimetype not in content.media_types:
        allowed = ", ".join(content.media_types)
        message = _lt("Send the file as it is, as one of: %(types)s.", types=allowed)
        raise AnswerError(415, "unsupported_media_type", message, {"Accept": allowed})
    os.makedirs(folder, exist_ok=True)
    file = tempfile.TemporaryFile(dir=folder)
    try:
        parts = _receive_parts(httprequest)
        received = ReceivedFile.receive(file, httprequest.mimetype, parts)
        if not received.size:
            raise MalformedRequestError(EMPTY)
    except BaseException as error:
        file.close()
        if isinstance(error, ClientDisconnected):
            raise MalformedRequestError(CUT_OFF) from None
        if isinstance(error, RequestEntityTooLarge):
            raise _too_large(httprequest.max_content_length) from None
        raise
    return received


def read_text(httprequest, data: dict | None = None) -> str:
    """Read the body as a text, or ``""`` if the body is too long or cannot be inflated.

    :param data: the attributes in the body; a form is kept as JSON
    """
    if data and is_form(httprequest):
        return to_json(data)
    try:
        return _read(httprequest).decode("utf-8-sig", errors="replace")
    except (HTTPException, AnswerError, MalformedRequestError):
        return ""


def _read(httprequest):
    """Read the body, inflated if the client has compressed it."""
    encoding = httprequest.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", *GZIP):
        raise UnknownEncodingError()
    try:
        stream = _get_stream(httprequest)
        if not isinstance(stream, BytesIO):  # the first time
            stream = BytesIO(b"".join(_receive_parts(httprequest)))
            _set_stream(httprequest, stream)
    except RequestEntityTooLarge:
        raise _too_large(httprequest.max_content_length) from None
    body = stream.getvalue()
    if encoding not in GZIP:
        return body
    return _inflate(body, httprequest.max_content_length)


def _receive_parts(httprequest) -> Iterator[bytes]:
    """Read the body part by part, up to the limit, which werkzeug before 2.3 lacks.

    :raise RequestEntityTooLarge: longer than the route allows
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


def _too_large(limit):
    message = _lt("The body is too large: send at most %(limit)s bytes.", limit=limit)
    return AnswerError(413, "too_large", message)


def _inflate(body, limit):
    """Inflate a body, and stop at the limit: a few bytes may stand for gigabytes."""
    try:
        inflated = GzipFile(fileobj=BytesIO(body)).read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise MalformedRequestError(
            _lt("The body is not in the format gzip, which Content-Encoding names.")
        ) from None
    if len(inflated) > limit:
        raise _too_large(limit)
    return inflated
