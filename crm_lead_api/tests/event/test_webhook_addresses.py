# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the addresses that an event may go to."""

import os
import socket
from unittest.mock import patch

import psutil

from odoo.tests import tagged

from ...tools import webhook
from ...tools.ip_address import is_link_local, is_own, is_public
from .webhook_case import WebhookCase, known_hosts


@tagged("post_install", "-at_install")
class TestWebhookAddresses(WebhookCase):
    def test_public_addresses(self):
        for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"):
            self.assertTrue(is_public(address), address)
        self.assertTrue(is_public("64:ff9b::808:808"), "NAT64 of a public one")
        for address in (
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
            *("100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
            *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1"),
            *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "2001:db8::1"),
            *("64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "x", ""),
        ):
            self.assertFalse(is_public(address), address)

    def test_addresses_that_are_none(self):
        for url in (
            *("", "tickets.example.com", "ftp://example.com", "file:///etc/passwd"),
            *("https://", "https:///events", "http://example.com:x", "http://[::1"),
            *("http://example.com/a b", "http://example.com/\r\nX: y", "http://a/#b"),
            *("http://ñ..example.com/", "http://.example.com/", f"http://{'a' * 64}/"),
        ):
            with self.subTest(url):
                self.assertRefused("Write an address such as", url or " ")
        self.assertRefused("without user and password", "https://a:b@example.com/")

    def test_private_addresses(self):
        port = self.receiver.port
        hosts = {"rebound.example.com": ["8.8.8.8", "127.0.0.1"]}
        with known_hosts(hosts):
            for host in (
                *("127.0.0.1", "localhost", "127.1", "2130706433", "0.0.0.0"),
                *("[::1]", "[::ffff:127.0.0.1]", "rebound.example.com"),
            ):
                with self.subTest(host):
                    url = f"http://{host}:{port}/"
                    self.assertRefused("not on the public internet", url, False)
        self.assertEqual(self.receiver.calls, [])

    def test_link_local_addresses_and_services_of_clouds(self):
        """They get no event, even where private and local addresses are allowed."""
        addresses = (
            *("169.254.169.254", "169.254.0.1", "fe80::1", "fd00:ec2::254"),
            *("fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
            *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::a9fe:a9fe"),
            *("64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1%1"),
        )
        hosts = {f"a{n}.example.com": [a] for n, a in enumerate(addresses)}
        hosts["one.of.two.example.com"] = ["127.0.0.1", "169.254.169.254"]
        literals = (
            *("169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"),
            *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"),
        )
        with known_hosts(hosts):
            for host in (*hosts, *literals):
                with self.subTest(host):
                    url = f"http://{host}:{self.receiver.port}/"
                    self.assertRefused("is a link-local address", url)
        self.assertEqual(self.receiver.calls, [])
        for address in ("169.253.1.1", "10.1.2.3", "fd00:ec3::1", "8.8.8.8", "x"):
            self.assertFalse(is_link_local(address), address)

    def test_addresses_of_the_server_itself(self):
        hosts = {"own.example.com": ["127.0.0.1"], "mapped.example.com": ["::1"]}
        with known_hosts(hosts):
            for host in (
                *("127.0.0.1", "127.0.0.9", "localhost", "a.localhost", "127.1"),
                *("2130706433", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]"),
                *("[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "own.example.com"),
                *("mapped.example.com", *self._get_own_hosts()),
            ):
                url = f"http://{host}:{self.receiver.port}/"
                with self.subTest(host), patch.dict(os.environ):
                    os.environ[webhook.OWN_ADDRESSES] = "0"
                    self.assertRefused("an address of the server itself", url)
        self.assertEqual(self.receiver.calls, [])
        self.post(f"http://localhost:{self.receiver.port}/")
        self.assertEqual(len(self.receiver.calls), 1)
        for address in ("10.255.255.1", "8.8.8.8", "2606:4700::1111", "x"):
            self.assertFalse(is_own(address), address)

    def _get_own_hosts(self):
        """Return this machine's addresses of IPv4 in its networks, if it has any."""
        return [
            interface.address
            for interfaces in psutil.net_if_addrs().values()
            for interface in interfaces
            if interface.family == socket.AF_INET
        ]

    def test_an_address_of_the_server_that_no_interface_has(self):
        """Refuse the address once it is connected, before anything is sent."""
        with (
            patch.dict(os.environ),
            patch.object(webhook, "is_own", lambda address: False),
        ):
            del os.environ[webhook.OWN_ADDRESSES]
            self.assertRefused("an address of the server itself")
        self.assertEqual(self.receiver.calls, [])

    def test_it_goes_to_the_address_that_was_checked(self):
        """The event goes to the address that was checked, though the host's name has
        another address a moment later."""
        answers = iter([["127.0.0.1"], ["8.8.8.8"]])
        with known_hosts({"tickets.example.com": lambda: next(answers)}):
            self.post(f"http://tickets.example.com:{self.receiver.port}/")
        [(_path, headers, _body)] = self.receiver.calls
        self.assertEqual(headers["Host"], f"tickets.example.com:{self.receiver.port}")
        self.assertEqual(next(answers), ["8.8.8.8"], "It was asked for once")

    def test_one_address_of_several_answers(self):
        with known_hosts({"tickets.example.com": ["127.0.0.9", "127.0.0.1"]}):
            self.post(f"http://tickets.example.com:{self.receiver.port}/")
        self.assertEqual(len(self.receiver.calls), 1)
