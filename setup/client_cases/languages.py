# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clients, and how the programs are run that use them."""

import sys
from pathlib import Path

from workspace import VAR

FOLDER = Path(__file__).parents[2] / "clients"
PYTHON = ("env", f"PYTHONPATH={FOLDER}/python/src", sys.executable)

# Odoo, which runs the tests, has set a limit that Node.js does not do with.
UNLIMITED = ("bash", "-c", 'ulimit -S -v unlimited; exec "$@"', "-")
# By name: the command
LANGUAGES: dict[str, tuple[str | Path, ...]] = {
    "python": (*PYTHON, FOLDER / "python/tests/driver.py"),
    "python-async": (*PYTHON, FOLDER / "python/tests/driver.py", "--async"),
    "typescript": ("node", FOLDER / "typescript/test/driver.mjs"),
    "php": ("php", "-d", "display_errors=stderr", FOLDER / "php/driver.php"),
    "csharp": ("mono", VAR / "csharp/driver.exe"),
}
