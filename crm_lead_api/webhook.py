# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages to outside systems, after https://www.standardwebhooks.com: signed, and sent
only to where they may go.

By Python's own HTTP client: it connects to the address that was checked, follows no
redirects, and knows of no proxies.
"""

import base64
import functools
import hmac
import re
import secrets
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit, urlunsplit

from requests import certs

from odoo.tools.translate import LazyGettext, LazyTranslate

from .ip_address import is_public, parse_address

_lt = LazyTranslate(__name__, default_lang="en_US")

TIMEOUT = 10  # seconds, for all of it
SECRET_PREFIX = "whsec_"  # noqa: S105  what all of them begin with
SECRET_BYTES = 32
DEFAULT_PORTS = {"http": 80, "https": 443}
URL_CHARACTERS = "%/?:@!$&'()*+,;=~[]-._"  # that are as they should be


class WebhookError(Exception):
    """A message cannot be sent, or nobody answered.

    :param reason: why; translated when it is shown
    """

    def __init__(self, reason: LazyGettext):
        super().__init__("Webhook failed")
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What a receiver answered; its body is not read.

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
        """Return how long the receiver wants to be left alone."""
        if self.retry_after.isascii() and self.retry_after.isdigit():
            return timedelta(seconds=int(self.retry_after[:9]))
        try:
            date = parsedate_to_datetime(self.retry_after)
        except (ValueError, OverflowError):  # the latter of huge years and offsets
            return timedelta(0)
        if date.tzinfo is None:  # -0000
            date = date.replace(tzinfo=timezone.utc)
        return max(date - datetime.now(timezone.utc), timedelta(0))


def generate_secret() -> str:
    """Return a new secret, with which both sides sign."""
    key = secrets.token_bytes(SECRET_BYTES)
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return the header ``webhook-signature`` of a message.

    :param secret: of :func:`generate_secret`
    :param timestamp: seconds since 1970, in UTC, when it is sent
    """
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    content = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(key, content, "sha256").digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def post(
    url: str, secret: str, message_id: str, body: str, allow_private: bool
) -> Answer:
    """Send a message once.

    :param secret: signs it
    :param message_id: the same each time the message is sent
    :param body: in JSON
    :param allow_private: also to addresses that are not on the public internet
    :raise WebhookError: it cannot be sent there, or nobody answered in time
    """
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
    connection = _Connection(parts, allow_private)
    with _deadline(connection):
        connection.request(
            "POST", f"{path}?{query}" if query else path, body.encode(), headers
        )
        response = connection.getresponse()
    return Answer(response.status, response.getheader("Retry-After", "").strip())


def check_url(url: str, allow_private: bool) -> None:
    """Check an address as far as that can be done without asking anybody.

    :raise WebhookError: nothing can be sent there
    """
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")  # as it is looked up, and sent
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
    if parse_address(host) or host == "localhost" or host.endswith(".localhost"):
        _check_address(host, allow_private)


def _check_address(address, allow_private):
    if not (allow_private or is_public(address)):
        raise WebhookError(
            _lt(
                "%(address)s is not on the public internet. Allow private addresses if "
                "the receiver is in your own network.",
                address=address,
            )
        )


class _Connection(HTTPConnection):
    """Goes to an address that was checked, and to no other that the host may have got
    meanwhile; the receiver still sees, and proves to be, the host."""

    def __init__(self, parts, allow_private):
        self.default_port = DEFAULT_PORTS[parts.scheme]
        self.is_late = False
        self._is_secure = parts.scheme == "https"
        self._allow_private = allow_private
        super().__init__(parts.hostname, parts.port or self.default_port, TIMEOUT)

    def connect(self):
        self.sock = self._connect_to_any(self._resolve())
        self.sock.settimeout(self.timeout)
        if self.is_late:
            raise TimeoutError
        if self._is_secure:
            self.sock = _get_tls_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            # Only now: it can be aborted.
            self.sock.do_handshake()

    def _resolve(self):
        """Return the addresses of the host, all of them checked."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise WebhookError(_lt("Nobody knows this host.")) from None
        addresses = list(dict.fromkeys(sockaddr[0] for *_info, sockaddr in found))
        for address in addresses:
            _check_address(address, self._allow_private)
        return addresses

    def _connect_to_any(self, addresses):
        for number, address in enumerate(addresses, 1):
            try:
                return socket.create_connection(
                    (address, self.port), self.timeout / len(addresses)
                )
            except OSError:
                if number == len(addresses) or self.is_late:
                    raise

    def abort(self):
        """End it from another thread."""
        self.is_late = True
        if self.sock:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()


@contextmanager
def _deadline(connection):
    """End a connection in time, whatever the other side does, and say what failed."""
    timer = threading.Timer(TIMEOUT, connection.abort)
    timer.daemon = True
    timer.start()
    try:
        yield
        if connection.is_late:  # what is cut off may still look like an answer
            raise TimeoutError
    except (OSError, HTTPException, UnicodeError) as error:
        raise WebhookError(_describe(error, connection.is_late)) from error
    finally:
        timer.cancel()
        connection.close()


def _describe(error, is_late):
    if is_late or isinstance(error, TimeoutError):
        return _lt("No answer within %(seconds)s seconds.", seconds=TIMEOUT)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _lt("The certificate is wrong: %(reason)s", reason=error.verify_message)
    return _lt(
        "The connection failed: %(reason)s",
        reason=getattr(error, "strerror", None) or type(error).__name__,
    )


@functools.cache
def _get_tls_context():
    """Return what trusts whom the system, and whom Odoo's other connections trust."""
    context = ssl.create_default_context()
    context.load_verify_locations(certs.where())
    return context
