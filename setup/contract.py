# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The attributes of a lead and of its portrait, by the tables of docs/contract.rst."""

from itertools import groupby

from docutils.nodes import row
from pages import DOCS, parse

ROWS = parse(DOCS / "contract.rst").findall(row)
ROWS = [[entry.astext() for entry in each] for each in ROWS]
# Of the lead and of the portrait, without their heads
LEAD, PORTRAIT = (
    list(rows)
    for is_head, rows in groupby(ROWS, lambda each: each[0] == "Attribute")
    if not is_head
)
# Those of the lead that have fields of the same values, with their fields
FIELDS = {
    name: field.split()[0]
    for name, _required, kind, field, _wrong in LEAD
    if kind not in ("array", "object") and name != "account_id"
}


def find_names(rows: list[list[str]], kind: str) -> list[str]:
    """Return the attributes of a type, without strings that are choices."""
    return [row[0] for row in rows if row[-3] == kind and row[-1] != "choice"]
