# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cases of a first lead, and of each error."""

from client_cases.driver import ClientError, Driver
from client_cases.proxy import Canned

LATER = {"Retry-After": "7"}
BUSY = '{"error": 503, "type": "busy", "message": "Send it again."}'


def get_error(client: Driver, method: str, *args, **options) -> ClientError:
    """Call a method of a client that fails, and return the error."""
    try:
        result = client(method, *args, **options)
    except ClientError as error:
        return error
    raise AssertionError(f"No error, but {result}")


def first_lead(client, scene):
    """A lead is made, and the client knows where staff find it."""
    lead = scene.make_lead(customer_portrait={"hobby": ["âm nhạc"]})
    answer = client("create_lead", lead)
    data = answer["data"]
    assert f"id={data['id_lead']}&model=crm.lead" in data["link_lead_detail"]
    assert data["customer_portrait"]["hobby"] == ["âm nhạc"]
    assert answer["is_replayed"] is False
    assert scene.count_leads(lead["ticket_id"]) == 1


def checked_lead(client, scene):
    """A dry run tells what would be made, and makes nothing."""
    lead = scene.make_lead()
    data = client("check_lead", lead)["data"]
    assert data["dry_run"] is True
    assert data["contact"]["found_by"] == "none", data
    assert scene.count_leads(lead["ticket_id"]) == 0


def ignored_attribute(client, scene):
    """The client tells which attributes mean nothing."""
    answer = client("create_lead", scene.make_lead(**{"ghi_chú": "x"}))
    assert answer["ignored_fields"] == ["ghi_chú"]


def wrong_token(client, scene):
    """401 is not sent again."""
    client.settings["token"] = "crmlead_0"  # noqa: S105
    error = get_error(client, "create_lead", scene.make_lead())
    assert (error.status, error.type) == (401, "access_token")
    assert len(scene.proxy.requests) == 1


def too_many_wrong_tokens(client, scene):
    """429 because of wrong tokens is not sent again: waiting makes no token right."""
    body = '{"error": 429, "type": "wrong_tokens", "message": "Correct the token."}'
    scene.proxy.begin(Canned(429, LATER, body))
    error = get_error(client, "create_lead", scene.make_lead())
    assert (error.status, error.type, error.retry_after) == (429, "wrong_tokens", 7)
    assert not client.pauses


def missing_right(client, scene):
    """403 without the right to look customers up."""
    client.settings["token"] = scene.limited
    scene.end_minute()
    query = {"phone": ["0900 000 202"], "agent_email": scene.payload["agent_email"]}
    error = get_error(client, "read_customers", query=query)
    assert error.status == 403
    assert not client.pauses


def missing_lead(client, scene):
    """404 for a lead that the client does not have."""
    assert get_error(client, "read_lead", 10**9).status == 404
    assert not client.pauses


def key_of_another_lead(client, scene):
    """409 for a key that came with another lead."""
    lead = scene.make_lead()
    client("create_lead", lead)
    other = {**lead, "contact_name": "Người khác"}
    assert get_error(client, "create_lead", other).status == 409
    assert scene.count_leads(lead["ticket_id"]) == 1


def too_large(client, scene):
    """413 for a lead that is too long."""
    lead = scene.make_lead(customer_portrait={"term_goals": "x" * 300_000})
    assert get_error(client, "create_lead", lead).status == 413


def wrong_attributes(client, scene):
    """422 names all wrong attributes at once."""
    lead = scene.make_lead(gender="x", country_id=10**9)
    error = get_error(client, "create_lead", lead)
    assert (error.status, error.type) == (422, "validation")
    assert error.fields == {"gender": "choice", "country_id": "unknown"}
    assert not client.pauses


def language(client, scene):
    """Messages are in the chosen language."""
    client.settings["language"] = "vi"
    error = get_error(client, "create_lead", scene.make_lead(gender="x"))
    assert "thuộc tính" in error.message.lower(), error.message


def database(client, scene):
    """Each request names the chosen database."""
    client.settings["database"] = scene.database.name
    client("create_lead", scene.make_lead())
    [request] = scene.proxy.requests
    assert request.headers["x-odoo-database"] == scene.database.name
    client.settings["database"] = "nowhere"
    assert get_error(client, "create_lead", scene.make_lead()).status == 400


def too_many_requests(client, scene):
    """After a 429 the client waits as long as Odoo says, and goes on."""
    client.settings["token"] = scene.limited
    scene.end_minute()
    lead = scene.make_lead()
    for _time in range(2):
        client("create_lead", lead)
    client.on_pause = scene.end_minute
    assert client("create_lead", lead)["is_replayed"] is True
    assert len(client.pauses) == 1
    assert 1 <= client.pauses[0] <= 60
    assert len(scene.proxy.requests) == 4


def too_long_a_pause(client, scene):
    """An error that asks for a longer pause than the client takes is told at once."""
    client.settings["token"] = scene.limited
    client.settings["retry"] = {"max_pause": 0.5}
    scene.end_minute()
    lead = scene.make_lead()
    for _time in range(2):
        client("create_lead", lead)
    error = get_error(client, "create_lead", lead)
    assert error.status == 429
    assert error.retry_after >= 1
    assert not client.pauses


def busy(client, scene):
    """After a 503 the client waits at least as long as Retry-After says."""
    lead = scene.make_lead()
    scene.proxy.begin(Canned(503, LATER, BUSY), Canned(503, LATER, BUSY))
    assert client("create_lead", lead)["is_replayed"] is False
    assert len(client.pauses) == 2
    assert min(client.pauses) >= 7
    assert scene.count_leads(lead["ticket_id"]) == 1


def proxy_without_odoo(client, scene):
    """502 and 504 are pages of a proxy; the pauses grow, and are random."""
    lead = scene.make_lead()
    client.settings["retry"] = {"attempts": 5, "first_pause": 1, "max_pause": 3}
    scene.proxy.begin(*[Canned(502), Canned(504)] * 2)
    client("create_lead", lead)
    longest = [1, 2, 3, 3]
    assert len(client.pauses) == 4
    for pause, limit in zip(client.pauses, longest, strict=True):
        assert limit / 2 <= pause <= limit
    assert len({*client.pauses}) == 4
    assert scene.count_leads(lead["ticket_id"]) == 1


def restart(client, scene):
    """Without settings a client waits half a minute for a server that starts again."""
    lead = scene.make_lead()
    scene.proxy.begin(*[Canned(502)] * 7)
    client("create_lead", lead)
    assert sum(client.pauses) >= 31
    assert scene.count_leads(lead["ticket_id"]) == 1


def given_up(client, scene):
    """After the last attempt the client tells the last error."""
    client.settings["retry"] = {"attempts": 3}
    scene.proxy.begin(*[Canned(503, LATER, BUSY)] * 3)
    error = get_error(client, "create_lead", scene.make_lead())
    assert (error.status, error.type, error.retry_after) == (503, "busy", 7)
    assert len(client.pauses) == 2


def moved(client, scene):
    """A redirect is no answer: after it a POST would be a GET."""
    scene.proxy.begin(Canned(301, {"Location": "https://odoo.example.com/"}))
    error = get_error(client, "create_lead", scene.make_lead())
    assert error.status == 301
    assert "https://odoo.example.com/" in error.message


def another_page(client, scene):
    """A success that is no answer of the lead API is no success."""
    client.settings["retry"] = {"attempts": 1}
    scene.proxy.begin(Canned(200))
    assert get_error(client, "create_lead", scene.make_lead()).status == 0
    scene.proxy.begin(Canned(200, body='{"status": "pass"}'))
    assert get_error(client, "create_lead", scene.make_lead()).type == "http"


def deprecated(client, scene):
    """The end of an address is in the client's log."""
    end = "Fri, 01 Jan 2027 00:00:00 GMT"
    headers = {"Deprecation": "@1767225600", "Sunset": end}
    scene.proxy.begin(Canned(200, headers, '{"data": {"items": []}}'))
    client("read_lists")
    assert not client.pauses
    assert f"GET /api/v1/ref is deprecated, and ends on {end}" in client.read_log()
