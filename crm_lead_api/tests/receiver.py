# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from ..tools.webhook import OWN_ADDRESSES


class Receiver(ThreadingHTTPServer):
    """An outside system that is told of its leads, on this machine, which is allowed
    as long as it runs.

    :ivar answers: (status, headers) of the next answers; after them all are good
    :ivar calls: (path, headers, body) of what came
    """

    daemon_threads = True

    def __init__(self, context=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.calls = [], []
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/events?from=crm"

    @property
    def bodies(self):
        return [json.loads(body) for _path, _headers, body in self.calls]

    @property
    def refs(self):
        return [body["id"] for body in self.bodies]

    @property
    def types(self):
        return [body["type"] for body in self.bodies]

    def handle_error(self, request, client_address):
        """A sender that goes away is no error of the receiver."""

    @classmethod
    @contextmanager
    def run(cls, *args):
        with patch.dict(os.environ, {OWN_ADDRESSES: "1"}), cls(*args) as receiver:
            threading.Thread(
                target=receiver.serve_forever, args=(0.01,), daemon=True
            ).start()
            try:
                yield receiver
            finally:
                receiver.shutdown()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.calls.append((self.path, self.headers, body))
        answers = self.server.answers
        status, headers = answers.pop(0) if answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        """The test has the calls."""
