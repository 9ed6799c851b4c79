# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the guides for integrators that lead from nothing to production."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = (DOCS / "integrators.rst", DOCS / "integrators_vi.rst")
COMMAND = re.compile(r"^    ((?:export|curl) (?:.*\\\n)*.*)$", re.MULTILINE)


def read_going_live(guide: Path) -> str:
    """Return the first part of a guide; in Vietnamese it is the whole guide."""
    return guide.read_text().partition("\nThe documentation page\n===")[0]


def read_commands(guide: Path) -> list[str]:
    """Return the commands for a shell in the first part of a guide."""
    return COMMAND.findall(read_going_live(guide))
