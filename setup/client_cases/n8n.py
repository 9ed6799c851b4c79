# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run the node for n8n in a real n8n: ``setup/clients --n8n``.

n8n is large (1.5 GB), and so this is no test of setup/test.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from odoo_database import CONFIG, PREFIX, Database, execute
from odoo_server import get_free_port
from waiting import PATIENCE, wait_until
from workspace import VAR, run_logged, say, say_step

from client_cases.languages import FOLDER
from client_cases.scene import Scene, open_scene

# The last n8n for Node.js 20. It names a package that is not on npm, and takes a
# version of another that does not go with its own.
APP = {
    "private": True,
    "dependencies": {"n8n": "1.123.81"},
    "overrides": {"xlsx": "0.18.5", "@langchain/langgraph-checkpoint": "1.0.0"},
}
PACKAGE = FOLDER / "n8n"
NODE = "n8n-nodes-crm-lead-api"
PROGRAM = VAR / "n8n" / "app" / "node_modules" / ".bin" / "n8n"
# Made anew each time
HOME = VAR / "n8n" / "home"
DATABASE = f"{PREFIX}_n8n"
WEBHOOK = "5f3c1f0e-3c38-4d5a-9d0e-8f6a3d7c2b10"


def prepare() -> None:
    """Install n8n, and the node's package as a user of n8n does."""
    say_step("n8n")
    if not PROGRAM.exists():
        say("installing n8n (some minutes)")
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


def make_node(name: str, kind: str, position: int, **parameters) -> dict:
    return {
        **{"id": name, "name": name, "type": kind, "typeVersion": 1},
        **{"position": [200 * position, 0], "parameters": parameters},
        "credentials": {"crmLeadApi": {"id": "lead", "name": "lead"}},
    }


def make_workflow(name: str, nodes: list[dict]) -> dict:
    """Return a workflow whose nodes run one after the other."""
    pairs = zip(nodes, nodes[1:], strict=False)
    connections = {
        first["name"]: {
            "main": [[{"node": second["name"], "type": "main", "index": 0}]]
        }
        for first, second in pairs
    }
    settings = {"executionOrder": "v1"}
    workflow = {"id": name, "name": name, "nodes": nodes, "connections": connections}
    return {**workflow, "settings": settings, "active": False}


def make_desk(lead: dict) -> dict:
    """Return a workflow that makes, finds and changes a lead."""
    fields = {name: lead.pop(name) for name in ("customer_portrait",) if name in lead}
    by_id = {"by": "id", "lead": '={{ $("Create").item.json.id_lead }}'}
    by_ticket = {"by": "ticket", "lead": str(lead["ticket_id"])}
    note = {"text": "Từ n8n", "note_agent_email": lead["agent_email"]}
    caller = {"phone": lead["phone_no1"], "caller_agent_email": lead["agent_email"]}
    kind = f"{NODE}.crmLeadApi"
    nodes = [
        make_node("Start", "n8n-nodes-base.manualTrigger", 0),
        make_node("Create", kind, 1, operation="create", fields=fields, **lead),
        make_node("Again", kind, 2, operation="create", fields=fields, **lead),
        make_node("Get", kind, 3, operation="get", **by_id),
        make_node(
            *("Change", kind, 4),
            **{"operation": "change", "changes": {"street": "1 Lê Lai"}, **by_ticket},
        ),
        make_node("Note", kind, 5, operation="note", **note, **by_id),
        make_node("Look Up", kind, 6, operation="lookUp", **caller),
    ]
    return make_workflow("desk", nodes)


def make_listener(agent_email: str) -> dict:
    """Return a workflow that notes on the lead of each event."""
    trigger = make_node("Trigger", f"{NODE}.crmLeadApiTrigger", 0)
    trigger["webhookId"] = WEBHOOK
    trigger["credentials"] = {"crmLeadApiEvents": {"id": "events", "name": "events"}}
    note = make_node(
        *("Note", f"{NODE}.crmLeadApi", 1),
        **{"operation": "note", "by": "id", "lead": "={{ $json.data.id_lead }}"},
        **{"text": "=n8n: {{ $json.type }}", "note_agent_email": agent_email},
    )
    return make_workflow("listener", [trigger, note])


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
    def serve(self) -> Iterator[None]:
        with (HOME / "n8n.log").open("w") as log:
            process = subprocess.Popen(
                [PROGRAM, "start"], env=self.environment, stdout=log, stderr=log
            )
        try:
            wait_until(self._is_up, f"n8n does not answer, see {log.name}")
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    def _is_up(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz/readiness", timeout=5).ok
        except requests.ConnectionError:
            return False


def check_desk(n8n: N8n, scene: Scene, lead: dict) -> None:
    """Run the workflow of the desk, and check what is in Odoo."""
    n8n("execute", "--id=desk")
    ticket = lead["ticket_id"]
    assert scene.count_leads(ticket) == 1
    query = "SELECT id, street FROM crm_lead WHERE ticket_ref = %s"
    [(lead_id, street)] = scene.database.query(query, str(ticket))
    assert street == "1 Lê Lai"
    assert scene.count_notes(lead_id, "Từ n8n") == 1
    say("a lead was made, found, changed, noted on, and its customer looked up")


def check_retry(n8n: N8n, scene: Scene, lead: dict) -> None:
    """Cut the connection of the first request."""
    scene.proxy.begin("answered")
    n8n("execute", "--id=cut")
    assert len([each for each in scene.proxy.requests if each.method == "POST"]) >= 3
    assert scene.count_leads(lead["ticket_id"]) == 1
    say("a lead whose answer was lost was made once")


def check_events(n8n: N8n, scene: Scene, lead: dict) -> None:
    """Let Odoo send events to the trigger, whose workflow notes on the lead."""
    query = "SELECT id FROM crm_lead WHERE ticket_ref = %s"
    [(lead_id,)] = scene.database.query(query, str(lead["ticket_id"]))
    client = scene.get_id("demo_client")
    with n8n.serve():
        # The trigger is active some moments after n8n is ready.
        query = 'SELECT "webhookPath" FROM webhook_entity'
        [(path,)] = wait_until(lambda: Database(DATABASE).query(query), "no webhook")
        url = f"{n8n.url}/webhook/{path}"
        values = {"webhook_url": url, "webhook_allow_private": True}
        scene.act("crm.lead.api.client", "write", [client], values)
        scene.act("crm.lead", "action_set_won", [lead_id])
        action = scene.get_id("ir_cron_send_events")
        scene.act("ir.cron", "method_direct_trigger", [action])
        wait_until(lambda: scene.count_notes(lead_id, "n8n: lead.won"), "no note")
        say("an event of Odoo started a workflow, which noted on the lead")
        headers = {"webhook-id": "1", "webhook-timestamp": "1700000000"}
        answer = requests.post(url, data=b"{}", headers=headers, timeout=PATIENCE)
        assert answer.status_code == 401, answer.text
        say("an event without a right signature was answered with 401")
        scene.act("crm.lead.api.client", "write", [client], {"webhook_url": False})


def main() -> None:
    prepare()
    say_step("Workflows")
    n8n = N8n()
    with open_scene(Database(PREFIX), Path(CONFIG).with_name("odoo.log")) as scene:
        client = scene.get_id("demo_client")
        model = "crm.lead.api.client"
        scene.act(model, "write", [client], {"webhook_url": n8n.url})
        [values] = scene.act(model, "read", [client], ["webhook_secret"])
        lead_data = {"url": scene.proxy.url, "token": scene.token}
        secret = {"secret": values["webhook_secret"]}
        credentials = {
            "lead": ("crmLeadApi", lead_data),
            "events": ("crmLeadApiEvents", secret),
        }
        n8n.load(
            "credentials",
            [
                {"id": name, "name": name, "type": kind, "data": data}
                for name, (kind, data) in credentials.items()
            ],
        )
        first, second = scene.make_lead(), scene.make_lead()
        cut = {**make_desk({**second}), "id": "cut", "name": "cut"}
        listener = make_listener(first["agent_email"])
        n8n.load("workflow", [make_desk({**first}), cut, listener])
        n8n("update:workflow", "--id=listener", "--active=true")
        check_desk(n8n, scene, first)
        check_retry(n8n, scene, second)
        check_events(n8n, scene, second)


if __name__ == "__main__":
    sys.exit(main())
