# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Look for what a user may not see in all that the user can read.

Makes records of each model of the addons, in each state in which staff and clients
leave records, and puts a text of its own into each, the canary. Then each kind of user
reads in each way, and the canaries that come, and the ids, are compared with the
tables.

Runs in ``odoo shell``, which knows ``env``, and commits nothing: a line after ``>>`` is
a difference. ``setup/tests/test_rights.py`` runs it.
"""

import base64
import contextlib
import json
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.crm_lead_api.schemas import LeadChange, LeadRequest
from odoo.addons.crm_lead_api.tests.data import LeadApiData
from odoo.addons.crm_lead_api_booking.tests.common import BookingData, utc

env = globals()["env"]
COMMENT = "mail.mt_comment"
SALES = "sales_team.group_sale_"
EXPORT = "base.group_allow_export"
ADMINISTRATORS = (
    "crm_lead_api.crm_lead_api_group_manager",
    "crm_lead_api_booking.crm_lead_api_booking_group_manager",
)

# ---------------------------------------------------------------- the tables

# Groups and branches of each kind of user; clients' users come with the clients.
ROLES = {
    "owner": ([f"{SALES}salesman"], "A"),
    "colleague": ([f"{SALES}salesman"], "A"),
    "booking": ([ADMINISTRATORS[1]], "A"),  # a salesperson of own leads, too
    "all": ([f"{SALES}salesman_all_leads"], "A"),
    "manager": ([f"{SALES}manager"], "A"),
    "api": ([ADMINISTRATORS[0]], "A"),
    "both": (ADMINISTRATORS, "AB"),
    "elsewhere": (ADMINISTRATORS, "B"),
    "settings": (["base.group_system"], "A"),
    "employee": (["base.group_user"], "AB"),
    "portal": (["base.group_portal"], "A"),
    "public": (["base.group_public"], "A"),
}
# Who sees what, by its state: words of roles. "client A" has made the leads of branch
# A, and its user sees what it made; it cannot log in.
SEES_ALL = "all manager api both"
OF_LEAD = {
    "owner's": f"owner {SEES_ALL} client_a",
    "colleague's": f"colleague {SEES_ALL} client_a",
    "nobody's": f"owner colleague booking {SEES_ALL} client_a",
    "elsewhere": "elsewhere both client_b",
    "merged": f"colleague {SEES_ALL} client_a",
}
OF_LEAD_OF_STAFF = {
    state: roles.partition(" client")[0] for state, roles in OF_LEAD.items()
}
LEFT_OVER = {
    **OF_LEAD,
    "changed": f"colleague {SEES_ALL} client_a",  # another portrait took its place
    "deleted": f"{SEES_ALL} client_a",  # with its lead
    "by hand": f"owner colleague booking {SEES_ALL}",
}
OF_BRANCH = {"A": f"owner colleague booking {SEES_ALL}", "B": "elsewhere both"}
OF_CLIENT = {"A": "api both", "B": "elsewhere both", "AB": "api elsewhere both"}
# What may be about any company of the client takes all of them.
OF_ALL_COMPANIES = {**OF_CLIENT, "AB": "both"}
OF_ENTRY = {**OF_ALL_COMPANIES, "A of AB": "api both"}
OF_SETTINGS = {"any": "settings"}
OWN_DIALOG = {"own": "api", "elsewhere": "elsewhere"}
STAFF = f"owner colleague booking {SEES_ALL} elsewhere"
EVERY_STAFF = {"any": f"{STAFF} client_a client_b client_ab"}
INSIDE = {"any": f"{EVERY_STAFF['any']} settings employee"}
# By model: the field of the canary, if the model has texts, and who sees what
MODELS = {
    # Of leads
    "crm.lead": ("description", OF_LEAD),
    "crm.lead.service": (None, OF_LEAD),
    "crm.lead.proposal": ("subject", OF_LEAD),
    "crm.customer.portrait": ("term_goals", LEFT_OVER),
    "crm.customer.portrait.item": ("name", LEFT_OVER),
    "crm.lead.phone.call": ("note", {**LEFT_OVER, "changed": "", "by hand": ""}),
    "crm.lead.intake.report": (None, OF_LEAD_OF_STAFF),
    "crm.first.call": (None, OF_LEAD_OF_STAFF),
    "crm.first.call.decision": (None, OF_LEAD_OF_STAFF),
    "report.crm.first.call": (None, OF_LEAD_OF_STAFF),
    "mail.message": ("body", OF_LEAD),
    # Of branches
    "crm.booking": ("note", OF_BRANCH),
    "crm.booking.service": (None, OF_BRANCH),
    "crm.booking.report": (None, OF_BRANCH),
    # Of clients
    "crm.lead.api.client": ("name", OF_CLIENT),
    "crm.lead.api.token": ("name", OF_CLIENT),
    "crm.lead.api.code": ("code", OF_CLIENT),
    "crm.lead.api.attribute": ("description", OF_CLIENT),
    "crm.lead.api.request": ("payload", OF_ENTRY),
    "crm.lead.api.event": ("body", OF_ENTRY),
    "crm.lead.api.day": (None, OF_ENTRY),
    "crm.lead.api.look.up": ("value", OF_ALL_COMPANIES),
    "crm.lead.api.look.up.contact": ("value", OF_ALL_COMPANIES),
    "crm.lead.api.refusal": ("address", {"any": "api elsewhere both"}),
    # Of connections
    "crm.lead.api.platform": ("name", {"any": "api elsewhere both"}),
    "crm.lead.api.connection": ("name", OF_CLIENT),
    "crm.lead.api.connection.field": ("value", OF_CLIENT),
    "crm.lead.api.connection.day": (None, OF_CLIENT),
    "crm.lead.api.question": ("example", OF_ALL_COMPANIES),
    "crm.lead.api.message": ("customer_keys", OF_ALL_COMPANIES),
    # Of the machine
    "crm.lead.api.answer": ("body", OF_SETTINGS),
    "crm.lead.api.horizon": (None, OF_SETTINGS),
    "crm.lead.api.lock": ("key", OF_SETTINGS),
    "crm.lead.api.merged.account": (None, OF_SETTINGS),
    "crm.lead.api.rate": (None, OF_SETTINGS),
    "crm.lead.api.secret": ("secret", {"any": ""}),
    "crm.lead.api.connection.secret": ("secret", {"any": ""}),
    # Dialogs, which are of whoever opened them
    "crm.lead.api.backfill": ("notes", OWN_DIALOG),
    "crm.lead.api.discard": ("reason", OWN_DIALOG),
    "crm.lead.api.resend": ("payload", OWN_DIALOG),
    "crm.lead.api.token.wizard": ("name", OWN_DIALOG),
    "crm.lead.call.result": ("note", OWN_DIALOG),
    "crm.lead.contact.merge": (None, OWN_DIALOG),
    "crm.lead.message": ("text", OWN_DIALOG),
    "crm.booking.wizard": ("note", OWN_DIALOG),
    "crm.booking.cancel": ("note", OWN_DIALOG),
    "crm.booking.day": (None, OWN_DIALOG),
    # For all
    "crm.customer.portrait.tag": ("name", EVERY_STAFF),
    "crm.lead.call.outcome": ("name", {"any": STAFF}),
    "res.country.district": ("name", INSIDE),
    "utm.source.group": ("name", INSIDE),
}
# Where a lead has the records of a model
PARTS = {
    **{"crm.lead.service": "service_ids", "crm.lead.proposal": "proposal_ids"},
    **{"crm.lead.phone.call": "phone_call_ids", "crm.first.call": "first_call_ids"},
    "crm.first.call.decision": "first_call_ids.decision_ids",
}
# What shows records of ours besides their own lists, by the model where it begins
PATHS = {
    "res.partner": "timeline portrait_ids/term_goals portrait_ids/item_ids/name",
    "crm.lead": "portrait_card portrait_id/term_goals former_portrait_ids/term_goals"
    " proposal_ids/subject phone_call_ids/note lead_api_request_ids/payload"
    " message_ids/body booking_ids/note lead_api_message_ids/customer_keys",
}


# ---------------------------------------------------------------- the records


class Start:
    """Stand in for a test case."""

    @classmethod
    def setUpClass(cls):
        cls.env = env


class Clinic(BookingData, LeadApiData, Start):
    """Two branches, each with a client, and a client of both."""


def make_records():
    """Make records of each model in each state.

    :return: users by role; records by model and state
    """
    Clinic.setUpClass()
    clinic = Clinic()
    branches = {"A": clinic.company, "B": clinic.other_company}
    branches["AB"] = branches["A"] | branches["B"]
    users = {}
    for role, (groups, branch) in ROLES.items():
        names = groups if role in ("portal", "public") else [*groups, EXPORT]
        user = clinic._new_user(f"the-{role}", ",".join(names))
        values = {"company_ids": [Command.set(branches[branch].ids)]}
        user.write({**values, "company_id": branches[branch][:1].id})
        users[role] = user
    users["all"] = clinic.agent  # to whom the leads go first
    clinic.agent.group_ids += env.ref(EXPORT)
    for user in users.values():
        if user._is_internal():
            user.notification_type = "inbox"
    clients = {"A": clinic.client}
    for branch in ("B", "AB"):
        clients[branch] = clinic._new_client(f"client-{branch}")
        clients[branch].company_ids = branches[branch]
    for branch, client in clients.items():
        users[f"client_{branch.lower()}"] = client.user_id
        client.user_id.group_ids += env.ref(EXPORT)
    records = {model: {} for model in MODELS}
    leads = make_leads(clinic, users, clients, records)
    add_bookings(clinic, leads, records)
    add_requests(clinic, users, clients, leads, records)
    add_connections(clients, leads, records)
    add_dialogs(users, leads, records)
    env.flush_all()
    return users, records


def make_leads(clinic, users, clients, records):
    """Make the leads and what belongs to them; staff and clients work on them."""
    numbers = iter(range(100, 200))

    def make(state, user, client="A", **changes):
        number = next(numbers)
        payload = {**clinic.payload, "ticket_id": number, "contact_name": state}
        payload |= {f"phone_no{n}": f"0968 0{n}0 {number}" for n in (1, 2, 3)}
        payload |= {"email_from": f"{number}@example.com", **changes}
        leads = env["crm.lead"].with_user(clients[client].user_id)
        lead = leads._create_from_payload(LeadRequest.parse(payload)).with_env(env)
        lead.user_id = users[user] if user else False
        add_parts(clients[client], lead)
        lead.message_post(body=get_canary("mail.message", state), subtype_xmlid=COMMENT)
        return lead

    user = users["elsewhere"]
    elsewhere = {"company_id": clinic.other_company.id, "user_id": user.id}
    elsewhere |= {"price_list_id": clinic.other_pricelist.id, "agent_email": user.login}
    elsewhere["crm_line_ids"] = [clinic.service_2.id]
    leads = {
        "owner's": make("owner's", "owner"),
        "colleague's": make("colleague's", "colleague"),
        "nobody's": make("nobody's", None),
        "elsewhere": make("elsewhere", "elsewhere", "B", **elsewhere),
        "merged": make("merged", "colleague"),
    }
    other, gone = make("merged", "colleague"), make("deleted", "owner")
    changed = leads["colleague's"]
    kept = {"changed": changed.portrait_id, "deleted": gone.portrait_id}
    kept["merged"] = (leads["merged"] | other).portrait_id
    for lead in (changed, gone):
        payload = LeadChange.parse({"customer_portrait": {"term_goals": "Khác"}})
        lead.with_user(clients["A"].user_id)._change_from_payload(payload)
    kept["deleted"] |= gone.portrait_id
    gone_calls = gone.phone_call_ids
    leads["merged"] = (leads["merged"] | other).merge_opportunity()
    gone.unlink()
    by_hand = {"partner_id": changed.partner_id.id, "company_id": clinic.company.id}
    by_hand["hobby_ids"] = [Command.create({"name": "bơi"})]
    kept["by hand"] = env["crm.customer.portrait"].create(by_hand)
    portraits = {state: lead.portrait_id for state, lead in leads.items()} | kept
    records["crm.lead"], records["crm.customer.portrait"] = leads, portraits
    for state, portrait in portraits.items():
        records["crm.customer.portrait.item"][state] = portrait.item_ids
    for state, lead in leads.items():
        for model, path in PARTS.items():
            records[model][state] = lead.mapped(path)
        notes = lead.message_ids.filtered(lambda each: "canary" in each.body)
        records["mail.message"][state] = notes
        for model in ("crm.lead.intake.report", "report.crm.first.call"):
            records[model][state] = env[model].search([("lead_id", "=", lead.id)])
    records["crm.lead.phone.call"]["deleted"] = gone_calls
    records["crm.customer.portrait.tag"] = {"any": portraits["by hand"].item_ids.tag_id}
    outcome = env.ref("crm_lead_api.call_outcome_busy")
    records["crm.lead.call.outcome"] = {"any": outcome}
    records["res.country.district"] = {"any": clinic.district}
    records["utm.source.group"] = {"any": clinic.source_group}
    return leads


def add_parts(client, lead):
    """Give a lead a proposal, a call with a recording and a line in the chatter, and a
    reason for its salesperson."""
    line = {"date": datetime.now(), "reason": "hand", "user_id": lead.user_id.id}
    env["crm.first.call"].create(
        {"lead_id": lead.id, "state": "ended", "decision_ids": [Command.create(line)]}
    )
    env["crm.lead.proposal"].create(
        {"lead_id": lead.id, "subject": "street", "new_values": {"street": "x"}}
    )
    values = {"client_id": client.id, "lead_id": lead.id, "phone": lead.phone}
    values |= {"company_id": lead.company_id.id, "call_ref": f"call-{lead.id}"}
    values |= {"agent_email": "lan@example.com", "start_date": datetime.now()}
    sound = base64.b64encode(b"RIFF")
    values |= {"direction": "in", "recording": sound, "recording_type": "audio/wav"}
    env["crm.lead.phone.call"].create(values)._process_changes({"lead_id"})


def add_bookings(clinic, leads, records):
    """Make a booking in each branch, for a lead of a colleague's."""
    Clinic.env = env
    booking = clinic.book(leads["colleague's"])
    seat = clinic.prepare_seat("Phòng B", company_id=clinic.other_company.id)
    clinic.service_2.booking_duration = 30
    seat = env["resource.resource"].create(seat)
    values = {"lead_id": leads["elsewhere"].id, "company_id": clinic.other_company.id}
    values |= {"seat_id": seat.id, "start": utc(10)}
    values["service_ids"] = [Command.create({"product_id": clinic.service_2.id})]
    bookings = {"A": booking, "B": env["crm.booking"].create(values)}
    report = env["crm.booking.report"]
    env.flush_all()
    records["crm.booking"] = bookings
    records["crm.booking.service"] = {s: b.service_ids for s, b in bookings.items()}
    records[report._name] = {
        state: report.search([("booking_id", "=", each.id)])
        for state, each in bookings.items()
    }


def add_requests(clinic, users, clients, leads, records):
    """Give each client what its requests leave, and what belongs to it."""
    now, tomorrow = datetime.now(), datetime.now() + timedelta(days=1)
    partner = leads["owner's"].partner_id
    field = env["ir.model.fields"]._get("crm.lead", "function")
    entries = {
        state: (clients[state], clients[state].company_ids[:1]) for state in "AB"
    }
    entries["A of AB"] = clients["AB"], clinic.company
    entries["AB"] = clients["AB"], clinic.company.browse()

    def make(model, state, /, **values):
        records[model][state] = env[model].create(values)

    for state, client in clients.items():
        own = {"client_id": client.id}
        client._generate_token("x", tomorrow)
        records["crm.lead.api.client"][state] = client
        records["crm.lead.api.token"][state] = client.token_ids
        make("crm.lead.api.code", state, **own, attribute="country_id", code=state)
        make("crm.lead.api.attribute", state, **own, field_id=field.id, name="job")
        shown = [Command.create({"partner_id": partner.id, "method": "phone"})]
        looked = {"date": now, "agent_email": "x", "method": "phone"}
        make("crm.lead.api.look.up", state, **own, **looked, contact_ids=shown)
        records["crm.lead.api.look.up.contact"][state] = records[
            "crm.lead.api.look.up"
        ][state].contact_ids
    for state, (client, company) in entries.items():
        own = {"client_id": client.id, "company_id": company.id, "date": now}
        make("crm.lead.api.request", state, **own, status=200, state="done")
        make("crm.lead.api.event", state, **own, type="lead.won", message_ref=state)
        make("crm.lead.api.day", state, **own, calls=1, refused=0)
    make("crm.lead.api.refusal", "any", address="x", hour=now, calls=1, wrong_tokens=1)
    user = {"user_id": users["client_a"].id}
    kept = {"key": "x", "fingerprints": "x", "expiration_date": tomorrow}
    make("crm.lead.api.answer", "any", **user, **kept)
    make("crm.lead.api.lock", "any", key="x", date=now)
    own = {"client_id": clients["A"].id}
    make("crm.lead.api.rate", "any", **own, start=now, calls=1)
    make("crm.lead.api.secret", "any", **own, secret="x")  # noqa: S106
    gone = {"merged_id": 2**31 - 1, "partner_id": partner.id}
    make("crm.lead.api.merged.account", "any", **gone)
    make("crm.lead.api.horizon", "any", date=now, horizon=now)


def add_connections(clients, leads, records):
    """Give each client a connection, with what its messages leave."""
    now = datetime.now()
    platform = env.ref("crm_lead_api_connection.platform_google")
    records["crm.lead.api.platform"] = {"any": platform}
    about = {"A": leads["owner's"], "B": leads["elsewhere"], "AB": leads["merged"]}

    def make(model, state, /, **values):
        records[model][state] = env[model].create(values)
        return records[model][state]

    for state, client in clients.items():
        own = {"platform_id": platform.id, "client_id": client.id}
        connection = make("crm.lead.api.connection", state, name=state, **own)
        own = {"connection_id": connection.id}
        mapped = {"attribute": "contact_name", "value": "x"}
        make("crm.lead.api.connection.field", state, **own, **mapped)
        make("crm.lead.api.connection.day", state, **own, date=now, unproven=1)
        asked = {"name": "x", "example": "x", "count": 1, "last_date": now}
        make("crm.lead.api.question", state, **own, **asked)
        sent = {"date": now, "message_ref": "x", "body": {"x": "x"}, "state": "done"}
        make("crm.lead.api.message", state, **own, **sent, lead_id=about[state].id)
    own |= {"secret": "x"}
    make("crm.lead.api.connection.secret", "any", **own)


def add_dialogs(users, leads, records):
    """Let two administrators open each dialog, and leave it open."""
    for state, role, lead in (
        ("own", "api", leads["owner's"]),
        ("elsewhere", "elsewhere", leads["elsewhere"]),
    ):
        entry = records["crm.lead.api.request"]["A" if state == "own" else "B"]
        booking = records["crm.booking"]["A" if state == "own" else "B"]
        message = records["crm.lead.api.message"]["A" if state == "own" else "B"]
        of_lead, company = {"lead_id": lead.id}, {"company_id": lead.company_id.id}
        day = {"date": datetime.now().date(), "duration": 30}
        values = {
            "crm.lead.api.resend": {"request_ids": [Command.set(entry.ids)]},
            "crm.lead.api.token.wizard": {"client_id": entry.client_id.id},
            "crm.lead.api.backfill": {"connection_id": message.connection_id.id},
            "crm.lead.api.discard": {
                "message_ids": [Command.set(message.ids)],
                "reason": "x",
            },
            "crm.lead.call.result": of_lead,
            "crm.lead.contact.merge": of_lead,
            "crm.lead.message": of_lead,
            "crm.booking.wizard": {**of_lead, **company, **day},
            "crm.booking.cancel": {"booking_id": booking.id},
            "crm.booking.day": company,
        }
        for model, vals in values.items():
            dialog = env[model].with_user(users[role]).create(vals)
            records[model][state] = dialog.with_env(env)


def get_canary(model, state):
    return f"canary {model} {state};"


def add_canaries(records):
    """Write a text of its own into each record that has texts.

    :return: model and state by canary
    """
    canaries = {}
    for model, (name, _seen) in MODELS.items():
        for state, each in records[model].items() if name else ():
            canary = get_canary(model, state)
            canaries[canary] = model, state
            is_translated = env[model]._fields[name].translate
            value = json.dumps({"en_US": canary}) if is_translated else canary
            table, column = SQL.identifier(env[model]._table), SQL.identifier(name)
            update = "UPDATE %s SET %s = %s WHERE id = ANY(%s)"
            env.cr.execute(SQL(update, table, column, value, each.ids))
    return canaries


# ---------------------------------------------------------------- the ways to read

# Each returns the ids of the records that came, and all that came.


def read(records, field):
    rows = records.read([field or "display_name"])
    return [row["id"] for row in rows], rows


def export_data(records, field):
    rows = records.export_data([".id", field or "display_name"])["datas"]
    return [int(row[0]) for row in rows if row[0]], rows


def web_content(records, _field):
    """Read the files of records, by their address and by that of the record."""
    domain = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
    domain.append(("id", "!=", 0))  # or Odoo leaves out the files of fields
    found = []
    for file in env["ir.attachment"].search(domain):
        place = {"res_model": file.res_model, "res_id": file.res_id}
        for address in ({"res_id": file.id}, place):
            with contextlib.suppress(AccessError, MissingError):
                records.env["ir.binary"]._find_record(**address)
                found.append(file.res_id)
    return found, ""


def search(records, field):
    found = records.search([("id", "in", records.ids)])
    if field:
        found |= records.search([(field, "like", "canary")]) & records
    return found.ids, ""


def web_search_read(records, field):
    names = dict.fromkeys([field or "display_name", "display_name"], {})
    rows = records.web_search_read([("id", "in", records.ids)], names)["records"]
    return [row["id"] for row in rows], rows


def name_search(records, _field):
    rows = records.name_search("", [("id", "in", records.ids)], limit=None)
    return [row[0] for row in rows], rows


def read_group(records, field):
    is_text = field and records._fields[field].type in ("char", "text")
    domain = [("id", "in", records.ids)]
    rows = records.formatted_read_group(
        domain, [field] if is_text else [], ["id:array_agg"]
    )
    return [each for row in rows for each in row["id:array_agg"] or ()], rows


BY_ID = (read, export_data)  # of records of one state, because Odoo gives all or none
NO_EXPORT = ("mail.message",)  # Odoo exports them for its administrators alone
BY_DOMAIN = (search, web_search_read, name_search, read_group)
FILES = {"crm.lead.phone.call": [web_content]}


def try_to_read(reader, records, field):
    """Return the ids that a user gets, and all that comes, as a text."""
    records.env[records._name].invalidate_model(flush=False)
    try:
        ids, content = reader(records, field)
    except (AccessError, MissingError, UserError):
        return set(), ""
    return set(ids), str(content)


def find_differences(users, records):
    """Yield what users see and should not, and what they should see and do not."""
    for role, user in users.items():
        for model, (field, seen) in MODELS.items():
            every = as_user(env[model].union(*records[model].values()), user)
            results = [(way, *try_to_read(way, every, field)) for way in BY_DOMAIN]
            for state, each in records[model].items():
                own = as_user(each, user)
                ways = (*BY_ID[: 1 if model in NO_EXPORT else 2], *FILES.get(model, ()))
                may, canary = role in seen[state].split(), get_canary(model, state)
                for way, ids, content in (
                    *results,
                    *((way, *try_to_read(way, own, field)) for way in ways),
                ):
                    if (bool(ids & {*each.ids}) or canary in content) != may:
                        yield role, model, state, way.__name__, not may


def as_user(records, user):
    """Return records as in the session of a user, in all of the user's companies."""
    context = {"allowed_company_ids": user.company_ids.ids}
    return records.with_user(user).with_context(**context)


def find_hidden(canaries, role, place, content):
    """Yield the canaries in a content that a role may not see."""
    for canary, (model, state) in canaries.items():
        if canary in content and role not in MODELS[model][1][state].split():
            yield role, model, state, place, True


def find_on_paths(users, records, canaries):
    """Yield the canaries that users see on the way by other records."""
    leads = env["crm.lead"].union(*records["crm.lead"].values())
    for role, user in users.items():
        for start in (*leads.partner_id, *leads):
            record = as_user(start, user)
            for path in PATHS[record._name].split():
                env.invalidate_all()
                _ids, content = try_to_read(export_data, record, path)
                yield from find_hidden(canaries, role, path, content)


def find_in_notices(users, records, canaries):
    """Yield the canaries that bus or mail bring to those who may not see them."""
    roles = {user.partner_id.id: role for role, user in users.items()}
    for state, messages in records["mail.message"].items():
        for partner in messages.notification_ids.res_partner_id:
            canary = get_canary("mail.message", state)
            yield from find_hidden(canaries, roles.get(partner.id), "mail", canary)
    env.cr.precommit.run()
    found = 0
    for notice in env["bus.bus"].search([("message", "like", "canary")]):
        channel = json.loads(notice.channel)
        role = roles.get(channel[-1]) if "res.partner" in channel else "everybody"
        yield from find_hidden(canaries, role, "bus", notice.message)
        found += 1
    if not found:
        yield "everybody", "mail.message", "any", "bus", False


def main():
    users, records = make_records()
    canaries = add_canaries(records)
    unknown = {
        name
        for name, model in env.registry.items()
        if model._original_module.startswith("crm_lead_api") and not model._abstract
    } - set(MODELS)
    missing = [
        (model, state)
        for model, (_field, seen) in MODELS.items()
        for state, roles in seen.items()
        if roles and not records[model].get(state)
    ]
    differences = [
        *find_differences(users, records),
        *find_on_paths(users, records, canaries),
        *find_in_notices(users, records, canaries),
    ]
    print(f">>{json.dumps([sorted(unknown), missing, differences])}")
    env.cr.rollback()


main()
