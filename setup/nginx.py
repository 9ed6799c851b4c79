# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""nginx before two servers, and Odoo, with the configurations of docs/deployment."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from odoo_database import read_config, write_config
from odoo_server import Server, get_free_port
from waiting import PATIENCE, adapt, running

DEPLOYMENT = Path(__file__).parents[1] / "docs" / "deployment"
NGINX = shutil.which(os.environ.get("NGINX") or "nginx")
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not on this machine")


def write_certificate(folder):
    """Write a certificate for localhost, and its key."""
    command = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256"
    command += " -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 1"
    files = ("-keyout", folder / "key", "-out", folder / "pem")
    subprocess.run([*command.split(), *files], check=True, capture_output=True)


@dataclass
class Nginx:
    """The documentation's nginx, on ports of this machine."""

    folder: Path
    port: int
    plain_port: int

    def configure(self, servers):
        """Write the configuration, with these addresses and files in it."""
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
        text = adapt((DEPLOYMENT / "nginx.conf").read_text(), changes)
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
        plain, secure = (f"localhost:{port}" for port in (self.plain_port, self.port))
        url = f"http://{plain}{path}" if is_plain else f"https://{secure}{path}"
        options = {"headers": headers, "data": body.encode(), "allow_redirects": False}
        options["verify"] = self.folder / "pem"
        answer = requests.request(method, url, timeout=PATIENCE, **options)
        return answer.status_code, answer.headers, answer.text

    def post(self, token, payload):
        headers = {"Content-Type": "application/json", "access_token": token}
        return self.send("POST", "/api/v1/lead", headers, json.dumps(payload))


def write_deployed_config(folder: Path) -> Path:
    """Write the documentation's configuration of Odoo, with paths and addresses of this
    machine."""
    config = read_config(DEPLOYMENT / "odoo.conf")
    config.remove_option("options", "max_cron_threads")
    return write_config(config, folder / "odoo.conf")


@contextmanager
def run_nginx(folder: Path, servers: list[Server]) -> Iterator[Nginx]:
    """Run nginx before two servers, of which one is up at least.

    :param folder: for its files
    """
    write_certificate(folder)
    nginx = Nginx(folder, get_free_port(), get_free_port())
    nginx.configure(servers)
    command = [NGINX, "-p", folder, "-c", folder / "nginx.conf"]
    with running(command, lambda: nginx.send("GET", "/api/v1/health", {})[0] == 200):
        yield nginx
