# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A real Odoo behind a proxy, for the cases."""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from event_receiver import Receiver
from odoo_database import Database
from odoo_server import call_odoo
from waiting import serving

from client_cases.proxy import Proxy

# A client with a limit and no rights, and a client whose tickets are texts
MAKE_CLIENTS = """
demo = env.ref("crm_lead_api.demo_client")
demo.write({"looks_up_customers": True, "books_appointments": True})
def make_token(**values):
    client = env["crm.lead.api.client"].create({
        "owner_id": demo.owner_id.id, "company_ids": demo.company_ids.ids, **values
    })
    return client._generate_token("test", datetime.now() + timedelta(days=1))
print(">>" + make_token(name="Giới hạn", requests_per_minute=2))
print(">>" + make_token(name="Mã chữ", has_text_tickets=True, requests_per_minute=0))
"""
GET_ID = "SELECT res_id FROM ir_model_data WHERE module = 'crm_lead_api' AND name = %s"
COUNT_SERVICES = """
    SELECT coalesce(sum(quantity), 0)::int FROM crm_lead_service WHERE lead_id = %s
"""


@dataclass
class Scene:
    """Hold a server on a database, the tokens of its clients, and the proxy.

    :ivar token: of a client that may do all
    :ivar limited: the token of a client with two requests a minute, and no rights
    :ivar texts: the token of a client whose tickets are texts
    :ivar payload: makes a lead
    """

    database: Database
    proxy: Proxy
    token: str
    limited: str
    texts: str
    payload: dict
    # Of runs on a kept database, too, each ticket is new.
    tickets: Iterator[int] = field(
        default_factory=lambda: itertools.count(time.time_ns() // 10**6)
    )

    def make_lead(self, **changes) -> dict:
        """Return a lead with a ticket and a phone of its own."""
        ticket = next(self.tickets)
        phone = f"090{ticket % 10**7:07}"
        return {**self.payload, "ticket_id": ticket, "phone_no1": phone, **changes}

    def count_leads(self, ticket: int | str) -> int:
        self.proxy.wait()
        return self.database.count("crm_lead", "ticket_ref = %s", str(ticket))

    def count_notes(self, lead_id: int, text: str) -> int:
        self.proxy.wait()
        of_lead = "model = 'crm.lead' AND res_id = %s AND body ILIKE %s"
        return self.database.count("mail_message", of_lead, lead_id, f"%{text}%")

    def count_services(self, lead_id: int) -> int:
        self.proxy.wait()
        return self.database.query(COUNT_SERVICES, lead_id)[0][0]

    def end_minute(self) -> None:
        """Let the minute of the limit be over."""
        self.database.change("DELETE FROM crm_lead_api_rate")

    def act(self, model: str, method: str, *args) -> Any:
        """Do something in Odoo, as an administrator."""
        return call_odoo(self.proxy.odoo_port, self.database, model, method, *args)

    def get_id(self, name: str) -> int:
        """Return the id of a record of the addon by its XML id."""
        [(record_id,)] = self.database.query(GET_ID, name)
        return record_id

    def catch_event(self, lead_id: int) -> tuple[str, dict[str, str], str]:
        """Let Odoo send an event about a lead, and return secret, headers and body."""
        client = self.get_id("demo_client")
        model = "crm.lead.api.client"
        with serving(Listener()) as receiver:
            values = {"webhook_url": receiver.url, "webhook_allow_private": True}
            self.act(model, "write", [client], values)
            agent = self.get_id("demo_agent")
            self.act("crm.lead", "write", [lead_id], {"user_id": agent})
            self.act("crm.lead", "action_set_won", [lead_id])
            action = self.get_id("ir_cron_send_events")
            self.act("ir.cron", "method_direct_trigger", [action])
            [values] = self.act(model, "read", [client], ["webhook_secret"])
            self.act(model, "write", [client], {"webhook_url": False})
        # The last one: before, the lead got a salesperson.
        return values["webhook_secret"], *receiver.events[-1]


class Listener(Receiver):
    """Keep headers and body of each event."""

    def judge(self, headers, body):
        self.events.append((dict(headers), body.decode()))
        return 200


@contextmanager
def open_scene(database: Database, log: Path) -> Iterator[Scene]:
    """Serve a database with demo data.

    :param log: the file for the server's output
    """
    token, payload = database.make_access()
    limited, texts = database.run(MAKE_CLIENTS).splitlines()
    # The receiver of events is on this machine.
    own = patch.dict(os.environ, {"CRM_LEAD_API_OWN_ADDRESSES": "1"})
    with own, database.serve(log) as server, serving(Proxy(server.port)) as proxy:
        yield Scene(database, proxy, token, limited, texts, payload)
