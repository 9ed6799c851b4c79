# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of many leads, pages, changes, customers, notes and events."""

import os
from datetime import datetime, timezone
from urllib.parse import urlsplit

from documents import find_operations
from standardwebhooks import Webhook

from client_cases.errors import get_error
from client_cases.proxy import Canned

# Three requests, whose size setup/clients makes as large as can be
PART = int(os.environ.get("CRM_LEAD_API_CLIENT_PART", 100))
MANY = 2 * PART + PART // 2


def many_leads(client, scene):
    """Leads go in as many requests as it takes, and results come in their order."""
    leads = [scene.make_lead(ref=f"row-{row}") for row in range(MANY)]
    leads[MANY - 1]["gender"] = "x"
    results = client("create_leads", leads, size=PART)["data"]
    assert [each["index"] for each in results] == [*range(MANY)]
    assert [each["ref"] for each in results] == [each["ref"] for each in leads]
    assert [each["status"] for each in results[:-1]] == [200] * (MANY - 1)
    assert results[-1]["status"] == 422
    assert results[-1]["body"]["errors"][0]["field"] == "gender"
    assert len(scene.proxy.requests) == 3
    # Alone, too, each is the same lead.
    assert client("create_lead", _without_ref(leads[0]))["is_replayed"] is True


def many_leads_that_are_too_large(client, scene):
    """Leads that are too large for one request go in smaller ones."""
    leads = [scene.make_lead() for _ in range(5)]
    scene.proxy.begin(Canned(413), None, Canned(413))
    results = client("create_leads", leads)["data"]
    assert [each["index"] for each in results] == [*range(5)]
    assert {scene.count_leads(each["ticket_id"]) for each in leads} == {1}


def all_or_none(client, scene):
    """With ``atomic`` a wrong lead is an error of all."""
    leads = [scene.make_lead(), scene.make_lead(gender="x")]
    error = get_error(client, "create_leads", leads, atomic=True)
    assert error.status == 422
    assert error.fields == {"leads.1.gender": "choice"}
    assert scene.count_leads(leads[0]["ticket_id"]) == 0
    error = get_error(client, "create_leads", leads, atomic=True, size=1)
    assert error.status is None
    assert len(scene.proxy.requests) == 1


def pages_of_leads(client, scene):
    """All leads that have changed come, page by page."""
    ids = [client("create_lead", scene.make_lead())["data"]["id_lead"] for _ in "123"]
    since = client("read_lead", ids[0])["data"]["updated_at"]
    scene.proxy.begin()
    query = {"updated_since": since, "limit": 1}
    leads = client("read_leads", query=query)["data"]
    assert [each["id_lead"] for each in leads][-3:] == ids
    assert len(scene.proxy.requests) >= 3


def pages_of_a_list(client, scene):
    """All records of a list come, page by page."""
    countries = client("read_list", "countries", query={"limit": 100})["data"]
    assert len(countries) == len({each["id"] for each in countries}) > 200
    assert scene.payload["country_id"] in {each["id"] for each in countries}
    found = client("read_list", "states", query={"q": "hồ chí", "limit": 5})["data"]
    assert scene.payload["state_id"] in {each["id"] for each in found}


def lists(client, scene):
    """The lists have names."""
    names = {each["name"] for each in client("read_lists")["data"]["items"]}
    assert {"services", "states"} <= names


def change(client, scene):
    """A change keeps what is not sent, and ``null`` empties."""
    lead = scene.make_lead(phone_no2="0900 111 222", birth_date="1990-05-20")
    client("create_lead", lead)
    changes = {"phone_no2": None, "street": "1 Lê Lai"}
    answer = client("change_lead_of_ticket", lead["ticket_id"], changes)["data"]
    names = ("phone_no2", "street", "birth_date")
    assert [answer[name] for name in names] == [None, "1 Lê Lai", "1990-05-20"]
    assert {each["on"] for each in answer["proposed"]} <= {"customer"}
    dry = client("change_lead", answer["id_lead"], {"street": "2"}, dry_run=True)
    assert dry["data"]["street"] == "2"
    data = client("read_lead", answer["id_lead"])["data"]
    assert data["street"] == "1 Lê Lai"


def change_of_an_unknown_state(client, scene):
    """412 if the lead has changed since it was read."""
    lead = scene.make_lead()
    client("create_lead", lead)
    answer = client("read_ticket", lead["ticket_id"])
    [stored] = answer["data"]["items"]
    client("change_lead", stored["id_lead"], {"street": "1 Lê Lai"})
    args = ("change_lead", stored["id_lead"], {"street": "2 Lê Lai"})
    assert get_error(client, *args, if_match=answer["etag"]).status == 412
    new = client("read_lead", stored["id_lead"])
    assert new["data"]["street"] == "1 Lê Lai"
    assert client(*args, if_match=new["etag"])["data"]["street"] == "2 Lê Lai"


def change_of_a_closed_lead(client, scene):
    """409 for a lead that is lost."""
    lead_id = client("create_lead", scene.make_lead())["data"]["id_lead"]
    scene.act("crm.lead", "action_set_lost", [lead_id])
    error = get_error(client, "change_lead", lead_id, {"street": "1 Lê Lai"})
    assert (error.status, error.type) == (409, "closed")


def new_or_changed(client, scene):
    """PUT makes a lead, and then changes it."""
    lead = scene.make_lead()
    first = client("put_lead", lead)["data"]
    second = client("put_lead", {**lead, "street": "1 Lê Lai"})["data"]
    assert [each["created"] for each in (first, second)] == [True, False]
    assert first["id_lead"] == second["id_lead"]
    assert second["street"] == "1 Lê Lai"
    assert scene.count_leads(lead["ticket_id"]) == 1


def customers(client, scene):
    """The caller is found by any spelling of a phone, with the leads."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    query = {
        "phone": ["028 9999 0000", f"+84 {lead['phone_no1'][1:]}"],
        "agent_email": lead["agent_email"],
        "include": ["leads"],
    }
    [found] = client("read_customers", query=query)["data"]["customers"]
    assert found["contact_name"] == lead["contact_name"]
    assert [each["id_lead"] for each in found["leads"]] == [lead_id]
    assert "portrait" not in found
    nobody = {**query, "phone": ["0999 999 990"]}
    assert client("read_customers", query=nobody)["data"]["customers"] == []


def notes(client, scene):
    """A note goes to the lead of a ticket."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    note = {"text": "Hẹn gọi lại", "agent_email": lead["agent_email"]}
    answer = client("create_note_of_ticket", lead["ticket_id"], note)["data"]
    assert answer["id_lead"] == lead_id
    assert answer["id_note"]
    assert scene.count_notes(lead_id, "Hẹn gọi lại") == 1


def event(client, scene):
    """An event with a right signature is read, others are refused."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    secret, headers, body = scene.catch_event(lead_id)
    data = client("read_event", secret, headers, body)["data"]
    assert data["type"] == "lead.won"
    assert data["data"]["ticket_id"] == lead["ticket_id"]
    assert data["data"]["owner"]["name"] in body
    names = {name.lower(): name for name in headers}
    stamp, signature = names["webhook-timestamp"], names["webhook-signature"]
    old = datetime.fromtimestamp(1_700_000_000, tz=timezone.utc)
    old_signature = Webhook(secret).sign(headers[names["webhook-id"]], old, body)
    old_headers = {stamp: "1700000000", signature: old_signature}
    forged = {
        "another body": (secret, headers, body + " "),
        "another secret": ("whsec_" + "c2VjcmV0" * 6, headers, body),
        "another time": (secret, {**headers, stamp: "1700000000"}, body),
        "an old event": (secret, {**headers, **old_headers}, body),
        "no time": (secret, {**headers, stamp: "now"}, body),
        "no signature": (secret, {**headers, signature: ""}, body),
        "nonsense": (secret, {**headers, signature: "v1,é v1 ="}, body),
    }
    for what, args in forged.items():
        error = get_error(client, "read_event", *args)
        assert error.type == "WebhookVerificationError", what


def another_address(client, scene):
    """Addresses of other addons are there, too."""
    data = client("send", "GET", "/api/v1/ref/choices", query=None)["data"]
    assert data["items"]


def _without_ref(lead):
    return {name: value for name, value in lead.items() if name != "ref"}


def find_unused(requests) -> set[tuple[str, str]]:
    """Return the operations of the document that no request has used.

    :param requests: pairs of method and path
    """
    unused = set(find_operations())
    for method, path in requests:
        parts = urlsplit(path).path.split("/")
        unused -= {
            (each, template)
            for each, template in unused
            if each == method and _is_like(template.split("/"), parts)
        }
    return unused


def _is_like(template, parts):
    return len(template) == len(parts) and all(
        each == part or each.startswith("{")
        for each, part in zip(template, parts, strict=True)
    )
