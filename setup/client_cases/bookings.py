# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of free starts, prices and bookings."""

from datetime import date, timedelta

from client_cases.errors import get_error
from client_cases.table import case


def find_start(client, scene) -> str:
    """Return a free start of the next days."""
    tomorrow = date.today() + timedelta(days=1)
    query = {
        "company_id": scene.payload["company_id"],
        "crm_line_ids": scene.payload["crm_line_ids"],
        "from": tomorrow.isoformat(),
        "to": (tomorrow + timedelta(days=13)).isoformat(),
    }
    return client("read_slots", query=query)["data"]["slots"][0]["start"]


@case
def quote(client, scene):
    """The price of a service that is sent twice is that of two."""
    names = ("company_id", "price_list_id")
    query = {name: scene.payload[name] for name in names}
    query["crm_line_ids"] = scene.payload["crm_line_ids"] * 2
    [service] = client("read_quote", query=query)["data"]["services"]
    assert service["quantity"] == 2


@case
def first_booking(client, scene):
    """A booking, whose answer was lost, is made once, with its lead."""
    lead = scene.make_lead()
    booking = {"lead": lead, "start": find_start(client, scene)}
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


@case
def checked_booking(client, scene):
    """A dry run tells which booking would be made, and makes nothing."""
    lead = scene.make_lead()
    booking = {"lead": lead, "start": find_start(client, scene)}
    data = client("check_booking", booking)["data"]
    assert data["booking"]["start"] == booking["start"]
    assert data["booking"]["code"] is None
    assert scene.count_leads(lead["ticket_id"]) == 0


@case
def booking_change(client, scene):
    """A change keeps what is not sent, and ``null`` empties."""
    booking = make_booking(client, scene, note="Đau răng")
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


@case
def booking_of_an_unknown_state(client, scene):
    """412 if the booking has changed since it was read."""
    code = make_booking(client, scene)["code"]
    etag = client("read_booking", code)["etag"]
    args = ("change_booking", code, {"state": "confirmed"})
    assert client(*args, if_match=etag)["data"]["state"] == "confirmed"
    assert get_error(client, *args, if_match=etag).status == 412


def make_booking(client, scene, **values) -> dict:
    """Make a booking for a new lead, and return it."""
    lead = scene.make_lead()
    client("create_lead", lead)
    start = find_start(client, scene)
    booking = {"ticket_id": lead["ticket_id"], "start": start, **values}
    return client("create_booking", booking)["data"]
