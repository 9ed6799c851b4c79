# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
