# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read and write the headers of the lead API, apart from the token's header."""

import re
import uuid
from types import MappingProxyType
from urllib.parse import quote

from ..exceptions import MalformedRequestError
from ..schemas.error import IMPOSSIBLE_KEY
from ..schemas.value import is_idempotency_key
from ..tools.token_text import TOKEN

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


def get_preferences(headers) -> list[str]:
    """Return the names in ``Prefer``, without values (RFC 7240)."""
    prefer = headers.get("Prefer", "")
    return [re.split("[;=]", each)[0].strip().lower() for each in prefer.split(",")]


def get_idempotency_key(headers) -> str:
    """Return the client's ``Idempotency-Key``, or ``""``.

    :raise MalformedRequestError: the key is too long, or has other characters
    """
    key = headers.get("Idempotency-Key", "").strip()
    if key and not is_idempotency_key(key):
        raise MalformedRequestError(IMPOSSIBLE_KEY)
    return key


def format_ignored_fields(paths: list[str]) -> str:
    """Format attribute paths for a header: percent-encoded, and cut if long."""
    value = ", ".join(quote(path, errors="replace") for path in paths)
    if len(value) > MAX_IGNORED_HEADER:
        value = value[:MAX_IGNORED_HEADER]
        value = (value.rpartition(", ")[0] or value) + ", ..."
    return value
