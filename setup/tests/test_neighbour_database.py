# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server for all databases. One of them has not the addon: each request to it is
answered as by a server that has never heard of the addon."""

import json
import re

import pytest
from odoo_database import MAKE_KEY
from odoo_server import JSON

TEXT = ("Content-Type", "text/plain")
REQUESTS = [
    *((m, f"/api/v1/{p}") for m in ("GET", "POST", "PUT") for p in ("lead", "health")),
    *(("GET", p) for p in ("/api/v1", "/api/v1/", "/x/api/v1/lead", "/vi/api/v1/me")),
    *(("POST", p) for p in ("/odoo/api/v1/lead", "/json/api/v1/lead", "/api/v1/leads")),
    *(("OPTIONS", p) for p in ("/api/v1/lead", "/web/login")),
    *(("GET", p) for p in ("/web/login", "/odoo", "/nothing", "/web/health")),
    *(("POST", p) for p in ("/json/2/res.partner/read", "/web/session/authenticate")),
]
# Texts that differ each time, or name the lines of code that an error came through
VARIABLE = re.compile(
    r"csrf_token: \"\w+\"|name=\"csrf_token\" value=\"\w+\"|session_info__ = .*"
    r"|\"debug\": \"(?:[^\"\\]|\\.)*\""
)


@pytest.fixture(scope="module")
def plain(bare_crm):
    """A database with Odoo's CRM alone."""
    return bare_crm.copy("base")


@pytest.fixture(scope="module")
def expected(plain, start_server):
    """The answers of a server that does not load the addon."""
    server = start_server(plain, "--db-filter=.*", "--max-cron-threads=0")
    return [ask(server, plain, *request) for request in REQUESTS]


@pytest.fixture(scope="module", params=["", "--load=base,rpc,web,crm_lead_api"])
def server(request, database, plain, start_server):
    options = ["--database=", "--db-filter=", "--max-cron-threads=0"]
    if request.param:
        options.append(request.param)
    server = start_server(database, *options)
    # Its database has the addon, which from now on is in the process.
    assert ask(server, database, "GET", "/api/v1/health")[:2] == (
        200,
        "application/json",
    )
    return server


@pytest.fixture(scope="module")
def other(demo):
    """Another database with the addon."""
    return demo.copy("other")


def ask(server, database, method, path):
    """Send a request to a database, with JSON and with a text, and return what the
    answers have in common each time: statuses, types of content, bodies."""
    answer = []
    for media_type in (JSON, TEXT):
        headers = [media_type, ("X-Odoo-Database", database.name)]
        body = "{}" if method in ("POST", "PUT") else ""
        status, head, body = server.send(method, path, headers, body)
        kind = re.search(r"^Content-Type: ([\w/-]+)", head, re.MULTILINE)
        answer += [status, kind and kind[1], VARIABLE.sub("", body)]
    return tuple(answer)


@pytest.mark.parametrize("number", range(len(REQUESTS)))
def test_same_answer(server, plain, expected, number):
    method, path = REQUESTS[number]
    assert ask(server, plain, method, path) == expected[number]


def test_both_databases_in_turn(server, database, plain):
    for _ in range(3):
        assert ask(server, database, "GET", "/api/v1/health")[0] == 200
        assert ask(server, plain, "GET", "/api/v1/health")[0] == 404
        assert ask(server, database, "DELETE", "/x/api/v1/lead")[0] == 405
        assert ask(server, plain, "DELETE", "/x/api/v1/lead")[0] == 404


def test_request_names_its_database(server, database, other, plain, payload):
    """Each database has its own tokens and leads."""
    bearer = ("Authorization", f"Bearer {other.run(MAKE_KEY)}")
    payload = json.dumps({**payload, "ticket_id": server.port})

    def post(*headers):
        path, headers = "/api/v1/lead", [JSON, bearer, *headers]
        status, _head, body = server.send("POST", path, headers, payload)
        return status, json.loads(body)["message"]

    before = [each.count("crm_lead") for each in (database, other, plain)]
    assert post(("X-Odoo-Database", other.name)) == (200, "Success")
    assert post(("X-Odoo-Database", database.name))[0] == 401
    for headers in ([], [("X-Odoo-Database", "no_such_database")]):
        status, message = post(*headers)
        assert status == 400
        assert "X-Odoo-Database" in message
    before[1] += 1
    assert [each.count("crm_lead") for each in (database, other, plain)] == before


def test_nothing_in_the_database(server, plain):
    assert plain.count("pg_class", "starts_with(relname, 'crm_lead_api')") == 0
