# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No response has anything of another client's: requests of three clients and of a
stranger, over all routes, answered at once by one process."""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from odoo_server import JSON

ROUNDS = 6  # of all requests, interleaved
THREADS = 6
# Of a response they depend on the time, or on how many requests there were.
VARIABLE = ("date", "ratelimit", "ratelimit-remaining", "ratelimit-reset")

MAKE_CLIENTS = """
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**6)
demo, clients = env.ref("crm_lead_api.demo_client"), []
for number, limit in ((1, 10**6 + 1), (2, 10**6 + 2), (3, 0)):
    name = f"client-{number}"
    client = env["crm.lead.api.client"].create({
        "name": name,
        "user_id": demo.user_id.copy({"login": name, "name": name}).id,
        "company_ids": demo.company_ids.ids,
        "company_id": demo.company_id.id,
        "requests_per_minute": limit,
        "reads_metrics": number == 3,
        "looks_up_customers": number == 1,  # whose name the contact has
    })
    token = client._generate_token("test", datetime.now() + timedelta(days=1))
    clients.append([name, token, limit])
print(">>" + json.dumps(clients))
"""
READ_ROUTES = """
import threading
threading.current_thread().dbname = env.cr.dbname
print(">>" + json.dumps(sorted({
    f"{method} {rule.endpoint.routing['routes'][0]}"
    for rule in env["ir.http"].routing_map().iter_rules()
    if rule.endpoint.routing["type"] == "lead_api"
    for method in rule.endpoint.routing["methods"]
    if method != "HEAD"
})))
"""


@dataclass(frozen=True)
class Asker:
    """A sender of requests: a client, or a stranger without a token."""

    name: str
    token: str = ""
    limit: int = 0

    def send(self, server, request, lead_id, payload):
        """Send one of the requests, and return (status, headers, body)."""
        method, path = request.split()[1:]
        data, headers = "", [("X-Request-Id", f"{self.name}-{request[:2]}")]
        if self.token:
            headers.append(("Authorization", f"Bearer {self.token}"))
        if method != "GET":
            payload = {**payload, "contact_name": self.name, self.name: "ignored"}
            if "notes" in path:
                payload = {"text": self.name, "agent_email": f"{self.name}@example.com"}
            if path.startswith("/api/v1/leads"):
                payload = {"leads": [payload], "dry_run": True}
                headers.append(("Prefer", "dry-run"))
            elif "dry" in path or "notes" in path or method != "POST":
                headers.append(("Prefer", "dry-run"))
            else:
                headers.append(("Idempotency-Key", "same-for-all"))
            headers.append(JSON)
            data = json.dumps(payload)
        path = path.format(lead_id=lead_id, name=self.name)
        status, head, body = server.send(method, path, headers, data)
        lines = [line.split(": ", 1) for line in head.splitlines()[1:]]
        return status, {name.lower(): value for name, value in lines}, body


# A number, the method and the path; "{name}" is the asker's.
REQUESTS = (
    "00 GET /api/v1/health",
    "01 GET /api/v1/health?{name}=1",
    "02 GET /api/v1/docs",
    "03 GET /api/v1/openapi.json",
    "04 GET /api/v1/me",
    "05 GET /api/v1/me?{name}=1",
    "06 GET /api/v1/ref",
    "07 GET /api/v1/ref/countries?limit=3&{name}=1",
    "08 GET /api/v1/ref/countries?limit=3",
    "09 GET /api/v1/lead?ticket_id=1",
    "10 GET /api/v1/lead/{lead_id}",
    "11 GET /api/v1/leads?{name}=1",
    "12 GET /api/v1/metrics",
    "13 POST /api/v1/lead",
    "14 POST /api/v1/lead?dry",
    "15 POST /api/v1/leads",
    "16 GET /api/v1/nothing?{name}=1",
    "17 PUT /api/v1/lead",
    "21 PATCH /api/v1/lead/{lead_id}",
    "22 PATCH /api/v1/lead?ticket_id=1",
    "23 POST /api/v1/lead/{lead_id}/notes",
    "24 POST /api/v1/lead/notes?ticket_id=1",
    "25 DELETE /api/v1/lead",
    "18 GET /api/v1/leads?cursor={name}",
    "19 GET /{name}/api/v1/health",
    "20 GET /api/v1/customers?phone=0900000303&agent_email={name}@example.com",
)
NO_ROUTES = {"GET /api/v1/nothing", "DELETE /api/v1/lead", "GET /{name}/api/v1/health"}


@pytest.fixture(scope="module")
def askers(database):
    clients = json.loads(database.run(MAKE_CLIENTS))
    return [Asker("stranger"), *(Asker(*client) for client in clients)]


@pytest.fixture(scope="module")
def server(database, askers, start_server):
    return start_server(database, "--max-cron-threads=0")


@pytest.fixture(scope="module")
def alone(server, askers, payload):
    """Return the answer to each request while no other request runs."""
    answers = {}
    for asker in askers:
        lead_id = 0
        for request in ("13 POST /api/v1/lead", *REQUESTS):
            answer = asker.send(server, request, lead_id, payload)
            answers[asker, request] = answer
            if request.startswith("13") and asker.token and not lead_id:
                lead_id = json.loads(answer[2])["data"]["id_lead"]
        answers[asker] = lead_id
    return answers


def test_all_routes_are_asked(database):
    asked, found = {request[3:].partition("?")[0] for request in REQUESTS}, set()
    for route in json.loads(database.run(READ_ROUTES)):
        pattern = re.sub("<[^>]+>", "[^/]+", route)
        own = {each for each in asked if re.fullmatch(pattern, each)}
        assert own, route
        found |= own
    assert asked - found == NO_ROUTES


def test_own_headers_only(alone):
    """In none of the answers is a header of another client's, or one for nothing."""
    for key, answer in alone.items():
        if isinstance(key, Asker):
            continue
        asker, request = key
        status, headers, _body = answer
        number, method, path = request.split()
        assert headers["x-request-id"] == f"{asker.name}-{number}"
        ignored = headers.get("x-ignored-fields", "")
        if status == 200 and "{name}=1" in path:
            assert ignored == asker.name
        else:
            assert asker.name not in ignored or method != "GET"
        limit = headers.get("ratelimit-limit")
        assert limit in (None, str(asker.limit)), (asker.name, request, headers)
        is_counted = path.startswith(("/api/v1/me", "/api/v1/lead", "/api/v1/ref"))
        if asker.limit and is_counted and method != "DELETE":
            assert limit == str(asker.limit), (asker.name, request)


def test_interleaved(server, askers, alone, payload):
    """Each answer is the same as alone, whoever else is answered meanwhile."""
    pairs = [(asker, request) for asker in askers for request in REQUESTS] * ROUNDS
    random.Random(7).shuffle(pairs)  # noqa: S311

    def send(pair):
        asker, request = pair
        return asker.send(server, request, alone[asker], payload)

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(send, pairs))
    for (asker, request), answer in zip(pairs, answers, strict=True):
        found = simplify(answer, request)
        assert found == simplify(alone[asker, request], request), request
        for other in askers:
            if other is not asker:
                assert other.name not in str(found), (asker.name, request)


def simplify(answer, request):
    """Return an answer without what depends on the time."""
    status, headers, body = answer
    fixed = {name: value for name, value in headers.items() if name not in VARIABLE}
    if request.startswith("12") and status == 200:  # of all clients, and counting
        fixed.pop("content-length")
        fixed.pop("etag")
        body = ""
    if "/health" in request and status == 200:  # since when the oldest lead waits
        fixed.pop("content-length")
        fixed.pop("etag", None)
    return status, fixed, body
