# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compare the files of rights with the tables that they are made from, and what users
see with what they should."""

import json
from pathlib import Path

import pytest
import rights

MATRIX = Path(rights.__file__).with_name("rights_matrix.py")


@pytest.mark.parametrize("addon", rights.find_addons(), ids=lambda addon: addon.name)
def test_files_are_made_from_the_table(addon):
    for path, content in rights.render(addon).items():
        assert path.read_text(encoding="utf-8") == content, (
            f"{path.name} differs from the table: run python3 setup/rights.py"
        )


def test_a_row_with_a_domain_becomes_a_rule_for_its_operations():
    row = dict.fromkeys(("domain", "access", "rule", "name", "comment"), "")
    row |= {"model": "base/res.partner", "group": "base.group_user"}
    own = {**row, "domain": "[('user_id', '=', user.id)]", "rule": "own", "name": "Own"}
    rows = [
        {**row, "operations": "r", "access": "access_partner"},
        {**own, "operations": "wc", "access": "access_partner"},
    ]
    [_header, line] = rights.render_access(rows).splitlines()
    assert (
        line == "access_partner,partner,base.model_res_partner,base.group_user,1,1,1,0"
    )
    rule = rights.render_rules(rows)
    assert '<field name="perm_read" eval="False" />' in rule
    assert "perm_write" not in rule


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
