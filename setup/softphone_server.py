# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Serve the page of an agent, and keep the token from the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from waiting import PATIENCE, serving

PAGE = Path(__file__).with_name("softphone") / "index.html"
FORWARDED = ("Content-Type", "Accept-Language", "If-Match", "Idempotency-Key")
RETURNED = ("Content-Type", "ETag")


class Handler(BaseHTTPRequestHandler):
    """Serve the page, and forward requests for the API to Odoo, with the token."""

    def do_GET(self):
        if self.path == "/":
            self._answer(200, {"Content-Type": "text/html"}, PAGE.read_bytes())
        else:
            self._forward()

    def _forward(self):
        # Nothing but the API: other addresses of Odoo need no token.
        if not self.path.startswith("/api/v1/"):
            return self._answer(404, {}, b"")
        headers = {name: self.headers[name] for name in FORWARDED if self.headers[name]}
        answer = requests.request(
            self.command,
            self.server.odoo_url + self.path,
            data=self.rfile.read(int(self.headers["Content-Length"] or 0)),
            headers={**headers, "Authorization": f"Bearer {self.server.token}"},
            timeout=PATIENCE,
        )
        names = {
            each: answer.headers[each] for each in RETURNED if each in answer.headers
        }
        return self._answer(answer.status_code, names, answer.content)

    do_POST = do_PATCH = do_PUT = _forward

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Log nothing: addresses have phone numbers."""


@contextmanager
def serve_softphone(odoo_url: str, token: str, port: int = 0) -> Iterator[str]:
    """Serve the page on this machine alone, and yield its address.

    :param odoo_url: of Odoo
    :param token: of a client that looks customers up, and perhaps books appointments
    :param port: 0: any free port
    """
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.odoo_url, server.token = odoo_url, token
    with serving(server):
        yield f"http://localhost:{server.server_port}"


def ring(page, phone: str, agent_email: str) -> None:
    """Let a number come in, and open the customer's newest lead.

    :param page: of Playwright, with the agent's screen
    """
    page.fill("[name=phone]", phone)
    page.fill("[name=agent_email]", agent_email)
    page.click("#ring button")
    page.click("#leads button:first-child")
    page.wait_for_selector("#change:not([hidden])")
