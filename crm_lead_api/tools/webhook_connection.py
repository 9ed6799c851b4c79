# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Connect to clients' servers: only to allowed addresses, and for a limited time.

By Python's own HTTP client, which connects to the checked address, follows no redirects
and ignores proxies.
"""

import functools
import os
import queue
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from requests import certs

from odoo.tools.translate import LazyGettext, LazyTranslate

from .ip_address import is_link_local, is_own, is_public

_lt = LazyTranslate(__name__, default_lang="en_US")

TIMEOUT = 10  # seconds in total, from looking up the host to the answer
DEFAULT_PORTS = {"http": 80, "https": 443}
# A variable of the server's environment: 1 lets events go to the server itself. Not a
# setting in Odoo, because Odoo's administrators need not administer the server.
OWN_ADDRESSES = "CRM_LEAD_API_OWN_ADDRESSES"


class WebhookError(Exception):
    """Report a message that cannot be sent, or that nobody answered.

    :param reason: of the failure; translated when it is shown
    """

    def __init__(self, reason: LazyGettext):
        super().__init__("Webhook failed")
        self.reason = reason


def check_address(address: str, allow_private: bool) -> None:
    """Check that events may go to an address.

    :raise WebhookError: the address is not allowed
    """
    if is_link_local(address):
        raise WebhookError(
            _lt(
                "%(address)s is a link-local address, or a cloud's service for its "
                "machines: events never go there.",
                address=address,
            )
        )
    if is_own(address):
        _check_own_address(address)
    if not (allow_private or is_public(address)):
        raise WebhookError(
            _lt(
                "%(address)s is not on the public internet. Allow private addresses if "
                "the receiver is in your own network.",
                address=address,
            )
        )


def _check_own_address(address):
    if os.environ.get(OWN_ADDRESSES) != "1":
        raise WebhookError(
            _lt(
                "%(address)s is an address of the server itself. Only an administrator "
                "of the server can allow it.",
                address=address,
            )
        )


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
            self.sock = _get_tls_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            # Only now, when abort() can end the handshake.
            self.sock.do_handshake()

    def _resolve(self):
        """Return the addresses of the host after checking each address."""
        try:
            found = self._look_up()
        except TimeoutError:
            raise
        except (OSError, UnicodeError):
            raise WebhookError(_lt("Nobody knows this host.")) from None
        addresses = list(dict.fromkeys(sockaddr[0] for *_info, sockaddr in found))
        for address in addresses:
            check_address(address, self._allow_private)
        return addresses

    def _look_up(self):
        """Ask the system for the addresses of the host.

        The system may wait for a name server longer than this connection has time, and
        cannot be interrupted: a separate thread waits for the system.
        """
        results = queue.SimpleQueue()

        def look_up():
            try:
                found = socket.getaddrinfo(
                    self.host, self.port, type=socket.SOCK_STREAM
                )
                results.put((found, None))
            except (OSError, UnicodeError) as error:
                results.put((None, error))

        threading.Thread(target=look_up, daemon=True).start()
        try:
            found, error = results.get(timeout=self._get_rest())
        except queue.Empty:
            raise TimeoutError from None
        if error:
            raise error
        return found

    def _connect_to_any(self, addresses):
        for number, address in enumerate(addresses):
            seconds = self._get_rest() / (len(addresses) - number)
            try:
                return socket.create_connection((address, self.port), seconds)
            except OSError:
                if address == addresses[-1] or self.is_late:
                    raise

    def _get_rest(self):
        """Return the number of seconds left.

        :raise TimeoutError: no time is left
        """
        rest = self._end - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest

    def abort(self):
        """End the connection from another thread."""
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
