# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send messages to clients, after https://www.standardwebhooks.com: signed, only to
allowed addresses, and for a limited time.

By Python's own HTTP client, which connects to the checked address, follows no redirects
and ignores proxies.
"""

import base64
import functools
import hmac
import os
import re
import secrets
import socket
import ssl
import threading
import time
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit, urlunsplit

from requests import certs

from odoo.tools.translate import LazyGettext

from ..translate import _lt
from .ip_address import is_link_local, is_own, is_public, parse_address

SECRET_PREFIX = "whsec_"  # noqa: S105  all secrets begin with it
SECRET_BYTES = 32
URL_CHARACTERS = "%/?:@!$&'()*+,;=~[]-._"  # that need no quoting
TIMEOUT = 10  # seconds in total, from looking up the host to the answer
DEFAULT_PORTS = {"http": 80, "https": 443}
NO_ADDRESS = _lt("Write an address such as https://tickets.example.com/events.")
NO_PASSWORD = _lt(
    "Write the address without user and password: the signature says who sends."
)
# A variable of the server's environment: 1 lets events go to the server itself. Not a
# setting in Odoo, because Odoo's administrators need not administer the server.
OWN_ADDRESSES = "CRM_LEAD_API_OWN_ADDRESSES"


@dataclass(frozen=True)
class Answer:
    """Hold a receiver's answer, whose body is not read."""

    status: int  # of HTTP; 0: there was no answer
    retry_after: str = ""  # the header, as it was sent
    reason: LazyGettext | None = None  # of a failure, if the status is not enough
    milliseconds: int = 0

    @property
    def is_good(self) -> bool:
        return self.status // 100 == 2

    def get_pause(self) -> timedelta:
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
    key = secrets.token_bytes(SECRET_BYTES)
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return the header ``webhook-signature``; the timestamp is Unix time."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    content = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(key, content, "sha256").digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def post(
    url: str, secret: str, message_id: str, body: str, allow_private: bool
) -> Answer:
    """Send a message, whose id is the same each time, once.

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
    place = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    target = quote(place, URL_CHARACTERS)
    connection = Connection(parts, allow_private)
    with deadline(connection):
        connection.request("POST", target, body.encode(), headers)
        response = connection.getresponse()
    return Answer(response.status, response.getheader("Retry-After", "").strip())


def check_url(url: str, allow_private: bool) -> None:
    """Check an address as far as possible without a name server; a wrong one raises a
    :class:`WebhookError`."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")  # as the host is looked up, and sent
    except ValueError:
        is_web = False
    if not is_web or re.search(r"[\s\x00-\x1f\x7f#\\]", url):
        raise WebhookError(NO_ADDRESS)
    if parts.username is not None:
        raise WebhookError(NO_PASSWORD)
    host = parts.hostname
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    if parse_address(host):
        check_address(host, allow_private)


# ---------------------------------------------------------------- connection


class WebhookError(Exception):
    """Report why a message cannot be sent, or that nobody answered."""

    def __init__(self, reason: LazyGettext):
        super().__init__("Webhook failed")
        self.reason = reason


def check_address(address: str, allow_private: bool) -> None:
    """Raise a :class:`WebhookError` if events may not go to an address."""
    if is_link_local(address):
        reason = _lt(
            "%(address)s is a link-local address, or a cloud's service for its "
            "machines: events never go there.",
            address=address,
        )
        raise WebhookError(reason)
    if is_own(address):
        _check_own_address(address)
    if not (allow_private or is_public(address)):
        reason = _lt(
            "%(address)s is not on the public internet. Allow private addresses if "
            "the receiver is in your own network.",
            address=address,
        )
        raise WebhookError(reason)


def _check_own_address(address):
    if os.environ.get(OWN_ADDRESSES) != "1":
        reason = _lt(
            "%(address)s is an address of the server itself. Only an administrator "
            "of the server can allow it.",
            address=address,
        )
        raise WebhookError(reason)


class Connection(HTTPConnection):
    """Connect to a checked address, even if the host has another address by now; the
    receiver still sees the host's name, and proves to be the host."""

    def __init__(self, parts, allow_private):
        self.default_port = DEFAULT_PORTS[parts.scheme]
        self.is_late = False
        self._end = time.monotonic() + TIMEOUT
        self._is_secure = parts.scheme == "https"
        self._allow_private = allow_private
        super().__init__(parts.hostname, parts.port or self.default_port, TIMEOUT)

    def connect(self):
        self.sock = self._connect_to_any(self._resolve())
        self.sock.settimeout(self.timeout)
        if self.is_late:
            raise TimeoutError
        # Whole networks may be routed to this machine, without an interface for each.
        own, peer = self.sock.getsockname()[0], self.sock.getpeername()[0]
        if own == peer:
            _check_own_address(peer)
        if self._is_secure:
            # The handshake only afterwards, when abort() can end it
            options = {"server_hostname": self.host, "do_handshake_on_connect": False}
            self.sock = _get_tls_context().wrap_socket(self.sock, **options)
            self.sock.do_handshake()

    def _resolve(self):
        """Return the addresses of the host after checking each address.

        The system is asked in a thread: it may wait for a name server longer than there
        is time, and cannot be interrupted.
        """
        found, address = futures.Future(), (self.host, self.port)

        def look_up():
            try:
                found.set_result(socket.getaddrinfo(*address, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                found.set_exception(error)

        threading.Thread(target=look_up, daemon=True).start()
        try:
            infos = found.result(self._get_rest())
        except (TimeoutError, futures.TimeoutError):  # two classes before Python 3.11
            raise TimeoutError from None
        except (OSError, UnicodeError):
            raise WebhookError(_lt("Host not found.")) from None
        addresses = list(dict.fromkeys(sockaddr[0] for *_info, sockaddr in infos))
        for address in addresses:
            check_address(address, self._allow_private)
        return addresses

    def _connect_to_any(self, addresses):
        for number, address in enumerate(addresses):
            seconds = self._get_rest() / (len(addresses) - number)
            try:
                return socket.create_connection((address, self.port), seconds)
            except OSError:
                if address == addresses[-1] or self.is_late:
                    raise

    def _get_rest(self):
        """Return the number of seconds left; none left is a timeout."""
        rest = self._end - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest

    def abort(self):
        self.is_late = True
        if self.sock:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()


@contextmanager
def deadline(connection):
    """End a connection in time, whatever the receiver does, and report a failure."""
    timer = threading.Timer(TIMEOUT, connection.abort)
    timer.daemon = True
    timer.start()
    try:
        yield
        if connection.is_late:  # a truncated answer may look complete
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
    """Return a TLS context that trusts the system's and requests' authorities."""
    context = ssl.create_default_context()
    context.load_verify_locations(certs.where())
    return context
