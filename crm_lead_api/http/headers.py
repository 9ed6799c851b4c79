# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read and write the headers of the lead API, apart from the token's header."""

import difflib
import re
import uuid
from types import MappingProxyType
from urllib.parse import quote

from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError
from ..schemas.error import IMPOSSIBLE_KEY
from ..schemas.value import is_idempotency_key, unquote_idempotency_key
from ..tools.token_text import TOKEN

_lt = LazyTranslate(__name__, default_lang="en_US")

DRY_RUN = "dry-run"
NO = frozenset(("0", "false", "no", "off"))
# In the WSGI environment: the values of the headers Idempotency-Key, not joined
IDEMPOTENCY_KEYS = "crm_lead_api.idempotency_keys"
MAX_PREFERENCE = 64  # characters that an answer repeats
MAX_IGNORED_HEADER = 1024  # bytes
LANGUAGES = {"en": "en_US", "vi": "vi_VN"}
SANE_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)
# Headers of a response to a request that only reads
PRIVATE = MappingProxyType(
    {
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Access-Token, Accept-Language",
    }
)


def get_request_id(headers) -> str:
    """Return the client's ``X-Request-Id`` if it is sane, otherwise a new UUID."""
    sent = headers.get("X-Request-Id", "")
    is_sane = SANE_REQUEST_ID.fullmatch(sent) and not TOKEN.search(sent)
    return sent if is_sane else str(uuid.uuid4())


def get_lang(accept_languages) -> str:
    """Return the code of the language for the answer's texts, by ``Accept-Language``.

    The database need not have the language: the texts are the addon's own.

    :param accept_languages: werkzeug's ``LanguageAccept``
    """
    # Not best_match(), which finds vi for "en-GB, vi;q=0.5".
    for language, quality in accept_languages:
        code = language.partition("-")[0].lower()
        if code in LANGUAGES and quality > 0:
            return LANGUAGES[code]
    return LANGUAGES["en"]


def prefers_dry_run(headers) -> bool:
    """Tell whether ``Prefer`` (RFC 7240) asks for a dry run.

    Other preferences are ignored, except a preference that resembles ``dry-run``: its
    client does not expect that a lead is made. A client that sends ``dry-run=false``
    expects a lead, and would take the answer of a dry run for success.

    :raise MalformedRequestError: a preference resembles ``dry-run``, or denies it
    """
    wants = False
    for preference in headers.get("Prefer", "").lower().split(","):
        # The name, the value, and the names and values of parameters
        parts = [part.strip() for part in re.split("[;=]", preference)]
        words = [part.strip('"') for part in parts]
        if parts[0] == DRY_RUN and NO.isdisjoint(words):
            wants = True
        elif any(difflib.get_close_matches(word, [DRY_RUN]) for word in words):
            raise MalformedRequestError(
                _lt(
                    "Prefer: %(preference)s is unknown. Send Prefer: dry-run for a dry "
                    "run.",
                    preference=preference.strip()[:MAX_PREFERENCE],
                )
            )
    return wants


def get_idempotency_key(httprequest) -> str:
    """Return the client's ``Idempotency-Key``, or ``""``.

    :raise MalformedRequestError: there are several keys, or the key is too long, or has
        other characters
    """
    joined = httprequest.headers.get("Idempotency-Key", "")
    # Headers of the same name are joined by commas, which may also be in a key.
    sent = httprequest.environ.get(IDEMPOTENCY_KEYS) or [joined]
    keys = {unquote_idempotency_key(each.strip()) for each in sent} - {""}
    if len(keys) > 1:
        raise MalformedRequestError(
            _lt("The request has several Idempotency-Keys: send one.")
        )
    if not all(map(is_idempotency_key, keys)):
        raise MalformedRequestError(IMPOSSIBLE_KEY)
    return next(iter(keys), "")


def make_conditional(response, environ: dict):
    """Turn an answer that the client already has, by ``If-None-Match``, into a 304.

    ``If-Match`` is for requests that write: werkzeug would answer a read with a 412,
    and the body of a success.
    """
    return response.make_conditional({**environ, "HTTP_IF_MATCH": ""})


def format_ignored_fields(paths: list[str]) -> str:
    """Format attribute paths for a header: percent-encoded, and cut if long."""
    value = ", ".join(quote(path, errors="replace") for path in paths)
    if len(value) > MAX_IGNORED_HEADER:
        value = value[:MAX_IGNORED_HEADER]
        value = (value.rpartition(", ")[0] or value) + ", ..."
    return value
