# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError
from ..json_body import parse_json

_lt = LazyTranslate(__name__, default_lang="en_US")

MEDIA_TYPE = "application/json"


def parse_body(httprequest, max_depth: int) -> dict:
    """Read a request's body as one JSON object, strictly.

    :param max_depth: how deep objects and lists may be nested
    :raise UnsupportedMediaType: another media type is declared
    :raise RequestEntityTooLarge: longer than the route allows
    :raise MalformedRequestError: not UTF-8, or as for :func:`parse_json`
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
    return parse_json(text, max_depth)
