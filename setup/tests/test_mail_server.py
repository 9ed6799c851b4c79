# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server that does not answer delays no request; the notices arrive once it
does."""

import asyncio
import socket
import threading
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP
from customers import AGENT, make_payload
from waiting import wait_until


class Mailbox:
    """Keep the recipients of all messages."""

    def __init__(self):
        self.recipients = []

    async def handle_DATA(self, server, session, envelope):
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def serving_mail(listener):
    """Answer those who have connected to a socket that listens."""
    mailbox, loop = Mailbox(), asyncio.new_event_loop()

    async def serve():
        await loop.create_server(lambda: SMTP(mailbox, loop=loop), sock=listener)

    def run():
        loop.run_until_complete(serve())
        loop.run_forever()

    # A thread of its own: the tests' may be in the loop of a browser's driver.
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield mailbox
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_silent_mail_server(demo, token, payload, start_server):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = start_server(
            demo.copy("mail_server"),
            *("--max-cron-threads=1", "--smtp=127.0.0.1", f"--smtp-port={port}"),
            "--email-from=odoo@example.com",
        )
        # Who connects now waits for the greeting, and fails in the end.
        assert server.post(token, make_payload(payload, 1, agent_email=AGENT)).data
        with serving_mail(listener) as mailbox:
            wait_until(lambda: AGENT in mailbox.recipients, "no notice has arrived")
