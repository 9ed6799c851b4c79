# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client of the lead API that gives no call up, and forgets no answer."""

import itertools
import json
import random
import socket
import struct
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

PATH = "/api/v1/lead"
FIRST_TICKET = 1_000_000
THREADS = 6
PATIENCE = 120  # seconds that a call gets until its 200
TIMEOUT = 60  # seconds that a caller waits for an answer
PAUSE = 0.05  # seconds before a call is sent again
HANG_UP = struct.pack("ii", 1, 0)  # for SO_LINGER: with a reset, at once

chance = random.SystemRandom()


@dataclass
class Attempt:
    """Hold the answer to one sending of a request.

    :param status: of HTTP; 0: there was no answer, or no whole one
    :param lead_id: that a 200 named
    :param is_replayed: the answer is that of an earlier attempt
    """

    status: int
    lead_id: int | None = None
    is_replayed: bool = False


@dataclass
class Call:
    """A lead that a client wants to be made, and every attempt at it.

    :param customer: a number that those of one customer share
    :param key: its ``Idempotency-Key``; ``""``: it has none
    """

    payload: dict
    customer: int
    key: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def ticket(self) -> int:
        return self.payload["ticket_id"]

    @property
    def answers(self) -> list[Attempt]:
        """The attempts that were answered with 200."""
        return [attempt for attempt in self.attempts if attempt.status == 200]

    @property
    def is_rescued(self) -> bool:
        """Tell whether the lead was there before the client knew of it."""
        return bool(self.answers) and self.answers[0].is_replayed


def make_call(template: dict, number: int, customer: int) -> Call:
    """Return a call of a new ticket; every third has a key.

    :param template: a payload with ids that exist in the database
    """
    payload = {
        **template,
        "ticket_id": FIRST_TICKET + number,
        "phone_no1": f"0977{customer:06}",
        "contact_name": f"Khách {customer}",
        "customer_portrait": {
            "transport": "scooter",
            "hobby": ["âm nhạc", f"sở thích {customer}"],
            "desires": [f"mong muốn {number}"],
        },
    }
    return Call(payload, customer, str(uuid.uuid4()) if number % 3 == 0 else "")


class Caller:
    """Makes calls in several threads, each until it is answered with 200.

    :param ports: of the servers, which take the attempts in turn
    :param token: of the lead API
    :param template: for :func:`make_call`
    """

    def __init__(self, ports: list[int], token: str, template: dict):
        self.ports = ports
        self.token = token
        self.template = template
        self.calls: list[Call] = []
        self._numbers = itertools.count(1)
        self._is_ending = threading.Event()
        self._has_given_up = False
        self._changed = threading.Condition()
        self._successes = 0
        self._failures = 0
        self._cuts = 0

    @contextmanager
    def run(self) -> Iterator[None]:
        """Make calls all the while, and wait for the last ones in the end."""
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
        """Wait until as many more attempts have been answered with 200.

        :raise TimeoutError: they were not
        """
        self._wait(lambda: self._successes, count, PATIENCE)

    def wait_for_failures(self, count: int, seconds: float) -> None:
        """Wait until as many more attempts have not been answered with 200.

        :raise TimeoutError: there were fewer
        """
        self._wait(lambda: self._failures, count, seconds)

    def cut(self, count: int) -> None:
        """Let the client hang up on as many of the next attempts.

        :raise TimeoutError: there were fewer attempts
        """
        with self._changed:
            self._cuts += count
            if not self._changed.wait_for(lambda: not self._cuts, PATIENCE):
                raise TimeoutError(f"{self._cuts} of {count} in {PATIENCE} s")

    def _wait(self, get, count, seconds):
        with self._changed:
            wanted = get() + count
            if not self._changed.wait_for(lambda: get() >= wanted, seconds):
                raise TimeoutError(
                    f"{get() - wanted + count} of {count} in {seconds} s"
                )

    def _work(self):
        while not self._is_ending.is_set():
            number = next(self._numbers)
            # Of eight in a row four are of one customer, the others of one each.
            customer = number if number % 2 else number // 8 * 8
            call = make_call(self.template, number, customer)
            self.calls.append(call)
            deadline = time.monotonic() + PATIENCE
            self._attempt(call)
            while not (call.answers or self._has_given_up):
                if time.monotonic() > deadline:
                    break
                time.sleep(PAUSE)
                self._attempt(call)
            if number % 10 == 0:
                # As does a caller that has lost the answer.
                self._attempt(call)

    def _attempt(self, call):
        port = self.ports[(call.ticket + len(call.attempts)) % len(self.ports)]
        with self._changed:
            is_cut = self._cuts > 0
            self._cuts -= is_cut
        attempt = send(port, self.token, call, is_cut)
        call.attempts.append(attempt)
        with self._changed:
            self._successes += attempt.status == 200
            self._failures += attempt.status != 200
            self._changed.notify_all()


def send(port: int, token: str, call: Call, is_cut: bool = False) -> Attempt:
    """Send a call once.

    :param is_cut: hang up before the answer, perhaps within the request
    """
    body = json.dumps(call.payload).encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "X-Request-Id": f"{call.ticket}-{len(call.attempts) + 1}",
        **({"Idempotency-Key": call.key} if call.key else {}),
    }
    connection = HTTPConnection("localhost", port, timeout=TIMEOUT)
    try:
        with closing(connection):
            connection.putrequest("POST", PATH)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            if is_cut:
                send_and_hang_up(connection, body)
                return Attempt(0)
            connection.send(body)
            response = connection.getresponse()
            answer = response.read()
    except (OSError, HTTPException):
        return Attempt(0)
    return Attempt(
        response.status,
        get_lead_id(answer) if response.status == 200 else None,
        response.headers["Idempotency-Replayed"] == "true",
    )


def send_and_hang_up(connection: HTTPConnection, body: bytes) -> None:
    """Send a part of a body, or all of it; in order or with a reset, soon or late."""
    is_whole = chance.random() < 0.7
    connection.send(body if is_whole else body[: chance.randrange(len(body))])
    if is_whole:
        time.sleep(chance.uniform(0, 0.3))
    if chance.random() < 0.5:
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)


def get_lead_id(answer: bytes) -> int | None:
    """Return the id of the lead that a 200 names; ``None``: it names none."""
    try:
        return json.loads(answer)["data"]["id_lead"]
    except (ValueError, KeyError, TypeError):
        return None
