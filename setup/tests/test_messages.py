# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages to two servers on one database, which make their leads together."""

import json

import pytest
from connection_sender import make_request, read_platforms
from google_form import make_form
from odoo_database import APP, CONNECT, CONNECT_ALL, SECRET
from odoo_server import JSON
from waiting import run_at_once, wait_until

TEMPLATE = "addons"
PLATFORMS = read_platforms()
# What becomes of examples that make no lead: one has only the id of a lead, which Meta
# would have to be asked for, and one has only the id of a ticket
STATES = {"meta": "fetching", "caresoft": "refused"}
OPTIONS = ("--max-cron-threads=1",)
MAKE_LEADS = "crm_lead_api_connection.ir_cron_make_leads"
WITHOUT_ID = """
env.ref("crm_lead_api_connection.platform_google").id_place = False
"""


@pytest.fixture(scope="module")
def key(database):
    return database.run(CONNECT)


def prepare(phone, lead_id=""):
    """Return a message of Google's."""
    answers = {"FULL_NAME": "Vũ Hải Yến", "PHONE_NUMBER": phone}
    return make_form(answers.items(), **({"lead_id": lead_id} if lead_id else {}))


def send(server, key, body):
    path = f"/api/v1/connections/{key}"
    status, _head, text = server.send("POST", path, [JSON], json.dumps(body))
    return status, text


def wait_for_leads(database, phone, count=1):
    of_phone = "crm_lead", "phone = %s", phone
    wait_until(lambda: database.count(*of_phone) >= count, "no lead")
    # Whatever else is to come has come when nothing waits.
    wait_until(lambda: not database.count("crm_lead_api_message", "state = 'waiting'"))
    assert database.count(*of_phone) == count


def test_one_id_makes_one_lead(database, servers, key, phone):
    """Twenty times at once, and again when the lead is made."""
    body = prepare(phone, f"one-{phone}")
    for _attempt in range(2):
        answers = run_at_once(lambda n: send(servers[n % 2], key, body), range(20))
        assert set(answers) == {(200, "{}")}
        wait_for_leads(database, phone)
    assert (
        database.count("crm_lead_api_message", "message_ref = %s", f"one-{phone}") == 1
    )


@pytest.fixture(scope="module")
def all_keys(database):
    return json.loads(database.run(CONNECT_ALL))


@pytest.mark.parametrize("code", PLATFORMS)
def test_one_id_of_each_platform(database, servers, all_keys, code):
    """Twenty times at once, on both servers."""
    platform, (connection, key) = PLATFORMS[code], all_keys[code]
    headers, raw = make_request(platform, platform.example, SECRET, APP)
    path, before = f"/api/v1/connections/{key}", database.count("crm_lead", "true")

    def send_example(number):
        return servers[number % 2].send("POST", path, [*headers.items()], raw)[0]

    assert set(run_at_once(send_example, range(20))) == {200}
    own = "connection_id = %s"
    waiting = f"state = 'waiting' AND {own}"
    wait_until(lambda: not database.count("crm_lead_api_message", waiting, connection))
    query = f"SELECT state FROM crm_lead_api_message WHERE {own}"
    state = STATES.get(code, "done")
    assert database.query(query, connection) == [(state,)]
    assert database.count("crm_lead", "true") == before + (state == "done")


@pytest.mark.parametrize("at_once", [20, 4])
def test_many_messages_make_a_lead_each(database, servers, key, phone, at_once):
    """Who has got an answer comes before who sends later."""
    bodies = [prepare(phone, f"{phone}-{n}") for n in range(20)]
    for first in range(0, 20, at_once):
        numbers = range(first, first + at_once)
        answers = run_at_once(lambda n: send(servers[n % 2], key, bodies[n]), numbers)
        assert set(answers) == {(200, "{}")}
    wait_for_leads(database, phone, 20)
    assert database.count("res_partner", "phone = %s", phone) == 1
    ids = (
        "SELECT lead_id FROM crm_lead_api_message WHERE message_ref LIKE %s ORDER BY id"
    )
    leads = database.query(ids, f"{phone}-%")
    starts = range(0, 20, at_once)
    rounds = [sorted(leads[first : first + at_once]) for first in starts]
    assert sum(rounds, []) == sorted(leads), "not in the order of arrival"


def test_equal_content_makes_one_lead(database, servers, key, phone):
    database.run(WITHOUT_ID)
    body = prepare(phone)
    answers = run_at_once(lambda n: send(servers[n % 2], key, body), range(20))
    assert set(answers) == {(200, "{}")}
    wait_for_leads(database, phone)
    database.change("UPDATE crm_lead_api_message SET date = date - interval '25 hours'")
    answers = run_at_once(lambda n: send(servers[n % 2], key, body), range(20))
    assert set(answers) == {(200, "{}")}
    wait_for_leads(database, phone, 2)


def test_killed_before_the_commit(addons, start_server, phone):
    """The lead is half made when its server ends; another one makes it."""
    database = addons.copy("killed_messages")
    key = database.run(CONNECT)
    taking, doomed = start_server(database), start_server(database, *OPTIONS)
    with database.locked("LOCK crm_lead_api_request IN SHARE MODE"):
        assert send(taking, key, prepare(phone, "killed"))[0] == 200
        wait_until(database.count_locked, "nothing waits")
        doomed.kill()
        assert not database.count("crm_lead", "phone = %s", phone)
    start_server(database, *OPTIONS)
    database.change("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'utc'")
    database.wake_servers_up()
    wait_for_leads(database, phone)
    assert database.count("res_partner", "phone = %s", phone) == 1
