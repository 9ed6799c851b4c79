# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send requests to a server, and count the SQL statements of each."""

import json
import re
from contextlib import closing

from benchmark.ways import WRONG_TOKEN
from odoo_database import Database
from odoo_server import JSON
from waiting import wait_until

LINE = re.compile(r" operation=\S+ request=(\S+) .* queries=(\d+)")
# What grows with the requests
GROWING = (
    *("crm_lead", "res_partner", "crm_customer_portrait", "crm_customer_portrait_item"),
    *("crm_lead_service", "crm_lead_api_request", "crm_lead_api_answer"),
    *("crm_lead_api_follow_up", "mail_message", "mail_followers"),
    *("crm_lead_api_look_up", "crm_lead_api_look_up_contact"),
)
# There, as always, but not to be reached
LIMITS = """
client = env.ref("crm_lead_api.demo_client")
client.write({"requests_per_minute": 10**6, "looks_up_customers": True})
env["ir.config_parameter"].set_param("crm_lead_api.wrong_tokens", 10**6)
env.cr.commit()
"""
AGENT = "SELECT login FROM res_users WHERE id = %s"


def make_full_payload(database: Database, payload: str) -> dict:
    """Return the payload of the budgets: two services, seven words of a portrait."""
    payload = json.loads(payload)
    [[second]] = database.query(
        "SELECT res_id FROM ir_model_data WHERE name = 'demo_service_nang_mui'"
    )
    [[agent]] = database.query(AGENT, payload["user_id"])
    return {
        **payload,
        "agent_email": agent,
        "crm_line_ids": [*payload["crm_line_ids"], second],
        "email_from": "yen@example.com",
        "birth_date": "1990-05-20",
        "customer_portrait": {
            "transport": "car",
            "hobby": ["âm nhạc", "xem phim"],
            "pain_point": ["đau", "ngại"],
            "desires": ["đẹp", "trẻ", "khoẻ"],
        },
    }


def send(server, token, payload, kind, ticket, customer):
    """Send a request, and return its id.

    :param kind: ``new``, ``known``, ``replayed`` or ``refused``
    :param ticket: a number; the same with the same customer is the same request
    :param customer: a number that makes the phones and the e-mail address
    """
    request_id = f"{kind}-{ticket}"
    is_refused = kind == "refused"
    headers = [
        JSON,
        ("Authorization", f"Bearer {WRONG_TOKEN if is_refused else token}"),
        ("X-Request-Id", request_id),
    ]
    data = {
        **payload,
        **{f"phone_no{n}": f"096{n}{customer:06}" for n in (1, 2, 3)},
        "email_from": f"yen{customer}@example.com",
        "ticket_id": ticket,
    }
    answer = server.send("POST", "/api/v1/lead", headers, json.dumps(data))
    assert answer[0] == (401 if is_refused else 200), answer
    assert ("Idempotency-Replayed" in answer[1]) == (kind == "replayed"), answer
    return request_id


def read_statements(server, ids):
    """Return how many statements each request took, by Odoo's own count."""

    def read():
        counts = dict(LINE.findall(server.log.read_text()))
        if counts.keys() >= set(ids.values()):
            return {kind: int(counts[request_id]) for kind, request_id in ids.items()}
        return None

    return wait_until(read)


def read_scans(database):
    """Return how often each table was read as a whole."""
    end_connections(database)
    return dict(database.query("SELECT relname, seq_scan FROM pg_stat_user_tables"))


def end_connections(database):
    """Let PostgreSQL count what they have done, at the latest when they end."""
    with closing(database.connect()) as connection, connection:
        connection.cursor().execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
