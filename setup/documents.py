# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the OpenAPI documents of the released versions of the API, and read the guides
for integrators that lead from nothing to production."""

import json
import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
FOLDER = DOCS / "openapi"
GUIDES = (DOCS / "integrators.rst", DOCS / "integrators_vi.rst")
COMMAND = re.compile(r"^    ((?:export|curl) (?:.*\\\n)*.*)$", re.MULTILINE)


def find_newest() -> Path:
    """Return the path of the document with the highest version."""
    return max(
        FOLDER.glob("*.json"), key=lambda path: [*map(int, path.stem.split("."))]
    )


def find_operations() -> list[tuple[str, str]]:
    """Return method and path of each operation in the newest document."""
    paths = json.loads(find_newest().read_text())["paths"]
    return [(method.upper(), path) for path in paths for method in paths[path]]


def read_going_live(guide: Path) -> str:
    """Return the first part of a guide; in Vietnamese it is the whole guide."""
    return guide.read_text().partition("\nThe documentation page\n===")[0]


def read_commands(guide: Path) -> list[str]:
    """Return the commands for a shell in the first part of a guide."""
    return COMMAND.findall(read_going_live(guide))
