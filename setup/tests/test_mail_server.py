# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server that does not answer delays no request; the notices arrive once it
does."""

import socket

from aiosmtpd.controller import Controller
from customers import AGENT, make_payload
from waiting import wait_until


class Mailbox:
    """Keep the recipients of all messages."""

    def __init__(self):
        self.recipients = []

    async def handle_DATA(self, server, session, envelope):
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class MailServer(Controller):
    """Answer those who have connected to a socket that listens."""

    def __init__(self, listener):
        self.listener = listener
        super().__init__(Mailbox(), *listener.getsockname())

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.listener)


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
        mail_server = MailServer(listener)
        mail_server.start()
        recipients = mail_server.handler.recipients
        wait_until(lambda: AGENT in recipients, "no notice has arrived")
        mail_server.stop()
