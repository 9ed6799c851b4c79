# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A browser without a window, for tests of servers that run by themselves."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests
import websocket
from waiting import PATIENCE, wait_until

NAMES = (os.environ.get("CHROME") or "chromium", "google-chrome")
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")


def find_browser() -> str | None:
    """Return the browser's path, if there is a browser."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A page of a browser.

    :param connection: to the browser's page, by its DevTools protocol
    """

    def __init__(self, connection: websocket.WebSocket):
        self.connection = connection
        self.number = 0
        self.send("Page.enable")

    def send(self, method: str, **parameters) -> dict:
        """Send a command, and return its result."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        self.connection.send(json.dumps(command))
        while True:
            answer = json.loads(self.connection.recv())
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url: str) -> None:
        """Go to a page, without waiting for it."""
        self.send("Page.navigate", url=url)

    def run(self, expression: str) -> Any:
        """Return the value of a JavaScript expression on the page."""
        answer = self.send(
            *("Runtime.evaluate",),
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Wait until a JavaScript expression is true, and return its value.

        :raise AssertionError: with the page's text, if it never is
        """
        try:
            return wait_until(lambda: self.run(expression), expression)
        except AssertionError as error:
            text = self.run("document.body.innerText")
            raise AssertionError(f"{error} is not true of:\n{text}") from None

    def click(self, selector: str, text: str = "") -> None:
        """Wait for an element with a text in it, and click it."""
        self.wait_for(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".find((each) => each.textContent.includes({json.dumps(text)}))"
            "?.click() === undefined && "
            f"!!document.querySelector({json.dumps(selector)})"
        )

    def log_in(self, url: str, login: str) -> None:
        """Log in as somebody whose password is the login."""
        self.open(f"{url}/web/login")
        self.wait_for("!!document.querySelector('.oe_login_form #password')")
        self.run(
            f"document.querySelector('#login').value = {json.dumps(login)};"
            f"document.querySelector('#password').value = {json.dumps(login)};"
            "document.querySelector('.oe_login_form [type=submit]').click()"
        )
        self.wait_for("!!document.querySelector('.o_main_navbar')")


@contextmanager
def run_browser(width: int = 1400, height: int = 900) -> Iterator[Browser]:
    """Run a browser, and end it afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        port_file = Path(folder, "DevToolsActivePort")
        process = subprocess.Popen(
            [
                *(find_browser(), *OPTIONS, f"--window-size={width},{height}"),
                *(f"--user-data-dir={folder}", "--remote-debugging-port=0"),
                *("--remote-allow-origins=*", "about:blank"),
            ],
            stderr=subprocess.DEVNULL,
            preexec_fn=_take_memory,
        )
        try:

            def read_port():
                assert process.poll() is None, "the browser has ended by itself"
                return port_file.exists() and port_file.read_text()

            port = wait_until(read_port, "the browser does not start").split()[0]
            pages = requests.get(
                f"http://localhost:{port}/json/list", timeout=PATIENCE
            ).json()
            [page] = [each for each in pages if each["type"] == "page"]
            address = page["webSocketDebuggerUrl"]
            with closing(websocket.create_connection(address, PATIENCE)) as connection:
                yield Browser(connection)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _take_memory():
    """Let the browser reserve memory; Odoo's limit is for Odoo."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
