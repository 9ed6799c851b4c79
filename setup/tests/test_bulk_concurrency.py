# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bulks beside each other, and beside requests with one lead; with
``CRM_LEAD_API_FULL=1`` as large as they may be."""

import json
from concurrent.futures import ThreadPoolExecutor

from customers import IS_FULL, make_payload
from waiting import run_at_once

OPTIONS = ("--workers=4", "--max-cron-threads=1")
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
