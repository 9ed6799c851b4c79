# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of phone calls and recordings."""

import base64

from client_cases.errors import get_error
from client_cases.table import case

# With bytes that are no text
SOUND = b"RIFF\x24\0\0\0WAVEfmt " + bytes(range(256)) * 100


def make_call(scene, **values) -> tuple[str, dict]:
    """Return the id and the body of a call that rings."""
    ticket = next(scene.tickets)
    return f"pbx:{ticket}.1", {
        "direction": "in",
        "phone": f"09{ticket % 10**8:08}",
        "agent_email": scene.payload["agent_email"],
        "started_at": "2026-11-25T08:15:00+07:00",
        **values,
    }


@case
def phone_call(client, scene):
    """A call is made, then changed by what is new; ``null`` empties."""
    lead = scene.make_lead()
    lead_id = client("create_lead", lead)["data"]["id_lead"]
    ticket = lead["ticket_id"]
    call_id, ringing = make_call(scene, ticket_id=ticket, note="Đổ chuông")
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


@case
def phone_call_of_an_unknown_state(client, scene):
    """412 if the call has changed since it was read; a dry run changes nothing."""
    call_id, ringing = make_call(scene)
    etag = client("put_phone_call", call_id, ringing)["etag"]
    args = ("put_phone_call", call_id, {"outcome": "busy"})
    dry = client(*args, dry_run=True)["data"]
    assert dry["outcome"] == "busy"
    assert client(*args, if_match=etag)["data"]["outcome"] == "busy"
    assert get_error(client, *args, if_match=etag).status == 412


@case
def recording(client, scene):
    """A recording, whose answer was lost, is kept once, and read back as it was."""
    call_id, call = make_call(scene)
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
