# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find each change that breaks a client, by its place, and raise no false alarm."""

import copy
import json
from pathlib import Path

import pytest
from breaking_api_changes import BREAKING
from breaking_changes import find_breaking_changes
from compatible_api_changes import COMPATIBLE

RELEASED = Path(__file__).parents[2] / "docs" / "openapi" / "1.0.0.json"
DOCUMENT = json.loads(RELEASED.read_text())


@pytest.mark.parametrize("change", BREAKING)
def test_a_breaking_change(change):
    document = copy.deepcopy(DOCUMENT)
    found = change(document)
    assert found in [*find_breaking_changes(DOCUMENT, document)]


@pytest.mark.parametrize("change", COMPATIBLE)
def test_a_compatible_change(change):
    document = copy.deepcopy(DOCUMENT)
    change(document)
    assert json.dumps(document) != json.dumps(DOCUMENT)
    assert [*find_breaking_changes(DOCUMENT, document)] == []
