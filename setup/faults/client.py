# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client of the lead API that gives no request up, and forgets no answer."""

import itertools
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException

from faults.ticket import Attempt, Request, Template, Ticket

THREADS = 6
PATIENCE = 120  # seconds that a request gets until it is settled
TIMEOUT = 60  # seconds that a caller waits for an answer
PAUSE = 0.05  # seconds before a request is sent again
HANG_UP = struct.pack("ii", 1, 0)  # for SO_LINGER: with a reset, at once

chance = random.SystemRandom()


class Caller:
    """Works on tickets in several threads, on each request until it is settled.

    :param ports: of the servers, which take the attempts in turn
    """

    def __init__(self, ports: list[int], template: Template):
        self.ports = ports
        self.template = template
        self.tickets: list[Ticket] = []
        self._numbers = itertools.count(1)
        self._is_ending = threading.Event()
        self._has_given_up = False
        self._changed = threading.Condition()
        self._counts = Counter()  # of attempts, by whether they were answered with 200
        self._cuts = 0

    @contextmanager
    def run(self) -> Iterator[None]:
        """Work all the while, and wait for the last requests in the end."""
        with ThreadPoolExecutor(THREADS) as pool:
            jobs = [pool.submit(self._work) for _ in range(THREADS)]
            try:
                yield
            except BaseException:
                self._has_given_up = True
                raise
            finally:
                self._is_ending.set()
        for job in jobs:
            job.result()

    def wait_for_successes(self, count: int) -> None:
        """Wait until as many more attempts have been answered with 200."""
        self._wait(True, count, PATIENCE)

    def wait_for_failures(self, count: int, seconds: float) -> None:
        """Wait until as many more attempts have not been answered with 200."""
        self._wait(False, count, seconds)

    def cut(self, count: int) -> None:
        """Let the client hang up on as many of the next attempts."""
        with self._changed:
            self._cuts += count
            if not self._changed.wait_for(lambda: not self._cuts, PATIENCE):
                raise TimeoutError(f"{self._cuts} of {count} in {PATIENCE} s")

    def _wait(self, is_success, count, seconds):
        with self._changed:
            wanted = self._counts[is_success] + count
            if not self._changed.wait_for(
                lambda: self._counts[is_success] >= wanted, seconds
            ):
                missing = wanted - self._counts[is_success]
                raise TimeoutError(f"{missing} of {count} missing after {seconds} s")

    def _work(self):
        while not self._is_ending.is_set():
            number = next(self._numbers)
            # Of eight in a row four are of one customer, the others of one each.
            customer = number if number % 2 else number // 8 * 8
            ticket = Ticket(self.template, number, customer)
            self.tickets.append(ticket)
            for request in ticket.make_requests():
                self._send_until_settled(request)
            if number % 10 < 2:
                # As does a caller, or a platform, that has lost the answers.
                for request in ticket.requests:
                    if request.answers:
                        self._attempt(request)

    def _send_until_settled(self, request):
        deadline = time.monotonic() + PATIENCE
        self._attempt(request)
        while not (request.is_settled or self._has_given_up):
            if time.monotonic() > deadline:
                break
            time.sleep(PAUSE)
            self._attempt(request)

    def _attempt(self, request):
        attempts = request.attempts
        port = self.ports[(request.ticket + len(attempts)) % len(self.ports)]
        with self._changed:
            is_cut = self._cuts > 0
            self._cuts -= is_cut
        attempt = send(port, self.template.token, request, is_cut)
        attempts.append(attempt)
        with self._changed:
            self._counts[attempt.status == 200] += 1
            self._changed.notify_all()


def send(port: int, token: str, request: Request, is_cut: bool = False) -> Attempt:
    """Send a request once.

    :param is_cut: hang up before the answer, perhaps within the request
    """
    is_sound = isinstance(request.payload, bytes)
    body = request.payload if is_sound else json.dumps(request.payload).encode()
    headers = {
        "Authorization": f"Bearer {request.token or token}",
        "Content-Type": "audio/wav" if is_sound else "application/json",
        "Content-Length": str(len(body)),
        "X-Request-Id": f"{request.ticket}-{len(request.attempts) + 1}",
        **({"Idempotency-Key": request.key} if request.key else {}),
    }
    connection = HTTPConnection("localhost", port, timeout=TIMEOUT)
    try:
        with closing(connection):
            connection.request(request.method, request.path, headers=headers)
            if is_cut:
                send_and_hang_up(connection, body)
                return Attempt(0)
            connection.send(body)
            response = connection.getresponse()
            answer = response.read()
    except (OSError, HTTPException):
        return Attempt(0)
    body = read(answer)
    if response.status != 200:
        return Attempt(response.status, body)
    data = body.get("data") or {}
    is_replayed = response.headers["Idempotency-Replayed"] == "true"
    was_there = request.kind == "upsert" and data.get("created") is False
    return Attempt(200, data, is_replayed or was_there)


def send_and_hang_up(connection: HTTPConnection, body: bytes) -> None:
    """Send a part of a body, or all of it; in order or with a reset, soon or late."""
    is_whole = chance.random() < 0.7
    connection.send(body if is_whole else body[: chance.randrange(len(body))])
    if is_whole:
        time.sleep(chance.uniform(0, 0.3))
    if chance.random() < 0.5:
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)


def read(answer: bytes) -> dict:
    """Return the body of an answer; empty if it is no object in JSON."""
    try:
        return dict(json.loads(answer))
    except (ValueError, TypeError):
        return {}
