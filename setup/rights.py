# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write the files of rights of each addon from its table ``security/rights.csv``.

A row of the table says which operations a group has on which records of a model. Odoo
19 splits this into ``ir.model.access`` and ``ir.rule``; Odoo 20 has a single model,
``ir.access``, whose records are like the rows. Columns:

``model``
    such as ``crm.lead``; a model of another addon with the addon's name,
    ``crm/crm.lead``
``group``
    XML id; empty: everybody, so that the domain restricts the rights of all groups
``operations``
    some of ``r``, ``w``, ``c``, ``u``: read, write, create, unlink
``domain``
    of the records; empty: all records
``access``, ``rule``
    XML ids of the records in Odoo 19; rows with the same ``access`` share it
``name``
    of the rule
``comment``
    the reason, where it is not plain

Run ``python setup/rights.py`` after a change of a table.
"""

import csv
import io
import sys
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parent.parent
OPERATIONS = {"r": "perm_read", "w": "perm_write", "c": "perm_create"}
OPERATIONS |= {"u": "perm_unlink"}
ACCESS_HEADER = ("id", "name", "model_id:id", "group_id:id", *OPERATIONS.values())


def read_table(addon: Path) -> list[dict[str, str]]:
    """Return the rows of an addon's table."""
    with (addon / "security/rights.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def render_access(rows: list[dict[str, str]]) -> str:
    """Return the content of ``ir.model.access.csv``."""
    merged = {}
    for row in rows:
        if row["access"]:
            values = merged.setdefault(row["access"], {**row, "operations": set()})
            values["operations"] |= set(row["operations"])
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(ACCESS_HEADER)
    for xml_id, row in merged.items():
        writer.writerow(
            [
                xml_id,
                xml_id.removeprefix("access_").replace("_", "."),
                _get_model_id(row["model"]),
                row["group"],
                *(int(letter in row["operations"]) for letter in OPERATIONS),
            ]
        )
    return output.getvalue()


def render_rules(rows: list[dict[str, str]]) -> str:
    """Return the content of ``ir_rule.xml``."""
    lines = ['<?xml version="1.0" encoding="UTF-8" ?>', '<odoo noupdate="1">']
    for row in rows:
        if not row["rule"]:
            continue
        if row["comment"]:
            lines.append(f"    <!-- {escape(row['comment'])} -->")
        lines += [
            f'    <record id="{row["rule"]}" model="ir.rule">',
            f'        <field name="name">{escape(row["name"])}</field>',
            f'        <field name="model_id" ref="{_get_model_id(row["model"])}" />',
            f'        <field name="domain_force">{escape(row["domain"])}</field>',
        ]
        if row["group"]:
            lines += [
                "        <field",
                '            name="groups"',
                f"            eval=\"[Command.link(ref('{row['group']}'))]\"",
                "        />",
            ]
        lines += [
            f'        <field name="{name}" eval="False" />'
            for letter, name in OPERATIONS.items()
            if letter in _find_free_operations(row, rows)
        ]
        lines.append("    </record>")
    return "\n".join([*lines, "</odoo>", ""])


def render(addon: Path) -> dict[Path, str]:
    """Return the contents of an addon's files of rights, by path."""
    rows = read_table(addon)
    files = {addon / "security/ir.model.access.csv": render_access(rows)}
    if any(row["rule"] for row in rows):
        files[addon / "security/ir_rule.xml"] = render_rules(rows)
    return files


def find_addons() -> list[Path]:
    """Return the folders of the addons that have a table."""
    return sorted(path.parent.parent for path in ROOT.glob("*/security/rights.csv"))


def _get_model_id(model):
    addon, _slash, name = model.rpartition("/")
    xml_id = f"model_{name.replace('.', '_')}"
    return f"{addon}.{xml_id}" if addon else xml_id


def _find_free_operations(row, rows):
    """Return the operations that the rule of a row does not restrict."""
    if not row["group"]:
        return set(OPERATIONS) - set(row["operations"])
    return {
        letter
        for other in rows
        if (other["model"], other["group"]) == (row["model"], row["group"])
        if not other["rule"]
        for letter in other["operations"]
    }


def main() -> None:
    for addon in find_addons():
        for path, content in render(addon).items():
            path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
