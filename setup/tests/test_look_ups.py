# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random look-ups of customers by clients of two companies: no answer has a byte of
what the client may not see, and each look-up is kept.

They are the same ones at each run; ``CRM_LEAD_API_FUZZ_EXAMPLES=10000`` sends as
many random ones, and hypothesis prints how to send again what failed.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo_database import find_errors
from payloads import fuzz

# Each text of a record has the record's secret in it.
SECRET = re.compile(r"(?:contact|lead|portrait)x\d+x")
PHONES = [f"09680{number:05}" for number in range(8)]
EMAILS = [f"mail{number}@example.com" for number in range(3)]
OPTIONS = ["--max-cron-threads=0"]
LOOK_UPS = "SELECT count(*), max(id) FROM crm_lead_api_look_up"
MAIN_COMPANY = 1  # id of its contact, which Odoo shows to all users
SHOWN = """
SELECT partner_id FROM crm_lead_api_look_up_contact WHERE look_up_id = %s ORDER BY id
"""

# In odoo shell: contacts, leads and portraits of two companies and of none, of two
# clients of the first company, a client of the second, and staff. The first client
# reads all leads.
MAKE_RECORDS = """
import random
dice = random.Random(7)
vietnam = env.ref("base.vn")
first = env.ref("crm_lead_api.demo_company")
second = env["res.company"].create({"name": "Khác", "country_id": vietnam.id})
companies = [first, second, env["res.company"]]
clients, tokens = [], []
for number, company in enumerate((first, first, second)):
    clients.append(env["crm.lead.api.client"].create({
        "name": f"client-{number}", "company_ids": company.ids,
        "country_id": vietnam.id, "requests_per_minute": 0,
        "looks_up_customers": True, "reads_all_leads": not number,
    }))
    end = datetime.now() + timedelta(days=1)
    tokens.append(clients[-1]._generate_token("test", end))
known = {"contact": {}, "lead": {}, "portrait": {}}
def stamp(kind, number, record, *seers):
    known[kind][record.id] = [f"{kind}x{number}x", sorted(set(seers))]
    return record
def see(company):
    return [n for n, c in enumerate(clients) if not company or company in c.company_ids]
def portray(number, partner, company, *seers):
    secret = f"portraitx{number}x"
    return stamp("portrait", number, env["crm.customer.portrait"].create({
        "partner_id": partner.id, "company_id": company.id, "term_goals": secret,
        "item_ids": [Command.create({"kind": "hobby", "name": f"hát {secret}"})],
    }), *seers)
leads = 0
for number in range(60):
    company, secret = companies[number % 3], f"contactx{number}x"
    partner = stamp("contact", number, env["res.partner"].create({
        "name": f"Khách {secret}", "company_id": company.id, "street": secret,
        "email": dice.choice(EMAILS), "country_id": vietnam.id, "comment": secret,
        "phone": dice.choice(PHONES), "phone2": dice.choice([False, *PHONES]),
        "facebook_account": secret, "city": secret, "active": number % 10 != 9,
    }), *see(company))
    for place in ([company] if company else [first, second]):
        senders = [c for c in clients if place in c.company_ids]
        for sender in [*senders, env["crm.lead.api.client"]]:
            seers = [n for n, c in enumerate(clients)
                     if place in c.company_ids and (c.reads_all_leads or c == sender)]
            for again in range(dice.choice([0, 1, 1, 13])):
                leads += 1
                secret = f"leadx{leads}x"
                has_portrait = dice.random() < 0.7
                lead = stamp("lead", leads, env["crm.lead"].create({
                    "name": secret, "partner_id": partner.id, "company_id": place.id,
                    "street": secret, "contact_name": secret, "agent_email": secret,
                    "ticket_ref": str(leads), "lead_api_client_id": sender.id,
                    "lead_api_sent": ["street", "contact_name", "customer_portrait"],
                    "description": secret, "active": dice.random() < 0.8,
                    "portrait_id": has_portrait and
                        portray(leads, partner, place, *seers).id,
                }), *seers)
        portray(f"9{number}{place.id}", partner, place, *see(place))
print(">>" + json.dumps([tokens, known]))
"""


@dataclass
class World:
    """The records, and who may see which of them."""

    server: object
    cursor: object
    tokens: list[str]
    seers: dict[str, list[int]]  # of each secret
    ids: dict[str, dict[int, str]]  # the secret of each record, by kind and id

    def query(self, statement, *values):
        self.cursor.execute(statement, values)
        return self.cursor.fetchall()

    def may_see(self, client, kind, record_id):
        if (kind, record_id) == ("contact", MAIN_COMPANY):
            return True
        return client in self.seers[self.ids[kind][record_id]]


@pytest.fixture(scope="module")
def world(database, server):
    script = f"EMAILS, PHONES = {EMAILS}, {PHONES}\n{MAKE_RECORDS}"
    tokens, known = json.loads(database.run(script))
    ids = {
        kind: {int(each): secret for each, (secret, _seers) in records.items()}
        for kind, records in known.items()
    }
    seers = dict(pair for records in known.values() for pair in records.values())
    with database.open() as cursor:
        yield World(server, cursor, tokens, seers, ids)
    server.stop()
    text = server.log.read_text()
    assert find_errors(text) == []
    # Who was looked up is in no log.
    assert "/api/v1/customers?***" in text
    assert not any(each in text for each in (*EMAILS, PHONES[0][1:], "contactx"))


def write_phone(number):
    """Return ways to write a phone."""
    return st.sampled_from(
        [number, f"+84{number[1:]}", f"84{number[1:]}", f"{number[:4]} {number[4:]}"]
    )


@st.composite
def look_ups(draw, world):
    """Draw a client and the parameters of a look-up, most of them right."""
    contacts = world.ids["contact"]
    phones = st.sampled_from(PHONES).flatmap(write_phone)
    if draw(st.integers(0, 9)) == 0:
        phones = phones | st.text(max_size=12)
    account = st.sampled_from([*contacts, MAIN_COMPANY, 2**31 - 1])
    names = st.sampled_from([f"khach {secret}" for secret in contacts.values()])
    choices = {
        "phone": st.lists(phones, min_size=1, max_size=3),
        "account_id": account,
        "email": st.sampled_from(EMAILS),
        "contact_name": names,
        "include": st.sampled_from(["portrait", "leads", "portrait,leads", "x"]),
        "country_id": st.sampled_from([0, 1, 233, 241]),
    }
    ways = st.sampled_from(["phone", "account_id", "email"])
    wanted = draw(st.sets(ways, min_size=1))
    if "email" in wanted:
        wanted.add("contact_name")
    wanted |= draw(st.sampled_from([set(), set(), {"include"}, {"country_id"}]))
    sent = {name: draw(choices[name]) for name in choices if name in wanted}
    return draw(st.integers(0, 2)), {**sent, "agent_email": "lan@example.com"}


@fuzz(400)
@given(st.data())
def test_no_byte_of_what_the_client_may_not_see(world, data):
    client, sent = data.draw(look_ups(world))
    [(before, _last)] = world.query(LOOK_UPS)
    status, head, body = world.server.send(
        "GET",
        f"/api/v1/customers?{urlencode(sent, doseq=True)}",
        [("Authorization", f"Bearer {world.tokens[client]}")],
    )
    [(after, last)] = world.query(LOOK_UPS)
    assert status in (200, 422), body
    for secret in SECRET.findall(head + body):
        assert client in world.seers[secret], (secret, client, sent)
    if status == 422:
        assert after == before
        return
    assert after == before + 1
    customers = json.loads(body)["data"]["customers"]
    for customer in customers:
        assert world.may_see(client, "contact", customer["account_id"])
        for lead in customer.get("leads", ()):
            assert world.may_see(client, "lead", lead["id_lead"])
            assert lead["account_id"] in (None, customer["account_id"])
    # All who were shown are kept, and nobody else.
    shown = [partner_id for (partner_id,) in world.query(SHOWN, last)]
    assert shown == [customer["account_id"] for customer in customers]


@pytest.mark.parametrize("client", [0, 1, 2])
def test_what_the_client_may_see_is_there(world, client):
    """Else the test above would pass with empty answers."""
    customers = []
    for account_id in world.ids["contact"]:
        sent = {"account_id": account_id, "agent_email": "lan@example.com"}
        token = world.tokens[client]
        answer = world.server.call(token, "GET", f"/customers?{urlencode(sent)}")
        customers += answer.data["customers"]
    contacts = [*world.ids["contact"]]
    visible = {each for each in contacts if world.may_see(client, "contact", each)}
    [(archived,)] = world.query(
        "SELECT array_agg(id) FROM res_partner WHERE NOT active"
    )
    assert {each["account_id"] for each in customers} == visible - set(archived)
    leads = [lead for customer in customers for lead in customer["leads"]]
    assert leads
    assert all(customer["portrait"] for customer in customers)
    # For each customer the newest ten that the client may see
    rows = world.query(
        "SELECT partner_id, id FROM crm_lead WHERE name LIKE 'leadx%%' ORDER BY id DESC"
    )
    for customer in customers:
        own = [
            lead_id
            for partner_id, lead_id in rows
            if partner_id == customer["account_id"]
            and world.may_see(client, "lead", lead_id)
        ]
        assert [lead["id_lead"] for lead in customer["leads"]] == own[:10]
