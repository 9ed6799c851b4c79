# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A request goes by what is in the database at that moment, however it came there, in
each process of each server."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from facts import ALL, FACTS, Fact
from facts_database import PREPARE
from odoo_database import Database
from odoo_server import JSON, Server
from psycopg2.extras import Json
from psycopg2.sql import SQL, Identifier
from remote_shell import RemoteShell, open_shell
from waiting import wait_until

WORKERS = 2
READ_LEAD = """
    SELECT json_build_object(
               'price', service.price_unit, 'title', lead.name,
               'expected_revenue', lead.expected_revenue,
               'team_id', lead.team_id, 'stage_id', lead.stage_id,
               'user_id', lead.user_id, 'campaign_id', lead.campaign_id
           )
      FROM crm_lead AS lead JOIN crm_lead_service AS service ON lead_id = lead.id
     WHERE lead.id = %s ORDER BY service.id LIMIT 1
"""
# By a transaction that goes on after a commit, with something that is not to be seen.
GO_ON = """
env.cr.rollback()
env["{model}"].browse({record}).write({values!r})
env.cr.commit()
env["res.partner"].create({{"name": "Not committed"}}).flush_recordset()
"""
CHANGE = """
env.cr.rollback()
env["{model}"].browse({record}).write({values!r})
env.cr.commit()
"""
FIND_WAITING = """
    SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@dataclass
class World:
    """A database, its servers, a shell that stays open, and the ids of the facts."""

    database: Database
    threaded: Server
    prefork: Server
    shell: RemoteShell
    ids: dict
    payload: dict
    token: str
    numbers: count = field(default_factory=lambda: count(1))

    def resolve(self, value):
        """Return a value with ids for their names."""
        if isinstance(value, dict):
            return {name: self.resolve(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if isinstance(value, str) and value.startswith("#"):
            return self.ids[value[1:]]
        return value

    # ------------------------------------------------------------ changes

    def change(self, fact: Fact, way: str, is_on: bool) -> None:
        values = self.resolve(fact.on if is_on else fact.off)
        record = self.ids[fact.record]
        if way == "sql":
            columns = fact.columns[not is_on] if fact.columns else values
            self._change_by_sql(fact.model.replace(".", "_"), record, columns)
        elif way == "server":
            server = self.prefork if is_on else self.threaded
            self.run_by_server(server, fact.model, "write", [record], values)
        else:
            code = GO_ON if way == "half-way" else CHANGE
            self.shell.run(code.format(model=fact.model, record=record, values=values))

    def _change_by_sql(self, table, record, values):
        values = {
            name: Json(value) if isinstance(value, dict) else value
            for name, value in values.items()
        }
        assignments = [SQL("{} = %s").format(Identifier(name)) for name in values]
        query = SQL("UPDATE {} SET {} WHERE id = %s").format(
            Identifier(table), SQL(", ").join(assignments)
        )
        with closing(self.database.connect()) as connection, connection:
            connection.cursor().execute(query, [*values.values(), record])

    def run_by_server(self, server, model, method, *arguments):
        """Run a method by RPC, as an administrator."""
        arguments = [self.database.name, 2, "admin", model, method, arguments]
        body = {
            **{"jsonrpc": "2.0", "method": "call", "id": 1},
            "params": {"service": "object", "method": "execute_kw", "args": arguments},
        }
        answer = server.send("POST", "/jsonrpc", [JSON], json.dumps(body))
        body = json.loads(answer[2])
        assert "error" not in body, answer

    # ------------------------------------------------------------ requests

    def post(self, server, sent, **changes):
        """Send a request, and return what it gave; see :class:`Fact`."""
        number = next(self.numbers)
        payload = {
            **self.payload,
            "ticket_id": number,
            "phone_no1": f"0968 {number:06}",
            **self.resolve(sent),
            **changes,
        }
        status, head, body = server.post(self.token, payload)
        body, found = json.loads(body), {"status": status}
        limits = [line for line in head.splitlines() if line.startswith("RateLimit-L")]
        found["limit"] = int(limits[0].split()[1]) if limits else None
        if status == 200:
            [[lead]] = self.database.query(READ_LEAD, body["data"]["id_lead"])
            found |= lead
        if status == 422:
            paths = {error["field"].split("[")[0] for error in body["errors"]}
            found["errors"] = sorted({path.split(".")[0] for path in paths})
        return found

    def find_stale(self, fact, is_on):
        """Send requests to all processes. Return what they gave that is wrong."""
        expected = self.resolve(fact.after if is_on else fact.before)
        if "errors" in expected:
            expected["status"] = 422
        expected.setdefault("status", 200)
        # As many at once as there are processes, for each to take one.
        with ThreadPoolExecutor() as pool:
            servers = [self.threaded, *[self.prefork] * WORKERS]
            found = list(pool.map(lambda each: self.post(each, fact.sent), servers))
        names = ["threaded", *["workers"] * WORKERS]
        return [
            (name, {key: each.get(key) for key in expected}, expected)
            for name, each in zip(names, found, strict=True)
            if any(each.get(key) != value for key, value in expected.items())
        ]

    def restore(self, fact, is_on=False):
        """Let each process forget what it has of a fact, and change it back.

        :param bool is_on: change it instead
        """
        self.shell.run("env.cr.rollback()")
        way = "server" if "server" in fact.ways else fact.ways[0]
        self.change(fact, way, is_on)
        self.shell.run("env.registry.clear_all_caches(); env.registry.signal_changes()")

    # ------------------------------------------------------------ an older request

    @contextmanager
    def hold_request(self, table, sent):
        """Let a request of the threaded server begin, and go on after the block.

        :param table: that it reads soon, and that nobody can read until then
        """
        lock = SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(Identifier(table))
        with (
            closing(self.database.connect()) as connection,
            ThreadPoolExecutor() as pool,
        ):
            cursor = connection.cursor()
            # Else a change that reads it, too, would wait for ever.
            cursor.execute("SET idle_in_transaction_session_timeout = '20s'")
            cursor.execute(lock)
            request = pool.submit(self.post, self.threaded, sent)
            try:
                wait_until(lambda: self.database.query(FIND_WAITING), "no wait", 20)
                yield
            finally:
                connection.rollback()
            request.result()


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("fresh")


@pytest.fixture(scope="module")
def world(database, token, payload, start_server, tmp_path_factory):
    ids = json.loads(database.run(PREPARE))
    payload = {
        **json.loads(payload),
        **{"contact_name": "Khách", "crm_line_ids": [ids["product"]]},
        "price_list_id": ids["price_list"],
    }
    threaded = start_server(database)
    prefork = start_server(database, f"--workers={WORKERS}")
    with open_shell(database, tmp_path_factory.mktemp("shell")) as shell:
        yield World(database, threaded, prefork, shell, ids, payload, token)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name.replace(" ", "-"))
def test_next_request(world, fact):
    """A request goes by data that were just changed, or changed back, in any way."""
    ways, stale = fact.ways, {}
    if FACTS.index(fact) % 2:  # so that each way changes, and changes back
        ways = (*ways[1:], ways[0])
    if len(ways) % 2:
        ways = (*ways, ways[0])
    try:
        assert not world.find_stale(fact, is_on=False)
        for position, way in enumerate(ways):
            is_on = position % 2 == 0
            world.change(fact, way, is_on)
            if found := world.find_stale(fact, is_on):
                stale[way, "changed" if is_on else "changed back"] = found
                world.restore(fact, is_on)
    finally:
        world.restore(fact)
    assert not stale


def test_token_revoked_by_a_server(world):
    """The button that revokes a token counts in all processes."""
    spare = replace(world, token=world.ids["spare_token"])
    fact = Fact("", "", "", {}, {}, after={"status": 401})
    assert not spare.find_stale(fact, is_on=False)
    token = [world.ids["spare"]]
    world.run_by_server(world.threaded, "crm.lead.api.token", "action_revoke", token)
    assert not spare.find_stale(fact, is_on=True)


@pytest.mark.parametrize(
    "fact",
    # Caches of Odoo's own can keep an older value.
    [fact for fact in FACTS if fact.ways == ALL],
    ids=lambda fact: fact.name.replace(" ", "-"),
)
def test_older_request(world, fact):
    """A request that began before a change keeps no old value for later requests."""
    values, record = world.resolve(fact.on), world.ids[fact.record]
    is_code = fact.model == "crm.lead.api.code"
    table = "utm_source_group" if is_code else "crm_lead_api_code"
    try:
        assert not world.find_stale(fact, is_on=False)
        with world.hold_request(table, fact.sent):
            world.run_by_server(world.threaded, fact.model, "write", [record], values)
        assert not world.find_stale(fact, is_on=True)
    finally:
        world.restore(fact)
