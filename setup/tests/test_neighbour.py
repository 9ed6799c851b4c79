# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another addon does to the models of the lead API, to leads and to contacts what
ordinary addons do: its code runs as for a lead that is made by hand."""

import json
from itertools import count
from pathlib import Path

import pytest
from customers import AGENT
from waiting import wait_until

ADDONS_PATH = Path(__file__).parent / "addons"
INIT = ["--init=crm_lead_api_neighbour"]
OPTIONS = ["--max-cron-threads=1"]
NUMBERS = count(1)  # of customers
STATE = "to review"  # the default of the neighbour's columns
SURCHARGE = 7  # which the neighbour adds to each unit price
SIZES = ["image_1024", "image_128", "image_1920", "image_256", "image_512"]
MADE = """
    SELECT DISTINCT lead.neighbour_quantity, service.neighbour_label,
           service.price_unit, service.price_subtotal, lead.service_amount,
           lead.expected_revenue, lead.neighbour_product_id IS NOT NULL AS has_default,
           lead.neighbour_note = 'Noted: ' || lead.contact_name AS is_written,
           contact.neighbour_note = 'Noted: ' || contact.name AS is_contact_written,
           (SELECT count(*) FROM mail_activity
             WHERE res_model = 'crm.lead' AND res_id = lead.id
                   AND summary = 'Planned by the neighbour'
                   AND user_id = lead.user_id) AS activities,
           ARRAY(SELECT res_field::text FROM ir_attachment
                  WHERE res_model = 'res.partner' AND res_id = contact.id
                  ORDER BY res_field) AS images,
           portrait.neighbour_item_count,
           ARRAY(SELECT neighbour_length FROM crm_customer_portrait_item
                  WHERE portrait_id = portrait.id ORDER BY id) AS lengths,
           ARRAY[portrait.neighbour_state, item.neighbour_state, tag.neighbour_state,
                 service.neighbour_state, entry.neighbour_state] AS states,
           entry.neighbour_company IS NOT NULL AS has_company, entry.neighbour_outcome
      FROM crm_lead AS lead
      JOIN res_partner AS contact ON contact.id = lead.partner_id
      JOIN crm_lead_service AS service ON service.lead_id = lead.id
      JOIN crm_customer_portrait AS portrait ON portrait.id = lead.portrait_id
      JOIN crm_customer_portrait_item AS item ON item.portrait_id = portrait.id
      JOIN crm_customer_portrait_tag AS tag ON tag.id = item.tag_id
      JOIN crm_lead_api_request AS entry ON entry.lead_id = lead.id
     WHERE lead.id = %s
"""
# Two rules for each model: one runs when some fields change, one whatever changes.
# Prints attributes that the neighbour or a company refuses.
PREPARE = """
demo = lambda name: env.ref(f"crm_lead_api.demo_{name}")
env["product.product"].create({
    "name": "Gift", "default_code": "GIFT", "company_id": demo("company").id,
})
main, company = env.ref("base.main_company"), demo("company")
demo("caller").company_ids = main | company
demo("agent").company_ids = main | company
(demo("agent") | demo("agent_2")).notification_type = "inbox"
for model, watched in (
    ("crm.lead", ["user_id", "description"]), ("res.partner", ["name", "email"])
):
    for name, names in (("rule", watched), ("rule of any change", [])):
        own = {"name": name, "model_id": env["ir.model"]._get_id(model)}
        watch = [env["ir.model.fields"]._get(model, each).id for each in names]
        code = "env['crm.lead.api.neighbour.trace']._trace(%r, records)" % name
        env["base.automation"].create({
            **own, "trigger": "on_create_or_write", "trigger_field_ids": watch,
            "filter_domain": "[('street', 'like', 'automate')]",
            "action_server_ids": [
                Command.create({**own, "state": "code", "code": code})],
        })
price_list = env["product.pricelist"].create({
    "name": "For all", "company_id": False, "currency_id": company.currency_id.id})
service = env["product.product"].create({
    "name": "For all", "type": "service", "list_price": 1000})
print(">>" + json.dumps({
    "many": demo("service_kham").ids * 6,
    "main": {"company_id": main.id, "price_list_id": price_list.id,
             "crm_line_ids": service.ids},
}))
"""
COUNT_RECORDS = """
    SELECT (SELECT count(*) FROM crm_lead), (SELECT count(*) FROM res_partner),
           (SELECT count(*) FROM crm_customer_portrait),
           (SELECT count(*) FROM crm_customer_portrait_item),
           (SELECT count(*) FROM crm_lead_service)
"""
MAKE_BY_HAND = """
agent = env.ref("crm_lead_api.demo_agent")
model = env(user=agent)["res.partner"].with_company(agent.company_id)
partner = model.create({"name": "By hand", "street": "automate"})
lead = model.env["crm.lead"].create({
    "name": "By hand", "street": "automate", "partner_id": partner.id,
    "user_id": agent.id,
})
print(f">>{lead.id} {partner.id}")
"""


def count_notes(database, model, record_id):
    """Return how many notes of Odoo's own a record has."""
    condition = "model = %s AND res_id = %s AND message_type = 'notification'"
    return database.count("mail_message", condition, model, record_id)


@pytest.fixture(scope="module")
def refused(database):
    """The attributes that are refused, after the rules have been made."""
    return json.loads(database.run(PREPARE))


@pytest.fixture(params=["single", "bulk"])
def send(request, refused, server, token, payload):
    """Return a function that sends two leads of customers whom nobody knows, and
    returns (status, body) of both: one with changes, and one without."""

    def send(**changes):
        leads = []
        for each in (changes, {}):
            number = next(NUMBERS)
            own = {"ticket_id": number, "phone_no1": f"0968 {number:06}"}
            own |= {"agent_email": AGENT, "contact_name": f"Khách {number}"}
            leads.append({**payload, **own, **each})
        if request.param == "single":
            answers = [server.call(token, "POST", "/lead", lead) for lead in leads]
            return [(status, body) for status, _head, body in answers]
        answer = server.call(token, "POST", "/leads", {"leads": leads})
        return [(each["status"], each["body"]) for each in answer.data["results"]]

    return send


@pytest.fixture
def make(send, database):
    """Return a function that makes a lead, and returns its row."""

    def make(**changes):
        (status, body), _other = send(**changes)
        assert status == 200, body
        query = "SELECT row_to_json(crm_lead) FROM crm_lead WHERE id = %s"
        return database.query(query, body["data"]["id_lead"])[0][0]

    return make


def test_notes_of_creation(database, make):
    """Lead, contact and portrait have a note of creation each."""
    lead = make(customer_portrait={"transport": "car", "hobby": ["âm nhạc"]})
    for model, name in (
        ("crm.customer.portrait", "portrait_id"),
        ("res.partner", "partner_id"),
        ("crm.lead", "id"),
    ):
        assert count_notes(database, model, lead[name]) == 1, model


def test_what_belongs_to_a_lead(database, make, payload):
    """Each column has its default or is computed, each override of create has run."""
    word, services = f"câu cá {next(NUMBERS)}", payload["crm_line_ids"] * 2
    portrait = {"hobby": [word, "xem phim"]}
    lead = make(street="write plan", crm_line_ids=services, customer_portrait=portrait)
    [found] = database.read(MADE, lead["id"])
    price = 300_000 + SURCHARGE
    assert found._asdict() == {
        **{"neighbour_quantity": 2, "neighbour_label": "2 Khám và tư vấn"},
        **{"price_unit": price, "price_subtotal": 2 * price},
        **{"service_amount": 2 * price, "expected_revenue": 2 * price},
        **{"has_default": True, "is_written": True, "is_contact_written": True},
        **{"activities": 1, "images": SIZES, "neighbour_item_count": 2},
        **{"lengths": [len(word), 8], "states": [STATE] * 5},
        **{"has_company": True, "neighbour_outcome": "HTTP 200"},
    }


@pytest.mark.parametrize(
    ("get_changes", "status", "reason"),
    [
        (lambda refused: {"crm_line_ids": refused["many"]}, 422, "so many"),
        (lambda _: {"customer_portrait": {"hobby": ["cấm"]}}, 422, "this word"),
        (lambda _: {"contact_name": "Người bị cấm"}, 422, "this customer"),
        (lambda _: {"customer_portrait": {"transport": "bus"}}, 403, "may not"),
        (lambda refused: refused["main"], 422, "GIFT"),
    ],
    ids=["service", "item", "lead", "record-rule", "company"],
)
def test_refused(database, refused, send, get_changes, status, reason):
    """A refused lead leaves no record; the other lead of the request is made."""
    before = database.query(COUNT_RECORDS)
    (found, body), other = send(**get_changes(refused))
    assert other[0] == 200, other
    assert found == status, body
    assert reason in body["message"]
    made = zip(before[0], database.query(COUNT_RECORDS)[0], strict=True)
    assert [after - before for before, after in made] == [1, 1, 0, 0, 1]


def test_message_is_posted_in_create(database, make):
    """The salesperson is told of it, once."""
    lead = make(street="post")
    query = """
        SELECT notification.notification_type, partner.email
          FROM mail_message AS message
          JOIN mail_notification AS notification
            ON notification.mail_message_id = message.id
          JOIN res_partner AS partner ON partner.id = notification.res_partner_id
         WHERE message.model = 'crm.lead' AND message.res_id = %s
           AND message.body LIKE '%%Posted by the neighbour%%'
    """
    told = wait_until(lambda: database.query(query, lead["id"]), "nobody is", 10)
    assert told == [("inbox", AGENT)]


def test_record_is_made_in_create(database, make):
    """Another addon's contact has its note of creation at once: the rules for records
    of requests do not reach it. Only a client's user, a program, follows nothing."""
    lead = make(street="make")
    query = "SELECT id FROM res_partner WHERE name = %s"
    [[partner_id]] = database.query(query, f"Friend of {lead['id']}")
    assert count_notes(database, "res.partner", partner_id) == 1
    query = """
        SELECT partner_id FROM mail_followers
         WHERE res_model = 'res.partner' AND res_id = %s
    """
    assert database.query(query, partner_id) == []


def test_automation_rules(database, make):
    """They run as often as for a lead that is made by hand: once."""
    by_hand = map(int, database.run(MAKE_BY_HAND).split())
    lead = make(street="automate")
    table = "crm_lead_api_neighbour_trace"
    of_rule = "name = 'rule' AND (model, res_id) = %s"
    for ids in (by_hand, (lead["id"], lead["partner_id"])):
        for each in zip(("crm.lead", "res.partner"), ids, strict=True):
            assert database.count(table, of_rule, each) == 1, each


def test_context(database, make):
    """The context in other addons' code has no key of the lead API."""
    make(customer_portrait={"hobby": ["âm nhạc"]})
    query = r"""
        SELECT DISTINCT name, model, key FROM crm_lead_api_neighbour_trace,
               string_to_table(context_keys, E'\n') AS key
         WHERE key LIKE 'lead\_api%%' ORDER BY 1, 2, 3
    """
    assert database.query(query) == []


def test_required_column_of_the_log_of_a_refusal(database, send):
    name = f"Khách hỏng {next(NUMBERS)}"
    (status, body), _other = send(gender="x", contact_name=name)
    assert status == 422, body
    query = "SELECT neighbour_state FROM crm_lead_api_request WHERE name = %s"
    assert database.query(query, name) == [(STATE,)]


def test_columns_of_a_proposal(database, make):
    lead = make(account_id=make()["partner_id"], contact_name="Tên khác")
    query = """
        SELECT proposal.neighbour_state, neighbour_subject, partner.name
          FROM crm_lead_proposal AS proposal
          JOIN res_partner AS partner ON partner.id = proposal.partner_id
         WHERE lead_id = %s AND subject = 'name'
    """
    [[state, subject, name]] = database.query(query, lead["id"])
    assert (state, subject) == (STATE, f"name of {name}")
