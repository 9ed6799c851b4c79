# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A database with the addon ``crm_lead_api_neighbour``, and the requests to it."""

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from customers import AGENT
from odoo_database import MAKE_KEY, MAKE_PAYLOAD, Database
from odoo_server import Server

ADDONS = Path(__file__).parent / "tests" / "addons"
NUMBERS = count(1)  # of customers

# Two rules for each model: one runs when some fields change, one whatever changes.
PREPARE = """
import json
from odoo.fields import Command
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
env["product.product"].create({
    "name": "Gift", "default_code": "GIFT", "company_id": demo("company").id,
})
main, company = env.ref("base.main_company"), demo("company")
demo("caller").company_ids = main | company
demo("agent").company_ids = main | company
(demo("agent") | demo("agent_2")).notification_type = "inbox"
for model, watched in (
    ("crm.lead", ["user_id", "description"]), ("res.partner", ["name", "email"])
):
    for name, names in (("rule", watched), ("rule of any change", [])):
        env["base.automation"].create({
            "name": name, "model_id": env["ir.model"]._get_id(model),
            "trigger": "on_create_or_write",
            "trigger_field_ids": [
                Command.link(env["ir.model.fields"]._get(model, each).id)
                for each in names
            ],
            "filter_domain": "[('street', 'like', 'automate')]",
            "action_server_ids": [Command.create({
                "name": name, "model_id": env["ir.model"]._get_id(model),
                "state": "code",
                "code": "env['crm.lead.api.neighbour.trace']._trace(%r, records)"
                % name,
            })],
        })
print(">>" + json.dumps({
    "many": demo("service_kham").ids * 6,
    "main": {
        "company_id": main.id,
        "price_list_id": env["product.pricelist"].create({
            "name": "For all", "company_id": False,
            "currency_id": company.currency_id.id,
        }).id,
        "crm_line_ids": [env["product.product"].create({
            "name": "For all", "type": "service", "list_price": 1000,
        }).id],
    },
}))
env.cr.commit()
"""
PREPARE += MAKE_KEY + MAKE_PAYLOAD


@dataclass
class Neighbour:
    """A database with the neighbour, a token for it, and a right payload.

    :param prepared: attributes that the neighbour or a company refuses
    """

    database: Database
    token: str
    payload: dict
    prepared: dict

    @classmethod
    def read(cls, database: Database, output: str) -> "Neighbour":
        """Read the output of :data:`PREPARE` in a database that has the neighbour."""
        prepared, token, payload = output.splitlines()
        return cls(database, token, json.loads(payload), json.loads(prepared))

    def copy(self, name: str) -> "Neighbour":
        database = self.database.copy(name, ADDONS)
        return Neighbour(database, self.token, self.payload, self.prepared)

    def make_payload(self, **changes) -> dict:
        """Return the payload of a customer whom nobody knows."""
        number = next(NUMBERS)
        return {
            **self.payload,
            "agent_email": AGENT,
            "ticket_id": number,
            "phone_no1": f"0968 {number:06}",
            "contact_name": f"Khách {number}",
            **changes,
        }

    def post(self, server: Server, payload: dict) -> tuple[int, dict]:
        """Send one lead, and return status and body."""
        status, _head, body = server.post(self.token, payload)
        return status, json.loads(body)

    def post_many(self, server: Server, payloads: list) -> list[tuple[int, dict]]:
        """Send leads in one request, and return status and body for each."""
        data = {"leads": payloads}
        status, _head, body = server.call(self.token, "POST", "/leads", data)
        assert status == 200, body
        results = body["data"]["results"]
        return [(result["status"], result["body"]) for result in results]

    def read_lead(self, lead_id: int) -> dict:
        """Return all columns of a lead."""
        query = "SELECT row_to_json(crm_lead) FROM crm_lead WHERE id = %s"
        return self.database.query(query, lead_id)[0][0]

    def count_notes(self, model: str, res_id: int) -> int:
        """Return how many notes of Odoo's own a record has."""
        query = """
            SELECT count(*) FROM mail_message
             WHERE model = %s AND res_id = %s AND message_type = 'notification'
        """
        return self.database.query(query, model, res_id)[0][0]

    def count_traces(self, name: str, model: str, res_id: int) -> int:
        """Return how often a method or a rule has been reached with a record."""
        query = """
            SELECT count(*) FROM crm_lead_api_neighbour_trace
             WHERE name = %s AND model = %s AND res_id = %s
        """
        return self.database.query(query, name, model, res_id)[0][0]
