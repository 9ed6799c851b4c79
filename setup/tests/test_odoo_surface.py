# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""docs/odoo.rst has each name of Odoo that the addon leans on, as Odoo has it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRY = re.compile(r"^``(.+)``\n   (\S.*)$", re.MULTILINE)


def test_what_the_addon_leans_on(demo):
    output = demo.run((ROOT / "setup" / "odoo_surface.py").read_text())
    found = {line.split(" ", 2)[2].replace("`", "'") for line in output.splitlines()}
    entries = ENTRY.findall((ROOT / "docs" / "odoo.rst").read_text())
    described = {name for name, _reason in entries}
    assert len(entries) == len(described)
    assert found - described == set(), "moved in Odoo, or new here"
    assert described - found == set(), "gone"
