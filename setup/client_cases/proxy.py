# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A proxy between client and Odoo that ends connections at a chosen moment."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from waiting import PATIENCE

RESET = struct.pack("ii", 1, 0)  # for SO_LINGER
# The moments at which a connection ends, in their order
CUTS = (
    "connected",  # nothing is read
    "head",  # a line is read
    "body",  # Odoo has got a half of the body
    "sent",  # Odoo has got all, and works
    "answered",  # Odoo's answer is there
    "answer-head",  # the client has got a half of the answer's head
    "answer-body",  # the client has got a half of the answer's body
    "silence",  # Odoo's answer is there; the client waits until its patience is over
)


@dataclass
class Request:
    """Hold a request that the proxy has read.

    :ivar is_replayed: as Odoo's answer says
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    is_replayed: bool = False


@dataclass
class Canned:
    """Hold an answer that the proxy gives by itself."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "<html>by a proxy</html>"


class Proxy(ThreadingHTTPServer):
    """Forward requests to Odoo, and spoil those that a case wants to fail.

    :ivar faults: of the next requests: a cut, an answer of its own, or ``None``
    :ivar requests: those that were read
    """

    daemon_threads = True

    def __init__(self, port: int):
        super().__init__(("127.0.0.1", 0), Handler)
        self.odoo_port = port
        self.faults: list[str | Canned | None] = []
        self.requests: list[Request] = []
        self.late: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def begin(self, *faults: str | Canned | None) -> None:
        """Forget earlier requests, and name the faults of the next ones."""
        self.faults = [*faults]
        self.requests.clear()

    def wait(self) -> None:
        """Wait until Odoo has done requests whose clients have gone."""
        while self.late:
            self.late.pop().join(PATIENCE)

    def handle_error(self, request, client_address):
        """A client that has gone is no error here."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one_request(self):
        # A client may open a connection, and send nothing.
        if not self.connection.recv(1, socket.MSG_PEEK):
            self.close_connection = True
            return None
        self.fault = self.server.faults.pop(0) if self.server.faults else None
        if self.fault == "connected":
            return self._reset()
        if self.fault == "head":
            self.rfile.readline()
            return self._reset()
        return super().handle_one_request()

    def do_GET(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        self.server.requests.append(request)
        self.close_connection = True
        if isinstance(self.fault, Canned):
            return self._answer(self.fault)
        if self.fault == "body":
            with self._connect() as odoo:
                self._forward(odoo, body, len(body) // 2)
            return self._reset()
        if self.fault == "sent":
            odoo = self._connect()
            self._forward(odoo, body, len(body))
            thread = threading.Thread(target=self._read_answer, args=(odoo,))
            thread.start()
            self.server.late.append(thread)
            return self._reset()
        with self._connect() as odoo:
            self._forward(odoo, body, len(body))
            answer = self._read_answer(odoo)
        head = answer.partition(b"\r\n\r\n")[0].lower()
        request.is_replayed = b"idempotency-replayed: true" in head
        return self._finish(answer)

    do_PATCH = do_POST = do_PUT = do_GET

    def _finish(self, answer):
        head, blank, body = answer.partition(b"\r\n\r\n")
        if self.fault == "answered":
            return self._reset()
        if self.fault == "answer-head":
            answer = head[: len(head) // 2]
        elif self.fault == "answer-body":
            answer = head + blank + body[: len(body) // 2]
        elif self.fault == "silence":
            with suppress(OSError):
                self.connection.recv(1)
            return None
        return self.connection.sendall(answer)

    def _connect(self):
        return socket.create_connection(("localhost", self.server.odoo_port), PATIENCE)

    def _forward(self, odoo, body, size):
        lines = [f"{self.command} {self.path} HTTP/1.1"]
        lines += [
            f"{name}: {value}"
            for name, value in self.headers.items()
            if name.lower() not in ("connection", "expect")
        ]
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        odoo.sendall(head.encode() + body[:size])

    def _read_answer(self, odoo):
        # Or Odoo waits for more after a long body that it had no need to read.
        odoo.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: odoo.recv(65536), b""))
        odoo.close()
        return answer

    def _answer(self, canned):
        self.send_response_only(canned.status, HTTPStatus(canned.status).phrase)
        body = canned.body.encode()
        for name, value in {**canned.headers, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _reset(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.connection.close()

    def log_message(self, *args):
        """The cases have the requests."""
