# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the follow-up of a request beside another addon that refuses it for a lead
or looks at each change; scheduled actions run when a test says so."""

from contextlib import closing

import pytest
from neighbour import FOLLOW_UP

LOCK = "UPDATE crm_lead SET is_neighbour_locked = true WHERE id = %s"
DELETE_ACTION = f"""
env.ref("{FOLLOW_UP}").unlink()
env.cr.commit()
env.registry.signal_changes()  # which Odoo itself does after a request
"""


@pytest.fixture(scope="module")
def quiet(neighbour):
    return neighbour.copy("neighbour_quiet")


@pytest.fixture(scope="module")
def server(quiet, start_server):
    return start_server(quiet.database)


@pytest.fixture
def make(quiet, server):
    """Return a function that makes a lead, and returns its row."""

    def make(**changes):
        status, body = quiet.post(server, quiet.make_payload(**changes))
        assert status == 200, body
        return quiet.read_lead(body["data"]["id_lead"])

    return make


def test_nothing_is_written(quiet, make):
    """Work after the answer starts no automation rule, and leaves the last writer."""
    lead = make(street="automate")

    def count():
        return [
            quiet.count_traces(name, "crm.lead", lead["id"])
            for name in ("write", "rule", "rule of any change")
        ]

    before = count()
    quiet.database.run_actions(FOLLOW_UP)
    assert quiet.count_notes("crm.lead", lead["id"]) == 1
    assert count() == before
    assert quiet.read_lead(lead["id"])["write_uid"] == lead["create_uid"]


def test_refused(quiet, make):
    """The neighbour lets nobody write on one lead: the others get what follows, those
    that come later, too."""
    first, locked, third = make(), make(), make()
    with closing(quiet.database.connect()) as connection, connection:
        connection.cursor().execute(LOCK, [locked["id"]])
    quiet.database.run_actions(FOLLOW_UP)
    last = make()
    quiet.database.run_actions(FOLLOW_UP)
    notes = [
        quiet.count_notes("crm.lead", lead["id"])
        for lead in (first, locked, third, last)
    ]
    assert notes == [1, 0, 1, 1]


def test_action_deleted(quiet, make):
    """Leads are made without the scheduled action, too."""
    make()
    quiet.database.run(DELETE_ACTION)
    assert make()["id"]
