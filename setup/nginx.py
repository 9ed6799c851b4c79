# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""nginx before two servers, and Odoo, with the configurations of docs/deployment."""

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from odoo_database import CONFIG
from odoo_server import Server, get_free_port
from waiting import PATIENCE, wait_until

DEPLOYMENT = Path(__file__).parents[1] / "docs" / "deployment"
NGINX = shutil.which(os.environ.get("NGINX") or "nginx")
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not on this machine")


def write_certificate(folder):
    """Write a certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key").write_bytes(
        key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@dataclass
class Nginx:
    """The documentation's nginx, on ports of this machine."""

    folder: Path
    port: int
    plain_port: int

    def configure(self, servers):
        """Write the configuration, with these addresses and files in it."""
        text = (DEPLOYMENT / "nginx.conf").read_text()
        changes = {
            "10.0.0.11:8069": f"127.0.0.1:{servers[0].port}",
            "10.0.0.12:8069": f"127.0.0.1:{servers[1].port}",
            "10.0.0.11:8072": f"127.0.0.1:{servers[0].gevent_port}",
            "10.0.0.12:8072": f"127.0.0.1:{servers[1].gevent_port}",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "/etc/ssl/certs/odoo.example.com.pem": f"{self.folder}/pem",
            "/etc/ssl/private/odoo.example.com.key": f"{self.folder}/key",
            "/var/log/nginx/": f"{self.folder}/",
        }
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n"
        )

    def send(self, method, path, headers, body="", *, is_plain=False):
        """Send a request, and return (status, headers, body)."""
        if is_plain:
            connection = http.client.HTTPConnection("localhost", self.plain_port)
        else:
            context = ssl.create_default_context(cafile=self.folder / "pem")
            connection = http.client.HTTPSConnection(
                "localhost", self.port, context=context
            )
        with closing(connection):
            connection.request(method, path, body.encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def post(self, token, payload):
        headers = {"Content-Type": "application/json", "access_token": token}
        return self.send("POST", "/api/v1/lead", headers, json.dumps(payload))


def write_config(folder: Path) -> Path:
    """Write Odoo's configuration, with paths and addresses of this machine."""
    config = ConfigParser(interpolation=None)
    config.read([DEPLOYMENT / "odoo.conf", CONFIG])  # the latter's paths and addresses
    config.remove_option("options", "max_cron_threads")
    path = folder / "odoo.conf"
    with path.open("w") as file:
        config.write(file)
    return path


@contextmanager
def run_nginx(folder: Path, servers: list[Server]) -> Iterator[Nginx]:
    """Run nginx before two servers, of which one is up at least.

    :param folder: for its files
    """
    write_certificate(folder)
    nginx = Nginx(folder, get_free_port(), get_free_port())
    nginx.configure(servers)
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])

    def is_up():
        assert process.poll() is None
        try:
            return nginx.send("GET", "/api/v1/health", {})[0] == 200
        except OSError:
            return False

    try:
        wait_until(is_up)
        yield nginx
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
