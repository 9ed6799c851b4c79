# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Render the changes for integrators from HISTORY.rst, for the documentation page: run
by setup/docs."""

import re
from pathlib import Path

from docutils.core import publish_parts

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "crm_lead_api" / "openapi" / "history.html"
VERSION = r"^(19\.0\.[^\n]+)\n=+\n"
SECTION = r"^For integrators\n-+\n(.*?)(?=^[^\n]+\n-+$|\Z)"
SETTINGS = {"file_insertion_enabled": False, "halt_level": 2, "raw_enabled": False}
PART = """\
<details{is_open}>
<summary>{version}</summary>
{body}
</details>
"""


def render() -> str:
    """Return the changes of each version that has some, the newest first and open."""
    _head, *parts = re.split(VERSION, (ROOT / "HISTORY.rst").read_text(), flags=re.M)
    found = [
        (version, section[1])
        for version, text in zip(parts[::2], parts[1::2], strict=True)
        if (section := re.search(SECTION, text, re.M | re.S))
    ]
    return "".join(
        PART.format(
            is_open="" if index else " open",
            version=version,
            body=_render_text(text),
        )
        for index, (version, text) in enumerate(found)
    )


def _render_text(text):
    parts = publish_parts(text, writer="html5", settings_overrides=SETTINGS)
    return parts["body"].strip()
