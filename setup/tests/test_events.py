# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Events from real servers: none is lost, none is sent by two at once, and nobody waits
for a slow receiver."""

from contextlib import ExitStack, closing

import pytest
from customers import make_payload
from event_receiver import Receiver, get_events, receiving, wait_for_delivery, wake_up
from odoo_database import find_printed
from odoo_server import call_odoo
from waiting import serving, wait_until

FAILURES = 3  # of each event, before it is accepted
CRON = "--max-cron-threads=1"

SECRET = "whsec_" + "c2VjcmV0" * 6
# Statements that PostgreSQL refuses: two because of another transaction, and one whose
# row breaks a constraint, upon which PostgreSQL tells the row.
REFUSE = f"""
from contextlib import closing
from odoo.sql_db import db_connect

def change():
    with closing(db_connect(env.cr.dbname).cursor()) as cr:
        cr.execute("UPDATE crm_lead_api_client SET name = name")
        cr.commit()

def refuse(write):
    try:
        write()
        env.flush_all()
    except Exception as error:
        print(">>" + type(error).__name__)
    env.cr.rollback()

client = env.ref("crm_lead_api.demo_client")
client.webhook_secret = "{SECRET}"
env.cr.commit()
client.name
change()
refuse(lambda: client.write({{"webhook_secret": "{SECRET}"}}))
client.name
change()
refuse(lambda: client.write({{"webhook_url": False, "webhook_secret": "{SECRET}"}}))
refuse(lambda: client.write({{"requests_per_minute": -1}}))
print(">>" + str(client.webhook_secret == "{SECRET}"))
"""
LISTEN_TOO = """
client = env["crm.lead.api.client"].create(
    {"name": "Khác", "webhook_url": URL, "webhook_allow_private": True,
     "owner_id": env.ref("crm_lead_api.demo_agent").id,
     "company_ids": env.ref("crm_lead_api.demo_company").ids}
)
print(f">>{client.id} {client.webhook_secret}")
"""
END_CLAIMS = """
UPDATE crm_lead_api_event SET claimed_until = now() AT TIME ZONE 'utc'
 WHERE claimed_until IS NOT NULL
"""
IS_BEING_SENT = """
SELECT attempts FROM crm_lead_api_event
 WHERE ticket_ref = %s AND state = 'waiting' AND claimed_until IS NOT NULL
"""
MOVE_EVENT = """
UPDATE crm_lead_api_event
   SET lead_id = (SELECT min(id) FROM crm_lead)
 WHERE ticket_ref = %s RETURNING lead_id
"""
IS_WAITED_FOR = """
SELECT FROM pg_stat_activity WHERE datname = current_database()
   AND wait_event_type = 'Lock' AND query LIKE '%%claimed_until%%'
"""
LOCK_EVENT = """
SELECT FROM crm_lead_api_event WHERE message_ref = %s FOR NO KEY UPDATE
"""
LOCK_CRON = """
SELECT FROM ir_cron
 WHERE id = (SELECT res_id FROM ir_model_data
              WHERE module = 'crm_lead_api' AND name = 'ir_cron_send_events')
   FOR NO KEY UPDATE
"""


@pytest.fixture(scope="module", autouse=True)
def own_addresses():
    """Let servers send events to this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_LEAD_API_OWN_ADDRESSES", "1")
        yield


@pytest.fixture
def start(database, start_server):
    """Return a function that starts a server that sends; they end with the test."""
    servers = []

    def start():
        servers.append(start_server(database, CRON))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


def create_leads(servers, token, payload, tickets):
    """Make a lead with an owner for each ticket, in turn by each of the servers."""
    for number, ticket in enumerate(tickets):
        data = make_payload(payload, ticket)
        assert servers[number % len(servers)].post(token, data).data


def test_each_event_arrives_once(database, start, token, payload):
    tickets = range(100, 106)
    servers = [start(), start()]
    with receiving(database, FAILURES) as receiver:
        create_leads(servers, token, payload, tickets)
        events = wait_for_delivery(database, tickets)
        assert receiver.get_accepted() == events
        assert set(receiver.came.values()) == {FAILURES + 1}
        assert receiver.is_never_twice_at_once
    attempts = "SELECT DISTINCT attempts FROM crm_lead_api_event WHERE attempts > 1"
    assert database.query(attempts) == [(FAILURES + 1,)]


def test_what_another_worker_is_sending(database, start, token, payload):
    """An event whose row somebody has locked stays, the others go out."""
    tickets = range(200, 203)
    server = start()
    with receiving(database) as receiver, ExitStack() as cron, ExitStack() as worker:
        cron.enter_context(database.locked(LOCK_CRON))
        create_leads([server], token, payload, tickets)
        first, *others = get_events(database, tickets, "waiting")
        worker.enter_context(database.locked(LOCK_EVENT, first[0]))
        cron.close()
        assert wait_for_delivery(database, tickets[1:]) == others
        assert receiver.get_accepted() == others
        worker.close()
        assert wait_for_delivery(database, tickets)
        assert receiver.get_accepted() == [first, *others]


def test_server_killed_before_it_sends(database, start, token, payload):
    """The lead is committed, and the scheduled action has not begun."""
    tickets = range(300, 303)
    doomed = start()
    with receiving(database) as receiver:
        with database.locked(LOCK_CRON):
            create_leads([doomed], token, payload, tickets)
            doomed.kill()
            waiting = get_events(database, tickets, "waiting")
        assert not receiver.came
        assert len(waiting) == len(tickets)
        start()
        assert wait_for_delivery(database, tickets) == waiting
        assert receiver.get_accepted() == waiting


def test_server_killed_while_it_sends(database, start, token, payload):
    """An event that has perhaps arrived is sent again, with the same id."""
    tickets = range(400, 403)
    doomed = start()
    with receiving(database) as receiver:
        receiver.is_open.clear()
        create_leads([doomed], token, payload, tickets)

        def is_sending():
            wake_up(database)
            return receiver.came

        wait_until(is_sending, "nothing was sent")
        doomed.kill()
        receiver.is_open.set()
        # As a minute later
        database.change(END_CLAIMS)
        start()
        events = wait_for_delivery(database, tickets)
        assert receiver.get_accepted() == events
        assert sorted(receiver.came.values()) == [1, 1, 2]


def test_a_slow_receiver_delays_nobody_else(database, start, token, payload):
    """Neither staff who merge its lead in another process, nor another client."""
    tickets = range(500, 502)
    servers = [start(), start()]
    port = servers[1].port
    # What a server's first call loads would be part of the receiver's ten seconds.
    call_odoo(port, database, "crm.lead", "search_count", [], login="lan")
    with receiving(database) as slow, serving(Receiver()) as quick:
        output = database.run(LISTEN_TOO.replace("URL", repr(quick.url)))
        client, quick.secret = output.split()
        slow.is_open.clear()
        create_leads(servers, token, payload, tickets)
        wait_until(lambda: slow.came, "nothing was sent")
        [ticket] = [t for t in tickets if database.query(IS_BEING_SENT, str(t))]
        refs = [str(each) for each in tickets]
        ids = "SELECT id FROM crm_lead WHERE ticket_ref = ANY(%s)"
        leads = [lead for (lead,) in database.query(ids, refs)]
        call_odoo(port, database, "crm.lead", "merge_opportunity", leads, login="lan")
        assert database.query(IS_BEING_SENT, str(ticket)) == [(1,)], "merge waited"
        action = ("crm.lead.api.client", "action_send_test_event", [int(client)])
        call_odoo(port, database, *action, login="lan")
        wait_until(lambda: quick.accepted, "the other client's event did not arrive")
        # All that while the first receiver was thinking.
        assert database.query(IS_BEING_SENT, str(ticket)) == [(1,)]
        slow.is_open.set()
        # Two of leads that got a salesperson, and one of the merger
        wait_until(lambda: len(get_events(database, tickets)) == 3, "not delivered")
        assert len(slow.accepted) == 3
        assert set(slow.came.values()) == {1}
    [(survivor,)] = database.query("SELECT id FROM crm_lead WHERE id = ANY(%s)", leads)
    events = "SELECT DISTINCT lead_id FROM crm_lead_api_event WHERE ticket_ref IN %s"
    assert database.query(events, tuple(refs)) == [(survivor,)]


def test_an_outcome_that_meets_a_merge(database, start, token, payload):
    """The server waits for the merge to end, and saves the outcome all the same."""
    ticket = 600
    server = start()
    with receiving(database) as receiver, closing(database.connect()) as merge:
        receiver.is_open.clear()
        create_leads([server], token, payload, [ticket])
        wait_until(lambda: database.query(IS_BEING_SENT, str(ticket)), "not sent")
        wait_until(lambda: receiver.came, "nothing was sent")
        cursor = merge.cursor()
        cursor.execute(MOVE_EVENT, [str(ticket)])
        lead = cursor.fetchone()
        receiver.is_open.set()
        wait_until(lambda: database.query(IS_WAITED_FOR), "nobody waits for the merge")
        merge.commit()
        wait_for_delivery(database, [ticket])
        assert set(receiver.came.values()) == {1}
    query = "SELECT lead_id FROM crm_lead_api_event WHERE ticket_ref = %s"
    assert database.query(query, str(ticket)) == [lead]


@pytest.mark.parametrize("level", ["info", "debug_sql"])
def test_no_log_has_the_secret(database, level):
    """Statements that PostgreSQL refuses: Odoo logs them with their values."""
    output = database.run_anyway(REFUSE, f"--log-level={level}")
    refused = ["SerializationFailure", "SerializationFailure", "CheckViolation", "True"]
    assert find_printed(output) == refused, output
    assert "bad query" in output
    assert SECRET not in output
