# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases and servers for the tests of the addon as administrators run it."""

from contextlib import ExitStack

import pytest
from neighbour import Neighbour
from odoo_database import PREFIX, Database, execute
from odoo_server import Server, get_free_port


@pytest.fixture(scope="session")
def empty():
    """A database without anything in it."""
    name = f"{PREFIX}_empty"
    execute("DROP DATABASE IF EXISTS {}", name)
    execute("CREATE DATABASE {}", name)
    return Database(name)


@pytest.fixture(scope="session")
def demo(empty):
    """A database with the addon and its demo data; copy it, don't change it."""
    database = empty.copy("demo")
    database.odoo("--init=crm_lead_api", "--with-demo", "--stop-after-init")
    return database


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
