# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Talk to the programs that use the clients."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from workspace import VAR

FOLDER = Path(__file__).parents[2] / "clients"
PYTHON = ("env", f"PYTHONPATH={FOLDER}/python/src", sys.executable)
# Odoo, which runs the tests, has set a limit that Node.js does not do with.
UNLIMITED = ("bash", "-c", 'ulimit -S -v unlimited; exec "$@"', "-")
# By name of the client: the command
LANGUAGES: dict[str, tuple[str | Path, ...]] = {
    "python": (*PYTHON, FOLDER / "python/tests/driver.py"),
    "python-async": (*PYTHON, FOLDER / "python/tests/driver.py", "--async"),
    "typescript": ("node", FOLDER / "typescript/test/driver.mjs"),
    "php": ("php", "-d", "display_errors=stderr", FOLDER / "php/driver.php"),
    "csharp": ("mono", VAR / "csharp/driver.exe"),
}


def run(*command: str | Path, **options) -> str:
    """Run a command, and return its output.

    :raise AssertionError: it has failed
    """
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.run([*UNLIMITED, *command], **output, timeout=3600, **options)
    assert process.returncode == 0, process.stdout[-20_000:]
    return process.stdout


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
        command |= {} if query is None else {"query": query}
        command |= {"options": options} if options else {}
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
