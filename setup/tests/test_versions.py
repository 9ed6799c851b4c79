# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API keeps what docs/versions.rst promises to clients of released versions."""

import json
import os
from pathlib import Path

import pytest
from breaking_changes import find_breaking_changes

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"
# Keywords that only describe
TEXTS = ("description", "summary", "example", "examples", "title", "x-codeSamples")


def read_released() -> dict[tuple, dict]:
    """Return the released documents by version, the newest last."""
    documents = [json.loads(path.read_text()) for path in FOLDER.glob("*.json")]
    return dict(sorted((get_version(each), each) for each in documents))


def get_version(document) -> tuple:
    return tuple(map(int, document["info"]["version"].split(".")))


def strip_texts(node):
    """Return a part of a document without what only describes."""
    if isinstance(node, list):
        return [strip_texts(each) for each in node]
    if isinstance(node, dict):
        return {
            name: strip_texts(value)
            for name, value in node.items()
            # An attribute may have such a name, too.
            if name not in TEXTS or isinstance(value, dict)
        }
    return node


@pytest.fixture(scope="module")
def document(addons, start_server):
    """The document of all addons."""
    server = start_server(addons)
    status, _head, body = server.send("GET", "/api/v1/openapi.json", [])
    assert status == 200
    document = json.loads(body)
    # The samples have the address of the server.
    del document["paths"]["/api/v1/lead"]["post"]["x-codeSamples"]
    if os.environ.get("CRM_LEAD_API_RELEASE"):
        path = FOLDER / f"{document['info']['version']}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return document


def test_released_clients_still_work(document):
    for version, released in read_released().items():
        if version[0] == get_version(document)[0]:
            assert [*find_breaking_changes(released, document)] == []


def test_newest_document_is_that_of_this_version(document):
    """Clients are made from it, and llms.txt points to it."""
    version, released = [*read_released().items()][-1]
    assert get_version(document) == version, "see CRM_LEAD_API_RELEASE in the guide"
    assert strip_texts(document) == strip_texts(released)
