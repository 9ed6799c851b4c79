# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server that takes its time, in a process of its own.

Usage: mail_server.py PORT SECONDS FILE: takes so long for each command, and
writes a line for each message.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP
from odoo_server import get_free_port

PATIENCE = 30  # seconds that it gets to start


class Handler:
    """Answers each command late, and keeps nothing but the recipients."""

    def __init__(self, delay: float, file: Path):
        self.delay = delay
        self.file = file

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        await asyncio.sleep(self.delay)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        await asyncio.sleep(self.delay)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.sleep(self.delay)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.delay)
        with self.file.open("a") as file:
            print(*envelope.rcpt_tos, file=file)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        await asyncio.sleep(self.delay)
        return "221 Bye"


class MailServer:
    """A mail server that runs.

    :param port: where it listens
    :param file: what it has received
    """

    def __init__(self, port: int, file: Path):
        self.port = port
        self.file = file

    def count(self) -> int:
        """Return how many messages have arrived."""
        return len(self.file.read_text().splitlines()) if self.file.exists() else 0

    def to_options(self) -> list[str]:
        """Return options of Odoo's command line by which it sends its mail there."""
        return [
            *("--smtp=127.0.0.1", f"--smtp-port={self.port}"),
            "--email-from=odoo@example.com",
        ]


@contextmanager
def run_mail_server(folder: Path, delay: float = 0) -> Iterator[MailServer]:
    """Run one.

    :param folder: for its file
    :param delay: seconds for each command
    """
    server = MailServer(get_free_port(), folder / f"mail-{delay}.txt")
    server.file.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, __file__, str(server.port), str(delay), server.file],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout.readline(), "the mail server does not start"
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


async def serve(port: int, delay: float, file: Path) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Handler(delay, file), hostname="localhost"), "127.0.0.1", port
    )
    print("Serving", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
