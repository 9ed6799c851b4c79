# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another addon adds columns to the models of the lead API: required ones with a
default, and stored computes."""

import json
from itertools import count

import pytest
from neighbour import ADDONS
from odoo_server import JSON

STATE = "to review"  # the default
NUMBERS = count(1)


@pytest.fixture(scope="module")
def database(demo):
    database = demo.copy("neighbour_columns", ADDONS)
    database.odoo("--init=crm_lead_api_neighbour_columns", "--stop-after-init")
    return database


@pytest.fixture(scope="module")
def server(database, start_server):
    return start_server(database)


@pytest.fixture(params=["single", "bulk"])
def send(request, server, token, payload):
    """Return a function that sends a lead, and returns status and body."""

    def send(**changes):
        number = next(NUMBERS)
        lead = {
            **json.loads(payload),
            "ticket_id": number,
            "phone_no1": f"0968 {number:06}",
            **changes,
        }
        if request.param == "single":
            status, _head, body = server.post(token, lead)
            return status, json.loads(body)
        headers = [JSON, ("Authorization", f"Bearer {token}")]
        body = json.dumps({"leads": [lead]})
        status, _head, body = server.send("POST", "/api/v1/leads", headers, body)
        assert status == 200, body
        [result] = json.loads(body)["data"]["results"]
        return result["status"], result["body"]

    return send


@pytest.fixture
def make(send):
    """Return a function that makes a lead, and returns its id."""

    def make(**changes):
        status, body = send(**changes)
        assert status == 200, body
        return body["data"]["id_lead"]

    return make


def test_required(database, make):
    lead_id = make(customer_portrait={"hobby": [f"câu cá {next(NUMBERS)}"]})
    query = """
        SELECT portrait.neighbour_state, item.neighbour_state, tag.neighbour_state,
               service.neighbour_state
          FROM crm_lead AS lead
          JOIN crm_customer_portrait AS portrait ON portrait.id = lead.portrait_id
          JOIN crm_customer_portrait_item AS item ON item.portrait_id = portrait.id
          JOIN crm_customer_portrait_tag AS tag ON tag.id = item.tag_id
          JOIN crm_lead_service AS service ON service.lead_id = lead.id
         WHERE lead.id = %s
    """
    assert database.query(query, lead_id) == [(STATE,) * 4]


def test_required_of_the_log(database, make):
    query = """
        SELECT neighbour_state, neighbour_company
          FROM crm_lead_api_request WHERE lead_id = %s
    """
    [[state, company]] = database.query(query, make())
    assert state == STATE
    assert company


def test_required_of_the_log_of_a_refusal(database, send):
    name = f"Khách hỏng {next(NUMBERS)}"
    status, body = send(gender="x", contact_name=name)
    assert status == 422, body
    query = "SELECT neighbour_state FROM crm_lead_api_request WHERE name = %s"
    assert database.query(query, name) == [(STATE,)]


def test_computed(database, make, payload):
    lead_id = make(
        crm_line_ids=json.loads(payload)["crm_line_ids"] * 2,
        customer_portrait={"hobby": ["âm nhạc", "xem phim"]},
    )
    query = """
        SELECT service.neighbour_label, portrait.neighbour_item_count,
               ARRAY(
                   SELECT neighbour_length FROM crm_customer_portrait_item
                    WHERE portrait_id = portrait.id ORDER BY id
               )
          FROM crm_lead AS lead
          JOIN crm_lead_service AS service ON service.lead_id = lead.id
          JOIN crm_customer_portrait AS portrait ON portrait.id = lead.portrait_id
         WHERE lead.id = %s
    """
    assert database.query(query, lead_id) == [("2 Khám và tư vấn", 2, [7, 8])]


def test_computed_of_the_log(database, make):
    query = "SELECT neighbour_outcome FROM crm_lead_api_request WHERE lead_id = %s"
    assert database.query(query, make()) == [("HTTP 200",)]


def test_proposal(database, make):
    query = "SELECT partner_id FROM crm_lead WHERE id = %s"
    [[partner_id]] = database.query(query, make())
    lead_id = make(account_id=partner_id, contact_name="Tên khác")
    query = """
        SELECT proposal.neighbour_state, neighbour_subject, partner.name
          FROM crm_lead_proposal AS proposal
          JOIN res_partner AS partner ON partner.id = proposal.partner_id
         WHERE lead_id = %s AND subject = 'name'
    """
    [[state, subject, name]] = database.query(query, lead_id)
    assert (state, subject) == (STATE, f"name of {name}")
