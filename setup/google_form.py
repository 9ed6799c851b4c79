# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Connect a form of Google's, and make its messages, by payloads of ``POST /lead``."""

from collections.abc import Iterable

from odoo_database import CONNECT, Database

COLUMNS = {"contact_name": "FULL_NAME", "phone_no1": "PHONE_NUMBER"}
MAPPED = {*COLUMNS, "company_id"}  # by CONNECT
MAP = """
connection.field_ids = [(0, 0, line) for line in {lines}]
"""


def connect(database: Database, payload: dict) -> str:
    """Make a connection whose messages become the same leads as payloads like this one.
    Records and the salesperson are fixed.

    :return: the path of its address
    """
    lines = [{"attribute": "ticket_id", "place": "lead_id"}]
    for name, value in _flatten(payload).items():
        line = {"place": f'answers."{name}"'}
        if name.endswith("_id"):
            line = {"res_id": value}
        elif name == "agent_email":
            line = {"value": value}
        lines += [] if name in MAPPED else [{"attribute": name, **line}]
    return f"/api/v1/connections/{database.run(CONNECT + MAP.format(lines=lines))}"


def make_message(payload: dict) -> dict:
    """Return the message of a lead, whose id is that of the ticket."""
    answers = [
        (COLUMNS.get(name, name), str(each))
        for name, value in _flatten(payload).items()
        if not name.endswith("_id") and name != "agent_email"
        for each in (value if isinstance(value, list) else [value])
    ]
    return make_form(answers, lead_id=str(payload["ticket_id"]))


def make_form(answers: Iterable[tuple[str, str]], **ids: str) -> dict:
    """Return the message of a form with answers, by the names of its columns."""
    columns = [{"column_id": name, "string_value": text} for name, text in answers]
    return {"google_key": "secret", "user_column_data": columns, **ids}


def _flatten(payload):
    """Return the attributes, those of the portrait by path, without the ticket."""
    values = {name: payload[name] for name in payload if name != "ticket_id"}
    portrait = values.pop("customer_portrait", {})
    return values | {f"customer_portrait.{k}": v for k, v in portrait.items()}
