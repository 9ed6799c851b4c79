# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server that takes all mail, and sends none."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

END = b".\r\n"
ANSWERS = {b"DATA": b"354 Go on", b"QUIT": b"221 Bye"}


class MailSink(StreamRequestHandler):
    """Answers an SMTP client that everything is right."""

    def handle(self):
        self.wfile.write(b"220 localhost\r\n")
        for line in self.rfile:
            command = line[:4].strip().upper()
            self.wfile.write(ANSWERS.get(command, b"250 OK") + b"\r\n")
            if command == b"DATA":
                while self.rfile.readline() not in (END, b""):
                    pass
                self.wfile.write(b"250 OK\r\n")
            elif command == b"QUIT":
                break


@contextmanager
def run_mail_sink() -> Iterator[list[str]]:
    """Run the mail server; give the options by which Odoo sends its mail there."""
    with ThreadingTCPServer(("127.0.0.1", 0), MailSink) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            port = server.server_address[1]
            yield ["--smtp=127.0.0.1", f"--smtp-port={port}"]
        finally:
            server.shutdown()
