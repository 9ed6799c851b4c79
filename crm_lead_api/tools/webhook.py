# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send messages to clients, after https://www.standardwebhooks.com: signed, and only to
allowed addresses."""

import base64
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit, urlunsplit

from odoo.tools.translate import LazyTranslate

from .ip_address import parse_address
from .webhook_connection import (
    DEFAULT_PORTS,
    Connection,
    WebhookError,
    check_address,
    deadline,
)

_lt = LazyTranslate(__name__, default_lang="en_US")

SECRET_PREFIX = "whsec_"  # noqa: S105  all secrets begin with it
SECRET_BYTES = 32
URL_CHARACTERS = "%/?:@!$&'()*+,;=~[]-._"  # that need no quoting


@dataclass(frozen=True)
class Answer:
    """Hold a receiver's answer, whose body is not read.

    :param status: of HTTP
    :param retry_after: the header ``Retry-After``, as it was sent
    """

    status: int
    retry_after: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400

    def get_pause(self) -> timedelta:
        """Return the pause that the receiver asks for."""
        if self.retry_after.isascii() and self.retry_after.isdigit():
            return timedelta(seconds=int(self.retry_after[:9]))
        try:
            date = parsedate_to_datetime(self.retry_after)
        except (ValueError, OverflowError):  # huge years and offsets overflow
            return timedelta(0)
        if date.tzinfo is None:  # -0000
            date = date.replace(tzinfo=timezone.utc)
        return max(date - datetime.now(timezone.utc), timedelta(0))


def generate_secret() -> str:
    """Generate a secret, with which both sides sign."""
    key = secrets.token_bytes(SECRET_BYTES)
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return the header ``webhook-signature`` of a message.

    :param secret: from :func:`generate_secret`
    :param timestamp: of sending, in seconds since 1970, UTC
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    content = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(key, content, "sha256").digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def post(
    url: str, secret: str, message_id: str, body: str, allow_private: bool
) -> Answer:
    """Send a message once.

    :param secret: for the signature
    :param message_id: the same each time the message is sent
    :param body: in JSON
    :param allow_private: allow addresses that are not on the public internet
    :raise WebhookError: the message cannot be sent, or nobody answered in time
    """
    # Without an environment of Odoo, for threads have none.
    check_url(url, allow_private)
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "crm_lead_api",
        "Connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }
    parts = urlsplit(url)
    path = urlunsplit(("", "", quote(parts.path or "/", URL_CHARACTERS), "", ""))
    query = quote(parts.query, URL_CHARACTERS)
    connection = Connection(parts, allow_private)
    with deadline(connection):
        connection.request(
            "POST", f"{path}?{query}" if query else path, body.encode(), headers
        )
        response = connection.getresponse()
    return Answer(response.status, response.getheader("Retry-After", "").strip())


def check_url(url: str, allow_private: bool) -> None:
    """Check an address as far as possible without a name server.

    :raise WebhookError: no message can be sent to the address
    """
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")  # as the host is looked up, and sent
    except ValueError:
        is_web = False
    if not is_web or re.search(r"[\s\x00-\x1f\x7f#\\]", url):
        raise WebhookError(
            _lt("Write an address such as https://tickets.example.com/events.")
        )
    if parts.username is not None:
        raise WebhookError(
            _lt(
                "Write the address without user and password: the signature says who "
                "sends."
            )
        )
    host = parts.hostname
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    if parse_address(host):
        check_address(host, allow_private)
