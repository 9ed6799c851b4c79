# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send a platform's example as the platform would: encoded and signed."""

import json
import secrets
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

from standardwebhooks import Webhook

from ..tools.place import read
from ..tools.proof import ANY, fill, make_signature

JSON = "application/json"
MULTIPART = "multipart/form-data"


def make_request(
    platform, body: Any, secret: str, app: str = "", at: float | None = None
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the bytes of a message.

    :param platform: ``crm.lead.api.platform``, or anything with its fields
    :param app: the id of the app at the platform
    :param at: the Unix time of the signature, now if it is left out
    """
    if platform.proof == "body":
        body = {**body, platform.secret_place: secret}
    media_type, raw = encode(body, platform.media_type)
    at = int(time.time() if at is None else at)
    headers = {"Content-Type": media_type}
    return {**headers, **sign(platform, raw, body, secret, app, at)}, raw


def sign(
    platform, raw: bytes, body: Any, secret: str, app: str, at: int
) -> dict[str, str]:
    """Return the headers that prove that the message is of the platform."""
    if platform.proof == "standard_webhooks":
        ref = f"msg_{secrets.token_hex(8)}"
        moment = datetime.fromtimestamp(at, timezone.utc)
        return {
            "webhook-id": ref,
            "webhook-timestamp": str(at),
            "webhook-signature": Webhook(secret).sign(ref, moment, raw.decode()),
        }
    if platform.proof not in ("header", "hmac", "digest"):
        return {}
    values = {"mac": secret, "time": str(at)}
    if platform.proof != "header":
        if platform.time_place:
            values["time"] = str(read(platform.time_place, body))
        values["mac"] = make_signature(platform, raw, values["time"], secret, app)
    parts = {name: value.encode() for name, value in values.items()}
    return {platform.header: fill(platform.header_text or ANY, parts).decode()}


def encode(body: Any, media_type: str | bool) -> tuple[str, bytes]:
    """Encode a body as JSON, or as a form whose names have keys in brackets.

    :return: the header Content-Type, and the bytes
    """
    if not media_type or media_type == JSON:
        return JSON, json.dumps(body, ensure_ascii=False).encode()
    pairs = list(_flatten(body))
    if media_type != MULTIPART:
        return media_type, urlencode(pairs).encode()
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}'
        for name, text in pairs
    ]
    text = "\r\n".join([*parts, f"--{boundary}--", ""])
    return f"{MULTIPART}; boundary={boundary}", text.encode()


def _flatten(body: dict, parent: str = "") -> Iterator[tuple[str, str]]:
    for key, value in body.items():
        name = f"{parent}[{key}]" if parent else key
        if isinstance(value, dict):
            yield from _flatten(value, name)
        elif isinstance(value, list):
            yield from ((f"{name}[]", str(each)) for each in value)
        else:
            yield name, str(value)
