# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases and servers for the tests of the addon as administrators run it."""

import json
import os
import venv
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from sysconfig import get_path

import pytest
from browser import find_browser, run_browser
from filelock import FileLock
from odoo_database import (
    MAKE_KEY,
    MAKE_PAYLOAD,
    PREFIX,
    SHARED_PREFIX,
    Database,
    execute,
)
from odoo_server import Server

BOOKING_CLIENT = """
client = env.ref("crm_lead_api.demo_client")
client.write({
    "books_appointments": True, "looks_up_customers": True, "requests_per_minute": 0})
"""
NUMBERS = count(1)  # of phones
# The longest first, and those that need different templates
FIRST = (
    *("test_migration", "test_odoo", "test_torture", "test_integration"),
    *("test_twins", "test_fuzz", "test_model"),
)


def pytest_collection_modifyitems(items):
    """Begin with the longest files: at the end they would leave workers idle."""
    order = {f"{name}.py": position for position, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


@pytest.fixture(scope="module", autouse=True)
def drop_copies():
    """Drop the copies that a worker of pytest-xdist has made for a file's tests, after
    the last of these: the copies of all files would take five gigabytes."""
    yield
    if PREFIX != SHARED_PREFIX:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for [name] in Database("postgres").query(query, f"{PREFIX}_"):
            execute("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def empty():
    """A database without anything in it."""
    return Database("template0")


@pytest.fixture(scope="session")
def make_template(tmp_path_factory) -> Callable:
    """Return a function that installs a database once for all workers of pytest-xdist.

    The function returns the database and the output of a script there. Tests copy the
    database; none changes it.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def make_template(source: Database, name: str, *options: str, script: str = ""):
        output = folder / f"{name}.output"
        with FileLock(folder / f"{name}.lock"):
            if not output.exists():
                database = source.copy(name, prefix=SHARED_PREFIX)
                database.odoo(*options, "--stop-after-init")
                output.write_text(database.run(script) if script else "")
        return Database(f"{SHARED_PREFIX}_{name}"), output.read_text()

    return make_template


def define_template(source: str, *options: str, script: str = ""):
    """Return a fixture: a template with more than the source has.

    :param source: the name of its fixture
    """

    @pytest.fixture(scope="session")
    def template(request, make_template) -> Database:
        database = request.getfixturevalue(source)
        return make_template(database, request.fixturename, *options, script=script)[0]

    return template


@pytest.fixture(scope="module")
def own_python(tmp_path_factory) -> Path:
    """A Python with Odoo, but without this folder."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True, with_pip=True)
    paths = {"base": folder, "platbase": folder}
    # Odoo, and its own dependencies, are where they are for the other tests.
    here = Path(get_path("purelib"))
    lines = [str(here), (here / "odoo.pth").read_text()]
    own = Path(get_path("purelib", vars=paths), "odoo.pth")
    own.write_text("\n".join(lines))
    return folder / "bin" / "python"


# Odoo's CRM alone, with its demo data and without
crm = define_template("empty", "--init=crm", "--with-demo")
bare_crm = define_template("empty", "--init=crm")
# The addon, then also quotations, without demo data
plain = define_template("bare_crm", "--init=crm_lead_api")
sale = define_template("plain", "--init=sale_crm")


@pytest.fixture(scope="session")
def demo_with_access(crm, make_template):
    """A template with the addon and its demo data; a token and a payload for it."""
    options = ("--init=crm_lead_api", "--with-demo")
    script = MAKE_KEY + MAKE_PAYLOAD
    database, output = make_template(crm, "demo", *options, script=script)
    return database, *output.splitlines()


@pytest.fixture(scope="session")
def demo(demo_with_access):
    return demo_with_access[0]


# The addon for bookings, with its demo data and a client that books
BOOKING = ("--init=crm_lead_api_booking", "--with-demo")
booking = define_template("demo", *BOOKING, script=BOOKING_CLIENT)
# Besides it the other addons, but that for quotations
OTHERS = "crm_lead_api_phone_call,crm_lead_api_connection,crm_lead_api_first_call"
addons = define_template("booking", f"--init={OTHERS}")
# The addon for first calls alone
giving = define_template("demo", "--init=crm_lead_api_first_call")
# All addons, without demo data
clean_addons = define_template("sale", f"--init=crm_lead_api_booking,{OTHERS}")


@pytest.fixture(scope="session")
def token(demo_with_access):
    """A token for ``demo`` and its copies."""
    return demo_with_access[1]


@pytest.fixture(scope="module")
def payload(demo_with_access):
    """A payload for ``demo`` and its copies."""
    return json.loads(demo_with_access[2])


@pytest.fixture(scope="module")
def send(server, token):
    """Return a function that sends a request, and returns the body of the answer, whose
    status it names."""

    def send(status, method, path, body=None, *headers):
        answer = server.call(token, method, path, body, *headers)
        assert answer.status == status, answer
        return answer.body

    return send


@pytest.fixture
def phone():
    """A phone that no other test has."""
    return f"0977 {next(NUMBERS):03} 303"


@pytest.fixture(scope="session")
def browser():
    """A browser without a window; tests that need one are skipped without."""
    if not find_browser():
        pytest.skip("no browser")
    with run_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def database(request):
    """A copy of ``demo`` for the module, or of the template that its ``TEMPLATE``
    names, with the addons of ``ADDONS_PATH`` besides Odoo's, after Odoo was run with
    the options of ``INIT``, and ``SCRIPT`` in its shell."""
    get = partial(getattr, request.module)
    template = request.getfixturevalue(get("TEMPLATE", "demo"))
    name = request.path.stem.removeprefix("test_")
    database = template.copy(name, get("ADDONS_PATH", None))
    if options := get("INIT", ()):
        database.odoo(*options, "--stop-after-init")
    if script := get("SCRIPT", ""):
        database.run(script)
    return database


@pytest.fixture(scope="module")
def server(request, database, start_server):
    """A server for the module, with its ``OPTIONS``."""
    return start_server(database, *getattr(request.module, "OPTIONS", ()))


@pytest.fixture(scope="module")
def servers(request, database, start_server):
    """Two servers for the module, with its ``OPTIONS``."""
    options = getattr(request.module, "OPTIONS", ())
    return [start_server(database, *options) for _ in range(2)]


@pytest.fixture(scope="module")
def url(server):
    return f"http://localhost:{server.port}"


@pytest.fixture(scope="module")
def start_server(tmp_path_factory):
    """Return a function that starts a server; they are stopped at the module's end."""
    with ExitStack() as stack:

        def start(database: Database, *options: str) -> Server:
            log = tmp_path_factory.mktemp("server") / "odoo.log"
            return stack.enter_context(database.serve(log, *options))

        yield start
