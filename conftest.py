# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings

from odoo.tools import config

# Of the fast tests, by setup/tests/all: a quarter of what each test takes otherwise
settings.register_profile("quick", max_examples=25)


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry, tmp_path_factory):
    """Give each worker of pytest-xdist a filestore of its own.

    At the end of each class Odoo deletes the files that no record in the worker's
    database names. pytest-odoo lets all workers share the files.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    shared = Path(config.filestore(config["db_name"]))
    own = tmp_path_factory.mktemp("filestore")
    if shared.exists():
        shutil.copytree(shared, own, dirs_exist_ok=True)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
