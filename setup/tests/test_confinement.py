# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo as a user without a home, who may write to nothing but data_dir: stricter than
the unit for systemd in docs/deployment."""

import os
import shutil
import subprocess
import tempfile
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path

import pytest
from odoo_database import CONFIG
from odoo_server import UNIT, read_unit

# All else is read-only, also what everybody may write to. The capability lets the user
# read the tests' files wherever they lie.
PYTHON = """#!/bin/sh
exec unshare --mount sh -c '
    mount --bind {data} {data}
    for folder in / /tmp /var/tmp /dev/shm; do
        ! mountpoint --quiet $folder || mount -o remount,bind,ro $folder || exit
    done
    unset HOME
    export TMPDIR={data}
    caps=-all,+dac_read_search
    exec setpriv --reuid=65534 --regid=65534 --clear-groups \\
        --inh-caps=$caps --ambient-caps=$caps {python} "$@"
' - "$@"
"""


def can_confine():
    return subprocess.run(("unshare", "--mount", "true")).returncode == 0


@pytest.fixture(scope="module")
def data():
    """Odoo's data_dir, with its temporary files."""
    with tempfile.TemporaryDirectory(prefix="crm_lead_api.") as folder:
        os.chown(folder, 65534, 65534)
        yield Path(folder)


@pytest.fixture(scope="module")
def database(demo, data, tmp_path_factory):
    python = tmp_path_factory.mktemp("confinement") / "python"
    python.write_text(PYTHON.format(data=data, python=demo.python))
    python.chmod(0o755)
    # Odoo asks if the user may read this one, in which the capability does not count.
    config = shutil.copy(CONFIG, data)
    os.chown(config, 65534, 65534)
    return replace(demo.copy("confinement"), python=python, config=config)


@pytest.mark.skipif(
    os.geteuid() != 0 or not can_confine(), reason="needs root, and mounts"
)
def test_requests(database, data, start_server, token, payload):
    for folder in ("/tmp", "/dev/shm", os.getcwd()):
        write = f"open({str(folder) + '/written'!r}, 'w')"
        run = subprocess.run([database.python, "-c", write], stderr=subprocess.PIPE)
        assert b"Read-only file system" in run.stderr
    server = start_server(database, f"--data-dir={data}", "--max-cron-threads=0")
    server.check_requests(token, payload)


def test_unit_names_data_dir():
    config = ConfigParser(interpolation=None)
    config.read(UNIT.with_name("odoo.conf"))
    service = read_unit()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == config["options"]["data_dir"]
