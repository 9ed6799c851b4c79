# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Turn accounts of Zalo and Facebook, as clients send them, into addresses."""

import re
from urllib.parse import quote, urlsplit

import phonenumbers

from .phone_number import VIETNAM, format_dialled

FACEBOOK_HOSTS = ("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com")
FACEBOOK_NAME = re.compile(r"[A-Za-z0-9.]{5,50}")
ZALO_HOSTS = ("zalo.me",)


def get_facebook_url(account: str | bool) -> str | bool:
    """Return the address of a Facebook account: an address, the name in an address, or
    the name of a person, which leads to Facebook's search."""
    account = (account or "").strip()
    if not account or _is_address(account):
        return _get_own_url(account, FACEBOOK_HOSTS)
    if FACEBOOK_NAME.fullmatch(account):
        return f"https://www.facebook.com/{account}"
    return f"https://www.facebook.com/search/people/?q={quote(account, safe='')}"


def get_zalo_url(account: str | bool, phone_key: str | bool) -> str | bool:
    """Return the address of a Zalo account, which may be an address or, in E.164 form,
    a phone number; ``False`` for a mere name."""
    if phone_key:
        # Zalo knows a Vietnamese number as people dial the number in Vietnam.
        number = phonenumbers.parse(phone_key)
        if number.country_code == VIETNAM:
            return f"https://zalo.me/{format_dialled(number)}"
        return f"https://zalo.me/{phone_key.removeprefix('+')}"
    return _get_own_url((account or "").strip(), ZALO_HOSTS)


def _is_address(text):
    return "/" in text or ":" in text


def _get_own_url(text, hosts):
    """Return a text as an address, if it is one of the hosts; else ``False``, because a
    link to any other place may harm whoever follows it."""
    if not _is_address(text) or re.search(r"[\s\\@]", text):
        return False
    if not re.match(r"https?://", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        host = (urlsplit(text).hostname or "").lower()
    except ValueError:
        return False
    is_own = any(host == each or host.endswith(f".{each}") for each in hosts)
    return is_own and text
