# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A lead that came by a request is the lead that a salesperson would have made.

Of two copies of a database one gets leads by requests, the other the same by hand. Then
every column of every row that has come or changed is compared.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from database_changes import Changes, Row, Snapshot, spread_ids
from odoo_database import Database
from twins import (
    CASES,
    DESCRIBE,
    MAKE_BY_HAND,
    MAKE_RULE,
    RUN_ACTIONS,
    TICKETS,
    make_payloads,
    translate,
)

# With addons that do more for a lead; Odoo installs crm_iap_enrich along with CRM.
ADDONS = ("sale_crm", "base_automation", "website_crm")

# Tables that are meant to differ, each with its reason
OTHER_TABLES = {
    r"crm_lead_api_.*": "the book-keeping of requests: log, replays, limit, locks",
    r"ir_cron|ir_cron_progress": "when scheduled actions ran",
    r"bus_bus": "what open browsers are told, and forget",
}
# Columns
OTHER_COLUMNS = {
    ("mail_message", "message_id"): "has a random number in it",
    ("mail_mail", "references"): "names messages by their random numbers",
    ("crm_lead", "lead_api_sent"): "which attributes the outside system sent",
    ("crm_lead", "lead_api_values"): "the values that the outside system sent",
    # The creation note follows the answer, so that a message which another addon posts
    # while it sees the lead being made is the first one of the thread.
    ("mail_message", "parent_id"): "the thread's first message",
    ("ir_cron_trigger", "create_uid"): "who woke the action up counts for nothing",
    ("ir_cron_trigger", "write_uid"): "who woke the action up counts for nothing",
}
# Tables that have a row for each lead by hand, but one for all that are made together
ONCE_TABLES = {"ir_cron_trigger": "one wakes the scheduled action up for all leads"}


def describe(table, row):
    """Return the name by which other rows refer to a new row."""
    if table == "crm_lead":
        return f"lead {row['ticket_ref']}"
    if table == "res_partner":
        return f"contact {row['name']}"
    if table == "mail_message":
        return f"{row['message_type']} {row['subtype_id']} of {row['res_id']}"
    if table == "mail_followers":
        return f"follower {row['partner_id']} of {row['res_id']}"
    return ""


@dataclass
class Twins:
    """Hold the rows that the same leads made, by requests and by hand."""

    by_request: list[Row]
    by_hand: list[Row]
    follower: int

    @classmethod
    def make(cls, original: Database, token: str, known: dict, log: Path) -> "Twins":
        """Make the leads in two copies of a database."""
        payloads = make_payloads(known)
        spread_ids(original)
        before = Snapshot.take(original)
        requested, entered = (original.copy(f"twins_{n}") for n in ("request", "hand"))
        with requested.serve(log) as server:
            send_all(server, token, payloads)
        requested.run_anyway(RUN_ACTIONS)
        leads = [translate(case, each, known) for case, each in payloads.items()]
        script = MAKE_BY_HAND.format(caller=known["caller"], leads=json.dumps(leads))
        entered.run_anyway(script + RUN_ACTIONS)
        return cls(
            Changes(requested, original, before, describe).find(),
            Changes(entered, original, before, describe).find(),
            known["follower"],
        )

    def compare(self, case: str) -> tuple[list[Row], list[Row]]:
        """Return the rows of a case that came by request alone, and by hand alone.

        :param case: ``""`` for the rows that are of no lead
        """
        requested = Counter(self._select(self.by_request, case))
        entered = Counter(self._select(self.by_hand, case))
        return [*(requested - entered).elements()], [*(entered - requested).elements()]

    def _select(self, rows, case):
        rows = [left for row in rows if (left := self._leave_out(row))]
        rows = [row for row in rows if find_case(str(row)) == case]
        once = {row for row in rows if row.table in ONCE_TABLES}
        return [*(row for row in rows if row not in once), *once]

    def _leave_out(self, row):
        """Return a row without the differences that are meant, if more is left."""
        if any(re.fullmatch(pattern, row.table) for pattern in OTHER_TABLES):
            return None
        # A program does not follow what it makes.
        if row.table == "mail_followers" and (
            ("partner_id", str(self.follower)) in row.values
        ):
            return None
        if row.table == "mail_followers_mail_message_subtype_rel" and any(
            value.startswith(f"follower {self.follower} ")
            for _name, value in row.values
        ):
            return None
        values = tuple(
            (name, value)
            for name, value in row.values
            if (row.table, name) not in OTHER_COLUMNS
        )
        return replace(row, values=values) if values else None


def send_all(server, token, payloads):
    for case in CASES[:2]:
        status, _head, body = server.post(token, payloads[case])
        assert status == 200, body
    together = {"leads": [payloads[case] for case in CASES[2:]]}
    answer = server.call(token, "POST", "/leads", together)
    results = answer[2]["data"]["results"]
    assert [result["status"] for result in results] == [200] * 3, answer


def find_case(text):
    """Return the case that a row is of, or ``""``."""
    for case, number in TICKETS.items():
        if re.search(rf"(lead |Khách |khach\.|fb\.|= ){number}\b", text):
            return case
    return ""


def explain(by_request, by_hand):
    """Return in which columns rows differ from those that are most like them."""
    by_hand, texts = list(by_hand), []
    for row in by_request:
        likely = [other for other in by_hand if other.table == row.table]
        if not likely:
            texts.append(f"Only by request: {row}")
            continue
        twin = max(likely, key=lambda other: len({*other.values} & {*row.values}))
        by_hand.remove(twin)
        texts.append(
            f"{row.table}\n"
            f"    by request: {sorted({*row.values} - {*twin.values})}\n"
            f"    by hand:    {sorted({*twin.values} - {*row.values})}"
        )
    return "\n\n".join([*texts, *(f"Only by hand: {row}" for row in by_hand)])


@pytest.fixture(scope="module")
def database(demo):
    database = demo.copy("twins_bare")
    database.run_anyway(RUN_ACTIONS)  # what demo data have left to be done
    return database


@pytest.fixture(scope="module")
def known(database, payload):
    return {**json.loads(database.run(DESCRIBE)), "payload": json.loads(payload)}


SLOW = [pytest.param(name, marks=pytest.mark.slow, id=name) for name in ADDONS]


@pytest.fixture(scope="module", params=[pytest.param("", id="bare"), *SLOW])
def twins(request, database, token, known, tmp_path_factory):
    original = database.copy("twins")
    if request.param:
        original.odoo(f"--init={request.param}", "--stop-after-init")
    if request.param == "base_automation":
        original.run(MAKE_RULE)
    log = tmp_path_factory.mktemp("twins") / "odoo.log"
    return Twins.make(original, token, known, log)


@pytest.mark.parametrize("case", [*CASES, ""], ids=[*CASES, "else"])
def test_twins(twins, case):
    by_request, by_hand = twins.compare(case)
    assert not (by_request or by_hand), explain(by_request, by_hand)
