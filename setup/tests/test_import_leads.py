# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the sample import."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from customers import make_payload
from waiting import PATIENCE

IMPORT = Path(__file__).parents[1] / "import_leads.py"


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


def test_import(database, run_import, payload):
    def make_row(number, **changes):
        lead = make_payload(payload, number, **changes)
        lead.pop("customer_portrait")
        return {
            **lead,
            "crm_line_ids": "; ".join(map(str, lead["crm_line_ids"])),
            "customer_portrait.hobby": "bơi; xem phim",
            "customer_portrait.transport": "bus",
        }

    wrong_row = make_row(20_002, gender="nữ", street="")
    rows = [make_row(20_001), wrong_row, make_row(20_003)]
    before = database.count("crm_lead")
    wrong = [
        "leads.csv:3: gender: Send one of: male, female, other.",
        "leads.csv:3: street: This attribute is required: send a value for it.",
    ]
    status, output = run_import(rows, "--dry-run")
    summary = "2 would be made, 0 were there already, 1 refused"
    assert (status, output) == (1, [*wrong, summary])
    assert database.count("crm_lead") == before
    status, output = run_import(rows)
    assert (status, output) == (1, [*wrong, "2 made, 0 were there already, 1 refused"])
    rows[1] |= {"gender": "female", "street": "12 Lê Lợi"}
    status, output = run_import(rows)
    assert (status, output) == (0, ["1 made, 2 were there already, 0 refused"])
    assert database.count("crm_lead") == before + 3
    assert database.query(
        "SELECT item.name FROM crm_customer_portrait_item item"
        "  JOIN crm_lead lead USING (portrait_id)"
        " WHERE lead.ticket_ref = '20002' ORDER BY item.sequence"
    ) == [("bơi",), ("xem phim",)]


def test_import_with_a_wrong_token(run_import, tmp_path):
    (tmp_path / "token").write_text("crmlead_x")
    status, output = run_import([{"ticket_id": 1}])
    assert status == 1
    assert output[0].startswith("401: ")
