# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the history of the API, as setup/docs has rendered it from HISTORY.rst."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

FILE = Path(__file__).with_name("history.html")


@cache
def read_history() -> Markup:
    """Return the changes for integrators, by version, the newest first, in HTML."""
    # No text of a user is in the file.
    return Markup(FILE.read_text(encoding="utf-8"))  # noqa: S704
