# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addons as pip installs them: built, installed beside Odoo, and at work."""

import json
import re
import subprocess
import sys
import venv
import zipfile
from configparser import ConfigParser
from dataclasses import replace
from email.parser import Parser
from pathlib import Path
from sysconfig import get_path

import pytest
from odoo_database import CONFIG
from packaging.requirements import Requirement
from readme import ROOT, get_addons, read_manifest

ADDONS = get_addons()
ADDON_IDS = [addon.name for addon in ADDONS]
# In bytes, without pictures and tests. Almost half of crm_lead_api is Swagger UI.
MAX_SIZE = 1_150_000
ORIGINS = """
from odoo.modules.module import Manifest
for name in {names}:
    print(">>" + Manifest.for_addon(name).path)
"""


def run(*command: str | Path) -> None:
    process = subprocess.run(command, capture_output=True, text=True)
    assert process.returncode == 0, process.stdout + process.stderr


def read_requirements(name: str) -> list[str]:
    """Return the lines of a file of requirements, without comments."""
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]


def find_requirements(addon: Path) -> list[str]:
    return read_manifest(addon).get("external_dependencies", {}).get("python", [])


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
def python(wheels, tmp_path_factory) -> Path:
    """A Python with Odoo and the wheels, but without this folder."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    paths = {"base": folder, "platbase": folder}
    site_packages = Path(get_path("purelib", vars=paths))
    # Odoo, and its own dependencies, are where they are for the other tests.
    here = Path(get_path("purelib"))
    lines = [str(here), (here / "odoo.pth").read_text()]
    (site_packages / "odoo.pth").write_text("\n".join(lines))
    # The other packages are there; Odoo itself looks for those of the manifests.
    pip = (sys.executable, "-m", "pip", f"--python={python}", "install", "--quiet")
    run(*pip, "--no-index", "--no-deps", *wheels.values())
    return python


@pytest.fixture(scope="module")
def database(crm, python, tmp_path_factory):
    """A database into which the addons were installed from their wheels."""
    config = ConfigParser(interpolation=None)
    config.read(CONFIG)
    paths = config["options"]["addons_path"].split(",")
    folders = [path for path in paths if Path(path) != ROOT]
    config["options"]["addons_path"] = ",".join(folders)
    file = tmp_path_factory.mktemp("config") / "odoo.conf"
    file.touch(mode=0o600)  # it may hold a password
    with file.open("w") as output:
        config.write(output)
    database = replace(crm.copy("wheels"), config=file, python=python)
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
        [about] = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        needs = Parser().parsestr(wheel.read(about).decode()).get_all("Requires-Dist")
        size = sum(
            each.compress_size
            for each in wheel.infolist()
            if not (each.filename.endswith(".png") or "/tests/" in each.filename)
        )
    assert {name.removeprefix(folder) for name in names} == files
    assert {"README.rst", "i18n/vi.po", "static/description/index.html"} <= files
    python = {str(Requirement(each)) for each in find_requirements(addon)}
    assert python <= {str(Requirement(each)) for each in needs}
    assert size <= MAX_SIZE


def test_odoo_finds_the_wheels(database, python):
    origins = database.run(ORIGINS.format(names=ADDON_IDS)).splitlines()
    assert len(origins) == len(ADDONS)
    for origin in origins:
        assert Path(origin).is_relative_to(python.parents[1])
    states = dict(database.query("SELECT name, state FROM ir_module_module"))
    assert {states[name] for name in ADDON_IDS} == {"installed"}


def test_request(database, start_server):
    token, payload = database.make_token(), json.loads(database.make_payload())
    status, _head, body = start_server(database).post(token, payload)
    assert status == 200, body
    assert database.count_leads() >= 1


def test_requirements():
    """The file for those without pip's wheels has the requirements of the manifests."""
    found = {each for addon in ADDONS for each in find_requirements(addon)}
    assert read_requirements("requirements.txt") == sorted(found)


def test_tried_versions():
    """The tests run with versions in the ranges, and the lowest is the low end."""
    ranges = [Requirement(each) for each in read_requirements("requirements.txt")]
    ranges = {each.name: each.specifier for each in ranges if each.specifier}
    lowest = dict(
        each.split("==") for each in read_requirements("setup/lowest-requirements.txt")
    )
    tested = dict(
        each.split("==") for each in read_requirements("test-requirements.txt")
    )
    assert lowest.keys() == ranges.keys()
    for package, versions in ranges.items():
        assert f">={lowest[package]}" in map(str, versions)
        assert versions.contains(tested[package])
