# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of the addons: free starts, prices, bookings, phone calls, recordings."""

import base64
from datetime import date, timedelta

from client_cases.errors import get_error

STARTED = "2026-11-25T08:15:00+07:00"
# With bytes that are no text
SOUND = b"RIFF\x24\0\0\0WAVEfmt " + bytes(range(256)) * 100


def _find_start(client, scene) -> str:
    """Return a free start of the next days."""
    tomorrow = date.today() + timedelta(days=1)
    query = {name: scene.payload[name] for name in ("company_id", "crm_line_ids")}
    query |= {"from": str(tomorrow), "to": str(tomorrow + timedelta(days=13))}
    return client("read_slots", query=query)["data"]["slots"][0]["start"]


def quote(client, scene):
    """The price of a service that is sent twice is that of two."""
    names = ("company_id", "price_list_id")
    query = {name: scene.payload[name] for name in names}
    query["crm_line_ids"] = scene.payload["crm_line_ids"] * 2
    [service] = client("read_quote", query=query)["data"]["services"]
    assert service["quantity"] == 2


def first_booking(client, scene):
    """A booking, whose answer was lost, is made once, with its lead."""
    lead = scene.make_lead()
    booking = {"lead": lead, "start": _find_start(client, scene)}
    scene.proxy.begin("answered")
    answer = client("create_booking", booking)
    assert answer["is_replayed"] is True
    assert scene.count_leads(lead["ticket_id"]) == 1
    query = {"ticket_id": lead["ticket_id"]}
    assert client("read_bookings", query=query)["data"] == [answer["data"]]
    key = f"booking-{lead['ticket_id']}"
    refused = get_error(client, "create_booking", booking, idempotency_key=key)
    assert (refused.status, refused.type) == (409, "open_booking")
    assert refused.body["booking"]["code"] == answer["data"]["code"]


def checked_booking(client, scene):
    """A dry run tells which booking would be made, and makes nothing."""
    lead = scene.make_lead()
    booking = {"lead": lead, "start": _find_start(client, scene)}
    data = client("check_booking", booking)["data"]
    assert data["booking"]["start"] == booking["start"]
    assert data["booking"]["code"] is None
    assert scene.count_leads(lead["ticket_id"]) == 0


def booking_change(client, scene):
    """A change keeps what is not sent, and ``null`` empties."""
    booking = _make_booking(client, scene, note="Đau răng")
    change = {"state": "confirmed", "note": None}
    scene.proxy.begin("answered")
    answer = client("change_booking", booking["code"], change)
    assert answer["is_replayed"] is True
    assert answer["data"] == {**booking, **change}
    assert client("read_booking", booking["code"])["data"] == answer["data"]
    past = {"start": "2026-01-01T09:00:00+07:00"}
    refused = get_error(client, "change_booking", booking["id_booking"], past)
    assert refused.fields == {"start": "range"}
    assert refused.body["free"]


def booking_of_an_unknown_state(client, scene):
    """412 if the booking has changed since it was read."""
    code = _make_booking(client, scene)["code"]
    etag = client("read_booking", code)["etag"]
    args = ("change_booking", code, {"state": "confirmed"})
    assert client(*args, if_match=etag)["data"]["state"] == "confirmed"
    assert get_error(client, *args, if_match=etag).status == 412


def _make_booking(client, scene, **values) -> dict:
    """Make a booking for a new lead, and return it."""
    lead = scene.make_lead()
    client("create_lead", lead)
    start = _find_start(client, scene)
    booking = {"ticket_id": lead["ticket_id"], "start": start, **values}
    return client("create_booking", booking)["data"]


# ------------------------------------------------------------ phone calls


def _make_call(scene, **values) -> tuple[str, dict]:
    """Return the id and the body of a call that rings."""
    ticket = next(scene.tickets)
    call = {"direction": "in", "phone": f"090{ticket % 10**7:07}"}
    call |= {"agent_email": scene.payload["agent_email"]}
    return f"pbx:{ticket}.1", {**call, "started_at": STARTED, **values}


def phone_call(client, scene):
    """A call is made, then changed by what is new; ``null`` empties."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    ticket = lead["ticket_id"]
    call_id, ringing = _make_call(scene, ticket_id=ticket, note="Đổ chuông")
    scene.proxy.begin("answered")
    first = client("put_phone_call", call_id, ringing)
    assert first["is_replayed"] is True
    assert first["data"]["created"] is True
    assert first["data"]["id_lead"] == lead_id
    change = {"outcome": "answered", "note": None}
    assert client("put_phone_call", call_id, change)["data"]["created"] is False
    [call] = client("read_phone_calls", query={"ticket_id": ticket})["data"]
    assert client("read_phone_call", call_id)["data"] == call
    names = ("call_id", "outcome", "note", "phone")
    expected = [call_id, "answered", None, ringing["phone"]]
    assert [call[name] for name in names] == expected


def phone_call_of_an_unknown_state(client, scene):
    """412 if the call has changed since it was read; a dry run changes nothing."""
    call_id, ringing = _make_call(scene)
    etag = client("put_phone_call", call_id, ringing)["etag"]
    args = ("put_phone_call", call_id, {"outcome": "busy"})
    dry = client(*args, dry_run=True)["data"]
    assert dry["outcome"] == "busy"
    assert client(*args, if_match=etag)["data"]["outcome"] == "busy"
    assert get_error(client, *args, if_match=etag).status == 412


def recording(client, scene):
    """A recording, whose answer was lost, is kept once, and read back as it was."""
    call_id, call = _make_call(scene)
    client("put_phone_call", call_id, call)
    sound = base64.b64encode(SOUND).decode()
    scene.proxy.begin("answered")
    answer = client("put_recording", call_id, sound, "audio/wav")
    assert answer["is_replayed"] is True
    expected = {"media_type": "audio/wav", "size": len(SOUND)}
    assert answer["data"]["recording"] == expected
    scene.proxy.begin("answer-body")
    assert client("read_recording", call_id)["data"] == sound
    assert len(client.pauses) == 2
    error = get_error(client, "put_recording", call_id, sound, "text/plain")
    assert error.status == 415
    assert get_error(client, "read_recording", f"{call_id}-2").type == "not_found"
