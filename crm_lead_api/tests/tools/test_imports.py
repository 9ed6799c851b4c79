# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import importlib
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...schemas.lead import StoredLead

ADDON = Path(__file__).parents[2]
# Each room may import from those before it, and from itself.
ROOMS = (
    *("translate", "exceptions", "tools", "schemas", "http", "models", "wizard"),
    *("report", "openapi", "controllers", "hooks"),
)


def find_imports(room: str):
    """Yield each import of a room from the addon: file, line and imported room."""
    for path in sorted(ADDON.glob(f"{room}.py")) + sorted(
        ADDON.glob(f"{room}/**/*.py")
    ):
        package = path.relative_to(ADDON).parent.parts
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom):
                continue
            if node.level:
                base = package[: len(package) - node.level + 1]
            elif (node.module or "").startswith("odoo.addons.crm_lead_api."):
                base = ()
            else:
                continue
            names = [alias.name for alias in node.names]
            module = (node.module or "").removeprefix("odoo.addons.crm_lead_api.")
            parts = (*base, *filter(None, module.split(".")))
            for target in [parts[0]] if parts else names:
                yield path.relative_to(ADDON).as_posix(), node.lineno, target


@tagged("post_install", "-at_install")
class TestImports(BaseCase):
    def test_no_import_runs_back(self):
        wrong = [
            f"{path}:{line} imports from {target}"
            for position, room in enumerate(ROOMS)
            for path, line, target in find_imports(room)
            if target not in ROOMS[: position + 1]
        ]
        self.assertEqual(wrong, [])

    def test_former_names_until_20(self):
        former = importlib.import_module("odoo.addons.crm_lead_api.schemas.stored_lead")
        self.assertIs(former.StoredLead, StoredLead)

    def test_every_file_is_in_a_room(self):
        rooms = {path.relative_to(ADDON).parts[0] for path in ADDON.glob("**/*.py")}
        others = {"__init__.py", "__manifest__.py", "migrations", "tests", "wheel"}
        self.assertEqual(
            {name.removesuffix(".py") for name in rooms - others}, set(ROOMS)
        )
