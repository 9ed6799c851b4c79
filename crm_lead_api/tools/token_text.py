# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The text of a token, which only its owner keeps."""

import hashlib
import re
import secrets

# What it begins with is what programs that look for leaked secrets find it by.
PREFIX = "crmlead_"
TOKEN = re.compile(PREFIX + r"[0-9a-f]{40}")


def generate_text() -> str:
    """Return the text of a new token."""
    return PREFIX + secrets.token_hex(20)


def get_digest(text: str) -> str:
    """Return what is kept of a token, and what it is looked up by.

    A quick hash, without salt, is enough for a random text of 160 bits.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def redact(text: str) -> str:
    """Return a text without the tokens in it."""
    return TOKEN.sub(PREFIX + "***", text)
