# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clients below clients/, with a real Odoo; setup/clients has more of them."""

import ast
import json
import re
import shutil
import subprocess
import textwrap
from functools import partial

import client_code
import client_collection
import pytest
from client_cases import work
from client_cases.driver import FOLDER, LANGUAGES, PYTHON, UNLIMITED, run_driver
from client_cases.run import CASES, open_scene, run_case
from documents import find_operations

HAS_TYPESCRIPT = (FOLDER / "typescript/dist/index.js").exists() and shutil.which("node")
needs_typescript = pytest.mark.skipif(not HAS_TYPESCRIPT, reason="no npm")
needs_php = pytest.mark.skipif(not shutil.which("php"), reason="no php")
needs_mono = pytest.mark.skipif(
    not (LANGUAGES["csharp"][-1].exists() and shutil.which("mono")), reason="no mono"
)
DRIVERS = (
    *("python", "python-async"),
    pytest.param("typescript", marks=needs_typescript),
    pytest.param("php", marks=needs_php),
    pytest.param("csharp", marks=needs_mono),
)
# As the README says
RUN_CSHARP = """
mcs -r:System.Net.Http,System.Runtime.Serialization,System.Xml.Linq \\
    "$0" clients/csharp/*.cs && exec mono "${0%.cs}.exe"
"""
# The file with a sample, its language there, and how it is run
SAMPLES = (
    ("docs/clients.rst", ".. code:: python", "first.py", PYTHON),
    ("clients/python/README.md", "```python", "first.py", PYTHON),
    pytest.param(
        *("clients/typescript/README.md", "```javascript", "first.mjs", ("node",)),
        marks=needs_typescript,
    ),
    pytest.param(
        *("clients/php/README.md", "```php", "first.php", ("php",)), marks=needs_php
    ),
    pytest.param(
        *("clients/csharp/README.md", "```csharp", "Program.cs"),
        ("bash", "-c", RUN_CSHARP),
        marks=needs_mono,
    ),
)
# How the code of a client, or the page, names a method
DECLARATIONS = {
    "docs/clients.rst": r"^``{name}`` ",
    "clients/typescript/src/api.ts": r"^  (?:async )?{camel}\(",
    "clients/php/LeadApi.php": r"^    public function {camel}\(",
    "clients/csharp/LeadApi*.cs": r"^        public (?:async )?Task.* {pascal}Async\(",
}
GENERATORS = (
    *(client_code.generate_models, client_code.generate_sync),
    pytest.param(client_code.generate_schema, marks=needs_typescript),
)


@pytest.fixture(scope="module")
def scene(addons, tmp_path_factory):
    log = tmp_path_factory.mktemp("clients") / "odoo.log"
    with open_scene(addons.copy("clients"), log) as scene:
        yield scene


@pytest.fixture(scope="module", params=DRIVERS)
def driver(request):
    with run_driver(request.param) as driver:
        yield driver


@pytest.fixture(scope="module")
def used(driver):
    """The requests of each case that has passed: method and path."""
    return {}


@pytest.mark.parametrize("name", CASES)
def test_case(scene, driver, used, name):
    run_case(name, driver, scene)
    used[name] = {(each.method, each.path) for each in scene.proxy.requests}


def test_cases_use_each_operation_of_the_document(used):
    if used.keys() != CASES.keys():
        pytest.skip("needs all cases")
    assert work.find_unused(set().union(*used.values())) == set()


@pytest.mark.parametrize(("page", "begin", "name", "command"), SAMPLES)
def test_first_lead_and_booking(scene, page, begin, name, command, tmp_path):
    """The sample, run twice as it stands on the page, makes one lead; that of a README
    one booking, too."""
    _head, _begin, rest = (FOLDER.parent / page).read_text().partition(f"{begin}\n")
    is_readme = page.endswith("README.md")
    source = re.split(r"\n```" if is_readme else r"\n(?=\S)", rest)[0]
    source = textwrap.dedent(source).replace("http://localhost:8069", scene.proxy.url)
    (tmp_path / name).write_text(source.replace("YOUR_TOKEN", scene.token))
    lead = scene.make_lead()
    (tmp_path / "lead.json").write_text(json.dumps(lead))
    # As the page installs them
    (tmp_path / "clients").symlink_to(FOLDER)
    (tmp_path / "node_modules").mkdir()
    package = tmp_path / "node_modules" / "crm-lead-api-client"
    package.symlink_to(FOLDER / "typescript")
    scene.proxy.begin()
    run = partial(subprocess.run, [*UNLIMITED, *command, name], cwd=tmp_path)
    first, again = (run(text=True, capture_output=True) for _time in range(2))
    assert "model=crm.lead" in first.stdout, first.stderr
    assert "model=crm.lead" in again.stdout, again.stderr
    assert scene.count_leads(lead["ticket_id"]) == 1
    assert ("BK-" in first.stdout) is is_readme
    assert ("open booking" in again.stderr) is is_readme


@pytest.mark.parametrize("generate", GENERATORS)
def test_generated_code_is_up_to_date(generate, tmp_path):
    """``setup/clients --generate`` writes it anew."""
    assert client_code.find_outdated(generate, tmp_path) == []


def test_collection_has_each_operation_of_the_document():
    collection = json.loads(client_collection.TARGET.read_text())
    requests = client_collection.find_requests(collection)
    operations = sorted(map(client_collection.get_operation, requests))
    assert operations == sorted(find_operations())


@pytest.mark.parametrize("pattern", DECLARATIONS)
def test_each_client_has_each_method(pattern):
    """Each method of the client in Python is in the other clients, and on the page."""
    api = ast.parse((client_code.PACKAGE / "_async" / "api.py").read_text())
    [methods] = (node.body for node in api.body if isinstance(node, ast.ClassDef))
    code = "".join(path.read_text() for path in FOLDER.parent.glob(pattern))
    missing = []
    for node in methods:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            pascal = node.name.title().replace("_", "")
            names = {"name": node.name, "pascal": pascal}
            names["camel"] = pascal[0].lower() + pascal[1:]
            declaration = DECLARATIONS[pattern].format(**names)
            if node.name[0] != "_" and not re.search(declaration, code, re.MULTILINE):
                missing.append(node.name)
    assert missing == []
