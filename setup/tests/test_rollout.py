# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Updates of running servers, besides those of test_migration: two servers behind
nginx, in turn; modules that Odoo installs or updates while requests come."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain

import pytest
from lead_sender import LeadSender
from nginx import needs_nginx, run_nginx, write_deployed_config
from odoo_database import Database
from odoo_server import Server, call_odoo, get_free_port
from released_versions import VERSIONS, unpack
from waiting import wait_until

OPTIONS = ("--workers=2", "--max-cron-threads=0")


@needs_nginx
def test_two_servers(crm, tmp_path):
    """The steps of docs/install for two servers, from the newest released version."""
    unpack(VERSIONS[-1], tmp_path)
    config = write_deployed_config(tmp_path)
    old = replace(crm.copy("rollout", tmp_path), config=config)
    old.odoo("--init=crm_lead_api", "--with-demo", "--no-http", "--stop-after-init")
    token, payload = old.make_access()
    new = Database(old.name, config=config)
    ports = get_free_port(), get_free_port()
    with ExitStack() as stack:

        def serve(database, name, port):
            log = tmp_path / f"{name}.log"
            return stack.enter_context(database.serve(log, *OPTIONS, port=port))

        first, second = (serve(old, f"old{port}", port) for port in ports)
        nginx = stack.enter_context(run_nginx(tmp_path, [first, second]))
        url = f"https://localhost:{nginx.port}"
        sender = LeadSender(url, token, payload, 1, nginx.folder / "pem")
        with sender.run():
            sender.wait_for(200)
            # The first server gets the new code, while the second one serves.
            first.stop()
            sender.wait_for(200)
            serve(new, "first", ports[0])
            sender.wait_for(503)
            # The second one stops, and the database is updated.
            second.stop()
            new.odoo("--update=crm_lead_api", "--no-http", "--stop-after-init")
            sender.wait_for(200)
            # The second server gets the new code.
            second = serve(new, "second", ports[1])
            wait_until(lambda: second.send("GET", "/api/v1/health", [])[0] == 200)
            sender.wait_for(200)
    assert sender.find_leads(new) == [*sender.get_leads().items()]
    assert {status for status, _pause in sender.answers} <= {200, 502, 503}


@pytest.fixture(scope="module")
def old_database(demo):
    """A database that waits for its update, on the same server."""
    database = demo.copy("waiting")
    database.run(
        'env["ir.module.module"]._get("crm_lead_api").latest_version = "19.0.7.0.0"'
    )
    return database


@pytest.fixture(scope="module")
def servers(database, old_database, start_server):
    """Two servers with both databases."""
    both = f"--db-filter=^({database.name}|{old_database.name})$"
    return [start_server(database, both) for _ in range(2)]


def get_health(server: Server, database: Database) -> tuple[int, dict, str]:
    """Ask for the health, and return status, body and all headers."""
    headers = [("X-Odoo-Database", database.name)]
    status, head, body = server.send("GET", "/api/v1/health", headers)
    return status, json.loads(body), head


@contextmanager
def ask_meanwhile(servers, database) -> Iterator[list[list[tuple[int, dict, str]]]]:
    """Ask each server for its health all the time, and make a list of the answers."""
    answers = [[] for _ in servers]
    is_done = threading.Event()

    def ask(server, answers):
        while not is_done.wait(0.1):
            answers.append(get_health(server, database))

    pairs = zip(servers, answers, strict=True)
    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask, *pair) for pair in pairs]
        try:
            yield answers
        finally:
            is_done.set()
            for each in asking:
                each.result()


def check_answers(servers, database, answers):
    """Check that an update showed in the servers' answers, and that it is over. A busy
    server may answer only after it."""
    for server in servers:
        wait_until(lambda server=server: get_health(server, database)[0] == 200)
    answers = [*chain(*answers)]
    assert {status for status, _body, _head in answers} == {200, 503}
    for status, body, head in answers:
        if status == 503:
            assert body["type"] == "unavailable"
            assert "Retry-After: 30" in head


def test_apps(servers, database):
    """A server installs a module by Apps, and both answer meanwhile."""
    act = partial(call_odoo, servers[0].port, database, "ir.module.module")
    domain = [["name", "=", "link_tracker"], ["state", "=", "uninstalled"]]
    [module] = act("search", domain)
    for method in ("button_immediate_install", "button_immediate_uninstall"):
        with ask_meanwhile(servers, database) as answers:
            wait_until(lambda: all(answers))
            act(method, [module])
        check_answers(servers, database, answers)


def test_command(servers, database):
    """Another process updates the addon, of the same version."""
    with ask_meanwhile(servers[:1], database) as answers:
        wait_until(lambda: all(answers))
        database.odoo("--update=crm_lead_api", "--stop-after-init")
    check_answers(servers[:1], database, answers)


def test_one_of_several_databases(servers, database, old_database):
    for server in servers:
        assert get_health(server, database)[0] == 200
        status, body, _head = get_health(server, old_database)
        assert (status, body["error"]) == (503, 503)
        assert "-u crm_lead_api" in body["message"]
