# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's Privacy Lookup finds what each addon has of a person, and leaves nothing."""

import json

import pytest
from google_form import make_form
from odoo_database import CONNECT, ERASE
from odoo_server import JSON

TEMPLATE = "addons"
INIT = ["--init=privacy_lookup"]
NAME = "Vũ Hải Yến"
PERSON = {
    **{"contact_name": NAME, "email_from": "yen.vu@example.com"},
    "phone_no1": "0901 777 303",
}
# For the events and meetings of bookings
LISTEN = """
client = env.ref("crm_lead_api.demo_client")
client.write({"webhook_url": "https://tickets.example.com", "webhook_bookings": True})
env["crm.booking"]._cron_write_meetings()
"""
MAKE_LEADS = "crm_lead_api_connection.ir_cron_make_leads"
HEAL_LEADS = "crm_lead_api_connection.ir_cron_heal_leads"
MAP = """
env["crm.lead.api.connection"].search([("name", "=", "Form")]).field_ids = [
    (0, 0, {"attribute": attribute, "place": place})
    for attribute, place in %s.items()
]
"""
MORE_PLACES = {
    **{"email_from": "answers.EMAIL", "gclid": "gcl_id", "ad_form": "form_id"},
    **{"ad_campaign": "campaign_id", "ad_ref": "creative_id"},
}
# Parts of a message, and of its request
CANARIES = (
    *("lead_id", "gcl_id", "form_id", "campaign_id", "creative_id"),
    *("wish", "zalo", "agent", "header"),
)


@pytest.fixture
def person(payload):
    return {**payload, **PERSON}


@pytest.fixture
def check_gone(database):
    """Return a function that finds nothing of some texts."""

    def check_gone(texts):
        for text in texts:
            assert database.find_text(text) == [], text

    return check_gone


@pytest.fixture
def erase(database, check_gone):
    """Return a function that erases the person, of whom some models have something, and
    nothing is left of some texts."""

    def erase(models, texts):
        assert models <= {*database.run(ERASE).split(",")}
        check_gone(texts)

    return erase


def test_leads_and_look_ups(send, person, erase):
    by_phone = "/customers?agent_email=lan@example.com&phone=0901777303"
    # In vain, before there is such a contact
    assert send(200, "GET", by_phone)["data"]["customers"] == []
    person["customer_portrait"] = {"hobby": ["cắm hoa"], "term_goals": "khỏe"}
    made = send(200, "POST", "/lead", person, ("Idempotency-Key", "privacy-1"))
    send(422, "POST", "/lead", {**person, "gender": "x"})
    send(422, "POST", "/lead", {**person, "email_from": "", "gender": "x"})
    hobby = {"customer_portrait": {"hobby": ["cắm hoa"]}}
    path = f"/lead/{made['data']['id_lead']}"
    send(422, "PATCH", path, {**hobby, "gender": "x"})
    send(422, "PATCH", path, {"phone_no1": "0901777303", "gender": "x"})
    by_email = "/customers?agent_email=lan@example.com&email=yen.vu@example.com"
    by_email += "&contact_name=V%C5%A9+H%E1%BA%A3i+Y%E1%BA%BFn"
    for path in (by_phone, by_email):
        assert NAME in str(send(200, "GET", path))
    models = {"res.partner", "crm.lead", "crm.customer.portrait"}
    models |= {"crm.lead.api.request", "crm.lead.api.look.up"}
    models.add("crm.lead.api.look.up.contact")
    erase(models, (NAME, "yen.vu@example.com", "cắm hoa", "901777303"))


def test_phone_calls(send, person, erase):
    send(200, "POST", "/lead", person)
    call = {"direction": "in", "phone": "0901 777 303", "note": "thích hoa giấy"}
    call |= {"agent_email": "lan@example.com"}
    call["started_at"] = "2026-11-25T08:15:00+07:00"
    for ticket in ({"ticket_id": person["ticket_id"]}, {}):
        path = f"/phone-calls/private-{len(ticket)}"
        send(200, "PUT", path, {**call, **ticket})
        send(422, "PUT", path, {**call, "outcome": "x"})
    erase({"crm.lead.phone.call"}, ("hoa giấy", "901777303", "0901 777 303"))


def test_messages(database, server, check_gone, phone):
    """Of a lead that was healed, of a refused and of a waiting message. What the
    platform sends again is not made again."""
    key = database.run(CONNECT)
    database.run(MAP % MORE_PLACES)
    words = {name: f"canary-{name}" for name in CANARIES}
    answers = {"EMAIL": "yen.vu@example.com", "ZALO": words["zalo"]}
    answers |= {"WISH": words["wish"], "PHONE_NUMBER": phone}
    headers = [JSON, ("User-Agent", words["agent"]), ("X-Request-Id", words["header"])]

    def receive(number, name=NAME):
        body = {each: word for each, word in words.items() if each.endswith("_id")}
        body["lead_id"] += number
        texts = {**answers, "FULL_NAME": name}
        body = make_form(texts.items(), **body)
        path = f"/api/v1/connections/{key}"
        assert server.send("POST", path, headers, json.dumps(body))[0] == 200

    receive("1")
    receive("2", name="")
    database.run_actions(MAKE_LEADS)
    database.run(MAP % {"zalo_acc": "answers.ZALO"})
    database.run_actions(HEAL_LEADS)
    receive("3")
    texts = [*words.values(), NAME, "yen.vu@", phone, phone.replace(" ", "")[1:]]
    for text in texts:
        is_kept = text not in (words["agent"], words["header"])
        assert bool(database.find_text(text)) == is_kept, text
    database.run(ERASE)
    receive("1")
    database.run_actions(MAKE_LEADS)
    check_gone(texts)
    states = database.query("SELECT state FROM crm_lead_api_message ORDER BY id")
    assert states == [("done",), ("refused",), ("discarded",)]


def test_bookings(database, send, person, erase):
    """The open one is cancelled."""
    [[seat]] = database.query(
        "SELECT id FROM resource_resource WHERE is_seat AND user_id IS NOT NULL"
        " AND company_id = %s ORDER BY id LIMIT 1",
        person["company_id"],
    )
    query = (
        f"company_id={person['company_id']}&crm_line_ids={person['crm_line_ids'][0]}"
        "&from=2031-03-03&to=2031-03-05"
    )
    starts = [
        slot["start"]
        for slot in send(200, "GET", f"/slots?{query}")["data"]["slots"]
        if seat in slot["seats"]
    ]
    wish = {"seat_id": seat, "note": "sợ kim tiêm"}
    first = {"lead": person, "start": starts[0], **wish}
    booked = send(200, "POST", "/bookings", first)["data"]
    cancelled = {"state": "cancelled", "cancel_reason": "sợ kim tiêm"}
    send(200, "PATCH", f"/bookings/{booked['code']}", cancelled)
    send(409, "PATCH", f"/bookings/{booked['code']}", {"note": "kim tiêm"})
    again = {"id_lead": booked["id_lead"], "start": starts[-1], **wish}
    booked = send(200, "POST", "/bookings", again)["data"]
    send(409, "POST", "/bookings", {**again, "start": starts[0]})
    send(200, "PATCH", f"/bookings/{booked['id_booking']}", {"note": "rất sợ kim tiêm"})
    database.run(LISTEN)
    assert "calendar_event" in database.find_text(NAME)
    erase({"crm.booking"}, ("kim tiêm", NAME, "901777303", "0901 777 303", "yen.vu@"))
    [[event]] = database.query(
        "SELECT body FROM crm_lead_api_event WHERE type = 'booking.cancelled'"
    )
    event = json.loads(event)["data"]["booking"]
    assert event["code"] == booked["code"]
    assert event["cancel_reason"] == "The customer was erased."
