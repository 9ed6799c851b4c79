# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Build the wheel as whool does, with the guides, which git does not keep."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from whool import buildapi
from whool.buildapi import *  # noqa: F403  the other hooks of a build

ADDON = Path(__file__).parents[1]
GUIDES = "static/guides"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = buildapi.build_wheel(wheel_directory, config_settings, metadata_directory)
    setup = ADDON.parent / "setup"
    if not setup.exists():  # a source distribution has no guides
        return name
    sys.path.insert(0, str(setup))
    from docs import write_guides

    write_guides()
    with tempfile.TemporaryDirectory() as folder:

        def run(command, target, source):
            # Not in the addon, whose "http" would be taken for Python's
            wheel = (sys.executable, "-m", "wheel", command, f"--dest={target}", source)
            subprocess.run(wheel, check=True, cwd=folder)  # noqa: S603  no input

        run("unpack", folder, Path(wheel_directory, name).resolve())
        [unpacked] = Path(folder).iterdir()
        target = unpacked / "odoo" / "addons" / ADDON.name / GUIDES
        shutil.copytree(ADDON / GUIDES, target, dirs_exist_ok=True)
        run("pack", Path(wheel_directory).resolve(), unpacked)
    return name
