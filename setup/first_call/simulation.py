# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let days pass for a team that gives its leads out, with two processes of Odoo whose
clocks are stepped together, and whose scheduled actions run in the same instant."""

import json
import random
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from multiprocessing.connection import Listener
from pathlib import Path

from first_call.plan import (
    CLOSED_DAY,
    PEOPLE,
    SHIFTS,
    Arrival,
    plan_arrivals,
    plan_call,
    plan_steps,
    split,
)
from odoo_database import READ_DECISIONS, Database, Decision

PROCESSES, SEED = 2, 33
LOST = 0.15  # of those who are called
PREPARE = """
from first_call.process import prepare
prepare(env, {customers})
"""
WORK = """
from first_call.process import work
work(env, {port}, {key!r}, {ids!r})
"""
DUE = """
    SELECT EXISTS (SELECT FROM crm_first_call
                    WHERE state != 'ended' AND check_date <= %s)
"""
OWNERS = """
    SELECT lead.id, lead.user_id, count(call.id), coalesce(max(call.recall_count), 0)
      FROM crm_lead lead LEFT JOIN crm_first_call call ON call.lead_id = lead.id
     WHERE lead.id = ANY(%s) GROUP BY lead.id
"""


@dataclass
class Story:
    """Hold what has happened.

    Users are numbers of members, and -1 is the team leader.

    :ivar arrivals: by lead
    :ivar calls: (time, lead, whether the lead was lost then)
    :ivar owners: (user, first calls, recalls) in the end, by lead
    """

    arrivals: dict[int, Arrival] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    calls: list[tuple[datetime, int, bool]] = field(default_factory=list)
    steps: list[datetime] = field(default_factory=list)
    owners: dict[int, tuple] = field(default_factory=dict)


@contextmanager
def run_processes(database: Database, folder: Path, ids: dict) -> Iterator[list]:
    """Run processes of Odoo; yield a connection to each."""
    key = secrets.token_bytes(16)
    with Listener(("localhost", 0), authkey=key) as listener, ExitStack() as stack:
        connections = []
        script = WORK.format(port=listener.address[1], key=key, ids=ids)
        for number in range(PROCESSES):
            process = subprocess.Popen(
                database.get_command("shell", "--no-http"),
                stdin=subprocess.PIPE,
                stdout=stack.enter_context((folder / f"{number}.log").open("w")),
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            process.stdin.write(script)
            process.stdin.close()
            connections.append(stack.enter_context(listener.accept()))
        yield connections
        for connection in connections:
            connection.send(None)


class Simulation:
    """Days of a team.

    :param connections: to the processes
    :param cursor: of the same database
    """

    def __init__(self, connections, cursor, ids, arrivals, choose):
        self.connections, self.cursor, self.choose = connections, cursor, choose
        self.waiting = list(reversed(arrivals))
        self.users = {user: number for number, user in enumerate(ids["users"])}
        self.users |= {ids["leader"][0]: -1, None: None}
        self.story, self.calls, self.owners, self.newest = Story(), [], {}, 0
        self.is_on = set()

    def run(self) -> Story:
        for now in plan_steps():
            self.story.steps.append(now)
            is_busy = self._let_arrive(now) + self._go_on_duty(now) + self._call(now)
            if is_busy or self._is_due(now) or now.minute % 30 == now.second == 0:
                self._do_at_once(now, "give_out", [()] * PROCESSES)
                self._read_decisions(now)
        self.cursor.execute(OWNERS, [[*self.story.arrivals]])
        for lead, user, *counts in self.cursor.fetchall():
            self.story.owners[lead] = (self.users[user], *counts)
        return self.story

    def _do_at_once(self, now, name, arguments):
        """Let each process do a task, with its own arguments."""
        for connection, own in zip(self.connections, arguments, strict=True):
            connection.send((now, name, own))
        return [connection.recv() for connection in self.connections]

    def _share_out(self, now, name, items):
        """Let the processes do a task, each with a part of the items."""
        parts = [(items[number::PROCESSES],) for number in range(PROCESSES)]
        return self._do_at_once(now, name, parts) if items else []

    def _let_arrive(self, now):
        arrivals = []
        while self.waiting and self.waiting[-1].date <= now:
            arrivals.append(self.waiting.pop())
        for number, ids in enumerate(self._share_out(now, "make_leads", arrivals)):
            for lead, arrival in zip(ids, arrivals[number::PROCESSES], strict=True):
                self.story.arrivals[lead] = Arrival(**{**vars(arrival), "date": now})
        return bool(arrivals)

    def _go_on_duty(self, now):
        """Let members switch on at the beginnings of their shifts."""
        day, seconds = split(now)
        numbers = [
            number
            for number, person in enumerate(PEOPLE)
            if not person.is_on_leave
            and day != CLOSED_DAY
            and (day, number) not in self.is_on
            and seconds >= 3600 * SHIFTS[person.shift][0][0] + 60 * person.delay
        ]
        self.is_on |= {(day, number) for number in numbers}
        self._share_out(now, "go_on_duty", numbers)
        return bool(numbers)

    def _call(self, now):
        """Let members call whose lead it still is, if they are on duty."""
        calls = []
        while self.calls and self.calls[0][0] <= now:
            _date, lead, user = heappop(self.calls)
            if self.owners[lead] == user and PEOPLE[user].is_on_duty(now):
                calls.append((lead, user, self.choose.random() < LOST))
        self._share_out(now, "call", calls)
        self.story.calls += [(now, lead, is_lost) for lead, _user, is_lost in calls]
        return bool(calls)

    def _is_due(self, now):
        self.cursor.execute(DUE, [now])
        return self.cursor.fetchone()[0]

    def _read_decisions(self, now):
        self.cursor.execute(READ_DECISIONS, [self.newest])
        for decision in map(Decision._make, self.cursor.fetchall()):
            self.newest, lead = decision.id, decision.lead
            user, former = self.users[decision.user], self.users[decision.former]
            self.story.decisions.append(decision._replace(user=user, former=former))
            self.owners[lead] = user
            if user != -1 and (date := plan_call(now, self.choose)):
                heappush(self.calls, (date, lead, user))


def prepare(database: Database, count: int) -> tuple[dict, list[Arrival]]:
    """Make the team in a database, and plan so many leads.

    :return: the ids of records, and the leads
    """
    arrivals = plan_arrivals(count, random.Random(SEED))  # noqa: S311  not secret
    customers = 1 + max(each.customer for each in arrivals)
    ids = json.loads(database.run(PREPARE.format(customers=customers)))
    return ids, arrivals


def simulate(database: Database, folder: Path, ids: dict, arrivals) -> Story:
    """Let leads come within the days.

    :param folder: for the processes' logs
    """
    with (
        run_processes(database, folder, ids) as connections,
        database.open() as cursor,
    ):
        choose = random.Random(SEED)  # noqa: S311
        return Simulation(connections, cursor, ids, arrivals, choose).run()
