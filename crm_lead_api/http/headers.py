# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read and write the headers of the lead API, apart from the token's header."""

import difflib
import re
from dataclasses import dataclass
from urllib.parse import quote

from ..exceptions import malformed
from ..schemas.error import IMPOSSIBLE_KEY
from ..schemas.value import IDEMPOTENCY_KEY, unquote_idempotency_key
from ..translate import _lt

DRY_RUN = "dry-run"
WINDOW = 60  # seconds in which the requests count
NO = frozenset(("0", "false", "no", "off"))
# In the WSGI environment: the values of the headers Idempotency-Key, not joined
IDEMPOTENCY_KEYS = "crm_lead_api.idempotency_keys"
MAX_IGNORED_HEADER = 1024  # bytes
# Headers of a response to a request that only reads
PRIVATE = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization, Access-Token, Accept-Language",
}


@dataclass(frozen=True)
class Rate:
    """Hold a client's rate limit, and the requests that count towards it."""

    limit: int  # requests per minute
    requests: int  # in the current minute, this request included
    reset: int  # whole seconds until the current minute is over

    def to_headers(self) -> dict[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers, in the present
        form, and in the form of its drafts up to 06."""
        remaining = max(self.limit - self.requests, 0)
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW}',
            "RateLimit": f'"default";r={remaining};t={self.reset}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(self.reset),
        }


def prefers_dry_run(headers) -> bool:
    """Tell whether ``Prefer`` (RFC 7240) asks for a dry run.

    Other preferences are ignored. What resembles ``dry-run``, or denies it, is
    malformed: its client expects no lead, or would take the answer of a dry run for
    success.
    """
    wants = False
    for preference in headers.get("Prefer", "").lower().split(","):
        # The name, the value, and the names and values of parameters
        parts = [part.strip() for part in re.split("[;=]", preference)]
        words = [part.strip('"') for part in parts]
        if parts[0] == DRY_RUN and NO.isdisjoint(words):
            wants = True
        elif any(difflib.get_close_matches(word, [DRY_RUN]) for word in words):
            raise malformed(
                _lt(
                    "Prefer: %(preference)s is unknown. Send Prefer: dry-run for a dry "
                    "run.",
                    preference=preference.strip()[:64],
                )
            )
    return wants


def get_idempotency_key(httprequest) -> str:
    """Return the client's ``Idempotency-Key``, or ``""``; several keys, long ones and
    other characters are malformed."""
    # Headers of the same name are joined by commas, which may also be in a key.
    sent = httprequest.environ.get(IDEMPOTENCY_KEYS)
    sent = sent or [httprequest.headers.get("Idempotency-Key", "")]
    keys = {unquote_idempotency_key(each.strip()) for each in sent} - {""}
    if len(keys) > 1:
        raise malformed(_lt("The request has several Idempotency-Keys: send one."))
    if not all(map(IDEMPOTENCY_KEY.fullmatch, keys)):
        raise malformed(IMPOSSIBLE_KEY)
    return next(iter(keys), "")


def format_ignored_fields(paths: list[str]) -> str:
    """Format attribute paths for a header: percent-encoded, and cut if long."""
    value = ", ".join(quote(path, errors="replace") for path in paths)
    if len(value) > MAX_IGNORED_HEADER:
        value = value[:MAX_IGNORED_HEADER]
        value = (value.rpartition(", ")[0] or value) + ", ..."
    return value
