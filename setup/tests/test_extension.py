# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another addon adds an attribute, with what the lead API documents for that; and an
administrator makes a field, which a client then sends."""

import json
from pathlib import Path

import pytest

ADDONS = Path(__file__).parent / "addons"
NAME = "insurance_no"
MAKE_FIELD = """
env["ir.model.fields"].create({
    "model_id": env["ir.model"]._get_id("crm.lead"), "name": "x_studio_budget",
    "field_description": "Budget", "ttype": "integer", "state": "manual",
})
own = {"client_id": env.ref("crm_lead_api.demo_client").id}
attributes = env["crm.lead.api.attribute"]
attributes.create({**own, "field_name": "x_studio_budget"})
try:
    with env.cr.savepoint():
        attributes.create({**own, "field_name": "priority", "name": "insurance_no"})
except Exception as error:
    print(">>" + str(error))
env.cr.commit()
env.registry.signal_changes()  # which Odoo itself does after a request
"""


@pytest.fixture(scope="module")
def database(demo):
    database = demo.copy("extension", ADDONS)
    log = database.odoo("--init=crm_lead_api_insurance", "--stop-after-init")
    assert " WARNING " not in log
    return database


@pytest.fixture
def make(server, token, payload):
    """Return a function that sends a lead with other attributes."""
    payload, tickets = dict(payload), iter(range(1, 100))

    def make(**attributes):
        payload["ticket_id"] = next(tickets)
        return server.call(token, "POST", "/lead", {**payload, **attributes})

    return make


def get_errors(body):
    return [(error["field"], error["code"]) for error in body["errors"]]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("DN4010123456789", "DN4010123456789"),
        (" dn 4 01 0123456789 ", "DN4010123456789"),
        *(("", None), (None, None)),
    ],
)
def test_right(database, make, send, sent, stored):
    answer = make(insurance_no=sent)
    lead_id = answer.lead_id
    assert "X-Ignored-Fields" not in answer.head
    query = "SELECT insurance_no FROM crm_lead WHERE id = %s"
    assert database.query(query, lead_id) == [(stored,)]
    assert send(200, "GET", f"/lead/{lead_id}")["data"][NAME] == stored


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("DN401012345678", "format"),
        ("D44010123456789", "format"),
        ("DN401012345678٩", "format"),
        (4010123456789, "type"),
    ],
)
def test_wrong(database, make, sent, code):
    before = database.count("crm_lead")
    status, _head, body = make(insurance_no=sent, gender="x")
    assert (status, body["error"], body["type"]) == (422, 422, "validation")
    assert get_errors(body) == [("gender", "choice"), (NAME, code)]
    if code == "format":
        assert body["errors"][1]["message"].startswith("Send two letters")
    assert database.count("crm_lead") == before


def test_among_many(server, token, payload, send):
    numbers = ("DN4010123456788", "?", "dn 4 01 0123456787")
    leads = [
        {**payload, "ticket_id": 1000 + index, NAME: number}
        for index, number in enumerate(numbers)
    ]
    answer = server.call(token, "POST", "/leads", {"leads": leads})
    assert "X-Ignored-Fields" not in answer.head
    first, wrong, last = answer.data["results"]
    assert get_errors(wrong["body"]) == [(NAME, "format")]
    for result, number in ((first, numbers[0]), (last, "DN4010123456787")):
        lead_id = result["body"]["data"]["id_lead"]
        assert send(200, "GET", f"/lead/{lead_id}")["data"][NAME] == number


def test_part_of_a_customer(database, make, send):
    database.set_client(looks_up_customers=True)
    agent = "agent_email=lan@example.com"
    for number in ("DN4010123456780", "DN4010123456781", "DN4010123456780", None):
        make(insurance_no=number, phone_no1="0968011117")
    path = f"/customers?{agent}&phone=096801111"
    [customer] = send(200, "GET", f"{path}7")["data"]["customers"]
    assert customer["insurance_nos"] == ["DN4010123456780", "DN4010123456781"]
    assert {"portrait", "leads"} < customer.keys()
    [customer] = send(200, "GET", f"{path}7&include=insurance_nos")["data"]["customers"]
    assert not {"portrait", "leads"} & customer.keys()
    [customer] = send(200, "GET", f"{path}7&include=leads")["data"]["customers"]
    assert "insurance_nos" not in customer
    # The default for a customer without
    make(phone_no1="0968011118")
    [customer] = send(200, "GET", f"{path}8")["data"]["customers"]
    assert customer["insurance_nos"] == []
    [error] = send(422, "GET", f"{path}7&include=insurance_no")["errors"]
    assert error["did_you_mean"] == "insurance_nos"
    assert error["allowed"] == ["portrait", "leads", "insurance_nos"]
    document = send(200, "GET", "/openapi.json")
    customer = document["components"]["schemas"]["Customer"]
    assert "cards" in customer["properties"]["insurance_nos"]["description"]
    assert "insurance_nos" not in customer["required"]
    parameters = document["paths"]["/api/v1/customers"]["get"]["parameters"]
    [include] = [each for each in parameters if each["name"] == "include"]
    assert include["schema"]["items"]["enum"][-1] == "insurance_nos"


def test_not_sent(make, send):
    assert send(200, "GET", f"/lead/{make().lead_id}")["data"][NAME] is None


def test_documented(server, send):
    _status, _head, body = server.send("GET", "/api/v1/openapi.json", [])
    for document in (send(200, "GET", "/openapi.json"), json.loads(body)):
        schemas = document["components"]["schemas"]
        properties = schemas["LeadRequest"]["properties"]
        assert list(properties)[-1] == NAME
        assert "thirteen digits" in properties[NAME]["description"]
        assert properties.keys() < schemas["LeadItem"]["properties"].keys()


def test_field_of_an_administrator(database, make, send):
    """A custom attribute takes effect in a running server, beside that of the addon."""
    status, head, _body = make(budget="5")
    assert (status, "X-Ignored-Fields: budget" in head) == (200, True)
    refusal = database.run(MAKE_FIELD)
    assert "“insurance_no” means something else in the lead API already" in refusal
    status, head, body = make(budget="5", insurance_no="DN4010123456789")
    assert (status, "X-Ignored-Fields" in head) == (200, False), body
    data = send(200, "GET", f"/lead/{body['data']['id_lead']}")["data"]
    assert (data["budget"], data[NAME]) == (5, "DN4010123456789")
    status, _head, body = make(budget="five", insurance_no="?")
    assert get_errors(body) == [(NAME, "format"), ("budget", "type")]
