# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addons as pip installs them: built, installed beside Odoo, and at work."""

import re
import subprocess
import sys
import venv
import zipfile
from dataclasses import replace
from email.parser import Parser
from pathlib import Path

import pytest
from client_cases.driver import run
from odoo_database import read_config, write_config
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from readme import ROOT, get_addons, read_manifest

ADDONS = get_addons()
ADDON_IDS = [addon.name for addon in ADDONS]
# In bytes, without pictures and tests. Almost half of crm_lead_api is Swagger UI.
MAX_SIZE = 1_250_000
# Of Debian 13, and of Ubuntu 24.04
TYPING_EXTENSIONS = "4.13.2" if sys.version_info >= (3, 13) else "4.10.0"
ORIGINS = """
from odoo.modules.module import Manifest
for name in {names}:
    print(">>" + Manifest.for_addon(name).path)
"""


def read_requirements(name: str) -> dict[str, SpecifierSet]:
    """Return the versions in a file of requirements that count for this Python, by the
    name of the package."""
    lines = (ROOT / name).read_text().splitlines()
    found = [Requirement(line) for line in lines if not line.startswith("#")]
    return {
        each.name: each.specifier
        for each in found
        if not each.marker or each.marker.evaluate()
    }


def read_needs(wheel: Path) -> dict[str, SpecifierSet]:
    """Return the versions that a wheel needs, by the name of the package."""
    with zipfile.ZipFile(wheel) as files:
        [about] = [name for name in files.namelist() if name.endswith("/METADATA")]
        lines = Parser().parsestr(files.read(about).decode()).get_all("Requires-Dist")
    return {each.name: each.specifier for each in map(Requirement, lines)}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> dict[str, Path]:
    """The wheel of each addon, by the addon's name."""
    folder = tmp_path_factory.mktemp("wheels")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    command = (sys.executable, "-m", "pip", "wheel", *options)
    run(*command, f"--wheel-dir={folder}", *ADDONS)
    return {
        re.match(r"odoo_addon_(\w+)-", path.name)[1]: path
        for path in folder.glob("*.whl")
    }


@pytest.fixture(scope="module")
def python(wheels, own_python) -> Path:
    """A Python with Odoo and the wheels, but without this folder."""
    # The other packages are there; Odoo itself looks for those of the manifests.
    pip = (own_python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps")
    run(*pip, *wheels.values())
    return own_python


@pytest.fixture(scope="module")
def database(crm, python, tmp_path_factory):
    """A database into which the addons were installed from their wheels."""
    config = read_config()
    paths = config["options"]["addons_path"].split(",")
    folders = [path for path in paths if Path(path) != ROOT]
    config["options"]["addons_path"] = ",".join(folders)
    config = write_config(config, tmp_path_factory.mktemp("config") / "odoo.conf")
    database = replace(crm.copy("wheels"), config=config, python=python)
    database.odoo(f"--init={','.join(ADDON_IDS)}", "--with-demo", "--stop-after-init")
    return database


@pytest.mark.parametrize("addon", ADDONS, ids=ADDON_IDS)
def test_content(wheels, addon):
    """A wheel has each file of its addon, and names what the addon needs."""
    listed = subprocess.check_output(("git", "ls-files", "-z"), cwd=addon, text=True)
    files = set(listed.rstrip("\0").split("\0")) - {"pyproject.toml"}
    folder = f"odoo/addons/{addon.name}/"
    with zipfile.ZipFile(wheels[addon.name]) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        size = sum(
            each.compress_size
            for each in wheel.infolist()
            if not (each.filename.endswith(".png") or "/tests/" in each.filename)
        )
    if addon.name == "crm_lead_api":
        guides = {f"static/guides/{name}.html" for name in ("salespeople", "history")}
        assert guides <= {name.removeprefix(folder) for name in names}
        names = [name for name in names if "/static/guides/" not in name]
    assert {name.removeprefix(folder) for name in names} == files
    assert {"README.rst", "i18n/vi.po", "static/description/index.html"} <= files
    manifest = read_manifest(addon).get("external_dependencies", {}).get("python", [])
    assert set(manifest) <= read_needs(wheels[addon.name]).keys()
    assert size <= MAX_SIZE


def test_odoo_finds_the_wheels(database, python):
    origins = database.run(ORIGINS.format(names=ADDON_IDS)).splitlines()
    assert len(origins) == len(ADDONS)
    for origin in origins:
        assert Path(origin).is_relative_to(python.parents[1])
    states = dict(database.query("SELECT name, state FROM ir_module_module"))
    assert {states[name] for name in ADDON_IDS} == {"installed"}


def test_request(database, start_server):
    assert start_server(database).post(*database.make_access()).data
    assert database.count("crm_lead") >= 1


def list_files(*options: str) -> str:
    """Return the files in git, or not, that git ignores by some patterns."""
    command = ("git", "ls-files", "--ignored", "--directory", *options)
    return subprocess.check_output(command, cwd=ROOT, text=True)


def test_image():
    """The context of an image has what git has, and not the gigabytes below var/."""
    patterns = "--exclude-from=.dockerignore"
    assert list_files("--cached", patterns) == ""
    made = list_files("--others", "--exclude-standard")
    assert "var/" in made
    assert list_files("--others", patterns) == made


def test_tried_versions(wheels):
    """The tests run with both ends of the versions that the wheels take, and those of
    requirements.txt are some of them, from the lowest on."""
    needs = {}
    for wheel in wheels.values():
        needs |= read_needs(wheel)
    names = ("setup/lowest-requirements.txt", "test-requirements.txt")
    lowest, highest = (
        {each: str(found).removeprefix("==") for each, found in file.items()}
        for file in map(read_requirements, names)
    )
    for name, versions in read_requirements("requirements.txt").items():
        assert f">={lowest[name]}" in map(str, needs[name])
        assert needs[name].contains(highest[name])
        assert versions.contains(lowest.pop(name))
    assert not lowest


def test_requirements_beside_packages_of_the_system(tmp_path):
    """pip, which cannot replace a package of the system, has no need to."""
    venv.create(tmp_path, symlinks=True, with_pip=True)
    pip = (tmp_path / "bin" / "python", "-m", "pip")
    run(*pip, "install", "--quiet", f"typing_extensions=={TYPING_EXTENSIONS}")
    [record] = tmp_path.glob("lib/*/site-packages/typing_extensions*/RECORD")
    record.unlink()  # as in packages of Debian and Ubuntu
    run(*pip, "install", "--quiet", f"--requirement={ROOT / 'requirements.txt'}")
