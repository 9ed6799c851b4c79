# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test how an event is signed, where it may go, and what receivers get."""

import datetime
import os
import socket
import ssl
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import BaseCase, tagged

from ...tools import webhook, webhook_connection
from ...tools.ip_address import is_link_local, is_own, is_public
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


@tagged("post_install", "-at_install")
class TestWebhook(BaseCase):
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

    def test_signature_of_the_specification(self):
        signature = webhook.sign(
            SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
        )
        self.assertEqual(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")

    def test_each_secret_is_another_one(self):
        secrets = {webhook.generate_secret() for _number in range(10)}
        self.assertEqual(len(secrets), 10)
        for secret in secrets:
            self.assertRegex(secret, r"^whsec_[A-Za-z0-9+/]{43}=$")

    def test_message(self):
        answer = self.post()
        self.assertTrue(answer.is_good)
        [(path, headers, body)] = self.receiver.calls
        self.assertEqual((path, body), ("/events?from=crm", '{"a": "â"}'))
        self.assertEqual(headers["Host"], f"127.0.0.1:{self.receiver.port}")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["webhook-id"], "msg_1")
        timestamp = int(headers["webhook-timestamp"])
        self.assertAlmostEqual(timestamp, time.time(), delta=30)
        self.assertEqual(
            headers["webhook-signature"],
            webhook.sign(SECRET, "msg_1", timestamp, body),
        )

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
        """Not even where private addresses and the server's own are allowed."""
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
                    os.environ[webhook_connection.OWN_ADDRESSES] = "0"
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
            patch.object(webhook_connection, "is_own", lambda address: False),
        ):
            del os.environ[webhook_connection.OWN_ADDRESSES]
            self.assertRefused("an address of the server itself")
        self.assertEqual(self.receiver.calls, [])

    def test_it_goes_to_the_address_that_was_checked(self):
        """Whatever the host resolves to a moment later; it stays the receiver's."""
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

    def test_redirects_are_not_followed(self):
        self.receiver.answers = [(307, {"Location": self.receiver.url})]
        answer = self.post()
        self.assertTrue(answer.is_redirect)
        self.assertEqual(len(self.receiver.calls), 1)

    def test_pause_that_the_receiver_asks_for(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        later = now + datetime.timedelta(minutes=5)
        for text, seconds in {
            "": 0,
            "120": 120,
            "9" * 5000: 999_999_999,
            later.strftime("%a, %d %b %Y %H:%M:%S GMT"): 300,
            "Mon, 02 Mar 2020 02:00:00 GMT": 0,
            "soon": 0,
            "-5": 0,
            "Mon, 01 Jan 2026 00:00:00 +99999999999999": 0,
            f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT": 0,
        }.items():
            with self.subTest(text[:40]):
                pause = webhook.Answer(503, text).get_pause().total_seconds()
                self.assertAlmostEqual(pause, seconds, delta=5)

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        self.assertRefused("Connection refused", f"http://127.0.0.1:{port}/")

    def test_nobody_knows_the_host(self):
        self.assertRefused("Nobody knows", "http://nowhere.invalid/")

    def test_a_name_server_that_does_not_answer(self):
        answered = threading.Event()
        self.addCleanup(answered.set)
        hosts = {"slow.example.com": lambda: answered.wait(60) and ["127.0.0.1"]}
        start = time.monotonic()
        with patch.object(webhook_connection, "TIMEOUT", 1), known_hosts(hosts):
            self.assertRefused("No answer within 1 seconds", "http://slow.example.com/")
        self.assertLess(time.monotonic() - start, 10)

    def test_a_name_server_leaves_less_time_for_the_rest(self):
        """A host that nobody answers for, after a name server that took its time."""
        took = threading.Event()

        def resolve_slowly():
            took.wait(3.5)
            return ["127.0.0.1"]

        start = time.monotonic()
        with (
            patch.object(webhook_connection, "TIMEOUT", 4),
            known_hosts({"slow.example.com": resolve_slowly}),
            self._silent() as port,
        ):
            url = f"http://slow.example.com:{port}/"
            self.assertRefused("No answer within 4 seconds", url)
        self.assertLess(time.monotonic() - start, 7)

    @contextmanager
    def _silent(self):
        """Listen on a port that accepts no more connections: nobody takes them."""
        with ExitStack() as stack:
            server = stack.enter_context(socket.socket())
            server.bind(("127.0.0.1", 0))
            server.listen(0)
            while True:  # until its queue is full
                client = stack.enter_context(socket.socket())
                client.settimeout(0.2)
                try:
                    client.connect(server.getsockname())
                except TimeoutError:
                    break
            yield server.getsockname()[1]

    def test_a_host_that_cannot_be_written(self):
        with patch.object(webhook, "check_url"):
            self.assertRefused("The connection failed", "http://ñ..example.com/")

    def test_what_is_no_http(self):
        with self._answering(b"220 mail.example.com ESMTP\r\n") as url:
            self.assertRefused("The connection failed: BadStatusLine", url)

    def test_an_answer_that_never_ends_is_cut_off(self):
        drips = (b"HTTP/1.1 200 OK\r\n", *(b"x: y\r\n" for _number in range(1000)))
        start = time.monotonic()
        with (
            patch.object(webhook_connection, "TIMEOUT", 1),
            self._answering(*drips, pause=0.2) as url,
        ):
            self.assertRefused("No answer within 1 seconds", url)
        self.assertLess(time.monotonic() - start, 5)

    @contextmanager
    def _answering(self, *parts, pause=0):
        """Listen, and answer bytes, one part after the other."""

        def answer():
            connection, _address = server.accept()
            with connection:
                connection.recv(65536)
                try:
                    for part in parts:
                        connection.sendall(part)
                        stopped.wait(pause)
                except OSError:
                    return

        stopped = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=answer)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.getsockname()[1]}/"
            finally:
                stopped.set()
                thread.join()

    def test_the_receiver_proves_to_be_the_host(self):
        server_context, trusting = self._make_contexts("tickets.example.com")
        receiver = self.enterContext(Receiver.run(server_context))
        hosts = {
            name: ["127.0.0.1"] for name in ("tickets.example.com", "other.example.com")
        }
        url = f"https://tickets.example.com:{receiver.port}/"
        with known_hosts(hosts):
            self.assertRefused("The certificate is wrong: self-signed", url)
            with patch.object(webhook_connection, "_get_tls_context", lambda: trusting):
                self.assertTrue(self.post(url).is_good)
                self.assertRefused(
                    "The certificate is wrong: Hostname mismatch",
                    url.replace("tickets", "other"),
                )
        self.assertEqual(len(receiver.calls), 1)

    def _make_contexts(self, host):
        """Return the TLS contexts of a receiver, and of one who trusts it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
            .add_extension(x509.BasicConstraints(True, None), True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:
            file.write(pem + private)
            file.flush()
            server.load_cert_chain(file.name)
        return server, ssl.create_default_context(cadata=pem.decode())
