# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from odoo_database import Database
from waiting import PATIENCE

LISTEN = """
import json, socket, traceback
connection = socket.socket(socket.AF_UNIX)
connection.connect({address!r})
stream = connection.makefile("rw")
for line in stream:
    problem = ""
    try:
        exec(json.loads(line), {{"env": env}})
    except Exception:
        problem = traceback.format_exc()
    stream.write(json.dumps(problem) + "\\n")
    stream.flush()
"""


@dataclass
class RemoteShell:
    """An ``odoo shell`` that stays open, and runs what it is told."""

    stream: TextIO

    def run(self, code: str) -> None:
        """Run Python code with ``env``, and wait until it has ended.

        :raise AssertionError: it failed
        """
        self.stream.write(json.dumps(code) + "\n")
        self.stream.flush()
        problem = json.loads(self.stream.readline())
        assert not problem, problem


@contextmanager
def open_shell(database: Database, folder: Path) -> Iterator[RemoteShell]:
    """Open a shell, and end it afterwards.

    :param folder: for its log, and the socket that it is reached by
    """
    address = folder / "shell.sock"
    with (folder / "shell.log").open("w") as log, socket.socket(socket.AF_UNIX) as own:
        own.bind(str(address))
        own.listen()
        own.settimeout(PATIENCE)
        process = subprocess.Popen(
            database.get_command("shell", "--no-http"),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            process.stdin.write(LISTEN.format(address=str(address)))
            process.stdin.close()
            connection, _address = own.accept()
            with connection, connection.makefile("rw") as stream:
                yield RemoteShell(stream)
        finally:
            process.terminate()
            process.wait(PATIENCE)
