# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clients below clients/, with a real Odoo; setup/clients gets what they need."""

import ast
import json
import re
import shutil
import subprocess
from functools import partial

import client_code
import pytest
from client_cases import CASES, run_case, work
from client_cases.driver import FOLDER, LANGUAGES, PYTHON, UNLIMITED, run_driver
from client_cases.scene import open_scene
from documents import find_operations
from pages import PAGES, ROOT, find

HAS_TYPESCRIPT = (FOLDER / "typescript/dist/index.js").exists() and shutil.which("node")
slow = pytest.mark.slow
needs_typescript = pytest.mark.skipif(not HAS_TYPESCRIPT, reason="no npm")
needs_php = pytest.mark.skipif(not shutil.which("php"), reason="no php")
needs_mono = pytest.mark.skipif(
    not (LANGUAGES["csharp"][-1].exists() and shutil.which("mono")), reason="no mono"
)
DRIVERS = (
    *("python", pytest.param("python-async", marks=slow)),
    pytest.param("typescript", marks=(needs_typescript, slow)),
    pytest.param("php", marks=(needs_php, slow)),
    pytest.param("csharp", marks=(needs_mono, slow)),
)
# The page, its language, the file where the code is put, and how it is run
PAGE, CSHARP = "docs/clients.rst", "clients/csharp/README.md"
MONO = ("bash", "-c", " && ".join(find(CSHARP, "shell")[-2:]))
SAMPLES = (
    (PAGE, "python", "first.py", PYTHON),
    ("clients/python/README.md", "python", "first.py", PYTHON),
    pytest.param(
        *("clients/typescript/README.md", "javascript", "first.mjs", ("node",)),
        marks=needs_typescript,
    ),
    pytest.param(
        *("clients/php/README.md", "php", "first.php", ("php",)), marks=needs_php
    ),
    pytest.param(CSHARP, "csharp", "Program.cs", MONO, marks=needs_mono),
)
# Those of test_documentation and event_receiver, and an option that the cases use
OTHER_SAMPLES = {("docs/developers.rst", "python"), ("docs/integrators.rst", "python")}
OTHER_SAMPLES.add((PAGE, "javascript"))
# What the samples after the first find on the page
SCENERY = """
from types import SimpleNamespace
api, leads = LeadApi("http://localhost:8069", "YOUR_TOKEN"), [lead]
queue, SECRET, request = [], "whsec_MfKQ", SimpleNamespace(headers={}, get_data=bytes)
app = SimpleNamespace(post=lambda path: lambda function: function)
"""
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


@pytest.mark.parametrize(("page", "language", "name", "command"), SAMPLES)
def test_first_lead_and_booking(scene, page, language, name, command, tmp_path):
    """The samples, run twice as they stand on the page, make one lead; that of a README
    one booking, too."""
    first, *others = find(page, language)
    source = "\n".join([first, SCENERY * bool(others), *others])
    source = source.replace("http://localhost:8069", scene.proxy.url)
    source = source.replace("(49", '(answer.data["id_lead"]')
    (tmp_path / name).write_text(source.replace("YOUR_TOKEN", scene.token))
    lead = scene.make_lead()
    (tmp_path / "lead.json").write_text(json.dumps(lead))
    (tmp_path / "1716.mp3").write_bytes(b"ID3")
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
    is_readme = page != PAGE
    assert ("BK-" in first.stdout) is is_readme
    assert ("open booking" in again.stderr) is is_readme
    assert first.returncode == 0, first.stderr


def test_samples_of_all_pages_run():
    samples = {getattr(each, "values", each)[:2] for each in SAMPLES}
    languages = ("python", "javascript", "php", "csharp")
    pages = [str(page.relative_to(ROOT)) for page in PAGES]
    shown = {(page, each) for page in pages for each in languages if find(page, each)}
    assert shown == samples | OTHER_SAMPLES


@pytest.mark.parametrize("generate", GENERATORS)
def test_generated_code_is_up_to_date(generate, tmp_path):
    """``setup/clients --generate`` writes it anew."""
    assert client_code.find_outdated(generate, tmp_path) == []


def test_collection_has_each_operation_of_the_document():
    collection = json.loads(client_code.COLLECTION.read_text())
    requests = client_code.find_requests(collection)
    operations = sorted(map(client_code.get_operation, requests))
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
