# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of requests that come again: nothing is made twice."""

from functools import partial

from client_cases.errors import get_error
from client_cases.proxy import CUTS

# Where the proxy is silent: seconds, and attempts of which one is soon enough
TIMEOUT, ATTEMPTS = 2, 20


def sent_again(client, scene):
    """The lead of a ticket, sent again, is the same lead."""
    lead = scene.make_lead()
    first = client("create_lead", lead)
    again = client("create_lead", lead)
    assert again["is_replayed"] is True
    assert again["data"] == first["data"]
    keys = {each.headers["idempotency-key"] for each in scene.proxy.requests}
    assert keys == {f"ticket-{lead['ticket_id']}"}


def own_key(client, scene):
    """A ticket has a second lead by a key of its own."""
    lead = scene.make_lead()
    key = f"ticket-{lead['ticket_id']}-2"
    first = client("create_lead", lead)["data"]["id_lead"]
    second = client("create_lead", lead, idempotency_key=key)["data"]["id_lead"]
    assert first != second
    assert scene.count_leads(lead["ticket_id"]) == 2


def key_of_a_text(client, scene):
    """Each client makes the same key of a ticket that is a text."""
    client.settings["token"] = scene.texts
    number = next(scene.tickets)
    ticket = f" Phiếu (#{number})/A 'b' "
    client("create_lead", scene.make_lead(ticket_id=ticket))
    [request] = scene.proxy.requests
    expected = f"ticket-Phi%E1%BA%BFu%20(%23{number})%2FA%20'b'"
    assert request.headers["idempotency-key"] == expected
    leads = client("read_ticket", ticket.strip())["data"]["items"]
    assert [each["ticket_id"] for each in leads] == [ticket.strip()]


def deleted_lead(client, scene):
    """The client tells that staff have deleted a lead that is sent again."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    scene.act("crm.lead", "unlink", [lead_id])
    again = client("create_lead", lead)
    assert (again["is_replayed"], again["lead_state"]) == (True, "deleted")
    assert scene.count_leads(lead["ticket_id"]) == 0


def cut(moment, client, scene):
    """A connection that ends at this moment makes no second lead."""
    if moment == "silence":
        client.settings |= {"timeout": TIMEOUT, "retry": {"attempts": ATTEMPTS}}
    lead = scene.make_lead()
    # Without a limit in time for the second attempt
    client.on_pause = scene.proxy.wait
    scene.proxy.begin(moment)
    answer = client("create_lead", lead)
    # Odoo made the lead, if it got the whole request.
    assert answer["is_replayed"] is (CUTS.index(moment) >= CUTS.index("sent"))
    assert client.pauses
    assert scene.count_leads(lead["ticket_id"]) == 1


CUT = {f"cut_{moment}".replace("-", "_"): partial(cut, moment) for moment in CUTS}


def cut_again_and_again(client, scene):
    """Nor do several connections that end."""
    lead = scene.make_lead()
    scene.proxy.begin("answered", "sent", "body", "answer-body")
    assert client("create_lead", lead)["is_replayed"] is True
    assert scene.count_leads(lead["ticket_id"]) == 1


def cut_until_given_up(client, scene):
    """Without an answer the client says so; later the lead is sent again."""
    lead = scene.make_lead()
    client.settings["retry"] = {"attempts": 2}
    scene.proxy.begin("answered", "answered")
    assert get_error(client, "create_lead", lead).status == 0
    assert client("create_lead", lead)["is_replayed"] is True
    assert scene.count_leads(lead["ticket_id"]) == 1


def cut_bulk(client, scene):
    """Many leads, whose answer was lost, are made once."""
    leads = [scene.make_lead() for _ in range(5)]
    scene.proxy.begin("answer-body")
    results = client("create_leads", leads)["data"]
    assert [each["status"] for each in results] == [200] * 5
    assert all(each["replayed"] for each in results)
    assert {scene.count_leads(each["ticket_id"]) for each in leads} == {1}


def cut_put(client, scene):
    """A lead that is made by PUT is made once."""
    lead = scene.make_lead()
    scene.proxy.begin("answered")
    answer = client("put_lead", lead)
    assert answer["is_replayed"] is True
    assert answer["data"]["created"] is True
    assert scene.count_leads(lead["ticket_id"]) == 1


def cut_change(client, scene):
    """A service that is added is added once."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    before = scene.count_services(lead_id)
    scene.proxy.begin("answered")
    change = {"add_crm_line_ids": lead["crm_line_ids"][:1]}
    assert client("change_lead", lead_id, change)["is_replayed"] is True
    assert scene.count_services(lead_id) == before + 1
    client("change_lead", lead_id, change)
    assert scene.count_services(lead_id) == before + 2


def cut_change_of_known_state(client, scene):
    """A change with If-Match, whose answer was lost, is no 412."""
    lead_id = client("create_lead", scene.make_lead())["data"]["id_lead"]
    etag = client("read_lead", lead_id)["etag"]
    scene.proxy.begin("answered")
    answer = client("change_lead", lead_id, {"street": "1 Lê Lai"}, if_match=etag)
    assert answer["data"]["street"] == "1 Lê Lai"
    assert len(client.pauses) == 1


def cut_note(client, scene):
    """A note, whose answer was lost, is one note; the same text again is another."""
    lead_id = client("create_lead", scene.make_lead())["data"]["id_lead"]
    note = {"text": "Không nghe máy", "agent_email": scene.payload["agent_email"]}
    scene.proxy.begin("answered")
    assert client("create_note", lead_id, note)["is_replayed"] is True
    assert scene.count_notes(lead_id, note["text"]) == 1
    client("create_note", lead_id, note)
    assert scene.count_notes(lead_id, note["text"]) == 2
    for _time in range(2):
        client("create_note", lead_id, note, idempotency_key="call-1")
    assert scene.count_notes(lead_id, note["text"]) == 3


def cut_read(client, scene):
    """A page is read again."""
    scene.proxy.begin("answer-body")
    assert client("read_me")["data"]["rights"]["looks_up_customers"] is True
