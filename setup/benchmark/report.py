# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Print the measurements, and whether they meet the goals."""

import ast
import os
import platform
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from operator import ge, le
from pathlib import Path

from odoo_database import Database

import odoo.release

OPERATORS = {"≤": le, "≥": ge}


@dataclass
class Goal:
    """A goal.

    :param value: what was measured
    :param operator: how the value has to be to the limit, one of ``OPERATORS``
    """

    name: str
    value: float
    operator: str
    limit: float

    @property
    def is_met(self) -> bool:
        return OPERATORS[self.operator](self.value, self.limit)

    def to_text(self) -> str:
        verdict = "met    " if self.is_met else "not met"
        goal = f"{self.operator} {self.limit:g}"
        return f"{verdict}  {self.name}: {self.value:.4g} ({goal})"

    def to_json(self) -> dict:
        return {**asdict(self), "is_met": self.is_met}


def describe_machine(root: Path) -> dict[str, str]:
    """Describe the machine that the figures depend on, without names."""
    database = Database("postgres")
    manifest = ast.literal_eval((root / "crm_lead_api/__manifest__.py").read_text())

    def show(setting):
        return database.query(f"SHOW {setting}")[0][0]

    return {
        "date": date.today().isoformat(),
        "cores": str(os.cpu_count()),
        "processor": find_line("/proc/cpuinfo", "model name"),
        "memory": find_line("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "postgresql": show("server_version").split()[0],
        "fsync": show("fsync"),
        "odoo": odoo.release.version,
        "crm_lead_api": manifest["version"],
        "odoo-addon-fastapi": version("odoo-addon-fastapi"),
    }


def find_line(path: str, name: str) -> str:
    """Find the value of a name in a file of ``name: value`` lines."""
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"


def format_table(rows: list[list[str]]) -> list[str]:
    """Return the lines of a table of reStructuredText; the first row is its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    line = "  ".join("=" * width for width in widths)
    head, *others = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return [line, head, line, *others, line]
