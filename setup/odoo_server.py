# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Servers of Odoo, and requests to them."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
from configparser import ConfigParser
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from waiting import PATIENCE, wait_until

UNIT = Path(__file__).parents[1] / "docs" / "deployment" / "odoo.service"
JSON = ("Content-Type", "application/json")


class Answer(NamedTuple):
    """An answer; its body is a text, or the object that it was in JSON."""

    status: int
    head: str
    body: Any

    @property
    def is_replayed(self) -> bool:
        return self.get_header("Idempotency-Replayed") == "true"

    @property
    def data(self) -> dict:
        """The data of a 200."""
        assert self.status == 200, self.body
        body = json.loads(self.body) if isinstance(self.body, str) else self.body
        return body["data"]

    @property
    def lead_id(self) -> int:
        return self.data["id_lead"]

    def get_header(self, name: str) -> str | None:
        found = re.search(rf"^{name}:(.*)", self.head, re.MULTILINE | re.IGNORECASE)
        return found and found[1].strip()


@dataclass
class Server:
    """An Odoo server, which can be stopped and started again.

    :param gevent_port: of websockets, where the server has worker processes
    """

    port: int
    gevent_port: int
    log: Path
    command: list[str | Path]
    process: subprocess.Popen = field(init=False)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.launch()
        wait_until(self._has_started, "Odoo does not answer")

    def launch(self) -> None:
        """Start it, without waiting."""
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=output, start_new_session=True
            )

    def _has_started(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return self.is_up()

    def stop(self) -> None:
        """End it as administrators do, unless it has ended."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            # Odoo's main thread has slept through the signal, and would for a minute.
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End all of its processes at once, with what they are doing."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)

    def send(
        self, method: str, path: str, headers: list[tuple], body="", source=""
    ) -> Answer:
        """Send a request byte for byte as given, and return the answer with a text.

        Clients of HTTP tidy up headers; this one does not.

        :param body: text or bytes
        :param source: the address to send it from, such as 127.0.0.2
        """
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers]
        body = body.encode() if isinstance(body, str) else body
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        address, source = ("localhost", self.port), (source, 0) if source else None
        with socket.create_connection(address, source_address=source) as connection:
            connection.sendall("\r\n".join(lines).encode() + body)
            # Or Odoo waits for more after a long body that it had no need to read.
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        head, _blank, body = answer.partition("\r\n\r\n")
        return Answer(int(head.split()[1]), head, body)

    def call(self, token: str, method: str, path: str, data=None, *headers) -> Answer:
        """Call the lead API, and return the answer with an object.

        :param path: below ``/api/v1``
        :param data: to be sent in JSON; a text is sent as it is
        """
        names = [JSON, ("Authorization", f"Bearer {token}"), *headers]
        body = data or "" if isinstance(data, str | None) else json.dumps(data)
        status, head, text = self.send(method, f"/api/v1{path}", names, body)
        return Answer(status, head, json.loads(text))

    def insist(self, *arguments) -> Answer:
        """Do as :meth:`call`, again as long as the answer says so."""
        while (answer := self.call(*arguments)).status == 503:
            pass
        return answer

    def act(self, key: str, method: str, /, **data) -> tuple[int, str]:
        """Call a method by Odoo's JSON-2 API, and return status and body.

        :param key: an API key
        :param method: with its model, ``crm.lead/write``
        """
        headers, path = [JSON, ("Authorization", f"Bearer {key}")], f"/json/2/{method}"
        status, _head, body = self.send("POST", path, headers, json.dumps(data))
        return status, body

    def post(self, token: str, payload: dict, key: str = "") -> Answer:
        """Send a lead, and return the answer with a text.

        :param key: the ``Idempotency-Key``
        """
        headers = [JSON, ("Authorization", f"Bearer {token}"), ("Idempotency-Key", key)]
        return self.send("POST", "/api/v1/lead", headers, json.dumps(payload))

    def check_requests(self, token: str, payload: dict) -> None:
        """Assert that the server makes a lead, once, and that it has its page, that
        strangers are refused, and that the server is healthy.
        """
        made, again = (self.post(token, payload, "check-requests") for _ in "12")
        assert made.data == again.data
        link = urlsplit(made.data["link_lead_detail"])
        # To a person who has not logged in
        status, head, _body = self.send("GET", link.path, [])
        assert (status, "/web/login" in head) == (303, True)
        assert self.post("wrong", payload).status == 401
        assert self.send("GET", "/api/v1/health", []).data["status"] == "pass"

    def is_up(self) -> bool:
        try:
            return self.send("GET", "/web/health", [])[0] == 200
        except (OSError, IndexError):
            return False


def is_free(port: int) -> bool:
    with closing(socket.socket()) as client:
        return client.connect_ex(("localhost", port)) != 0


def get_free_port() -> int:
    with closing(socket.create_server(("localhost", 0))) as server:
        return server.getsockname()[1]


def read_unit() -> ConfigParser:
    """Return the documentation's unit for systemd."""
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    return unit


class Supervisor(threading.Thread):
    """Starts a server again whenever it ends, as systemd does with that unit.

    :ivar count: how often it did
    """

    def __init__(self, server: Server):
        super().__init__(daemon=True)
        self.server, self.count, self.is_over = server, 0, threading.Event()
        self.delay = int(read_unit()["Service"]["RestartSec"])

    def run(self) -> None:
        while not self.is_over.wait(0.1):
            if self.server.process.poll() is None:
                continue
            if not self.is_over.wait(self.delay):
                self.server.launch()
                self.count += 1

    def __enter__(self) -> "Supervisor":
        self.start()
        return self

    def __exit__(self, *_error) -> None:
        self.is_over.set()
        self.join()


def call_odoo(port, database, model, method, *args, login="admin"):
    """Call a method as a browser does.

    :param login: of a user of the demo data, whose password is the same
    """
    with requests.Session() as session:

        def call(path, **params):
            url, body = f"http://localhost:{port}{path}", {"params": params}
            answer = session.post(url, json=body, timeout=PATIENCE).json()
            assert "error" not in answer, answer
            return answer.get("result")  # none for None

        user = {"db": database.name, "login": login, "password": login}
        call("/web/session/authenticate", **user)
        path = f"/web/dataset/call_kw/{model}/{method}"
        return call(path, model=model, method=method, args=args, kwargs={})
