# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API as in production: with the configuration of docs/deployment, and what happens
when a server is gone."""

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from odoo_database import CONFIG
from odoo_server import get_free_port
from odoo_websocket import check_notifications
from waiting import PATIENCE, wait_until

DEPLOYMENT = Path(__file__).parents[2] / "docs" / "deployment"
NGINX = shutil.which(os.environ.get("NGINX") or "nginx")
CLIENTS = 8
LEADS = 10  # of each client
UNAVAILABLE = "The server is not available just now: send it again."

needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not on this machine")


@pytest.fixture(scope="module")
def database(demo, tmp_path_factory):
    """A database with the configuration that the documentation shows."""
    config = ConfigParser(interpolation=None)
    config.read([DEPLOYMENT / "odoo.conf", CONFIG])  # the latter's paths and addresses
    config.remove_option("options", "max_cron_threads")
    path = tmp_path_factory.mktemp("deployment") / "odoo.conf"
    with path.open("w") as file:
        config.write(file)
    return replace(demo.copy("deployment"), config=path)


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


@pytest.fixture(scope="module")
def servers(database, start_server):
    return [
        start_server(database, "--workers=2", "--max-cron-threads=0") for _ in range(2)
    ]


@pytest.fixture(scope="module")
def nginx(servers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
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


@needs_nginx
def test_call_through_nginx(nginx, database, token, payload):
    """Over TLS, with the header of the contract, and logged with the caller's address
    and request id."""
    headers = {
        "Content-Type": "application/json",
        "access_token": token,
        "X-Request-Id": "through-nginx",
        "X-Forwarded-For": "203.0.113.7",  # not to be believed
    }
    status, answer, body = nginx.send("POST", "/api/v1/lead", headers, payload)
    assert (status, json.loads(body)["message"]) == (200, "Success")
    assert answer["X-Request-Id"] == "through-nginx"
    entry = "SELECT address FROM crm_lead_api_request WHERE request_ref = %s"
    assert database.query(entry, "through-nginx") == [("127.0.0.1",)]
    # A request id of nginx's own is also in its log.
    _status, answer, _body = nginx.send("GET", "/api/v1/me", {"access-token": token})
    log = nginx.folder / "lead_api.log"
    wait_until(lambda: answer["X-Request-Id"] in log.read_text())


@needs_nginx
def test_errors_of_nginx_are_json(nginx, token):
    headers = {"Content-Type": "application/json", "access_token": token}
    status, answer, body = nginx.send("POST", "/api/v1/lead", headers, " " * 6 * 2**20)
    assert (status, json.loads(body)["type"]) == (413, "too_large")
    assert "at most 5 MiB" in json.loads(body)["message"]
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    status, _answer, body = nginx.send(
        "POST", "/api/v1/lead", headers, "{}", is_plain=True
    )
    assert (status, json.loads(body)["message"]) == (403, "Use https.")


@needs_nginx
def test_login_page_through_nginx(nginx):
    status, _headers, body = nginx.send("GET", "/web/login", {})
    assert status == 200
    assert "/web/assets/" in body


@needs_nginx
def test_websocket_through_nginx(nginx, database):
    certificate = {"ca_certs": nginx.folder / "pem"}
    check_notifications(database, f"wss://localhost:{nginx.port}", sslopt=certificate)


@needs_nginx
def test_one_server_killed(nginx, servers, database, token, payload):
    """No lead is lost or doubled, while callers do as the documentation says: they send
    again what had no answer, or a 5xx."""
    done = threading.Semaphore(0)
    failures = []

    def post(number):
        data = {
            **json.loads(payload),
            "ticket_id": 1000 + number,
            "phone_no1": f"09033{number:05}",
        }
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline
            status, headers, body = nginx.post(token, data)
            if status == 200:
                done.release()
                return data["ticket_id"], json.loads(body)["data"]["id_lead"]
            failures.append(
                (status, headers["Retry-After"], json.loads(body)["message"])
            )

    with ThreadPoolExecutor(CLIENTS) as pool:
        leads = pool.map(post, range(CLIENTS * LEADS))
        for _ in range(CLIENTS * 2):
            assert done.acquire(timeout=PATIENCE)
        os.killpg(servers[0].process.pid, signal.SIGKILL)
        servers[0].process.wait(PATIENCE)
        answered = dict(leads)
    assert set(failures) <= {(502, "2", UNAVAILABLE), (503, "2", UNAVAILABLE)}
    stored = database.query(
        "SELECT ticket_ref::integer, id FROM crm_lead WHERE ticket_ref IN %s",
        tuple(map(str, answered)),
    )
    assert sorted(stored) == sorted(answered.items())


@needs_nginx
def test_all_servers_killed(nginx, servers, token, payload):
    for server in servers:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(PATIENCE)
    status, headers, body = nginx.post(token, json.loads(payload))
    assert json.loads(body) == {
        "error": status,
        "type": "unavailable",
        "message": UNAVAILABLE,
    }
    assert status == 502
    assert headers["Retry-After"] == "2"
    assert headers["X-Request-Id"]
    assert headers["Content-Type"] == "application/json; charset=utf-8"
