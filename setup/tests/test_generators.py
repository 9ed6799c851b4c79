# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clients that programs of others generate from the OpenAPI document.

``setup/clients --generators`` tries all of them; otherwise a few, because each takes
seconds.
"""

import json
import os
import sys

import pytest
import urllib3
from client_generators import GENERATORS, build, make_scene

TEMPLATE = "addons"
ALL = bool(os.environ.get("CRM_LEAD_API_GENERATORS"))
STRICT, USUAL = "?strict=1", ""  # documents, by their queries
CLIENTS = [*((name, STRICT) for name in GENERATORS), ("openapi-python-client", USUAL)]
FEW = (("typescript-fetch", STRICT), ("python", STRICT), CLIENTS[-1])  # in each run
# The others stumble over events, or over values of several types.
COMPILED = ("typescript-fetch", "typescript-axios", "openapi-typescript", "java", "php")
# With all addons, so that a client that is generated stays small
MAX_BYTES = 200_000
MAX_CLASSES = 60
LEAD = "SELECT street, work_online, contact_name FROM crm_lead WHERE id = %s"


@pytest.fixture(scope="module")
def read_document(server, token):
    """Return a function that reads the document of the client."""

    def read(query="", lang="en"):
        headers = [("Authorization", f"Bearer {token}"), ("Accept-Language", lang)]
        path = f"/api/v1/openapi.json{query}"
        answer = server.send("GET", path, headers)
        assert answer.status == 200, answer
        return answer.body

    return read


def need(name, is_usual):
    if not ALL and not is_usual:
        pytest.skip("only setup/clients --generators tries it")
    if name == "python" and urllib3.__version__ < "2":
        pytest.skip("its client needs a newer urllib3 than Odoo's for this Python")
    if "python" in name and sys.version_info < (3, 11):
        pytest.skip("its client needs a newer Python")
    if missing := GENERATORS[name].find_missing():
        pytest.skip(f"not on this machine: {', '.join(missing)}")


def test_strict_document_is_small(read_document):
    for lang in ("en", "vi"):
        body = read_document("?strict=1", lang)
        assert len(body) <= MAX_BYTES, lang
    assert len(json.loads(body)["components"]["schemas"]) <= MAX_CLASSES


@pytest.mark.parametrize(("name", "query"), CLIENTS)
def test_client(name, query, database, read_document, server, token, payload, tmp_path):
    """The client makes a lead, changes it, books, and sends a phone call with its
    recording, which comes back; what a change does not set is not sent."""
    need(name, (name, query) in FEW)
    document = json.loads(read_document(query))
    scene = make_scene(server, token, payload)
    lead_id, code, is_same = build(name, document, tmp_path, scene)
    assert (code[:3], is_same) == ("BK-", True)
    [(street, work_online, contact_name)] = database.query(LEAD, lead_id)
    assert (street, contact_name) == (scene["street"], scene["lead"]["contact_name"])
    # null empties an attribute.
    assert work_online == ("no" if GENERATORS[name].lacks_null else None)


@pytest.mark.parametrize("name", COMPILED)
def test_client_of_usual_document_compiles(name, read_document, tmp_path):
    need(name, name == "typescript-fetch")
    build(name, json.loads(read_document()), tmp_path)
