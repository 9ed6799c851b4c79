# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the code of the released versions in the git history."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VERSIONS = [
    *("19.0.1.0.0", "19.0.2.0.0", "19.0.3.0.0", "19.0.4.0.0", "19.0.5.0.0"),
    *("19.0.6.0.0", "19.0.7.0.0", "19.0.8.0.0", "19.0.8.1.0"),
]


def unpack(version: str, folder: Path) -> None:
    """Write the addon's last files of a version into a folder.

    Skip the test if the git history does not reach back so far, or if the version
    cannot be imported on this Python: no database of it was ever run there.
    """
    oldest = (3, 11) if version in VERSIONS[:2] else (3, 13)
    if sys.version_info < oldest:
        pytest.skip(f"version {version} needs Python {'.'.join(map(str, oldest))}")
    change = f'-S"version": "{version}"'
    path = "crm_lead_api/__manifest__.py"
    git = ("git", "-C", ROOT)
    command = [*git, "log", "--format=%H", change, "--", path]
    is_repository = (ROOT / ".git").exists()
    log = subprocess.run(command, capture_output=True, text=True, check=is_repository)
    if not log.stdout:
        pytest.skip(f"version {version} is not in the git history that is here")
    # The newest is the one that raised the version.
    commit = f"{log.stdout.split()[0]}~1"
    archive = subprocess.run(
        [*git, "archive", commit, "crm_lead_api"], stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
