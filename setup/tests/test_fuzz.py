# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Thousands of payloads, right, nearly right and hostile, sent to a real server.

They are the same ones at each run; ``CRM_LEAD_API_FUZZ_EXAMPLES=50000`` sends as many
random ones, and hypothesis prints how to send again what failed.
"""

import json
import uuid
from collections import Counter
from dataclasses import dataclass

import pytest
from contract import FIELDS
from hypothesis import given
from hypothesis import strategies as st
from odoo_database import find_errors
from odoo_server import Server
from payloads import (
    HOURS,
    LISTS,
    MAKE_RECORDS,
    PORTRAIT_CHOICES,
    PORTRAIT_TEXTS,
    bodies,
    fuzz,
    headers,
    hostile,
    nearly_right,
    payloads,
)

EXAMPLES = 2_500
# Tables with rows of a request that made no lead, or repeated a lead
TRACES = ["crm_lead_api_request", "crm_lead_api_code"]
TRACES += ["crm_lead_api_rate", "crm_lead_api_refusal"]
# Attributes that an attribute has to come with
PARENTS = {
    "state_id": ["country_id"],
    "district_id": ["country_id", "state_id"],
    "source_id": ["category_source_id"],
}
PORTRAIT_VALUES = [*PORTRAIT_TEXTS, *PORTRAIT_CHOICES, *HOURS]


@dataclass
class Api:
    """The server, and what is in its database."""

    server: Server
    cursor: object
    tables: list[str]
    headers: dict
    records: dict
    payload: dict

    def post(self, payload, is_ascii=True, key=""):
        body = json.dumps(payload, ensure_ascii=is_ascii)
        return self.send([*self.headers.items(), ("Idempotency-Key", key)], body)

    def send(self, headers, body):
        """Send a call, and check what holds for all of them."""
        before = self.count()
        answer = self.server.send("POST", "/api/v1/lead", headers, body)
        assert answer.status < 500, answer
        answer = answer._replace(body=json.loads(answer.body))
        assert answer.get_header("Content-Type") == "application/json; charset=utf-8"
        assert answer.get_header("X-Request-Id")
        after = self.count()
        is_dry_run = answer.get_header("Preference-Applied") == "dry-run"
        if answer.status == 200 and not (answer.is_replayed or is_dry_run):
            assert after["crm_lead"] == before["crm_lead"] + 1
            # Under its key, and by its content, unless another key has that
            kept = after["crm_lead_api_answer"] - before["crm_lead_api_answer"]
            assert kept in (1, 2)
            assert after["crm_lead_service"] > before["crm_lead_service"]
            assert after["res_partner"] - before["res_partner"] in (0, 1)
        else:
            assert after == before
        if answer.status == 422:
            assert answer.body["type"] == "validation", answer
        return answer

    def count(self):
        """Return how many rows each table has that a lead is made in."""
        return dict(zip(self.tables, self.query("EXECUTE counts")[0], strict=True))

    def query(self, statement, *values):
        self.cursor.execute(statement, values)
        return self.cursor.fetchall()


@pytest.fixture(scope="module")
def api(database, server, token, payload):
    records = json.loads(database.run(MAKE_RECORDS))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with database.open() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'crm\\_%'")
        tables = [name for (name,) in cursor if name not in TRACES]
        tables += ["res_partner", "mail_message", "mail_followers", "mail_activity"]
        # Twice for each call; PostgreSQL takes longer to plan this than to count.
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        cursor.execute(f"PREPARE counts AS SELECT {counts}")
        yield Api(server, cursor, tables, headers, records, payload)
    server.stop()
    assert find_errors(server.log.read_text()) == []


@fuzz(EXAMPLES, 0.15)
@given(st.data())
def test_right_payload_is_stored_as_it_is(api, data):
    payload = data.draw(payloads(api.records))
    answer = api.post(payload, data.draw(st.booleans()), key=str(uuid.uuid4()))
    made, sent = answer.data, drop_what_is_not_sent(payload)
    ((lead,),) = api.query(
        "SELECT to_jsonb(lead) FROM crm_lead AS lead WHERE id = %s", made["id_lead"]
    )
    columns = {name: column for name, column in FIELDS.items() if name in sent}
    assert {name: str(lead[column]) for name, column in columns.items()} == {
        name: str(sent[name]).strip() for name in columns
    }
    services = Counter(map(int, sent["crm_line_ids"]))
    of_lead = "SELECT product_id, quantity FROM crm_lead_service WHERE lead_id = %s"
    assert services == dict(api.query(of_lead, lead["id"]))
    portrait = sent.get("customer_portrait", {})
    expected = {
        **{name: portrait.get(name) for name in PORTRAIT_VALUES},
        **{name: portrait.get(name, []) for name in LISTS},
    }
    assert made["customer_portrait"] == expected
    assert read_portrait(api, lead["portrait_id"]) == expected


def get_fields(answer):
    """Return the paths of the attributes that a 422 names."""
    return [error["field"] for error in answer.body["errors"]]


def drop_what_is_not_sent(value):
    """Return a payload, or a part of it, without what means "not sent"."""
    if isinstance(value, dict):
        items = {name: drop_what_is_not_sent(each) for name, each in value.items()}
        return {name: each for name, each in items.items() if is_sent(each)}
    if isinstance(value, list):
        return [each for each in value if is_sent(each)]
    return value


def is_sent(value):
    return value is not None and str(value).strip() != ""


def read_portrait(api, portrait_id):
    """Return a portrait from the database, as the API answers with it."""
    query = "SELECT to_jsonb(p) FROM crm_customer_portrait AS p WHERE id = %s"
    rows = api.query(query, portrait_id)
    values = rows[0][0] if rows else {}
    query = """
        SELECT kind, name FROM crm_customer_portrait_item
         WHERE portrait_id = %s ORDER BY sequence, id
    """
    lists = {"hobby": [], "pain_point": [], "desire": []}
    for kind, text in api.query(query, portrait_id):
        lists[kind].append(text)
    values = {name: values.get(name) for name in PORTRAIT_VALUES}
    return {**values, **dict(zip(LISTS, lists.values(), strict=True))}


@fuzz(EXAMPLES, 0.4)
@given(st.data())
def test_nearly_right_payload_names_what_is_wrong(api, data):
    """The answer names all wrong attributes, and no other."""
    payload, wrong = data.draw(nearly_right(api.records))
    answer = api.post(payload)
    assert answer.status == 422, answer.body
    assert sorted(get_fields(answer)) == sorted(wrong)


@fuzz(EXAMPLES, 0.15)
@given(st.data())
def test_hostile_payload_can_be_mended(api, data):
    """A mended attribute is no longer named; with all mended the lead is made."""
    payload, mended = data.draw(hostile(api.payload)), set()
    while (answer := api.post(payload)).status != 200:
        assert answer.status == 422, answer.body
        named = {path.partition(".")[0] for path in get_fields(answer)}
        assert named and not named & mended, answer.body
        mended |= named.union(*(PARENTS.get(name, []) for name in named))
        payload = {n: v for n, v in payload.items() if n not in mended}
        payload |= {n: v for n, v in api.payload.items() if n in mended}


@fuzz(EXAMPLES, 0.3)
@given(st.data())
def test_bytes_of_any_kind_get_an_answer(api, data):
    api.send(data.draw(headers(api.headers)), data.draw(bodies(api.payload)))
