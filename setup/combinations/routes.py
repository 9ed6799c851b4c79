# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send the requests of clients: a step for each route."""

import json
from dataclasses import dataclass
from datetime import datetime, timezone

from combinations.scene import CLIENTS
from combinations.steps import step
from combinations.world import COMPANIES, Done, Lead, World, wrong

LAN = "lan@example.com"
TICKETS = CUSTOMERS = (1, 2)
PLACES = (None, "east", "west")
AGENTS = (None, "lan", "tam", "nobody")
LEADS = (1, 2, 3)
NEW = {"by": CLIENTS, "ticket": TICKETS, "customer": CUSTOMERS, "place": PLACES}
# A customer's contact, 3: that of a colleague; 0: null
ACCOUNTS = (None, None, 0, 1, 2, 3)
UPDATE = {"key": (None, None, 1, 2), "dry": (None, None, None, 1)}


@dataclass
class Sent:
    """A request with a whole payload.

    :param values: the payload's values, by attribute
    """

    payload: dict
    values: dict
    secret: str
    place: str
    account: int | None
    key: int | None
    dry: int | None


def _compose(world, by, ticket, customer, place="east", agent="lan", **options):
    """Compose a request of a client about a ticket of a customer.

    :param options: ``account``, ``key``, ``dry``, and versions of attributes
    """
    secret = world.get_secret(by, ticket, customer)
    rest = {name: options.pop(name, None) for name in ("account", "key", "dry")}
    values = {
        name: world.get_value(name, version, secret, customer)
        for name, version in ({"street": 1, "services": 1} | options).items()
    }
    values["street"] = values["street"] or "1 Lê Lợi"
    payload = {
        **world.scene.base,
        "ticket_id": world.to_ticket(by, ticket),
        "phone_no1": f"09{world.number:06}{customer}0",
        "contact_name": f"Khách {world.number}-{customer}x",
        "agent_email": f"{agent}@example.com",
        "company_id": world.scene.companies[place],
        "price_list_id": world.scene.price_lists[place],
        **world.to_payload(values),
        **_name_account(world, rest["account"]),
    }
    if by != "reader":
        values.pop("card", None)  # which means nothing for others
    return Sent(payload, values, secret, place, **rest)


def _name_account(world, account):
    """Return the part of a payload that names the contact of a customer, if there is
    one; 0: none."""
    contact = account and world.get_contact(account)
    return {"account_id": contact or None} if contact or account == 0 else {}


def _expect(answer, *statuses):
    """Check that an answer has one of the statuses that there is a reason for."""
    if answer.status not in statuses:
        wrong("Status", f"{answer.status} instead of {statuses}: {answer.body}")


def _send_with_key(world, by, method, path, sent, headers=()):
    """Send a request, and check what is said about its repetition.

    :return: the answer, and whether it was the first
    """
    payload, key, dry = sent.payload, sent.key, sent.dry
    text = f"{world.number}-{key}" if key else ""
    headers = [*headers, *([("Prefer", "dry-run")] if dry else [])]
    answer = world.send(by, method, path, payload, text, headers)
    if dry:
        return answer, False
    world.requests[by] = (method, path, payload, text, answer, len(world.said))
    known = world.keys.get((by, method, path, key)) if key else None
    if known and known[0] != payload:
        _expect(answer, 409)
    elif known:
        _expect(answer, 200)
        if answer.data["id_lead"] != known[1].data["id_lead"]:
            wrong("Replay", f"{answer.data} instead of {known[1].data}")
    elif key and answer.status == 200:
        world.keys[by, method, path, key] = payload, answer
    return answer, not answer.is_replayed


def _remember_lead(world, by, ticket, customer, lead_id, sent):
    """Remember a lead that a request has made."""
    if world.find_lead(lead_id):
        wrong("NotNew", f"lead {lead_id} is said to be new")
    wrote = {n: v for n, v in sent.values.items() if n != "services" and v is not None}
    values = {**dict.fromkeys(_get_followed(by)), **wrote}
    lead = Lead(lead_id, by, values, wrote, frozenset(sent.values), {sent.place})
    world.leads.append(lead)
    world.tickets.setdefault((by, ticket), []).append(lead)
    world.secrets.setdefault(sent.secret, []).append(lead)
    earlier = world.get_secret(by, "call", ticket)
    if (by, ticket) in world.calls and earlier not in world.secrets:
        world.own_secret(earlier, lead)  # a call joins the lead that comes after it
    [(contact,)] = world.query("SELECT partner_id FROM crm_lead WHERE id = %s", lead_id)
    known = world.contacts.setdefault(customer, [])
    known += [contact] if contact and contact not in known else []
    # A contact that gets an e-mail gives it to leads without one.
    return Done([lead, *world.find_of_contact(contact)])


def _get_followed(by):
    """Return the attributes that a client reads as it sent them, or else empty; who
    reads all leads reads what Odoo filled in, too."""
    names = ("street", "email", "phone", "zalo", "online", "goals", "bus")
    return () if by == "reader" else names


@step(**NEW, agent=AGENTS, account=ACCOUNTS, **UPDATE, changes=2)
def post(world: World, by, ticket, customer, **options):
    """Send a new lead."""
    sent = _compose(world, by, ticket, customer, **options)
    contents = world.contents.setdefault(by, [])
    before = [
        lead_id
        for key, payload, lead_id in contents
        if payload == sent.payload and (None in (key, sent.key) or key == sent.key)
    ]
    answer, is_first = _send_with_key(world, by, "POST", "/lead", sent)
    if sent.place not in COMPANIES[by]:
        return _refuse(world, by, answer, sent)
    _expect(answer, *_get_statuses(world, sent))
    if answer.status != 200 or sent.dry:  # it is in the log alone
        world.refuse(sent.secret, sent.place)
    elif is_first and not before:
        lead_id = answer.data["id_lead"]
        contents.append((sent.key, sent.payload, lead_id))
        return _remember_lead(world, by, ticket, customer, lead_id, sent)
    elif before and answer.data["id_lead"] not in before:
        wrong("Doubled", f"{answer.data['id_lead']}, although {before} was made of it")
    return Done(is_equal=True)


def _refuse(world, by, answer, sent):
    """Check the answer about a company that is not the client's."""
    _expect(answer, 422, *([409] if sent.key else []))
    world.refuse(sent.secret, *COMPANIES[by])
    return Done(is_equal=True)


def _get_statuses(world, sent):
    """Return the statuses that are right for a payload."""
    contact = world.get_contact(sent.account) if sent.account else None
    query = "SELECT active FROM res_partner WHERE id = %s"
    is_wrong = contact and world.query(query, world.find_heir(contact)) != [(True,)]
    return [422 if is_wrong else 200, *([409] if sent.key else [])]


@step(**NEW, agent=AGENTS, account=ACCOUNTS, **UPDATE, changes=2)
def put(world: World, by, ticket, customer, **options):
    """Change the open lead of a ticket, or make one."""
    sent = _compose(world, by, ticket, customer, **options)
    found = world.find_open(by, ticket)
    answer, is_first = _send_with_key(world, by, "PUT", "/lead", sent)
    if sent.place not in COMPANIES[by]:
        return _refuse(world, by, answer, sent)
    if len(found) > 1:
        _expect(answer, 409)
        return Done(is_equal=True)
    [lead] = found or [None]
    statuses = _get_statuses(world, sent)
    if lead and (sent.place not in lead.places or _is_other_account(world, lead, sent)):
        statuses.append(422)
    _expect(answer, *statuses)
    if answer.status != 200 or sent.dry or not is_first:
        world.refuse(sent.secret, sent.place)
        return Done(is_equal=True)
    data = answer.data
    if data["created"] != (lead is None) or (lead and data["id_lead"] != lead.id):
        wrong("Upsert", f"{data['created']} {data['id_lead']}, the open one: {lead}")
    if lead:
        return _change(world, by, lead, sent, answer)
    return _remember_lead(world, by, ticket, customer, data["id_lead"], sent)


def _is_other_account(world, lead, sent):
    """Tell whether a request names an account that is not the lead's."""
    contact = world.get_contact(sent.account) if sent.account else None
    return contact and world.find_heir(contact) != world.facts[lead.id][2]


def _change(world, by, lead, sent, answer):
    """Foretell what a change makes of a lead, and check what is proposed."""
    world.own_secret(sent.secret, lead)
    for proposed in answer.data["proposed"]:
        if proposed["present"] is not None and proposed["present"] == proposed["sent"]:
            wrong("Proposed", f"{proposed} does not differ")
    if lead.client != by:
        lead.values = {}
        return Done([lead, *world.get_same_contact(lead)])
    for name, value in sent.values.items():
        if name not in lead.values:
            lead.wrote.pop(name, None)
            continue
        present = lead.values[name]
        if present != value and present == lead.wrote.get(name):
            lead.values[name] = value
        if lead.values[name] == value:
            lead.wrote[name] = value
    return Done([lead, *world.get_same_contact(lead)])


MATCHES = (None, None, "new", "old")
OF_LEAD = {"by": CLIENTS, "lead": LEADS, "account": ACCOUNTS, "place": PLACES}


@step("leads", **OF_LEAD, match=MATCHES, **UPDATE, changes=2)
def patch(world: World, by, lead, match=None, place=None, **options):
    """Change a lead by its id."""
    secret = world.get_secret(by, "patch", lead.id)
    rest = {name: options.pop(name, None) for name in ("account", "key", "dry")}
    values = {n: world.get_value(n, v, secret) for n, v in options.items()}
    payload = world.to_payload(values) | _name_account(world, rest["account"])
    if place:
        payload["company_id"] = world.scene.companies[place]
    if by != "reader":
        values.pop("card", None)
    sent = Sent(payload, values, secret, place, **rest)
    path, headers = f"/lead/{lead.id}", []
    body, may_change = world.bodies[by].get(lead.id), world.may_change(by, lead)
    if match and may_change:
        etag = world.send(by, "GET", path).get_header("ETag")
        headers = [("If-Match", etag if match == "new" else f'"{"0" * 32}"')]
    answer, is_first = _send_with_key(world, by, "PATCH", path, sent, headers)
    if body:
        world.own_secret(secret, lead)
    else:
        world.refuse(secret, *({place} & {*COMPANIES[by]} or COMPANIES[by]))
    statuses = _get_statuses(world, sent)
    if not may_change:
        statuses = [403 if body else 404]
    elif body["state"] in ("won", "lost"):
        statuses = [409]
    elif match == "old":
        statuses = [412]
    elif values.get("street", 1) is None or rest["account"] == 0:
        statuses = [422]
    elif place not in (None, *lead.places) or _is_other_account(world, lead, sent):
        statuses = [200, 422]
    _expect(answer, *statuses, *([200, 409] if sent.key else []))
    if answer.status != 200 and place in COMPANIES[by]:  # by which the log is read
        world.refuse(secret, place)
    if answer.status != 200 or sent.dry or not is_first:
        return Done(is_equal=True)
    return _change(world, by, lead, sent, answer)


@step("leads", by=CLIENTS, lead=LEADS)
def note(world: World, by, lead):
    """Put a note on a lead."""
    secret = world.get_secret(by, "note", lead.id)
    world.own_secret(secret, lead)
    payload = {"text": f"note {len(world.said)} {secret}", "agent_email": LAN}
    answer = world.send(by, "POST", f"/lead/{lead.id}/notes", payload)
    if world.may_change(by, lead):
        _expect(answer, 200)
        world.notes.append((answer.data["id_note"], lead))
    else:
        _expect(answer, 403 if lead.id in world.bodies[by] else 404)
        world.refuse(secret, *COMPANIES[by])


@step("leads", by=("looker", "looker", "reader"), customer=CUSTOMERS)
def look_up(world: World, by, customer):
    """Look a customer up by phone."""
    phone = f"09{world.number:06}{customer}0"
    path = f"/customers?phone={phone}&agent_email={LAN}"
    answer = world.send(by, "GET", path)
    if by != "looker":
        return _expect(answer, 403)
    _expect(answer, 200)
    found = answer.data["customers"]
    world.look_ups += len(found)
    check_secrets(world, by, json.dumps(found))
    return None


def check_secrets(world: World, by: str, text: str) -> None:
    """Check that a client reads nothing that another client sent, or staff wrote."""
    for secret in world.find_secrets(text):
        owners = world.secrets.get(secret, [])
        is_own = secret.split("-")[2] == by
        if by == "reader":
            ids = (*world.get_company_ids(COMPANIES[by]), None)
            is_own = any(
                world.is_there(lead.last) and world.facts[lead.last.id][0] in ids
                for lead in owners
            )
        if not is_own:
            wrong("ClientSees", f"{by} reads {secret}")


PHASES = ("ring", "answer", "miss", "try")


@step(by=CLIENTS, ticket=TICKETS, customer=CUSTOMERS, phase=PHASES)
def call(world: World, by, ticket, customer, phase):
    """Tell of a phone call of a customer about a ticket, or of one to the customer, and
    nobody answers."""
    secret = world.get_secret(by, "call", ticket)
    now = datetime.now(timezone.utc)
    start = world.calls.setdefault((by, ticket), now).isoformat()
    now = now.isoformat()
    payload = {
        "direction": "in",
        "phone": f"09{world.number:06}{customer}0",
        "agent_email": LAN,
        "started_at": start,
        "ticket_id": world.to_ticket(by, ticket),
        "note": f"call {secret}",
    }
    if phase == "answer":
        payload |= {"answered_at": now, "outcome": "answered"}
    elif phase == "miss":
        payload |= {"ended_at": now, "outcome": "no_answer"}
    ref = f"{world.number}-{ticket}"
    if phase == "try":
        payload |= {"direction": "out", "started_at": now, "ended_at": now}
        payload["outcome"] = "no_answer"
        ref += f"-{len(world.said)}"
    answer = world.send(by, "PUT", f"/phone-calls/{ref}", payload)
    _expect(answer, 200)
    lead = world.find_lead(answer.data["id_lead"])
    world.refuse(secret, "east")
    if lead:
        world.own_secret(secret, lead)
    return Done([lead] if lead else [])


@step("leads", by=("looker", "texter"), lead=LEADS, start=(0, 2, 4))
def book(world: World, by, lead, start):
    """Book an appointment for a lead. The answer to an equal request may be repeated,
    also after the lead was taken from the client."""
    secret = world.get_secret(by, "booking", lead.id)
    payload = {"id_lead": lead.id, "start": world.scene.starts[start], "note": secret}
    contents = world.contents.setdefault(by, [])
    before = [number for _key, content, number in contents if content == payload]
    answer = world.send(by, "POST", "/bookings", payload)
    if answer.is_replayed:
        _expect(answer, 200)
        if answer.data["id_booking"] not in before:
            wrong("Replay", f"{answer.data} instead of one of {before}")
        return Done(is_equal=True)
    _expect(answer, *((200, 409) if world.may_change(by, lead) else (404, 422)))
    if answer.status != 200:
        world.refuse(secret, *COMPANIES[by])
        return Done(is_equal=True)
    contents.append(("", payload, answer.data["id_booking"]))
    world.bookings[answer.data["id_booking"]] = lead
    return Done([lead])


STATES = (None, "confirmed", "arrived", "done", "no_show", "cancelled")
OF_BOOKING = {"booking": LEADS, "state": STATES}


@step("bookings", by=("looker", "texter"), **OF_BOOKING, start=(None, 1, 3, 5))
def rebook(world: World, by, booking, state=None, start=None):
    """Move a booking, or say what became of it."""
    number, lead = [*world.bookings.items()][(booking - 1) % len(world.bookings)]
    payload = {"state": state} if state else {}
    if start:
        payload["start"] = world.scene.starts[start]
    answer = world.send(by, "PATCH", f"/bookings/{number}", payload)
    _expect(answer, *((200, 409) if world.may_change(by, lead.last) else (404,)))
    return Done([lead.last], is_equal=answer.status != 200)


@step("requests", by=CLIENTS, how=("same", "float", "key", "nokey"))
def again(world: World, by, how):
    """Send the last POST or PUT of a client again: the same bytes, numbers as Python
    writes floats, with a key or without."""
    if by not in world.requests:
        return None
    method, path, payload, key, before, said = world.requests[by]
    if before.status != 200 or said != len(world.said) - 1:
        return None
    if how == "float":
        payload = {n: float(v) if type(v) is int else v for n, v in payload.items()}
    elif how == "key":
        key = key or f"{world.number}-again-{said}"
    elif how == "nokey":
        key = ""
    answer = world.send(by, method, path, payload, key)
    _expect(answer, 200)
    if answer.data["id_lead"] != before.data["id_lead"]:
        wrong("Doubled", f"{answer.data['id_lead']}, {before.data['id_lead']} before")
    return Done(is_equal=True)


@step(by=("reader",), unknown=(1, 10))
def codes(world: World, by, unknown):
    """Send a new lead with the code of a service, and unknown ones."""
    payload = _compose(world, by, 1, 1).payload
    payload["crm_line_ids"] = ["KHAM", *(f"X{n}" for n in range(unknown))]
    answer = world.send(by, "POST", "/lead", payload)
    _expect(answer, 422)
    named = [error["field"] for error in answer.body["errors"]]
    if named != [f"crm_line_ids.{n + 1}" for n in range(unknown)]:
        wrong("Codes", f"{named} are wrong")
    return Done(is_equal=True)


@step(by=CLIENTS, dry=(None, 1))
def send_nonsense(world: World, by, dry=None):
    """Send a body that is no JSON."""
    headers = [("Prefer", "dry-run")] if dry else []
    answer = world.send(by, "POST", "/lead", "{", "", headers)
    _expect(answer, 400)
    newest = "SELECT state FROM crm_lead_api_request ORDER BY id DESC LIMIT 1"
    [(state,)] = world.query(newest)
    if dry and state == "refused":
        wrong("Refused", "a dry run counts as a refused request")
    return Done(is_equal=True)


@step(times=(1, 11))
def use_ended_token(world: World, times):
    """Send a token that has ended, from an address of one's own."""
    source = f"127.1.{world.number % 250}.{len(world.said) + 1}"
    for name in (*["ended"] * times, "unknown"):
        token = world.scene.tokens.get(name, "crmlead_x")
        headers = [("Authorization", f"Bearer {token}")]
        server = world.scene.server
        status, head, _body = server.send("GET", "/api/v1/me", headers, source=source)
        is_told = status == 401 and "expired" in head
        if is_told != (name == "ended"):
            wrong("Token", f"the token that is {name} got {status} {head}")
    return Done(is_equal=True)
