# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases of a known size, with those who call."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmark.rows import multiply
from benchmark.ways import KEPT, MADE, Caller, Callers, Leads
from google_form import connect
from odoo_database import CONFIG, PREFIX, Database
from odoo_server import Server
from postgresql_cluster import Cluster

ADDONS = Path(__file__).with_name("addons")
# A batch of a thousand may take a worker longer than it may by default.
LONG_LIMITS = ("--limit-time-cpu=3600", "--limit-time-real=3600")
FASTAPI_ADDON = "crm_lead_api_fastapi_bench"
CONNECTIONS_ADDON = "crm_lead_api_connection"

# The payload is the full one.
MAKE_CALLERS = """
from scenery import make_payload, make_token
client = env.ref("crm_lead_api.demo_client")
client.requests_per_minute = 1_000_000  # counted as by default, and never exceeded
client.looks_up_customers = True
for name, value in {"max_body": 8192, "max_items": 1000}.items():
    env["ir.config_parameter"].set_param(f"crm_lead_api.{name}", str(value))
company = env.ref("crm_lead_api.demo_company")
groups = ("base.group_user", "base.group_partner_manager",
          "sales_team.group_sale_salesman_all_leads")
integrator = env["res.users"].create({
    "name": "Integrator", "login": "integrator", "email": "integrator@example.com",
    "company_id": company.id, "company_ids": [Command.set(company.ids)],
    "group_ids": [Command.set([env.ref(name).id for name in groups])],
})
if "fastapi.endpoint" in env:
    env["fastapi.endpoint"].create({
        "name": "Leads", "app": "lead_bench", "root_path": "/fastapi/leads",
        "user_id": integrator.id, "save_http_session": False,
    }).action_sync_registry()
payload = make_payload(env)
payload["customer_portrait"]["hobby"].append("du lịch")
callers = {
    "token": make_token(env), "key": make_key(integrator), "payload": payload,
    "agent_id": env.ref("crm_lead_api.demo_agent").id,
}
print(">>" + json.dumps(callers))
"""
CUSTOMERS = 200  # known ones that call: so many that none gets many leads
READ_CUSTOMERS = """
  SELECT phone, phone2, phone3, name, email, street, facebook_account, zalo_account
    FROM res_partner
   WHERE phone_key LIKE '+843%%' ORDER BY id
   LIMIT %s
"""
CUSTOMER_ATTRIBUTES = (
    *("phone_no1", "phone_no2", "phone_no3", "contact_name", "email_from"),
    *("street", "facebook_acc", "zalo_acc"),
)


class BenchDatabase:
    """A database of the demo clinic, with those who call it.

    :param name: the end of its name
    :param size: leads, each with a contact and what else the lead API makes of it
    :param addons: further ones
    """

    def __init__(self, name: str, size: int, addons: Iterable[str] = ()):
        self.database = Database(PREFIX).copy(name, ADDONS)
        if addons:
            self.database.odoo(f"--init={','.join(addons)}", "--stop-after-init")
        self.callers = json.loads(self.database.run(MAKE_CALLERS))
        self.leads = Leads(self.callers["payload"])
        self.addresses: dict[str, str] = {}
        self.log = Path(CONFIG).with_name("call.log")
        self.fill(size)
        self.read_customers()

    def move_to(self, cluster: Cluster) -> None:
        """Go on with a copy on another PostgreSQL server."""
        self.database = cluster.copy(self.database)

    def fill(self, size: int) -> None:
        """Make its leads: one by the lead API, the others after that."""
        first = {**self.leads.make_new(), "phone_no1": f"06{0:08}", "ticket_id": 1}
        with serve([self], self.log) as server:
            token = Caller(server, self.callers["token"], self.database.name)
            answer = token.post("/api/v1/lead", first)
        if size > 1:
            multiply(self.database, answer["data"]["id_lead"], size - 1)

    def read_customers(self) -> None:
        """Read the known customers that call."""
        customers = self.database.query(READ_CUSTOMERS, CUSTOMERS)
        self.leads.customers = itertools.cycle(
            dict(zip(CUSTOMER_ATTRIBUTES, row, strict=True)) for row in customers
        )

    def connect_forms(self) -> None:
        """Connect a platform's forms, with the addon for that: one whose messages are
        only kept, and one whose messages become leads."""
        for name in (KEPT, MADE):
            self.database.change("UPDATE crm_lead_api_connection SET is_live = false")
            self.addresses[name] = connect(self.database, self.callers["payload"])

    def get_callers(self, server: Server) -> Callers:
        """Return those who call it on a server."""
        callers = (
            Caller(server, self.callers[name], self.database.name)
            for name in ("token", "key")
        )
        agent_id = self.callers["agent_id"]
        return Callers(*callers, self.leads, agent_id, self.addresses)


@dataclass
class Databases(Database):
    """Several that one server serves.

    Without the filter: with one Odoo opens a connection at each request, to ask which
    databases there are.
    """

    def get_command(self, *arguments):
        return [*super().get_command(*arguments), "--db-filter="]


def serve(databases: list[BenchDatabase], log: Path, *options: str):
    """Run a server on one or several.

    :param log: the file for its output
    :param options: of Odoo's command line
    :return: a context manager, of the :class:`Server`
    """
    names = ",".join(each.database.name for each in databases)
    host = databases[0].database.host
    return Databases(names, ADDONS, host).serve(log, *options)
