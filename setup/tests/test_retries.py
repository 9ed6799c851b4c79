# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A request that is sent again never waits for what else is done with its lead.

The measured seconds are printed (``-rP`` shows them); with ``CRM_LEAD_API_FULL=1`` the
numbers and limits are those of the goals.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from customers import IS_FULL, make_payload, send
from faults.follow_up import wait_for_queues
from odoo_database import Database
from postgresql_cluster import find_programs, run_cluster
from waiting import PATIENCE, wait_until

OPTIONS = ("--workers=4", "--max-cron-threads=1")
RETRIES = 20
PAUSE = 0.05  # seconds between an answer and the request that is sent again
LEADS = 1000 if IS_FULL else 200
MAX_SECONDS = 0.3 if IS_FULL else 2  # of a repeated request
MAX_BULK_SECONDS = 3 if IS_FULL else 20  # of as many leads

pytestmark = pytest.mark.skipif(
    not find_programs(), reason="PostgreSQL's programs are not here"
)


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL server with a log of its own."""
    with run_cluster("fsync=off", "max_connections=200") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def database(demo, cluster):
    return cluster.copy(demo)


@pytest.fixture
def find_conflicts(cluster, server):
    """Return a function that returns what the logs have of conflicts since then."""
    logs = (cluster.folder / "log", server.log)
    starts = [log.stat().st_size for log in logs]

    def find_conflicts():
        lines = []
        for log, start in zip(logs, starts, strict=True):
            with log.open(errors="replace") as file:
                file.seek(start)
                lines += [line for line in file if "could not serialize" in line]
        return lines

    return find_conflicts


def count_leads(database: Database, ticket: int) -> int:
    return database.count("crm_lead", "ticket_ref = %s", str(ticket))


def run_as_staff(database: Database, script: str) -> str:
    """Do in Odoo's shell what staff do with leads."""
    # In a browser Odoo would try again, if the e-mails are sent in that moment.
    outgoing = "SELECT FROM mail_mail WHERE state = 'outgoing'"
    wait_until(lambda: not database.query(outgoing))
    return database.run(f"{script}\nenv.cr.commit()\n")


def make_lead(server, token, payload, ticket, **changes):
    """Make a lead, and return (what was sent, its answer)."""
    data = make_payload(payload, ticket, **changes)
    answer = send(server, token, data)
    assert answer.status == 200, answer.body
    assert not answer.is_replayed
    return data, answer


def send_again(server, token, data, first):
    """Send a request again, and return its answer: the body is the first one's."""
    again = send(server, token, data)
    assert (again.status, again.is_replayed) == (200, True), again
    assert again.body == first.body
    return again


def test_soon_after_the_answer(
    database, server, token, payload, find_conflicts, capsys
):
    """While notes, notices and scores of the lead are being written."""
    seconds = []
    for number in range(RETRIES):
        data, first = make_lead(server, token, payload, 1_000 + number)
        time.sleep(PAUSE)
        seconds.append(send_again(server, token, data, first).seconds)
    print("seconds of repeated requests:", *(f"{each:.3f}" for each in seconds))
    assert max(seconds) < MAX_SECONDS
    assert find_conflicts() == []
    assert {count_leads(database, 1_000 + each) for each in range(RETRIES)} == {1}


def test_bulk_at_once(database, server, token, payload):
    data = {"leads": [make_payload(payload, 700_000 + each) for each in range(LEADS)]}
    first = send(server, token, data)
    again = send(server, token, data)
    print(f"{LEADS} leads: {first.seconds:.2f} s; repeated: {again.seconds:.2f} s")
    assert (first.status, again.status) == (200, 200), (first.body, again.body)
    results = [answer.body["data"]["results"] for answer in (first, again)]
    assert {each["status"] for each in results[0] + results[1]} == {200}
    assert {each["replayed"] for each in results[0]} == {False}
    assert {each["replayed"] for each in results[1]} == {True}
    bodies = [[each["body"] for each in result] for result in results]
    assert bodies[0] == bodies[1]
    assert again.seconds < MAX_BULK_SECONDS
    made = "ticket_ref::int BETWEEN 700000 AND 799999"
    assert database.count("crm_lead", made) == LEADS


@pytest.mark.parametrize("is_bulk", [False, True], ids=["single", "bulk"])
def test_while_staff_hold_the_lead(database, server, token, payload, is_bulk):
    """The lock is held until the answer has come."""
    data, first = make_lead(server, token, payload, 2_000 + is_bulk)
    # Nobody else has the lead any more.
    assert wait_for_queues(database, server.is_up)
    sent = {"leads": [data]} if is_bulk else data
    statement = "SELECT FROM crm_lead WHERE id = %s FOR UPDATE"
    with ThreadPoolExecutor(1) as pool, database.locked(statement, first.lead_id):
        again = pool.submit(send, server, token, sent)
        # A request that waits would do so until the lock goes.
        answer = again.result(PATIENCE / 4)
    if is_bulk:
        [result] = answer.body["data"]["results"]
        assert (result["status"], result["replayed"]) == (200, True)
        assert result["body"] == first.body
    else:
        assert (answer.status, answer.is_replayed) == (200, True)
        assert answer.body == first.body


def test_lead_that_was_deleted(database, server, token, payload):
    data, first = make_lead(server, token, payload, 3_000)
    assert send_again(server, token, data, first).get_header("X-Lead-State") is None
    run_as_staff(database, f"env['crm.lead'].browse({first.lead_id}).unlink()")
    again = send_again(server, token, data, first)
    assert again.get_header("X-Lead-State") == "deleted"
    assert count_leads(database, 3_000) == 0


def test_lead_that_was_merged(database, server, token, payload):
    sent = [make_lead(server, token, payload, 3_100 + each) for each in range(2)]
    ids = [answer.lead_id for _data, answer in sent]
    kept = int(
        run_as_staff(
            database,
            f"print('>>%s' % env['crm.lead'].browse({ids}).merge_opportunity().id)",
        )
    )
    states = {
        answer.lead_id: send_again(server, token, data, answer).get_header(
            "X-Lead-State"
        )
        for data, answer in sent
    }
    assert states == {each: None if each == kept else "merged" for each in ids}


ERASURES = {
    "portrait and contact": "portraits.unlink()\npartner.unlink()",
    "lead first": "lead.unlink()\nportraits.unlink()\npartner.unlink()",
}


@pytest.mark.parametrize("how", ERASURES)
def test_person_who_was_erased(database, server, token, payload, how):
    ticket = 3_200 + list(ERASURES).index(how)
    data, first = make_lead(server, token, payload, ticket)
    told = first.body["data"]["customer_portrait"]
    assert told["transport"] == "car"
    assert told["hobby"]
    run_as_staff(
        database,
        f"lead = env['crm.lead'].browse({first.lead_id})\n"
        "partner = lead.partner_id\n"
        "portraits = env['crm.customer.portrait'].search("
        "[('partner_id', '=', partner.id)])\n"
        f"{ERASURES[how]}",
    )
    again = send(server, token, data)
    assert (again.status, again.is_replayed) == (200, True)
    assert again.lead_id == first.lead_id
    portrait = again.body["data"]["customer_portrait"]
    assert portrait == {
        name: [] if isinstance(value, list) else None for name, value in told.items()
    }
    is_gone = how == "lead first"
    assert count_leads(database, ticket) == (0 if is_gone else 1)
    assert again.get_header("X-Lead-State") == ("deleted" if is_gone else None)
