# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check the invariants after each step."""

import json
from datetime import timedelta

from combinations.duty import check_duty, check_readers
from combinations.messages import check_messages
from combinations.routes import check_secrets
from combinations.scene import STAFF
from combinations.world import COMPANIES, Done, World, read, wrong

FACTS = "SELECT id, company_id, user_id, partner_id FROM crm_lead WHERE id > %s"
KINDS = ("texts", "list", "form")  # of what staff open
# How many creation notes each lead has
CREATION_NOTES = """
    SELECT res_id, count(*) FROM mail_message
     WHERE model = 'crm.lead' AND res_id > %s
           AND subtype_id = (SELECT res_id FROM ir_model_data
                              WHERE module = 'crm' AND name = 'mt_lead_create')
     GROUP BY res_id
"""
# Models of which a row may point to any other model, by its table
ANY_MODEL = {
    "mail_message": ("model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
    "mail_activity": ("res_model", "res_id"),
    "ir_attachment": ("res_model", "res_id"),
}
TARGETS = {
    **{"crm.lead": "crm_lead", "res.partner": "res_partner"},
    "crm.customer.portrait": "crm_customer_portrait",
    **{"crm.booking": "crm_booking", "calendar.event": "calendar_event"},
    "crm.lead.phone.call": "crm_lead_phone_call",
}
# Links that PostgreSQL does not keep: table, column, target, and further condition
LINKS = (
    ("crm_lead_api_request", "lead_id", "crm_lead", ""),
    ("crm_lead_api_message", "lead_id", "crm_lead", ""),
    *(
        (table, column, target, f" AND t.{name} = '{model}'")
        for table, (name, column) in ANY_MODEL.items()
        for model, target in TARGETS.items()
    ),
)
# The rows that point to a record that is gone, by the newest ids before the run
DANGLING = " UNION ALL ".join(
    f"SELECT '{table} of {target}', t.id, t.{column} FROM {table} t"  # noqa: S608
    f" WHERE t.{column} > %({target})s{is_of_model}"
    f" AND NOT EXISTS (SELECT FROM {target} WHERE id = t.{column})"
    for table, column, target, is_of_model in LINKS
)


def check(world: World, done: Done, before: dict[str, str]) -> None:
    """Check all that holds after a step.

    :param before: the snapshot before it
    :raise Wrong: something is not as it should be
    """
    after = world.take_snapshot()
    changed = [table for table in after if after[table] != before[table]]
    if done.is_equal and changed:
        wrong("NotEqual", f"these tables changed: {', '.join(changed)}")
    if not changed:
        return
    _read_facts(world)
    check_messages(world)
    check_duty(world)
    _check_bodies(world, done)
    _check_links(world)
    _check_notes(world)
    who = [*STAFF][len(world.said) % len(STAFF)]
    check_sight(world, who)
    check_readers(world, who)


def check_all(world: World, kinds=KINDS) -> None:
    """Check at the end of a run what would take long after each step.

    :param kinds: of views
    """
    for who in STAFF:
        check_sight(world, who, kinds)


def _read_facts(world):
    """Read the leads that are there; remember who saw those that are gone."""
    names = {number: name for name, number in world.scene.companies.items()}
    facts = {row[0]: row[1:] for row in world.query(FACTS, world.newest["crm_lead"])}
    for lead in world.leads:
        if lead.id in world.facts and lead.id not in facts and not lead.merged_into:
            lead.readers = {who for who in STAFF if world.sees(who, lead)}
        if lead.id in facts:
            lead.places.add(names.get(facts[lead.id][0], ""))
    world.facts = facts


def _check_bodies(world, done):
    """Check what each client reads of the leads."""
    passed = timedelta(days=world.days, minutes=world.minutes, hours=1)
    since = (world.start - passed).isoformat() + "Z"
    changed = {lead.last.id for lead in done.changed}
    for by, places in COMPANIES.items():
        path = f"/leads?updated_since={since}&limit=1000"
        answer = world.send(by, "GET", path)
        if answer.status != 200:
            wrong("Status", f"{answer.status}: {answer.body}")
        first = world.newest["crm_lead"]
        bodies = {each["id_lead"]: each for each in answer.data["items"]}
        bodies = {number: each for number, each in bodies.items() if number > first}
        _check_readable(world, by, places, set(bodies))
        check_secrets(world, by, json.dumps([*bodies.values()]))
        for number, body in bodies.items():
            old = world.bodies[by].get(number)
            if old is None or old == body:
                continue
            names = {name for name in body if body[name] != old[name]}
            if number not in changed:
                wrong("Changed", f"{names} of lead {number}, which nobody changed")
            is_later = body["updated_at"] > old["updated_at"]
            if not is_later and not world.said[-1].startswith("wait"):
                wrong("NotUpdated", f"{by}: {names} of lead {number}")
        world.bodies[by] = bodies
        _check_values(world, by)


def _check_readable(world, by, places, found):
    """Check that a client reads the leads that it may, and no other."""
    ids = world.get_company_ids(places)
    expected = {
        number
        for number, facts in world.facts.items()
        if facts[0] in (*ids, None)
        and (by == "reader" or world.is_own(by, world.find_lead(number)))
    }
    if found != expected:
        wrong("Readable", f"{by} reads {found}, and not {expected}")


def _check_values(world, by):
    """Check that a client reads what it wrote, or what staff wrote after it."""
    for lead in world.leads:
        body = world.bodies[by].get(lead.id)
        if lead.client != by or lead.merged_into or not body:
            continue
        for name, value in lead.values.items():
            if read(body, name) != value:
                wrong("Value", f"{name} is {read(body, name)}, not {value}")
        if not lead.values:
            readable = [name for name in lead.wrote if name != "services"]
            lead.values = {name: read(body, name) for name in readable}


def _check_links(world):
    """Check that nothing points to a record that is gone."""
    for where, number, target in world.query(DANGLING, world.newest):
        wrong("Dangling", f"{where} {number} points to {target}")


def _check_notes(world):
    """Check that notes are on the leads that stayed, and look-ups are kept."""
    for number, lead in world.notes:
        if not world.is_there(lead.last):
            continue
        rows = world.query("SELECT res_id FROM mail_message WHERE id = %s", number)
        if rows != [(lead.last.id,)]:
            wrong("NoteLost", f"note {number} is on {rows}, not on {lead.last.id}")
    if world.said[-1] == "clean_up":
        counts = dict(world.query(CREATION_NOTES, world.newest["crm_lead"]))
        for number in world.facts:
            merged = [each for each in world.leads if each.last.id == number]
            if counts.get(number) != len(merged):
                wrong("Created", f"{counts.get(number)} notes on {merged}")
    if not world.erased:
        [(kept,)] = world.query(
            "SELECT count(*) FROM crm_lead_api_look_up_contact shown"
            " JOIN crm_lead_api_look_up look_up ON look_up.id = shown.look_up_id"
            " WHERE look_up.id > %s AND look_up.value IS NOT NULL",
            world.newest["crm_lead_api_look_up"],
        )
        if kept != world.look_ups:
            wrong("LookUps", f"{kept} are kept, not {world.look_ups}")


def check_sight(world: World, who: str, kinds: tuple = ("texts",)) -> None:
    """Check that lists or forms open, and show nothing that a person may not see.

    :param kinds: ``list``, ``form``, or ``texts`` for the fields of ``TEXTS`` alone
    """
    plans = world.scene.plans[who]
    specs = {view: plans[view] for view in plans if view.endswith(kinds)}
    models = {view.partition(" ")[0] for view in specs}
    newest = {model: world.newest[model.replace(".", "_")] for model in models}
    context = {"specs": specs, "newest": newest}
    seen = world.call(who, "ir.actions.server", "run", [world.scene.look], context)
    if not seen:
        wrong("NotOpened", f"{who}: {world.message}")
        return
    for view, records in seen["seen"].items():
        for secret in world.find_secrets(json.dumps(records)):
            if not _may_see(world, who, view, secret):
                wrong("Sees", f"{who} reads {secret} in {view}")


def _may_see(world, who, view, secret):
    """Tell whether a member of staff may read a secret in a view."""
    places = {*STAFF[who][0]}
    about = secret.split("-")[3]
    owners = world.secrets.get(secret, [])
    if about == "booking":  # whose branch receives the customers of all
        owners = [world.find_lead(int(secret.split("-")[4][:-1]))]
    if view == "mail.message texts":  # which authors read
        if about in ("call", "note") and who == "lan":
            return True
        if any(who in each.last.mergers for each in owners):
            return True
    is_log = "crm.lead.api." in view  # which is of companies
    if about == "booking" or is_log or not owners:
        needed = world.refused.get(secret, ())
        if any(each <= places for each in needed):
            return True
        if any(each.last.places & {*places, ""} for each in owners):
            return True
    return any(world.sees(who, lead) for lead in owners)
