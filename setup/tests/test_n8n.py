# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The node for n8n in a real n8n: run by ``setup/clients --n8n``.

n8n is large (1.5 GB), and so setup/test leaves it out.
"""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from client_cases import CASES, run_case
from client_cases.driver import FOLDER, Unoffered
from client_cases.n8n_driver import (
    OPERATIONS,
    SHIM,
    NodeDriver,
    decide_pauses,
    make_desk,
    make_listener,
    make_operations,
)
from client_cases.scene import open_scene
from odoo_database import PREFIX, Database, execute
from odoo_server import get_free_port
from waiting import PATIENCE, running, wait_until
from workspace import VAR, run_logged

# The last n8n for Node.js 20. It names a package that is not on npm, and takes a
# version of another that does not go with its own.
APP = {
    "private": True,
    "dependencies": {"n8n": "1.123.81"},
    "overrides": {"xlsx": "0.18.5", "@langchain/langgraph-checkpoint": "1.0.0"},
}
PACKAGE = FOLDER / "n8n"
PROGRAM = VAR / "n8n" / "app" / "node_modules" / ".bin" / "n8n"
# Made anew each time
HOME = VAR / "n8n" / "home"
DATABASE = f"{PREFIX}_n8n"
# The workflows that a webhook starts
ACTIVE = ("listener", OPERATIONS)
GET_PATH = 'SELECT "webhookPath" FROM webhook_entity WHERE "workflowId" = %s'
pytestmark = pytest.mark.skipif(
    not os.environ.get("CRM_LEAD_API_N8N"), reason="see above"
)
CLIENT = "crm.lead.api.client"


def prepare() -> None:
    """Install n8n, and the node's package as a user of n8n does."""
    # Odoo, which runs the tests, has set a limit that Node.js does not do with.
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    if not PROGRAM.exists():
        app = VAR / "n8n" / "app"
        app.mkdir(parents=True, exist_ok=True)
        (app / "package.json").write_text(json.dumps(APP))
        # Without scripts: they download programs that are not used here.
        options = ("--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund")
        run_logged("npm-n8n", ["npm", "install", "--prefix", app, *options])
    shutil.rmtree(HOME, ignore_errors=True)
    execute("DROP DATABASE IF EXISTS {}", DATABASE)
    execute("CREATE DATABASE {}", DATABASE)
    nodes = HOME / ".n8n" / "nodes"
    nodes.mkdir(parents=True)
    npm = ("npm", "ci", "--prefix", PACKAGE, "--ignore-scripts", "--no-audit")
    run_logged("npm-node", [*npm, "--no-fund"])
    run_logged("npm-build", ["npm", "run", "build"], cwd=PACKAGE)
    run_logged("npm-pack", ["npm", "pack", "--ignore-scripts", PACKAGE], cwd=nodes)
    (archive,) = nodes.glob("*.tgz")
    # n8n itself has n8n-workflow.
    npm = ("npm", "install", "--legacy-peer-deps", "--no-audit", "--no-fund")
    run_logged("npm-nodes", [*npm, archive], cwd=nodes)


def make_environment(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "N8N_USER_FOLDER": str(HOME),
        "N8N_PORT": str(port),
        "N8N_LISTEN_ADDRESS": "127.0.0.1",
        "DB_TYPE": "postgresdb",
        "DB_POSTGRESDB_HOST": os.environ["PGHOST"],
        "DB_POSTGRESDB_USER": os.environ["PGUSER"],
        "DB_POSTGRESDB_DATABASE": DATABASE,
        # The other engine needs a program that npm would compile.
        "N8N_EXPRESSION_ENGINE": "legacy",
        "N8N_DIAGNOSTICS_ENABLED": "false",
        "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_TEMPLATES_ENABLED": "false",
        "N8N_RUNNERS_ENABLED": "false",
        "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS": "false",
    }


class N8n:
    """Run commands of n8n, and its server."""

    def __init__(self):
        self.port = get_free_port()
        self.environment = make_environment(self.port)

    def __call__(self, *command: str) -> str:
        """Run a command, and return its output."""
        process = subprocess.run(
            [PROGRAM, *command], env=self.environment, capture_output=True, text=True
        )
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def load(self, kind: str, records: list[dict]) -> None:
        """Load credentials or workflows."""
        file = HOME / f"{kind}.json"
        file.write_text(json.dumps(records))
        self(f"import:{kind}", f"--input={file}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def serve(self, **environment: str) -> Iterator[None]:
        """Run the server, with variables of its own."""
        environment = {**self.environment, **environment}
        with (HOME / "n8n.log").open("w") as log:
            output = {"stdout": log, "stderr": log}
            with running([PROGRAM, "start"], self._is_up, env=environment, **output):
                yield

    def _is_up(self) -> bool:
        return requests.get(f"{self.url}/healthz/readiness", timeout=5).ok


@pytest.fixture(scope="module")
def scene(addons, tmp_path_factory):
    log = tmp_path_factory.mktemp("n8n") / "odoo.log"
    with open_scene(addons.copy("n8n_odoo"), log) as scene:
        yield scene


@pytest.fixture(scope="module")
def leads(scene):
    """The lead of the desk, and one whose first connection is cut."""
    return scene.make_lead(), scene.make_lead()


@pytest.fixture(scope="module")
def n8n(scene, leads):
    """A new n8n with the workflows."""
    prepare()
    n8n = N8n()
    client = scene.get_id("demo_client")
    values = {"webhook_url": n8n.url, "webhook_allow_private": True}
    scene.act(CLIENT, "write", [client], values)
    [values] = scene.act(CLIENT, "read", [client], ["webhook_secret"])
    url, body = scene.proxy.url, {"token": "={{ $json.body.token }}"}
    body["database"] = "={{ $json.body.database }}"
    secret = {"secret": values["webhook_secret"]}
    credentials = [
        ("lead", "crmLeadApi", {"url": url, "token": scene.token}),
        ("events", "crmLeadApiEvents", secret),
        ("case", "crmLeadApi", {"url": url, **body}),
    ]
    credentials = [
        {"id": name, "name": name, "type": kind, "data": data}
        for name, kind, data in credentials
    ]
    n8n.load("credentials", credentials)
    first, second = leads
    cut = {**make_desk({**second}), "id": "cut", "name": "cut"}
    listener = make_listener(first["agent_email"])
    n8n.load("workflow", [make_desk({**first}), cut, listener, make_operations()])
    for name in ACTIVE:
        n8n("update:workflow", f"--id={name}", "--active=true")
    return n8n


@pytest.fixture(scope="module")
def driver(n8n, scene):
    """The node, in a server that starts workflows."""
    driver = NodeDriver(n8n.url, scene.proxy)
    with decide_pauses(driver) as url:
        with n8n.serve(NODE_OPTIONS=f"--require={SHIM}", CRM_LEAD_API_PAUSES=url):
            # The workflows are active some moments after n8n is ready.
            query = Database(DATABASE).query
            wait_until(
                lambda: all(query(GET_PATH, name) for name in ACTIVE), "no webhooks"
            )
            yield driver


def test_desk(n8n, scene, leads):
    """A lead is made, found, changed, noted on, and its customer looked up."""
    n8n("execute", "--id=desk")
    ticket = leads[0]["ticket_id"]
    assert scene.count_leads(ticket) == 1
    query = "SELECT id, street FROM crm_lead WHERE ticket_ref = %s"
    [(lead_id, street)] = scene.database.query(query, str(ticket))
    assert street == "1 Lê Lai"
    assert scene.count_notes(lead_id, "Từ n8n") == 1


def test_retry(n8n, scene, leads):
    """A lead whose answer was lost is made once."""
    scene.proxy.begin("answered")
    n8n("execute", "--id=cut")
    assert len([each for each in scene.proxy.requests if each.method == "POST"]) >= 3
    assert scene.count_leads(leads[1]["ticket_id"]) == 1


def test_events(driver, n8n, scene, leads):
    """An event of Odoo starts a workflow, which notes on the lead; an event without a
    right signature is refused."""
    query = "SELECT id FROM crm_lead WHERE ticket_ref = %s"
    [(lead_id,)] = scene.database.query(query, str(leads[1]["ticket_id"]))
    client = scene.get_id("demo_client")
    [(path,)] = Database(DATABASE).query(GET_PATH, "listener")
    url = f"{n8n.url}/webhook/{path}"
    values = {"webhook_url": url, "webhook_allow_private": True}
    scene.act(CLIENT, "write", [client], values)
    scene.act("crm.lead", "action_set_won", [lead_id])
    action = scene.get_id("ir_cron_send_events")
    scene.act("ir.cron", "method_direct_trigger", [action])
    wait_until(lambda: scene.count_notes(lead_id, "n8n: lead.won"), "no note")
    headers = {"webhook-id": "1", "webhook-timestamp": "1700000000"}
    answer = requests.post(url, data=b"{}", headers=headers, timeout=PATIENCE)
    assert answer.status_code == 401, answer.text
    scene.act(CLIENT, "write", [client], {"webhook_url": False})


@pytest.mark.parametrize("name", CASES)
def test_case(driver, scene, name):
    try:
        run_case(name, driver, scene)
    except Unoffered as error:
        pytest.skip(f"{name}: {error}")
