# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import BaseServer
from typing import Any

PATIENCE = 120  # seconds


def wait_until(is_true: Callable[[], Any], what: str = "", seconds=PATIENCE) -> Any:
    """Wait until a function returns something, and return that.

    :param what: is wrong, if it does not
    :param float seconds: how long to wait
    :raise AssertionError: not in that time
    """
    deadline = time.monotonic() + seconds
    while not (result := is_true()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return result


def run_at_once(task: Callable, items: Iterable, threads: int = 0) -> list:
    """Run a task of each item, and return the results.

    :param threads: how many run in the same instant, of which the number of items is a
        multiple; else all
    """
    items = list(items)
    threads = threads or len(items)
    barrier = threading.Barrier(threads)

    def run(item):
        barrier.wait(PATIENCE)
        return task(item)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, items))


@contextmanager
def serving(server: BaseServer) -> Iterator[BaseServer]:
    """Let a server of Python's own answer meanwhile, in a thread."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class PostHandler(BaseHTTPRequestHandler):
    """Answer a POST as the server's ``receive`` says, which gets headers and body."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.server.receive(self.headers, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        """Log nothing: whoever receives knows it."""


@contextmanager
def receiving_posts(
    receive: Callable[[Any, bytes], tuple[int, bytes]],
) -> Iterator[str]:
    """Let a function answer POSTs meanwhile, and yield the address."""
    server = HTTPServer(("127.0.0.1", 0), PostHandler)
    server.receive = receive
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def running(command: list, is_up: Callable[[], Any], **options) -> Iterator[None]:
    """Run a server of others, and end it in order after the block.

    :param is_up: whether it answers; an ``OSError`` means that it does not yet
    :param options: of the process
    """
    process = subprocess.Popen(command, **options)

    def has_started():
        assert process.poll() is None, command
        with suppress(OSError):
            return is_up()

    try:
        wait_until(has_started, f"{command[0]} does not answer")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()  # such as a pooler whose clients do not end


def adapt(text: str, changes: dict[str, str]) -> str:
    """Return a text of the documentation with values of this machine, each in place of
    one that is there."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def say_on_line(text: str = "") -> None:
    """Show how far a command is, on one line of a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text and '    '}{text}", end="", file=sys.stderr, flush=True)
