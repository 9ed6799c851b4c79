# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases and servers for the tests of the addon as administrators run it."""

import os
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from filelock import FileLock
from neighbour import Neighbour
from odoo_database import PREFIX, SHARED_PREFIX, Database, execute
from odoo_server import Server, get_free_port


@pytest.fixture(scope="session")
def empty():
    """A database without anything in it."""
    name = f"{PREFIX}_empty"
    execute("DROP DATABASE IF EXISTS {}", name)
    execute("CREATE DATABASE {}", name)
    return Database(name)


@pytest.fixture(scope="session")
def make_template(tmp_path_factory) -> Callable:
    """Return a function that installs a database once for all workers of pytest-xdist.

    Tests copy the database; none changes it.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def make_template(source: Database, name: str, *options: str) -> Database:
        installed = folder / f"{name}.installed"
        with FileLock(folder / f"{name}.lock"):
            if not installed.exists():
                database = source.copy(name, prefix=SHARED_PREFIX)
                database.odoo(*options, "--stop-after-init")
                installed.touch()
        return Database(f"{SHARED_PREFIX}_{name}")

    return make_template


@pytest.fixture(scope="session")
def crm(empty, make_template):
    """A template with Odoo's CRM and its demo data alone."""
    return make_template(empty, "crm", "--init=crm", "--with-demo")


@pytest.fixture(scope="session")
def demo(crm, make_template):
    """A template with the addon and its demo data."""
    return make_template(crm, "demo", "--init=crm_lead_api", "--with-demo")


@pytest.fixture(scope="session")
def neighbour(demo):
    """A database with another addon that does what addons do."""
    return Neighbour.make(demo)


@pytest.fixture
def free_port():
    return get_free_port()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory):
    """Return a function that starts a server; they are stopped at the module's end."""
    with ExitStack() as stack:

        def start(database: Database, *options: str) -> Server:
            log = tmp_path_factory.mktemp("server") / "odoo.log"
            return stack.enter_context(database.serve(log, *options))

        yield start


@pytest.fixture(scope="module")
def token(database):
    return database.make_token()


@pytest.fixture(scope="module")
def payload(database):
    return database.make_payload()
