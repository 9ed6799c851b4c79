# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Talk to a program that uses a client."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from client_cases.languages import LANGUAGES, UNLIMITED


class ClientError(Exception):
    """A client has raised an error.

    :ivar status: of HTTP; 0: no answer; ``None``: no error of the lead API
    """

    def __init__(self, error: dict):
        super().__init__(error)
        self.status = error.get("status")
        self.type = error["type"]
        self.message = error["message"]
        self.retry_after = error.get("retry_after")
        self.fields = {each["field"]: each["code"] for each in error.get("errors", ())}
        self.body = error.get("body")


class Unoffered(Exception):
    """A client does not have what a case uses."""


@dataclass
class Driver:
    """Use a client in a process of its own.

    :param log: where the process writes warnings
    :ivar settings: of the client, such as ``url`` and ``token``
    :ivar on_pause: runs at each pause of the client; the pause itself takes no time
    :ivar pauses: the seconds of each pause
    """

    process: subprocess.Popen
    log: IO[str]
    settings: dict[str, Any] = field(default_factory=dict)
    on_pause: Callable[[], None] = lambda: None
    pauses: list[float] = field(default_factory=list)

    def __call__(
        self, method: str, *args: Any, query: dict | None = None, **options: Any
    ) -> dict[str, Any]:
        """Call a method of the client, and return its result.

        :param query: the arguments that are parameters of the address
        :raise ClientError: the client has raised an error
        """
        command = {"method": method, "args": args, "settings": self.settings}
        if query is not None:
            command["query"] = query
        if options:
            command["options"] = options
        self._write(command)
        while "pause" in (result := self._read()):
            self.pauses.append(result["pause"])
            self.on_pause()
            self._write({})
        if "error" in result:
            raise ClientError(result["error"])
        return result["answer"]

    def read_log(self) -> str:
        """Return the warnings so far."""
        self.log.seek(0)
        return self.log.read()

    def _write(self, command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def _read(self):
        line = self.process.stdout.readline()
        assert line, self.read_log()
        return json.loads(line)


@contextmanager
def run_driver(language: str) -> Iterator[Driver]:
    """Run the program of a language, a key of ``LANGUAGES``."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*UNLIMITED, *LANGUAGES[language]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield Driver(process, log)
        finally:
            process.stdin.close()
            process.wait()
