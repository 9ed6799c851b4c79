# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API as in production: with the configuration of docs/deployment, and what happens
when a server is gone."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from nginx import needs_nginx, run_nginx, write_deployed_config
from odoo_websocket import check_notifications
from waiting import PATIENCE, wait_until

OPTIONS = ("--workers=2", "--max-cron-threads=0")
CLIENTS = 8
LEADS = 10  # of each client
pytestmark = needs_nginx
UNAVAILABLE = "The server is not available just now: send it again."


@pytest.fixture(scope="module")
def database(demo, tmp_path_factory):
    """A database with the configuration that the documentation shows."""
    config = write_deployed_config(tmp_path_factory.mktemp("deployment"))
    return replace(demo.copy("deployment"), config=config)


@pytest.fixture(scope="module")
def nginx(servers, tmp_path_factory):
    with run_nginx(tmp_path_factory.mktemp("nginx"), servers) as nginx:
        yield nginx


def test_call_through_nginx(nginx, database, token, payload):
    """Over TLS, with the header of the contract, and logged with the caller's address
    and request id."""
    headers = {"Content-Type": "application/json", "access_token": token}
    headers["X-Request-Id"] = "through-nginx"
    headers["X-Forwarded-For"] = "203.0.113.7"  # not to be believed
    request = "POST", "/api/v1/lead"
    status, answer, body = nginx.send(*request, headers, json.dumps(payload))
    assert (status, json.loads(body)["message"]) == (200, "Success")
    assert answer["X-Request-Id"] == "through-nginx"
    entry = "SELECT address FROM crm_lead_api_request WHERE request_ref = %s"
    assert database.query(entry, "through-nginx") == [("127.0.0.1",)]
    # A request id of nginx's own is also in its log.
    _status, answer, _body = nginx.send("GET", "/api/v1/me", {"access-token": token})
    log = nginx.folder / "lead_api.log"
    wait_until(lambda: answer["X-Request-Id"] in log.read_text())


def test_errors_of_nginx_are_json(nginx, token):
    headers = {"Content-Type": "application/json", "access_token": token}
    status, answer, body = nginx.send("POST", "/api/v1/lead", headers, " " * 6 * 2**20)
    assert (status, json.loads(body)["type"]) == (413, "too_large")
    assert "at most 5 MiB" in json.loads(body)["message"]
    path = "/api/v1/phone-calls/1/recording"
    _status, _answer, body = nginx.send("PUT", path, headers, " " * 31 * 2**20)
    assert "at most 30 MiB" in json.loads(body)["message"]
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    request = ("POST", "/api/v1/lead", headers, "{}")
    status, _answer, body = nginx.send(*request, is_plain=True)
    assert (status, json.loads(body)["message"]) == (403, "Use https.")


def test_keys_are_in_no_log_of_nginx(nginx):
    """Neither the keys of connections nor what follows them: nginx's errors would name
    them, as when a body is too large."""
    key, headers = "Zk3-secret-key", {"Content-Type": "application/json"}
    path = f"/api/v1/connections/{key}?hub.verify_token=secret-key"
    for tenant in ("", "/hoamai"):
        assert nginx.send("POST", tenant + path, headers, "{}")[0] == 404
        assert nginx.send("GET", tenant + path, headers)[0] == 404
        assert nginx.send("POST", path, headers, " " * 6 * 2**20)[0] == 413
        assert nginx.send("POST", path, headers, "{}", is_plain=True)[0] == 403
    _status, answer, _body = nginx.send("GET", path, headers)
    log = nginx.folder / "lead_api.log"
    wait_until(lambda: answer["X-Request-Id"] in log.read_text())
    for file in nginx.folder.glob("*.log"):
        assert "secret-key" not in file.read_text(), file


def test_login_page_through_nginx(nginx):
    status, _headers, body = nginx.send("GET", "/web/login", {})
    assert status == 200
    assert "/web/assets/" in body


def test_websocket_through_nginx(nginx, database):
    certificate = {"ca_certs": nginx.folder / "pem"}
    check_notifications(database, f"wss://localhost:{nginx.port}", sslopt=certificate)


def test_one_server_killed(nginx, servers, database, token, payload):
    """No lead is lost or doubled, while callers do as the documentation says: they send
    again what had no answer, or a 5xx."""
    done = threading.Semaphore(0)
    failures = []

    def post(number):
        own = {"ticket_id": 1000 + number, "phone_no1": f"09033{number:05}"}
        data = {**payload, **own}
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline
            status, headers, body = nginx.post(token, data)
            if status == 200:
                done.release()
                return data["ticket_id"], json.loads(body)["data"]["id_lead"]
            failure = (status, headers["Retry-After"], json.loads(body)["message"])
            failures.append(failure)

    with ThreadPoolExecutor(CLIENTS) as pool:
        leads = pool.map(post, range(CLIENTS * LEADS))
        for _ in range(CLIENTS * 2):
            assert done.acquire(timeout=PATIENCE)
        servers[0].kill()
        answered = dict(leads)
    assert set(failures) <= {(502, "2", UNAVAILABLE), (503, "2", UNAVAILABLE)}
    stored = "SELECT ticket_ref::integer, id FROM crm_lead WHERE ticket_ref IN %s"
    stored = database.query(stored, tuple(map(str, answered)))
    assert sorted(stored) == sorted(answered.items())


def test_all_servers_killed(nginx, servers, token, payload):
    for server in servers:
        server.kill()
    status, headers, body = nginx.post(token, payload)
    expected = {"error": status, "type": "unavailable", "message": UNAVAILABLE}
    assert json.loads(body) == expected
    assert status == 502
    assert headers["Retry-After"] == "2"
    assert headers["X-Request-Id"]
    assert headers["Content-Type"] == "application/json; charset=utf-8"
