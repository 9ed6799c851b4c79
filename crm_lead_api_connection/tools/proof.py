# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check the proof that a message comes from its platform."""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

from standardwebhooks import Webhook

from .place import read

ANY = "{mac}"  # all of a header
# What stands for them in the text of a header: an administrator writes no regular
# expression, for which a header could be sent that takes for ever
PARTS = {"mac": "(?P<mac>.+)", "time": "(?P<time>[0-9]{1,20})"}
MAX_AGE = 300  # seconds, of Standard Webhooks
ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "hex_upper": lambda mac: mac.hex().upper(),
    "base64": lambda mac: base64.b64encode(mac).decode(),
}


@dataclass(frozen=True)
class Message:
    """Hold a message as it arrived.

    :param raw: the bytes of its body
    :param body: the same, parsed
    """

    raw: bytes = field(repr=False)
    body: dict | list = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def is_proven(platform, message: Message, secret: str, app: str = "") -> bool:
    """Tell whether a message comes from its platform; without a secret none does,
    unless the address alone is the proof.

    :param platform: ``crm.lead.api.platform``, or anything with its fields
    :param app: the id of the app at the platform, which is no secret
    """
    match platform.proof:
        case "none":
            return True
        case _ if not secret:
            return False
        case "header":
            found = _match_header(platform, message)
            return bool(found) and is_equal(found["mac"], secret)
        case "body":
            sent = read(platform.secret_place, message.body)
            return isinstance(sent, str) and is_equal(sent, secret)
        case "standard_webhooks":
            return _check_standard_webhooks(message, secret)
        case _:
            return _check_signature(platform, message, secret, app)


def _check_signature(platform, message, secret, app):
    found = _match_header(platform, message)
    if not found:
        return False
    groups = found.groupdict()
    sent = groups.get("time") or read(platform.time_place, message.body) or ""
    if platform.max_age and not _is_recent(sent, platform.max_age):
        return False
    expected = make_signature(platform, message.raw, str(sent), secret, app)
    return is_equal(groups["mac"], expected)


def make_signature(platform, raw: bytes, sent: str, secret: str, app: str) -> str:
    """Return the signature of a message: an HMAC by the secret, or a hash of a text
    with the secret in it.

    :param sent: the time in the message, if that is signed
    """
    values = {"time": sent.encode(), "body": raw}
    if platform.proof == "digest":
        values |= {"app": app.encode(), "secret": secret.encode()}
    text = fill(platform.signed_text or "{body}", values)
    if platform.proof == "digest":
        mac = hashlib.new(platform.algorithm, text).digest()
    else:
        mac = hmac.digest(secret.encode(), text, platform.algorithm)
    return ENCODINGS[platform.encoding](mac)


def _check_standard_webhooks(message, secret):
    """Check as the library does, but without its leniency: one text is right."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    ref, sent, signatures = (message.headers.get(name, "") for name in names)
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
        text = message.raw.decode()
    except ValueError:
        return False
    if not (ref and key and sent.isdecimal() and _is_recent(sent, MAX_AGE)):
        return False
    moment = datetime.fromtimestamp(int(sent), timezone.utc)
    expected = Webhook(key).sign(ref, moment, text)
    return any([is_equal(each, expected) for each in signatures.split()])


def _match_header(platform, message):
    """Return the match of a header with secret or signature, or ``None``."""
    parts = re.split(r"\{(mac|time)\}", platform.header_text or ANY)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = map(PARTS.get, parts[1::2])
    header = message.headers.get(platform.header or "", "").strip()
    return re.fullmatch("".join(parts), header)


def fill(template: str, values: dict[str, bytes]) -> bytes:
    """Put bytes into a template: a body need not be a text."""
    parts = re.split(r"\{(\w+)\}", template)
    return b"".join(
        values.get(part, b"") if number % 2 else part.encode()
        for number, part in enumerate(parts)
    )


def is_equal(sent: str | bytes, expected: str | bytes) -> bool:
    """Compare in a time that says nothing about where the two differ."""
    if isinstance(sent, str):
        # JSON may have half a character, which is no UTF-8.
        sent, expected = sent.encode(errors="surrogatepass"), expected.encode()
    return hmac.compare_digest(sent, expected)


def _is_recent(sent, seconds: int) -> bool:
    try:
        return abs(time.time() - float(sent)) <= seconds
    except (ValueError, TypeError, OverflowError):
        return False
