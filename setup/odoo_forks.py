# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run Odoo's command line in forks of a process that has loaded Odoo's modules.

Loading takes a second of the processor, and the tests run the command line several
hundred times. The process is no child of the tests, because Odoo ends all children of a
test.
"""

import gc
import json
import logging
import os
import socket
import socketserver
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from waiting import wait_until

ODOO = Path(__file__).with_name("odoo_command.py")
# In the environment: the address of the process
SOCKET = "CRM_LEAD_API_FORKS"


def run_odoo(command: list[str | Path], stdin: str = "") -> tuple[int, str]:
    """Run a command of Odoo, and return its exit status and its output.

    :param command: as for a subprocess: a Python, this folder's script, its arguments
    """
    if SOCKET not in os.environ or command[:2] != [sys.executable, ODOO]:
        process = subprocess.run(
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return process.returncode, process.stdout
    call = [[str(argument) for argument in command[1:]], stdin, dict(os.environ)]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.environ[SOCKET])
        with connection.makefile("rw") as stream:
            stream.write(json.dumps(call) + "\n")
            stream.flush()
            output, _newline, status = stream.read().rpartition("\n")
    return int(status), output


@contextmanager
def run_forks() -> Iterator[None]:
    """Run the process that is forked, unless there is one already."""
    if SOCKET in os.environ:
        yield
        return
    # A path to a socket may have 107 bytes, and var/ may be deep.
    with tempfile.TemporaryDirectory(prefix="crm_lead_api.") as folder:
        path = Path(folder, "forks")
        process = subprocess.Popen(
            [sys.executable, __file__, path],
            start_new_session=True,  # so that a Ctrl-C ends the commands first
        )
        try:
            wait_until(path.exists, "no process to fork")
            os.environ[SOCKET] = str(path)
            yield
        finally:
            os.environ.pop(SOCKET, None)
            process.terminate()
            process.wait()


class Forks(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Take commands, and fork for each."""


class Fork(socketserver.StreamRequestHandler):
    """Run one command, in a process that has just been forked."""

    def handle(self) -> None:
        sys.argv, stdin, environ = json.loads(self.rfile.readline())
        os.environ.clear()
        os.environ.update(environ)
        for descriptor in (1, 2):
            os.dup2(self.connection.fileno(), descriptor)
        status = 0
        with tempfile.TemporaryFile("w+") as sys.stdin:
            sys.stdin.write(stdin)
            sys.stdin.seek(0)
            try:
                import_module("odoo.cli.command").main()
            except SystemExit as end:
                if not isinstance(end.code, int | None):
                    print(end.code, file=sys.stderr)
                status = end.code if isinstance(end.code, int | None) else 1
            except BaseException:  # as Python itself reports it
                traceback.print_exc()
                status = 1
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(1, f"\n{status or 0}".encode())


def load(addon: str) -> None:
    """Load the Python modules of an addon, and of the addons that the addon needs."""
    manifest = import_module("odoo.modules.module").Manifest
    for name in manifest.for_addon(addon)["depends"]:
        load(name)
    import_module(f"odoo.addons.{addon}")


def main(path: str) -> None:
    # Of packages of some age, when Python compiles them
    warnings.simplefilter("ignore", SyntaxWarning)
    for name in ("command", "i18n", "server", "shell"):
        import_module(f"odoo.cli.{name}")
    # The addons of this project are not loaded: tests run other versions of them.
    load("crm")
    # What is loaded stays, and commands make much that stays: looking for garbage as
    # often as usual would take a sixth of their time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    with Forks(path, Fork) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
