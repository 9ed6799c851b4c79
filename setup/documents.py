# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the OpenAPI documents of the released versions of the API."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "openapi"


def find_newest() -> Path:
    """Return the path of the document with the highest version."""
    return max(
        FOLDER.glob("*.json"), key=lambda path: [*map(int, path.stem.split("."))]
    )


def find_operations() -> list[tuple[str, str]]:
    """Return method and path of each operation in the newest document."""
    paths = json.loads(find_newest().read_text())["paths"]
    return [(method.upper(), path) for path in paths for method in paths[path]]
