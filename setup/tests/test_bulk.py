# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test many leads in one request to a real server, and the sample import."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from odoo_server import JSON
from waiting import PATIENCE, run_at_once

IMPORT = Path(__file__).parents[1] / "import_leads.py"


@pytest.fixture(scope="module")
def database(demo):
    return demo.copy("bulk")


@pytest.fixture(scope="module")
def server(database, start_server):
    return start_server(database)


@pytest.fixture(scope="module")
def make_lead(payload):
    """Return a function that makes a payload of a customer of that number."""

    def make_lead(number, **changes):
        return {
            **json.loads(payload),
            "ticket_id": number,
            "phone_no1": f"0966 {number:06}",
            "email_from": f"khach{number}@example.com",
            "contact_name": f"Khách {number}",
            "customer_portrait": {"hobby": ["bơi", "xem phim"], "transport": "car"},
            **changes,
        }

    return make_lead


def post(server, token, leads, **options):
    headers = [JSON, ("Authorization", f"Bearer {token}")]
    body = json.dumps({"leads": leads, **options})
    status, _head, body = server.send("POST", "/api/v1/leads", headers, body)
    body = json.loads(body)
    assert status == 200, body
    return body["data"]["results"]


def test_many_calls_at_once_with_the_same_customers(database, server, token, make_lead):
    """In other orders: they do not wait for each other in a circle."""

    def send(caller):
        leads = [
            make_lead(10_000 + number, ticket_id=caller * 1_000 + number + 1)
            for number in range(30)
        ]
        return post(server, token, leads if caller % 2 else leads[::-1])

    answers = run_at_once(send, range(4))
    assert {each["status"] for results in answers for each in results} == {200}
    [(contacts, leads)] = database.query(
        "SELECT count(DISTINCT partner_id), count(*) FROM crm_lead WHERE phone LIKE %s",
        "0966 0100%",
    )
    assert (contacts, leads) == (30, 120)


@pytest.fixture
def run_import(server, token, tmp_path):
    """Return a function that imports leads, and returns exit status and output."""
    (tmp_path / "token").write_text(f"{token}\n")

    def run_import(leads, *options):
        file = tmp_path / "leads.csv"
        columns = list(dict.fromkeys(column for lead in leads for column in lead))
        with file.open("w", newline="") as lines:
            writer = csv.DictWriter(lines, columns)
            writer.writeheader()
            writer.writerows(leads)
        process = subprocess.run(
            [
                *(sys.executable, IMPORT, file.name, "--token-file", "token"),
                *("--url", f"http://localhost:{server.port}", *options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            cwd=tmp_path,
        )
        return process.returncode, process.stdout.splitlines()

    return run_import


def test_import(database, run_import, make_lead):
    def make_row(number, **changes):
        lead = make_lead(number, **changes)
        lead.pop("customer_portrait")
        return {
            **lead,
            "crm_line_ids": "; ".join(map(str, lead["crm_line_ids"])),
            "customer_portrait.hobby": "bơi; xem phim",
            "customer_portrait.transport": "bus",
        }

    rows = [
        make_row(20_001),
        make_row(20_002, gender="nữ", street=""),
        make_row(20_003),
    ]
    before = database.count_leads()
    wrong = [
        "leads.csv:3: gender: Send one of: male, female, other.",
        "leads.csv:3: street: This attribute is required: send a value for it.",
    ]
    status, output = run_import(rows, "--dry-run")
    summary = "2 would be made, 0 were there already, 1 refused"
    assert (status, output) == (1, [*wrong, summary])
    assert database.count_leads() == before
    status, output = run_import(rows)
    assert (status, output) == (1, [*wrong, "2 made, 0 were there already, 1 refused"])
    rows[1] |= {"gender": "female", "street": "12 Lê Lợi"}
    status, output = run_import(rows)
    assert (status, output) == (0, ["1 made, 2 were there already, 0 refused"])
    assert database.count_leads() == before + 3
    assert database.query(
        "SELECT item.name FROM crm_customer_portrait_item item"
        "  JOIN crm_lead lead USING (portrait_id)"
        " WHERE lead.ticket_ref = '20002' ORDER BY item.sequence"
    ) == [("bơi",), ("xem phim",)]


def test_import_with_a_wrong_token(run_import, make_lead, tmp_path):
    (tmp_path / "token").write_text("crmlead_x")
    status, output = run_import([{"ticket_id": 1}])
    assert status == 1
    assert output[0].startswith("401: ")
