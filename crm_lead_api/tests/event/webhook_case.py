# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Post to a receiver on this machine; hosts have the addresses that tests give them."""

import socket
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import BaseCase

from ...tools import webhook
from ..receiver import Receiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
resolve = socket.getaddrinfo


@contextmanager
def known_hosts(hosts):
    """Let hosts have addresses.

    :param dict hosts: lists of addresses by host; a function is asked each time
    """

    def getaddrinfo(host, port, *args, **kwargs):
        addresses = hosts.get(host, [host])
        if callable(addresses):
            addresses = addresses()
        return [
            info
            for address in addresses
            for info in resolve(address, port, *args, **kwargs)
        ]

    with patch.object(socket, "getaddrinfo", getaddrinfo):
        yield


class WebhookCase(BaseCase):
    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(Receiver.run())

    def post(self, url=None, allow_private=True):
        url = url or self.receiver.url
        return webhook.post(url, SECRET, "msg_1", '{"a": "â"}', allow_private)

    def assertRefused(self, reason, url=None, allow_private=True):
        with self.assertRaises(webhook.WebhookError) as caught:
            self.post(url, allow_private)
        self.assertIn(reason, caught.exception.reason._translate("en_US"))
