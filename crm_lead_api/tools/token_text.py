# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate, hash and redact the text of a token, which only its owner keeps."""

import hashlib
import re
import secrets

# Programs that look for leaked secrets find a token by its prefix.
PREFIX = "crmlead_"
TEST_PREFIX = PREFIX + "test_"
TOKEN = re.compile(PREFIX + r"(?:test_)?[0-9a-f]{40}")


class Refusal:
    """Name the reasons for a 401, for a header: in English, and in ASCII."""

    NO_BEARER = "The header Authorization has to be: Bearer, a space, and the token"
    ELSEWHERE = (
        "Send the token in the header Authorization: Bearer, a space, and the token; "
        "not in X-Api-Key, and not in the address"
    )
    UNKNOWN = "The token is unknown"
    REVOKED = "The token has been revoked"
    EXPIRED = "The token has expired"
    ARCHIVED = "The client of the token is archived"


def generate_text(is_test: bool = False) -> str:
    return (TEST_PREFIX if is_test else PREFIX) + secrets.token_hex(20)


def get_digest(text: str) -> str:
    """Return the hash by which a token is stored, and looked up.

    A quick hash, without salt, is enough for a random text of 160 bits.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def redact(text: str) -> str:
    return TOKEN.sub(PREFIX + "***", text)
