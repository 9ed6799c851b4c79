# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Updates from each released version, while a client sends a lead each second: nothing
is lost, and twice changes nothing."""

import json
import re
from contextlib import ExitStack
from itertools import groupby
from types import SimpleNamespace

import pytest
from lead_sender import LeadSender
from odoo_database import MAKE_KEY, Database
from odoo_server import get_free_port
from released_versions import VERSIONS, unpack

TICKETS = 1000  # of the leads that are sent meanwhile, and above
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
PORTRAIT = {
    **{"revenue_source": "Giáo viên", "affected_by": "friend"},
    **{"work_start_time": 7.5, "break_end_time": 0.0},
    "hobby": ["Âm nhạc", "âm nhạc", "xem phim"],
    **{"pain_point": ["sợ đau"], "desires": ["mũi cao tự nhiên"]},
}

# Version 1 had API keys of users, and no clients.
MAKE_OLD_KEY = """
caller = env.ref("crm_lead_api.demo_caller")
caller.copy({"login": "strict", "lead_api_replay_content": False})
expires = datetime.now() + timedelta(days=1)
keys = env["res.users.apikeys"].sudo()
print(">>" + keys._generate_lead_api_token(caller, "test", expires))
"""
LET_STAFF_WORK = """
env = env(user=env.ref("crm_lead_api.demo_agent"))
Lead = env["crm.lead"]
new, again = Lead.search([("ticket_ref", "in", ["1", "2"])], order="ticket_ref")
comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
new.message_post(body="Xin chào", **comment)
new.service_ids.price_unit = 123
again.write({"name": "Tên khác", "stage_id": env.ref("crm.stage_lead2").id})
again.portrait_id.hobby_ids[0].name = "đọc sách"
again.partner_id.write({"phone3": "028 3822 0000", "birthdate_date": "1990-01-31"})
Lead.create({"name": "Đến tận nơi", "contact_name": "Khách"}).active = False
"""
SET_SECRETS = """
if "webhook_secret" in env.get("crm.lead.api.client", env["base"])._fields:
    client = env.ref("crm_lead_api.demo_client")
    client.webhook_url = "https://tickets.example.com/events"
    client.webhook_won = False
    print(">>" + client.webhook_secret)
"""
GET_SECRET = 'print(f">>{env.ref("crm_lead_api.demo_client").webhook_secret}")'

# Tables whose rows come from the code, not from people
CODE = re.compile("ir_(act|model|module|rule|ui)_?.*|.*_group_rel|res_groups_.*")
# Data of version 1 in another form; the tests ask for today's form
MOVED = {
    "crm_lead_api_answer.fingerprint",
    "crm_lead_api_answer.key",
    "crm_lead_api_answer.status",  # it was always 200
    "res_users.lead_api_replay_content",
    "res_users_apikeys",
}
# Data that Odoo writes again at each update of any addon
REWRITTEN = {
    "ir_cron_trigger",  # the clean-up is to run after each update
    "ir_module_module.menus_by_module",  # as the last update found them
    "ir_module_module.views_by_module",
    "ir_ui_view.arch_prev",  # as it was before it was last written
    "orm_signaling_registry",  # tells other servers that something was updated
}

SCHEMA = """
    SELECT table_name || '.' || column_name,
           concat_ws(' ', data_type, character_maximum_length, is_nullable,
                     column_default)
      FROM information_schema.columns
     WHERE table_schema = 'public'
     UNION ALL
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL
    SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
"""
DEFINITIONS = """
    SELECT data.name, to_jsonb(record) - %s::text[] FROM ir_model_data AS data
      JOIN {} AS record ON record.id = data.res_id
     WHERE data.module = 'crm_lead_api' AND data.model = %s
"""
# Of records, what differs between databases
OWN = [
    *("id", "create_uid", "create_date", "write_uid", "write_date"),
    *("model_id", "group_id", "binding_model_id", "view_id", "search_view_id"),
    *("ir_actions_server_id", "user_id", "nextcall"),
]


SLOW = [pytest.param(version, marks=pytest.mark.slow) for version in VERSIONS[:-1]]


@pytest.fixture(scope="module", params=[*SLOW, VERSIONS[-1]])
def update(request, crm, tmp_path_factory):
    """A database that was made by an old version, and updated to today's, by the steps
    of docs/install for one server, which has run since before the update. The sender
    has sent leads meanwhile; the problem is what ``/health`` said before."""
    folder = tmp_path_factory.mktemp("addons")
    unpack(request.param, folder)
    # A name of its own: files are made slowly where many have just been deleted.
    old = crm.copy(f"migration_{request.param}", folder)
    old.odoo("--init=crm_lead_api", "--with-demo", "--stop-after-init")
    is_first = request.param == VERSIONS[0]
    make_key = MAKE_OLD_KEY if is_first else MAKE_KEY
    token, payload = old.make_access(make_key)
    payload = {**payload, "customer_portrait": PORTRAIT}
    requests = [(payload, KEY), (again(payload), "")]
    database, port = Database(old.name), get_free_port()
    with ExitStack() as stack:
        with old.serve(folder / "old.log", port=port) as server:
            calls = [server.post(token, *each) for each in requests]
            secret = old.run(SET_SECRETS + LET_STAFF_WORK)
            before = old.read_rows()
            sender = LeadSender(f"http://localhost:{port}", token, payload, TICKETS)
            sending = stack.enter_context(ExitStack())
            sending.enter_context(sender.run())
            sender.wait_for(200)
        server = stack.enter_context(database.serve(folder / "odoo.log", port=port))
        sender.wait_for(503)
        problem = json.loads(server.send("GET", "/api/v1/health", [])[2])["message"]
        log = database.odoo("--update=crm_lead_api", "--stop-after-init")
        sender.wait_for(401 if is_first else 200)
        sending.close()
        token = database.run(MAKE_KEY) if is_first else token
        leads = [answer.lead_id for answer in calls]
        yield SimpleNamespace(
            **{"version": request.param, "database": database, "server": server},
            **{"token": token, "payload": payload, "secret": secret, "leads": leads},
            **{"before": before, "after": database.read_rows(), "log": log},
            **{"sender": sender, "problem": problem},
        )


def again(payload):
    """Return another call about the same customer, who says something else."""
    changes = {"ticket_id": 2, "contact_name": "Vũ Yến", "phone_no2": "0900 000 404"}
    return {**payload, **changes}


def compare(before, after):
    """Compare data before and after: return the lost and the changed data.

    What was empty may have been filled.

    :return: tables of which a row is gone, and columns: ``table.column``
    """
    changes = set()
    for table, rows in before.items():
        others = after.get(table, {})
        if rows.keys() - others.keys():
            changes.add(table)
        for key in rows.keys() & others.keys():
            changes |= {
                f"{table}.{name}"
                for name, value in rows[key].items()
                if value is not None and others[key].get(name) != value
            }
    return {change for change in changes if not change.endswith(".write_date")}


def test_clients_wait(update):
    """From the start of the new server until the modules are updated all answers are
    503, and may be it again until Odoo has finished; afterwards a token of version 1,
    which had another form, is refused."""
    statuses = [status for status, _pause in update.sender.answers]
    before, meanwhile, *after = (
        set(group) for _is_503, group in groupby(statuses, lambda status: status == 503)
    )
    assert (before, meanwhile) == ({200}, {503})
    served = {401, 429} if update.version == VERSIONS[0] else {200}
    assert after[-1] <= served
    assert set().union(*after) <= {503, *served}
    pauses = {pause for status, pause in update.sender.answers if status == 503}
    assert pauses <= {"2", "30"}
    assert "-u crm_lead_api --no-http --stop-after-init" in update.problem


def test_no_lead_is_lost_or_doubled(update):
    if update.version == VERSIONS[0]:
        pytest.skip("the client needs a new token")
    leads = [*update.sender.get_leads().items()]
    assert update.sender.find_leads(update.database) == leads


def test_log_has_no_warning_but_of_the_tokens(update):
    warnings = re.findall(r" WARNING .*", update.log)
    if update.version == VERSIONS[0]:
        assert "tokens have another form now: 1 were removed" in warnings.pop()
    assert warnings == []


def test_nothing_is_lost(update):
    moved = set(MOVED) if update.version == VERSIONS[0] else set()
    if update.secret and update.version < "19.0.7":
        moved.add("crm_lead_api_client.webhook_secret")
    # Nobody holds a lock during an update; an action, an activity type, a mail and a
    # group have new texts.
    meant = {"crm_lead_api_lock", "ir_cron.cron_name", "mail_activity_type.name"}
    meant |= {"ir_act_server.name", "mail_template.body_html"}
    meant |= {"res_groups.comment", "res_groups.name"}
    # The queue of the work after the answer is gone, with its action and activity type;
    # the scores that waited in it are there.
    meant |= {"crm_lead_api_follow_up", "ir_cron", "ir_cron_trigger"}
    meant |= {"mail_activity_type", "crm_lead.automated_probability"}
    meant |= {"crm_lead.probability", "crm_lead.prorated_revenue"}
    # What the client has said in its portrait is there, too. A company's language is
    # its contact's.
    meant |= {"crm_lead.lead_api_values", "res_company.lead_api_lang"}
    messages = update.before["mail_message"]
    messages = {k: row for k, row in messages.items() if row["model"] != "ir.cron"}
    before = {**update.before, "mail_message": messages}
    changes = set(compare(before, update.after)) - meant
    assert {each for each in changes if not CODE.match(each)} == moved


def test_what_waited_is_done(update):
    """Each lead has its creation note, once."""
    notes = """
        SELECT count(message.id) FROM crm_lead AS lead
          LEFT JOIN mail_message AS message
               ON message.model = 'crm.lead'
              AND message.res_id = lead.id
              AND message.subtype_id = (
                  SELECT res_id FROM ir_model_data
                   WHERE module = 'crm' AND name = 'mt_lead_create'
              )
         WHERE lead.lead_api_client_id IS NOT NULL GROUP BY lead.id
    """
    assert {count for (count,) in update.database.query(notes)} == {1}


def test_calls_are_phone_calls(update):
    texts = update.database.query(
        "SELECT name->>'en_US' FROM ir_act_server"
        " UNION SELECT name->>'en_US' FROM mail_activity_type"
        " UNION SELECT body_html->>'en_US' FROM mail_template"
    )
    found = re.findall(r"refused calls|Calls Refused|calls with it", str(texts))
    assert found == []


def test_signing_secrets_stay(update):
    if not update.secret:
        pytest.skip("there were no events yet")
    assert update.database.run(GET_SECRET) == update.secret


def test_what_is_new_is_filled(update):
    """From what was there already."""
    new, other = (update.after["crm_lead"][lead] for lead in update.leads)
    names = "SELECT id, name FROM crm_lead_api_client"
    clients = dict(update.database.query(names))
    assert clients[new["lead_api_client_id"]] == "Tổng đài Sen Hồng"
    messages = update.after["mail_message"].values()
    dates = [m["date"] for m in messages if "Xin chào" in (m["body"] or "")]
    assert [new["first_contact_date"]] == dates
    assert other["first_contact_date"] is None
    tags = update.after["crm_customer_portrait_tag"]
    items = update.after["crm_customer_portrait_item"].values()
    said = [item for item in items if item["portrait_id"] == other["portrait_id"]]
    assert {item["name"]: tags[item["tag_id"]]["name"].lower() for item in said} == {
        name: name.lower()
        for name in ("đọc sách", "âm nhạc", "xem phim", "sợ đau", "mũi cao tự nhiên")
    }
    services = update.after["crm_lead_service"].values()
    # The callers of version 1 become clients afterwards.
    of_staff = (True, update.version == VERSIONS[0])
    for lead, mark in zip(update.leads, of_staff, strict=True):
        marks = {each["is_of_staff"] for each in services if each["lead_id"] == lead}
        assert marks == {mark}


def test_callers_are_clients(update):
    if update.version != VERSIONS[0]:
        pytest.skip("they were already")
    replays = "SELECT login, replay_content FROM crm_lead_api_client AS client"
    replays += " JOIN res_users AS caller ON caller.id = client.user_id"
    assert dict(update.database.query(replays)) == {
        "lead-api-tong-dai": True,
        "strict": False,
    }


def test_database_is_like_a_new_one(update, demo):
    assert dict(update.database.query(SCHEMA)) == dict(demo.query(SCHEMA))
    for model in ("ir.act.window", "ir.cron", "ir.model.access", "ir.rule"):
        definitions = DEFINITIONS.format(model.replace(".", "_"))
        model = model.replace("act.", "actions.act_")
        there, new = (
            dict(each.query(definitions, OWN, model))
            for each in (update.database, demo)
        )
        assert there == new != {}


def test_update_again_changes_nothing(update):
    schema = set(update.database.query(SCHEMA))
    log = update.database.odoo("--update=crm_lead_api", "--stop-after-init")
    assert " WARNING " not in log
    assert set(update.database.query(SCHEMA)) == schema
    rows = update.database.read_rows()
    changes = compare(update.after, rows) | compare(rows, update.after)
    assert changes <= REWRITTEN


def test_calls_go_on(update):
    """A retry of a call from before gets its answer; a new call makes a lead."""
    count = update.database.count("crm_lead")
    server = update.server
    requests = [(update.payload, KEY), (again(update.payload), "")]
    for (payload, key), lead in zip(requests, update.leads, strict=True):
        answer = server.post(update.token, payload, key)
        assert (answer.is_replayed, answer.lead_id) == (True, lead), answer
    assert server.post(update.token, again(update.payload), KEY)[0] == 409
    new = {**update.payload, "ticket_id": 3}
    assert server.post(update.token, new)[0] == 200
    assert update.database.count("crm_lead") == count + 1
