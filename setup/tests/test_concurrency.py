# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many calls in the same instant, to two servers on one database; and bulks beside each
other, and beside requests with one lead, with ``CRM_LEAD_API_FULL=1`` as large as they
may be."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from customers import IS_FULL, make_payload
from odoo_server import call_odoo
from waiting import PATIENCE, run_at_once, wait_until

OPTIONS = ("--workers=4", "--max-cron-threads=1")  # of the server for bulks
LEADS = 1000 if IS_FULL else 200  # of a bulk
FIRST = 500_000  # ticket
MAKE_COMPANY = """
client, agent = env.ref("crm_lead_api.demo_client"), env.ref("crm_lead_api.demo_agent")
currency = env.ref("crm_lead_api.demo_company").currency_id
company = env["res.company"].create({"name": "Sen Trắng", "currency_id": currency.id})
(client.user_id | agent | env.user).company_ids = [Command.link(company.id)]
client.company_ids = client.user_id.company_ids
pricelist = env["product.pricelist"].create(
    {"name": "Sen Trắng", "company_id": company.id, "currency_id": currency.id})
service = env["product.product"].create(
    {"name": "Khám", "type": "service", "company_id": company.id})
print(">>" + json.dumps({"company_id": company.id, "price_list_id": pricelist.id,
                         "crm_line_ids": [service.id]}))
env.cr.commit()
env.registry.signal_changes()  # or the servers keep the user's companies
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
CONTACTS = """
    SELECT count(*), count(DISTINCT phone) FROM res_partner WHERE phone = ANY(%s)
"""
CUSTOMERS = """
    SELECT count(*), count(DISTINCT partner_id) FROM crm_lead
     WHERE ticket_ref::int BETWEEN %s AND %s
"""
CALLS = 50


@pytest.fixture(
    scope="module",
    params=[0, pytest.param(2, marks=pytest.mark.slow)],
    ids=["threaded", "workers"],
)
def servers(request, database, start_server):
    return [start_server(database, f"--workers={request.param}") for _ in range(2)]


@pytest.fixture
def data(payload, phone):
    """A lead of a customer with a phone of its own."""
    return {**payload, "phone_no1": phone}


def post_at_once(servers, token, payloads, keys=("",)):
    """Send the payloads in the same instant, in turn to each of the servers and with
    each of the keys."""

    def send(number):
        server = servers[number % len(servers)]
        return server.post(token, payloads[number], keys[number % len(keys)])

    return run_at_once(send, range(len(payloads)))


def test_one_new_phone_makes_one_contact(database, servers, token, data, phone):
    payloads = [
        {**data, "ticket_id": number, "contact_name": f"Khách {number}"}
        for number in range(1, CALLS + 1)
    ]
    answers = post_at_once(servers, token, payloads)
    assert {status for status, _head, _body in answers} == {200}
    assert database.count("crm_lead", "phone = %s", phone) == CALLS
    assert database.count("res_partner", "phone = %s", phone) == 1


def test_phones_that_overlap_make_one_contact(database, servers, token, payload, phone):
    """Each request has the shared phone at another place, beside phones of its own."""
    payloads = []
    for number in range(1, 13):
        phones = [f"0966 {number:03} 30{place}" for place in range(3)]
        phones[number % 3] = phone
        names = ("phone_no1", "phone_no2", "phone_no3")
        own = dict(zip(names, phones, strict=True))
        payloads.append({**payload, **own, "ticket_id": number})
    answers = post_at_once(servers, token, payloads)
    assert {status for status, _head, _body in answers} == {200}
    having = "%s IN (phone, phone2, phone3)"
    assert database.count("res_partner", having, phone) == 1


@pytest.mark.parametrize("key", ["", "8e03978e-40d5-43dd-bc93-6894a57f9324"])
def test_repeated_call_makes_one_lead(database, servers, token, data, phone, key):
    key = key and f"{key}-{phone.replace(' ', '')}"
    answers = post_at_once(servers, token, [data] * CALLS, [key])
    assert {status for status, _head, _body in answers} == {200}
    assert len({body for _status, _head, body in answers}) == 1
    replayed = [
        head for _s, head, _b in answers if "Idempotency-Replayed: true" in head
    ]
    assert len(replayed) == CALLS - 1
    assert database.count("crm_lead", "phone = %s", phone) == 1


def test_call_with_a_key_and_without_makes_one_lead(
    database, servers, token, data, phone
):
    key = f"twin-{phone.replace(' ', '')}"
    keys = ["", "", key, key]  # both to each of the servers
    answers = post_at_once(servers, token, [data] * CALLS, keys)
    assert {status for status, _head, _body in answers} == {200}
    assert len({body for _status, _head, body in answers}) == 1
    assert database.count("crm_lead", "phone = %s", phone) == 1


def test_calls_with_keys_of_their_own_make_leads_of_their_own(
    database, servers, token, data, phone
):
    keys = [f"{number}-{phone.replace(' ', '')}" for number in range(CALLS)]
    answers = post_at_once(servers, token, [data] * CALLS, keys)
    assert {status for status, _head, _body in answers} == {200}
    assert database.count("crm_lead", "phone = %s", phone) == CALLS


@pytest.mark.parametrize("is_bulk", [False, True], ids=["single", "bulk"])
def test_retry_while_staff_hold_the_lead(database, servers, token, data, is_bulk):
    """A request that is sent again never waits for what else is done with its lead:
    staff hold the lock until the answer has come."""
    first = servers[0].call(token, "POST", "/lead", data)
    sent = ("/leads", {"leads": [data]}) if is_bulk else ("/lead", data)
    statement = "SELECT FROM crm_lead WHERE id = %s FOR UPDATE"
    with ThreadPoolExecutor(1) as pool, database.locked(statement, first.lead_id):
        again = pool.submit(servers[1].call, token, "POST", *sent).result(PATIENCE / 4)
    if is_bulk:
        [result] = again.data["results"]
        assert (result["status"], result["replayed"]) == (200, True)
        assert result["body"] == first.body
    else:
        found = (again.status, again.is_replayed, again.body)
        assert found == (200, True, first.body)


@pytest.mark.parametrize("key", ["", "killed"])
def test_server_killed_in_the_middle(database, start_server, token, data, phone, key):
    """Before the commit: the lead is half made, and the caller has no answer."""
    doomed, other = start_server(database), start_server(database)
    with ThreadPoolExecutor(2) as pool:
        with database.locked("LOCK crm_lead_service IN SHARE MODE"):
            # The call goes on until it has made the lead.
            first = pool.submit(doomed.post, token, data, key)
            wait_for_lock(database, "crm_lead_service")
            doomed.kill()
            retry = pool.submit(other.post, token, data, key)
            assert database.count("crm_lead", "phone = %s", phone) == 0
        status, head, _body = retry.result(PATIENCE)
        with pytest.raises((OSError, IndexError)):
            first.result(PATIENCE)
    assert status == 200
    assert "Idempotency-Replayed" not in head
    assert database.count("crm_lead", "phone = %s", phone) == 1
    assert database.count("res_partner", "phone = %s", phone) == 1


def test_word_that_staff_add_at_the_same_instant(
    database, start_server, token, payload, phone
):
    """Staff are first: the request waits for them, and takes their word."""
    server, words = start_server(database), ["Bơi", phone]
    own = {"phone_no1": phone, "customer_portrait": {"hobby": words}}
    data = {**payload, **own}
    tag = {"kind": "hobby", "name": phone}
    model = "crm.customer.portrait.tag"
    with ThreadPoolExecutor(2) as pool:
        with database.locked("LOCK crm_customer_portrait_tag IN SHARE MODE"):
            staff = pool.submit(call_odoo, server.port, database, model, "create", tag)
            wait_for_lock(database, "crm_customer_portrait_tag")
            request = pool.submit(server.post, token, data)
            is_waiting = "the request does not wait"
            wait_until(lambda: database.count_locked() == 2, is_waiting)
        tag_id = staff.result(PATIENCE)
        data = request.result(PATIENCE).data
    assert data["customer_portrait"]["hobby"] == words
    used = "SELECT name FROM crm_customer_portrait_item WHERE tag_id = %s"
    assert database.query(used, tag_id) == [(phone,)]


def wait_for_lock(database, table):
    waiting = "relation = %s::regclass AND NOT granted"
    wait_until(
        lambda: database.count("pg_locks", waiting, table), f"nobody waits for {table}"
    )


def send_at_once(server, token, bulks):
    return run_at_once(
        lambda leads: server.call(token, "POST", "/leads", {"leads": leads}), bulks
    )


def get_results(answer):
    """Return the results of a bulk that was answered."""
    results = answer.data["results"]
    wrong = [result for result in results if result["status"] != 200]
    assert wrong == []
    return results


def test_new_customers_and_single_requests(database, server, token, payload):
    """Requests with one lead are answered while two bulks are being made."""
    bulks = [
        [make_payload(payload, FIRST + start + each) for each in range(LEADS)]
        for start in (10_000, 20_000)
    ]
    beside = []
    with ThreadPoolExecutor() as pool:
        sending = pool.submit(send_at_once, server, token, bulks)
        while not sending.done():
            single = make_payload(payload, FIRST + len(beside))
            beside.append(server.post(token, single).status)
    assert {*beside} == {200}
    assert len(beside) > 3, "they wait for the bulks"
    for answer in sending.result():
        assert len(get_results(answer)) == LEADS
    count = 2 * LEADS
    query = CUSTOMERS, FIRST + 10_000, FIRST + 29_999
    assert database.query(*query) == [(count, count)]


def test_crossed_companies(database, server, token, payload):
    """Two companies send the same new customers at once, in opposite orders."""
    other = json.loads(database.run(MAKE_COMPANY))
    half = LEADS // 2

    def make_bulk(start, first, second):
        return [
            make_payload(payload, 0, **company, **customer, ticket_id=start + number)
            for number, (company, customer) in enumerate(
                (company, customers[each])
                for company in (first, second)
                for each in range(half)
            )
        ]

    customers = [
        {
            name: make_payload(payload, FIRST + 40_000 + each)[name]
            for name in ("phone_no1", "email_from", "contact_name")
        }
        for each in range(half)
    ]
    start = FIRST + 40_000
    bulks = [
        make_bulk(start, {}, other),
        make_bulk(start + 10_000, other, {})[::-1],
        make_bulk(start + 20_000, other, {}),
    ]
    [(deadlocks,)] = database.query(DEADLOCKS)
    answers = send_at_once(server, token, bulks)
    for answer in answers:
        assert len(get_results(answer)) == LEADS
    assert database.query(DEADLOCKS) == [(deadlocks,)]
    query = CUSTOMERS, start, start + 29_999
    assert database.query(*query) == [(3 * LEADS, half)]
    phones = [customer["phone_no1"] for customer in customers]
    assert database.query(CONTACTS, phones) == [(half, half)]
