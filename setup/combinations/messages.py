# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send the messages of platforms, and foretell what becomes of them."""

import hashlib
import hmac
import json
import secrets

from combinations.routes import CUSTOMERS
from combinations.steps import step
from combinations.world import COMPANIES, Connection, Done, Lead, Message, World, wrong
from odoo_server import JSON

SECRET = "secret-of-the-platform"  # noqa: S105
SIGNED = "looker"  # The messages of the other client's platform have no proof.
SENDERS = (SIGNED, "texter")  # the clients of the leads
PLACE = "east"
MODEL = "crm.lead.api.connection"
MAPPING = {
    "contact_name": "answers.name",
    "phone_no1": "answers.phone",
    "crm_line_ids": "answers.service",
}
ANSWER = {"error": 0, "message": "Success"}
# The oldest contact with a phone, and not an address of another one
FIND_CONTACT = """
    SELECT id FROM res_partner
     WHERE %s IN (phone, phone2, phone3) AND active
           AND (company_id IS NULL OR company_id = %s)
     ORDER BY type <> 'contact', id LIMIT 1
"""
WRITE_KEY = "UPDATE crm_lead_api_connection SET key_digest = %s WHERE id = %s"
NEWEST = "SELECT max(id) FROM crm_lead_api_message WHERE connection_id = %s"
READ_LEADS = "SELECT id, zalo_account FROM crm_lead WHERE id > %s"
HAS_CONTENT = "SELECT body IS NOT NULL FROM crm_lead_api_message WHERE id = %s"
READ_ENTRY = """
    SELECT entry.id, entry.payload FROM crm_lead_api_message message
      JOIN crm_lead_api_request entry ON entry.id = message.request_id
     WHERE message.id = %s AND message.body IS NOT NULL AND entry.payload IS NOT NULL
"""
READ_LEAD = """
    SELECT lead.id, lead.partner_id FROM crm_lead_api_message message
      JOIN crm_lead lead ON lead.id = message.lead_id
     WHERE message.id = %s
"""


def _connect(world, by):
    """Connect the platform of a client, with an address that is shown once, after a
    password."""
    scene, lines = world.scene, dict(MAPPING)
    values = {
        "name": f"{by} {world.number}",
        "platform_id": scene.platforms["signed" if by == SIGNED else "open"],
        "client_id": scene.clients[by],
        "secret": SECRET,
        "is_live": True,
        "field_ids": [
            *([0, 0, {"attribute": n, "place": lines[n]}] for n in lines),
            [0, 0, {"attribute": "company_id", "res_id": scene.companies[PLACE]}],
        ],
    }
    [number] = world.call("boss", MODEL, "create", vals_list=[values])
    key = secrets.token_urlsafe(32)
    world.query(WRITE_KEY, hashlib.sha256(key.encode()).hexdigest(), number)
    world.connections[by] = Connection(number, key)
    return world.connections[by]


@step(
    by=SENDERS,
    customer=CUSTOMERS,
    ref=(None, 1, 2, 3),
    service=(None, "KHAM", "new"),
    zalo=(None, 1, 2),
    nameless=(None, None, 1),
    flipped=(None, None, None, 1),
)
def arrive(world: World, by, customer, ref=None, flipped=None, **answers):
    """Send the form of a customer, also with a flipped bit."""
    connection = world.connections.get(by)
    is_connected = bool(connection)
    connection = connection or _connect(world, by)
    secret = world.get_secret(by, "message", customer)
    word = answers.get("service")
    body = {
        "name": "" if answers.get("nameless") else f"Khách {world.number}-{customer}x",
        "phone": f"09{world.number:06}{customer}0",
        "service": f"Từ {world.number}" if word == "new" else word,
        "zalo": world.get_value("zalo", answers.get("zalo", 0), ""),
        "wish": f"wish {secret}",
        **({"id": f"{world.number}-{ref}"} if ref else {}),
    }
    text = json.dumps(body)
    mac = hmac.digest(SECRET.encode(), text.encode(), "sha256").hex()
    is_flipped = flipped and by == SIGNED
    if is_flipped:
        text = text.replace('"phone": "09', '"phone": "08')
    path, headers = f"/api/v1/connections/{connection.key}", [JSON, ("X-Mac", mac)]
    status, _head, answer = world.scene.server.send("POST", path, headers, text)
    expected = 404 if connection.is_paused else 401 if is_flipped else 200
    if status != expected:
        wrong("Status", f"{status} instead of {expected}: {answer}")
    if status != 200:
        return Done(is_equal=is_connected)
    if json.loads(answer) != ANSWER:
        wrong("Answer", answer)
    if any(each.is_same(by, ref, body, world.days) for each in world.messages):
        return Done(is_equal=True)
    world.refuse(secret, *COMPANIES[by])
    [(number,)] = world.query(NEWEST, connection.id)
    world.messages.append(Message(number, by, ref, body, customer, secret, world.days))
    return None


@step("messages")
def make_leads(world: World):
    """Let the scheduled actions do what messages and new meanings left to do."""
    return Done(run_queue(world))


def run_queue(world: World) -> list[Lead]:
    """Heal leads, and make those of the messages that wait; check what became of them,
    and return the leads that may have changed."""
    changed = _heal(world)
    waiting = [each for each in world.messages if each.state == "waiting"]
    contacts = _find_contacts(world, waiting)
    world.run_cron(world.scene.queue["make"])
    for message in waiting:
        message.is_unclear = message.is_word and message.by not in world.named
        if message.body["name"]:
            changed += _remember_lead(world, message, contacts)
        else:
            message.state = message.former_state = "refused"
            world.refuse(message.secret, PLACE)
    return changed


def _find_contacts(world, messages):
    """Return the contacts that are known by the phones of messages, by phone."""
    phones = {each.body["phone"] for each in messages}
    company = world.scene.companies[PLACE]
    return {phone: world.query(FIND_CONTACT, phone, company) for phone in phones}


def _remember_lead(world, message, contacts):
    """Remember the lead of a message, and check whose it is.

    :param contacts: that had the phones before, by phone; new ones are added
    """
    rows = world.query(READ_LEAD, message.id)
    if not rows or world.find_lead(rows[0][0]):
        wrong("NoLead", f"message {message.id} made {rows}")
    [(lead_id, contact)] = rows
    known = contacts[message.body["phone"]]
    if known and known != [(contact,)]:
        wrong("Customer", f"lead {lead_id} is of {contact}, not of {known}")
    contacts[message.body["phone"]] = [(contact,)]
    message.state, message.lead = "done", Lead(lead_id, message.by, places={PLACE})
    message.is_healed = message.by in world.mapped
    world.leads.append(message.lead)
    world.own_secret(message.secret, message.lead)
    ids = world.contacts.setdefault(message.customer, [])
    ids += [] if contact in ids else [contact]
    return [message.lead, *world.find_of_contact(contact)]


def _heal(world):
    """Let answers and words become values, and check that only empty ones were filled;
    return the leads that may have changed."""
    before = dict(world.query(READ_LEADS, world.newest["crm_lead"]))
    expected, changed, clear = dict(before), [], []
    for message in world.messages:
        is_named = message.is_unclear and message.by in world.named
        is_mapped = not message.is_healed and message.by in world.mapped
        message.is_unclear &= not is_named
        message.is_healed |= is_mapped
        if message.state == "refused" and is_named:
            is_kept = world.query(HAS_CONTENT, message.id) == [(True,)]
            message.state = "waiting" if is_kept else "refused"
        lead = message.lead and message.lead.last
        if not (is_named or is_mapped) or not _is_open(world, message.by, lead):
            continue
        changed += [lead, *world.get_same_contact(lead)]
        if is_mapped:
            expected[lead.id] = expected[lead.id] or message.body["zalo"]
        if is_named and not any(each.merged_into for each in world.leads):
            clear.append(lead.id)
    world.run_cron(world.scene.queue["heal"])
    after = dict(world.query(READ_LEADS, world.newest["crm_lead"]))
    if after != expected:
        wrong("Healed", f"{after}, not {expected}, of {before}")
    for lead_id in clear:
        query = "SELECT product_id FROM crm_lead_service WHERE lead_id = %s"
        if (world.scene.services[1],) not in world.query(query, lead_id):
            wrong("Healed", f"lead {lead_id} has not the service of the word")
    return changed


def _is_open(world, by, lead):
    """Tell whether the client of a message may still change its lead."""
    if not lead or not world.may_change(by, lead):
        return False
    return world.bodies[by][lead.id]["state"] not in ("won", "lost")


@step("connections", by=SENDERS, how=("pause", "end_pause"))
def pause(world: World, by, how):
    """Pause a connection, or end its pause."""
    if connection := world.connections.get(by):
        world.call("boss", MODEL, f"action_{how}", [connection.id])
        connection.is_paused = how == "pause"


@step("connections", by=SENDERS)
def map_question(world: World, by):
    """Map the question that nobody mapped yet."""
    if connection := world.connections.get(by):
        values = {"attribute": "zalo_acc", "place": "answers.zalo"}
        world.call("boss", MODEL, "map_place", [connection.id], **values)
        world.mapped.add(by)


@step("messages", by=SENDERS)
def name_word(world: World, by):
    """Enter the meaning of a word that nobody knew."""
    query = "SELECT id FROM crm_lead_api_code WHERE client_id = %s AND code = %s"
    rows = world.query(query, world.scene.clients[by], f"Từ {world.number}")
    if rows:
        values = {"res_id": world.scene.services[1]}
        world.call("boss", "crm.lead.api.code", "write", [rows[0][0]], vals=values)
        world.named.add(by)


@step("messages")
def correct(world: World):
    """Give the last refused message a name, and send it again."""
    message = _find_last(world, "refused")
    rows = message and world.query(READ_ENTRY, message.id)
    if not rows:
        return None
    [(entry, payload)] = rows
    name = f"Khách {world.number}-{message.customer}x"
    payload = json.dumps({**json.loads(payload), "contact_name": name})
    contacts = _find_contacts(world, [message])
    values = {"request_ids": [[6, 0, [entry]]], "payload": payload}
    made = world.call("boss", "crm.lead.api.resend", "create", vals_list=[values])
    world.call("boss", "crm.lead.api.resend", "action_send", made)
    return Done(_remember_lead(world, message, contacts))


@step("messages", state=("waiting", "refused"))
def discard(world: World, state):
    """Discard the last message that is no lead."""
    if message := _find_last(world, state):
        values = {"message_ids": [[6, 0, [message.id]]], "reason": "Spam"}
        model = "crm.lead.api.discard"
        made = world.call("boss", model, "create", vals_list=[values])
        world.call("boss", model, "action_discard", made)
        message.state = "discarded"


@step("messages")
def undiscard(world: World):
    """Let the last discarded message be what it was."""
    message = _find_last(world, "discarded")
    if not message:
        return
    ids = [message.id]
    if world.call("boss", "crm.lead.api.message", "action_undiscard", ids):
        message.state = message.former_state


def _find_last(world, state):
    """Return the last message in a state, or ``None``."""
    found = [each for each in world.messages if each.state == state]
    return found[-1] if found else None


def check_messages(world: World) -> None:
    """Check that each message is there once, and has become what it should."""
    query = "SELECT id, state, lead_id FROM crm_lead_api_message WHERE id > %s"
    rows = world.query(query, world.newest["crm_lead_api_message"])
    expected = set()
    for message in world.messages:
        lead = message.lead and message.lead.last
        is_there = lead and world.is_there(lead)
        expected.add((message.id, message.state, lead.id if is_there else None))
    if set(rows) != expected:
        wrong("Messages", f"{set(rows) - expected} instead of {expected - set(rows)}")
    if unknown := world.facts.keys() - {lead.id for lead in world.leads}:
        wrong("Doubled", f"nobody has sent or made the leads {unknown}")
