# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the connection that an event is sent by: hosts, time, certificates."""

import datetime
import socket
import ssl
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import tagged

from ...tools import webhook
from ..receiver import Receiver
from .webhook_case import WebhookCase, known_hosts


@tagged("post_install", "-at_install")
class TestWebhookConnection(WebhookCase):
    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        self.assertRefused("Connection refused", f"http://127.0.0.1:{port}/")

    def test_nobody_knows_the_host(self):
        self.assertRefused("Host not found", "http://nowhere.invalid/")

    def test_a_name_server_that_does_not_answer(self):
        answered = threading.Event()
        self.addCleanup(answered.set)
        hosts = {"slow.example.com": lambda: answered.wait(60) and ["127.0.0.1"]}
        start = time.monotonic()
        with patch.object(webhook, "TIMEOUT", 1), known_hosts(hosts):
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
            patch.object(webhook, "TIMEOUT", 4),
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
            patch.object(webhook, "TIMEOUT", 1),
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
            with patch.object(webhook, "_get_tls_context", lambda: trusting):
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
