# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write the table of methods on the page of the clients, from the clients' code."""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from client_cases.n8n_driver import METHODS

ROOT = Path(__file__).parents[1]
CLIENTS = ROOT / "clients"
PAGE = ROOT / "docs" / "clients.rst"
API = CLIENTS / "python/src/crm_lead_api_client/_async/api.py"
NODE = CLIENTS / "n8n/nodes/CrmLeadApi"
BEGIN = ".. The table of methods: setup/clients --generate writes it.\n\n"
HEADS = ("Method", "Task", "Operation in n8n")
WIDTHS = (25, 45, 26)
# By file: how it declares a method
DECLARATIONS = {
    "typescript/src/api.ts": r"^  (?:async )?{camel}\(",
    "php/LeadApi.php": r"^    public function {camel}\(",
    "csharp/LeadApi*.cs": r"^        public (?:async )?Task.* {pascal}Async\(",
}
NODE_OPERATION = re.compile(
    r'name: "(?P<name>[^"]+)",\s+value: "(?P<value>\w+)",\s+action'
    r'|^  (?P<key>\w+): {\s+name: "(?P<title>[^"]+)"',
    re.MULTILINE,
)


def find_methods() -> Iterator[tuple[str, str]]:
    """Yield each method of the client in Python, with the task that its docstring
    tells."""
    (api,) = (
        node
        for node in ast.parse(API.read_text()).body
        if isinstance(node, ast.ClassDef)
    )
    for node in api.body:
        is_method = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_method and not node.name.startswith("_"):
            yield node.name, re.split(r"[.:;]\s", ast.get_docstring(node) + " ")[0]


def find_missing() -> list[str]:
    """Return the methods that a client lacks, as lines for people."""
    missing = []
    for name, _task in find_methods():
        pascal = name.title().replace("_", "")
        camel = pascal[0].lower() + pascal[1:]
        for pattern, declaration in DECLARATIONS.items():
            code = "".join(path.read_text() for path in CLIENTS.glob(pattern))
            if not re.search(
                declaration.format(camel=camel, pascal=pascal), code, re.MULTILINE
            ):
                missing.append(f"clients/{pattern} has no {name}")
    return missing


def render() -> str:
    """Return the page with the table anew."""
    rule = "  ".join("=" * width for width in WIDTHS)
    lines = [rule, _make_line(HEADS), rule]
    operations = _read_operations()
    for name, task in find_methods():
        operation, _make = METHODS.get(name, ("", None))
        tasks = textwrap.wrap(task[0].lower() + task[1:], WIDTHS[1])
        cells = (f"``{name}``", tasks[0], operations.get(operation, ""))
        lines += [
            _make_line(cells),
            *(_make_line(("", each, "")) for each in tasks[1:]),
        ]
    table = "\n".join([*lines, rule])
    head, begin, rest = PAGE.read_text().partition(BEGIN)
    return head + begin + table + "\n\n" + rest.partition(f"{rule}\n\n")[2]


def _make_line(cells):
    pairs = zip(cells, WIDTHS, strict=True)
    return "  ".join(cell.ljust(width) for cell, width in pairs).rstrip()


def _read_operations():
    """Return the names of the operations of the node for n8n, by value."""
    code = "".join((NODE / name).read_text() for name in ("properties.ts", "addons.ts"))
    return {
        found["value"] or found["key"]: found["name"] or found["title"]
        for found in NODE_OPERATION.finditer(code)
    }


def main() -> None:
    PAGE.write_text(render())
