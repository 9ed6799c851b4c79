# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses that look like the lead API's belong to the addon that has them, with and
without a website in several languages."""

import json
from pathlib import Path

import pytest
from odoo_server import JSON

OPTIONS = ["--max-cron-threads=0"]
ADDONS = Path(__file__).parent / "addons"
WEBSITE = """
env["res.lang"]._activate_lang("vi_VN")
vietnamese = env["res.lang"].search([("code", "=", "vi_VN")])
env["website"].search([]).language_ids += vietnamese
env["website.page"].create({
    "name": "About", "url": "/api/v1/about", "type": "qweb", "is_published": True,
    "arch": "<t t-name='website.about_api'>about the shop</t>",
    "key": "website.about_api",
})
env["website.page"].create({
    "name": "Leads", "url": "/api/lead", "type": "qweb", "is_published": True,
    "arch": "<t t-name='website.about_leads'>leads for dogs</t>",
    "key": "website.about_leads",
})
"""


WEBSITE_ADDON = pytest.param("website", marks=pytest.mark.slow)


@pytest.fixture(scope="module", params=["crm_lead_api_shop", WEBSITE_ADDON])
def addon(request):
    return request.param


@pytest.fixture(scope="module")
def database(demo, addon):
    database = demo.copy(f"paths_{addon}", ADDONS)
    database.odoo(f"--init=crm_lead_api_shop,{addon}", "--stop-after-init")
    if addon == "website":
        database.run(WEBSITE)
    return database


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/shop/api/v1/health", 200, "the shop is open"),
        ("GET", "/api/v1/offers", 200, "offers"),
        ("GET", "/api/v1/pages", 200, "pages"),
        ("DELETE", "/api/v1/lead", 200, "deleted"),
        ("GET", "/market/api/v1/health", 200, "market: api/v1/health"),
        ("POST", "/market/api/v2/lead", 200, "market: api/v2/lead"),
        ("GET", "/api/v3/offers/1", 200, "offer 1"),
        ("POST", "/market/api/v1/lead", 200, "market: api/v1/lead"),
        ("GET", "/shop/api/v1/terms.txt", 200, "terms of the shop"),
        # Odoo's own errors, in HTML
        ("POST", "/shop/api/v1/health", 405, "<title>405 Method Not Allowed</title>"),
        ("DELETE", "/api/v1/offers", 405, "<title>405 Method Not Allowed</title>"),
        ("POST", "/api/v3/offers/1", 405, "<title>405 Method Not Allowed</title>"),
        ("GET", "/api/v3/offers/2", 404, "404"),
        ("GET", "/shop/api/v1/gone", 410, "<title>410 Gone</title>"),
        ("POST", "/shop/api/v1/lead", 415, "<title>415 Unsupported Media Type</title>"),
    ],
)
def test_what_another_addon_has(server, method, path, status, text):
    found, head, body = server.send(method, path, [("Content-Type", "text/plain")])
    assert (found, text in body) == (status, True), (head, body)
    assert "Content-Type: application/json" not in head


def test_jsonrpc_of_another_addon(server):
    call = {"jsonrpc": "2.0", "id": 7, "params": {"size": 3}}
    path = "/shop/api/v1/lead"
    status, _head, body = server.send("POST", path, [JSON], json.dumps(call))
    assert status == 200
    assert json.loads(body)["result"] == {"shop": {"size": 3}}


@pytest.mark.parametrize("tenant", ["", "/clinic", "/odoo", "/json", "/report", "/vi"])
def test_lead_api(server, token, payload, tenant):
    assert server.send("GET", f"{tenant}/api/v1/health", [])[0] == 200
    headers = [JSON, ("Authorization", f"Bearer {token}"), ("Accept-Language", "vi")]
    request = f"{tenant}/api/v1/lead", headers, json.dumps(payload)
    status, _head, body = server.send("POST", *request)
    assert (status, json.loads(body)["message"]) == (200, "Success")
    status, head, body = server.send("OPTIONS", *request)
    assert (status, json.loads(body)["type"]) == (405, "method_not_allowed")
    # The other addon's method is at the address without a tenant's name.
    others = "" if tenant else "DELETE, "
    [allowed] = [line for line in head.splitlines() if line.startswith("Allow: ")]
    assert allowed == f"Allow: {others}GET, HEAD, PATCH, POST, PUT"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1//lead", "/shop/api/v1/no"),
        *("/clinic/api/v1/offers", "/vi/api/v1/nothing", "/en/api/v1/nothing"),
        "/vi_VN/api/v1/nothing",
    ],
)
def test_what_nobody_has(server, method, path):
    """An unknown address is a 404 in JSON: no page, and no redirect to a language."""
    for language in ("en", "vi-VN", "fr"):
        headers = [("Accept-Language", language)]
        status, head, body = server.send(method, path, headers)
        assert status == 404, (head, body)
        assert json.loads(body)["type"] == "not_found"
        assert "Set-Cookie" not in head


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/v2/lead", "/api/v3/offers/1/x", "/clinic/api/lead"]
)
def test_what_nobody_has_near_the_api(server, method, path):
    status, head, body = server.send(method, path, [])
    assert status == 404, (head, body)
    assert "POST to /api/v1/lead" in json.loads(body)["message"]


def test_website(server, addon):
    """Its pages are found below /api/v1 too, and Odoo leads to the right language."""
    vietnamese = [("Accept-Language", "vi-VN")]
    if addon != "website":
        assert server.send("GET", "/api/v1/about", [])[0] == 404
        return
    for path, text in (
        ("/api/v1/about", "about the shop"),
        ("/api/lead", "leads for dogs"),
    ):
        status, _head, body = server.send("GET", path, [])
        assert (status, text in body) == (200, True)
    status, _head, body = server.send("GET", "/vi/api/v1/about", vietnamese)
    assert (status, "about the shop" in body) == (200, True)
    status, head, _body = server.send("GET", "/api/v1/pages", vietnamese)
    assert (status, "/vi/api/v1/pages" in head) == (303, True)
    status, _head, body = server.send("GET", "/vi/api/v1/pages", vietnamese)
    assert (status, body) == (200, "pages")
