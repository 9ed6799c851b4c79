# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compare what users see with what they should."""

import json
from pathlib import Path

import pytest

MATRIX = Path(__file__).parents[1] / "rights_matrix.py"


@pytest.fixture(scope="module")
def matrix(clean_addons):
    script = MATRIX.read_text(encoding="utf-8")
    return json.loads(clean_addons.copy("rights").run(script))


def test_each_model_and_each_state_is_in_the_matrix(matrix):
    unknown, missing, _differences = matrix
    assert (unknown, missing) == ([], [])


def test_nobody_sees_what_is_not_theirs(matrix):
    """No canary of another's record, by any way to read, and each of one's own."""
    _unknown, _missing, differences = matrix
    assert differences == []
