# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Do the work of staff, of the clock and of the scheduled actions."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

from combinations.duty import give_out
from combinations.messages import run_queue
from combinations.routes import CUSTOMERS, LEADS, OF_BOOKING, note
from combinations.scene import STAFF
from combinations.steps import step
from combinations.world import Done, Lead, World, wrong
from waiting import wait_until

WHO = tuple(STAFF)
MANAGERS = ("chi", "boss", "quan")
FIELDS = {"street": "street", "phone": "phone2", "zalo": "zalo_account"}
LEAD_FIELDS = {**FIELDS, "email": "email_from", "online": "work_online"}
CONTACT_FIELDS = {**FIELDS, "email": "email"}
FIND_FIRST_CALL = """
    SELECT id FROM mail_activity
     WHERE res_model = 'crm.lead' AND res_id = %s AND active
           AND call_reason = 'new_lead'
"""
PORTRAIT_FIELDS = {"goals": "term_goals", "bus": "transport"}


def _check_rights(world, who, lead, result):
    """Check that nobody was refused for a lack of rights on a lead that the person may
    see, and that nobody else was let in."""
    if world.reason == "AccessError" and world.sees(who, lead):
        wrong("Refused", f"{who} may see lead {lead.id}, and cannot do this")
    if result is not None and not world.sees(who, lead):
        wrong("LetIn", f"{who} may not see lead {lead.id}, and did this")


def _do(world, who, lead, method, *more, **arguments):
    """Let a member of staff do something with a lead."""
    result = world.call(who, "crm.lead", method, [lead.id, *more], **arguments)
    _check_rights(world, who, lead, result)
    return result


def _lead_values(world, names, changes, secret):
    return {
        names[name]: world.get_value(name, version, secret) or False
        for name, version in changes.items()
        if name in names
    }


@step(who=("chi", "lan", "tam"), customer=CUSTOMERS)
def staff_lead(world: World, who, customer):
    """Make a lead by hand."""
    place = STAFF[who][0][0]
    contact = world.get_contact(customer)
    values = {
        "name": f"By hand {world.number}",
        "type": "opportunity",
        "company_id": world.scene.companies[place],
        "description": world.get_secret("hand", len(world.leads)),
        "partner_id": contact and world.find_heir(contact),
    }
    made = world.call(who, "crm.lead", "create", vals_list=[values])
    if not made:
        return None
    lead = Lead(made[0], places={place})
    world.leads.append(lead)
    world.secrets[values["description"]] = [lead]
    return Done([lead])


@step("leads", who=WHO, lead=LEADS, changes=1)
def edit(world: World, who, lead, **changes):
    """Edit a lead."""
    values = _lead_values(world, LEAD_FIELDS, changes, "")
    result = _do(world, who, lead, "write", vals=values)
    if result is None:
        return None
    for name in changes.keys() & LEAD_FIELDS.keys() & lead.values.keys():
        if name in lead.sent:
            lead.values[name] = values[LEAD_FIELDS[name]] or None
        else:
            del lead.values[name]
    others = world.get_same_contact(lead) if {"email", "phone"} & changes.keys() else []
    return Done([lead, *others])


@step("leads", who=WHO, lead=LEADS, changes=1)
def portray(world: World, who, lead, **changes):
    """Correct the portrait of a lead."""
    [found] = world.query(
        "SELECT portrait_id FROM crm_lead WHERE id = %s", lead.id
    ) or [(None,)]
    if not found[0]:
        return None
    secret = world.get_secret(lead.client or "staff", "portrait", lead.id)
    world.secrets[secret] = [lead]
    values = _lead_values(world, PORTRAIT_FIELDS, changes, secret)
    result = world.call(who, "crm.customer.portrait", "write", [found[0]], vals=values)
    _check_rights(world, who, lead, result)
    if result is None:
        return None
    for name in changes.keys() & PORTRAIT_FIELDS.keys() & lead.values.keys():
        lead.values[name] = values[PORTRAIT_FIELDS[name]] or None
    sharing = world.query("SELECT id FROM crm_lead WHERE portrait_id = %s", found[0])
    return Done([world.find_lead(each) for (each,) in sharing])


@step("leads", who=("chi", "lan", "boss"), customer=CUSTOMERS, changes=1)
def contact(world: World, who, customer, **changes):
    """Edit a contact."""
    partner = world.get_contact(customer)
    if not partner:
        return None
    values = _lead_values(world, CONTACT_FIELDS, changes, "")
    world.call(who, "res.partner", "write", [world.find_heir(partner)], vals=values)
    return Done(world.forget_values(world.find_heir(partner)))


@step("leads", who=("chi", "huy", "lan", "tam"), lead=LEADS, other=LEADS)
def merge(world: World, who, lead, other):
    """Merge two leads."""
    other = world.get_lead(other)
    if lead is other or not (world.is_there(lead) and world.is_there(other)):
        return None
    stayed = world.call(who, "crm.lead", "merge_opportunity", [lead.id, other.id])
    if not stayed:
        return None
    return _keep_merged(who, lead, other, stayed[0])


def _keep_merged(who, lead, other, stayed):
    kept, gone = (lead, other) if stayed == lead.id else (other, lead)
    gone.merged_into = kept
    kept.values = {}
    kept.places |= gone.places
    kept.mergers |= gone.mergers | {who}
    return Done([kept])


@step("leads", by=("looker", "texter"), who=("chi",), lead=LEADS, other=LEADS)
def note_while_merged(world: World, by, who, lead, other):
    """Put a note on a lead while staff merge it, and have not finished."""
    other = world.get_lead(other)
    ids = [lead.id, other.id]
    if lead is other or not (world.is_there(lead) and world.is_there(other)):
        return None
    locked = "SELECT id FROM crm_lead_api_request WHERE lead_id = ANY(%s) FOR UPDATE"
    count_locked = world.scene.database.count_locked
    with ThreadPoolExecutor() as pool:
        with closing(world.scene.database.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(locked, [ids])
            if not cursor.fetchall():
                return None
            merging = pool.submit(world.call, who, "crm.lead", "merge_opportunity", ids)
            wait_until(lambda: count_locked() or merging.done())
            noting = pool.submit(note, world, by, lead)
            wait_until(lambda: count_locked() > 1 or noting.done())
        noting.result()
        merged = merging.result()
    return _keep_merged(who, lead, other, merged[0]) if merged else Done([lead, other])


@step("leads", who=(*MANAGERS, "lan"), lead=LEADS)
def delete(world: World, who, lead):
    """Delete a lead."""
    world.call(who, "crm.lead", "unlink", [lead.id])
    return Done([lead])


CLOSINGS = {
    **{"win": "action_set_won", "lose": "action_set_lost"},
    **{"archive": "action_archive", "restore": "action_unarchive"},
}


@step("leads", who=("chi", "lan", "tam"), lead=LEADS, how=tuple(CLOSINGS))
def close(world: World, who, lead, how):
    """Win, lose or archive a lead, or take it back."""
    _do(world, who, lead, CLOSINGS[how])
    return Done([lead])


@step(
    "leads", who=("chi", "huy", "lan"), lead=LEADS, to=("lan", "nga", "tam", "nobody")
)
def assign(world: World, who, lead, to):
    """Give a lead to a salesperson."""
    user = world.scene.users.get(to, False)
    _do(world, who, lead, "write", vals={"user_id": user})
    return Done([lead])


@step("leads", who=("chi",), lead=LEADS, to=("east", "west"))
def move(world: World, who, lead, to):
    """Move a lead to another branch."""
    scene = world.scene
    values = {"company_id": scene.companies[to], "pricelist_id": scene.price_lists[to]}
    values["user_id"] = False
    _do(world, who, lead, "write", vals=values)
    if not world.reason:
        lead.places.add(to)
        lead.values = {}
    return Done([lead])


@step("leads", who=("chi", "lan"), lead=LEADS, to=(1, 2, "nowhere"))
def change_customer(world: World, who, lead, to):
    """Give a lead another contact: of a customer, or one without a country."""
    if to == "nowhere":
        values = {"name": f"Nowhere {world.number}", "street": "9 Lê Lai"}
        [partner] = world.call("chi", "res.partner", "create", vals_list=[values])
    elif partner := world.get_contact(to):
        partner = world.find_heir(partner)
    if not partner:
        return None
    _do(world, who, lead, "write", vals={"partner_id": partner})
    lead.values = {}
    return Done([lead])


@step("leads", who=WHO, lead=LEADS, how=("accept", "refuse"))
def decide(world: World, who, lead, how):
    """Accept or refuse what clients propose for a lead."""
    pending = (
        "SELECT id FROM crm_lead_proposal WHERE state = 'pending' AND lead_id = %s"
    )
    ids = [each for (each,) in world.query(pending, lead.id)]
    if not ids:
        return None
    result = world.call(who, "crm.lead.proposal", f"action_{how}", ids)
    _check_rights(world, who, lead, result)
    return Done([lead, *world.forget_values(world.facts[lead.id][2])])


@step(
    "leads",
    who=("lan", "chi", "tam"),
    lead=LEADS,
    result=("no_answer", "booked", "not_interested"),
)
def log_call(world: World, who, lead, result):
    """Note the result of a phone call."""
    if not world.is_there(lead):
        return None
    values = {"lead_id": lead.id, "result": result}
    if planned := world.query(FIND_FIRST_CALL, lead.id):
        values["activity_id"] = planned[0][0]
    made = world.call(who, "crm.lead.call.result", "create", vals_list=[values])
    if made:
        done = world.call(who, "crm.lead.call.result", "action_save", made)
        _check_rights(world, who, lead, done)
    return Done([lead])


@step("bookings", who=("lan", "tam", "huy", "chi"), **OF_BOOKING, hours=(None, 1, 30))
def visit(world: World, who, booking, state=None, hours=None):
    """Note what became of a booking, or drag it."""
    number, lead = [*world.bookings.items()][(booking - 1) % len(world.bookings)]
    values = {"state": state} if state else {}
    rows = world.query("SELECT start FROM crm_booking WHERE id = %s", number)
    if hours and rows:
        start = rows[0][0]
        values["start"] = str(start + timedelta(hours=hours))
    world.call(who, "crm.booking", "write", [number], vals=values)
    return Done([lead.last])


@step("leads", who=("quan", "boss"))
def send_again(world: World, who):
    """Send the last refused request again."""
    rows = world.query(
        "SELECT id FROM crm_lead_api_request WHERE id > %s AND state = 'refused'"
        " AND kind <> 'message' ORDER BY id DESC LIMIT 1",
        world.newest["crm_lead_api_request"],
    )
    if not rows:
        return None
    values = {"request_ids": [[6, 0, [rows[0][0]]]]}
    made = world.call(who, "crm.lead.api.resend", "create", vals_list=[values])
    if made:
        world.call(who, "crm.lead.api.resend", "action_send", made)
    return Done(is_equal=True)


@step("leads", who=("boss",), customer=CUSTOMERS, other=CUSTOMERS)
def join(world: World, who, customer, other):
    """Merge the contact of a customer into that of another."""
    gone, kept = world.get_contact(customer), world.get_contact(other)
    gone, kept = gone and world.find_heir(gone), kept and world.find_heir(kept)
    if not gone or not kept or gone == kept:
        return None
    values = {"partner_ids": [[6, 0, [gone, kept]]], "dst_partner_id": kept}
    model = "base.partner.merge.automatic.wizard"
    changed = world.forget_values(gone)
    made = world.call(who, model, "create", vals_list=[values])
    if world.call(who, model, "action_merge", made):
        world.heirs[gone] = kept
    return Done([*changed, *world.forget_values(kept)])


@step("leads", who=("boss",), customer=CUSTOMERS)
def erase(world: World, who, customer):
    """Erase a person by Odoo's Privacy Lookup."""
    partner = world.get_contact(customer)
    if not partner:
        return None
    partner = world.find_heir(partner)
    if partner == world.scene.colleague:  # Odoo keeps the contacts of its users
        return None
    rows = world.query("SELECT name, email FROM res_partner WHERE id = %s", partner)
    if not rows:
        return None
    name, email = rows[0]
    changed = world.forget_values(partner)
    world.discard_messages(partner)
    model = "privacy.lookup.wizard"
    values = {"name": name, "email": email or "nobody@example.com"}
    made = world.call(who, model, "create", vals_list=[values])
    world.call(who, model, "action_lookup", made)
    of_wizard = "SELECT id FROM privacy_lookup_wizard_line WHERE wizard_id = %s"
    lines = [line for (line,) in world.query(of_wizard, made[0])]
    done = world.call(who, f"{model}.line", "action_unlink_all", lines)
    if not done:
        wrong("NotErased", world.reason)
    world.erased.append((partner, name, email, changed))
    return Done(changed)


@step()
def clean_up(world: World):
    """Let the scheduled actions run: mails, meetings, and what they forget."""
    run_queue(world)
    for cron in world.scene.crons:
        world.run_cron(cron)
    give_out(world)
    return Done(world.leads)


@step("leads", days=(2, 8, 100))
def wait(world: World, days):
    """Let days pass: all that the run made becomes older."""
    world.age(days=days)
    sooner = "expiration_date = expiration_date - make_interval(days => %s)"
    world.query(f"UPDATE crm_lead_api_answer SET {sooner}", days)  # noqa: S608
    world.requests.clear()
    world.keys.clear()
    world.contents.clear()
    return Done(world.leads)
