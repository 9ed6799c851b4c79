# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The people of the model: three clients, two platforms, the staff of two branches,
a team that gives its leads out, their records."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from odoo_database import Database

# The clients, each with rights of its own
CLIENTS = ("looker", "reader", "texter")
# By name: the companies, and whether the person sees the leads of colleagues
STAFF = {
    "lan": (("east",), False),
    "nga": (("east",), False),
    "tam": (("west",), False),
    "huy": (("east",), True),
    "chi": (("east", "west"), True),
    "quan": (("east",), True),
    "boss": (("east", "west"), True),
}
# Who gets leads of the team; the last one does nothing in Odoo.
MEMBERS = ("lan", "nga", "tam", "mai")
# Models with texts about leads, and their fields with the texts
TEXTS = {
    "crm.lead": ("name", "description", "other_answers_list"),
    "crm.lead.service": (),
    "crm.customer.portrait": ("term_goals",),
    "crm.customer.portrait.item": ("name",),
    "crm.lead.proposal": ("new_text",),
    "crm.lead.phone.call": ("note",),
    "crm.booking": ("note",),
    "crm.first.call": (),
    "crm.first.call.decision": (),
    "crm.lead.api.event": (),
    "crm.lead.api.request": ("payload", "answer"),
    "crm.lead.api.message": ("body_text",),
    "crm.lead.api.question": ("example",),
    "crm.lead.api.look.up": ("value",),
    "crm.lead.api.look.up.contact": ("value",),
    "calendar.event": ("name", "description"),
    "mail.activity": ("summary", "note"),
    "mail.message": ("subject", "body"),
    "res.partner": ("name", "comment"),
}
# In odoo shell
PREPARE = """
from lxml import etree

STAFF, MEMBERS, TEXTS, LOOK = {staff!r}, {members!r}, {texts!r}, {look!r}
GROUPS = {{
    "lan": "sales_team.group_sale_salesman", "nga": "sales_team.group_sale_salesman",
    "tam": "sales_team.group_sale_salesman",
    "huy": "sales_team.group_sale_salesman_all_leads",
    "chi": "sales_team.group_sale_manager",
    "quan": "crm_lead_api.crm_lead_api_group_manager", "boss": "base.group_system",
}}
tomorrow = datetime.now() + timedelta(days=1)
day = tomorrow.replace(hour=1, minute=0, second=0, microsecond=0)
demo = lambda name: env.ref(f"crm_lead_api.demo_{{name}}")
vietnam, east = env.ref("base.vn"), demo("company")
west = env["res.company"].create({{"name": "Phòng khám Tây", "country_id": vietnam.id}})
companies = {{"east": east, "west": west}}
for company in east | west:
    company.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
    set_hours(company.resource_calendar_id, (0, 24))
service, other_service = env["product.product"].create([
    {{"name": name, "type": "service", "list_price": 100, "default_code": name}}
    for name in ("KHAM", "TRAM")])
price_lists = {{name: env["product.pricelist"].create(
    {{"name": name, "company_id": company.id}}) for name, company in companies.items()}}

# Else a lead that is won changes the chances of others, and so which of two stays when
# they are merged.
env["ir.config_parameter"].set_param("crm.pls_start_date", False)

users = {{}}
for name, (places, _all) in STAFF.items():
    own = env["res.company"].union(*(companies[place] for place in places))
    groups = [env.ref(GROUPS[name]).id, env.ref("base.group_user").id]
    if name == "boss":
        groups += [env.ref("crm_lead_api.crm_lead_api_group_manager").id]
    users[name] = make_user(env, f"{{name}}.model", own, name=name,
                            email=f"{{name}}@example.com", group_ids=groups)
keys = {{name: make_key(user) for name, user in users.items()}}
open_states = ("booked", "confirmed", "arrived")
env["crm.booking"].search([("state", "in", open_states)]).action_cancel()
env["resource.resource"].search([("is_seat", "=", True)]).active = False
for place, company in companies.items():
    doctor = make_user(env, f"doctor.{{place}}", company, name=f"doctor {{place}}",
                       email=False, group_ids=env.ref("base.group_user").ids)
    for user in (doctor, env["res.users"]):
        env["resource.resource"].create({{
            "name": f"{{place}} {{user.name or 'room'}}", "is_seat": True,
            "resource_type": "user" if user else "material", "user_id": user.id,
            "company_id": company.id, "calendar_id": False}})

users["mai"] = make_user(env, "mai.model", east | west, name="mai", email=False)
hours = east.resource_calendar_id.copy({{"company_id": False}})
team = make_giving_team(env, [users[name] for name in MEMBERS], name="Tư vấn",
    company_id=False, user_id=users["chi"].id, resource_calendar_id=hours.id)
members = dict(zip(MEMBERS, team.crm_team_member_ids.sorted("id")))

env["ir.model.fields"].create({{
    "model_id": env["ir.model"]._get_id("crm.lead"), "name": "x_card", "ttype": "char",
    "field_description": "Card"}})
# A message may name a service by a word.
codes = {{"takes_codes": True, "takes_own_codes": True}}
rights = {{
    "looker": {{**codes, "looks_up_customers": True, "books_appointments": True}},
    "reader": {{"reads_all_leads": True, "takes_codes": True}},
    "texter": {{**codes, "has_text_tickets": True, "books_appointments": True}},
}}
tokens, clients = {{}}, {{}}
for name, values in rights.items():
    own = east | west if name == "looker" else east
    client = env["crm.lead.api.client"].create({{
        "name": name, "company_ids": own.ids, "company_id": east.id,
        "team_id": team.id, "requests_per_minute": 0, **values}})
    clients[name] = client.id
    tokens[name] = client._generate_token("model", tomorrow)
    tokens["ended"] = client._generate_token("ended", tomorrow)
    client.token_ids.filtered(
        lambda each: each.name == "ended").sudo().expiration_date = datetime.now()
    if name == "reader":
        env["crm.lead.api.attribute"].create(
            {{"client_id": client.id, "field_name": "x_card", "name": "card"}})

of_connections = "crm_lead_api_connection."
open_platform = env.ref(f"{{of_connections}}platform_other")
signed_platform = open_platform.copy(
    {{"name": "Signed", "code": "signed", "proof": "hmac", "header": "X-Mac"}})

# What the web client asks for to show the lists and forms of a person
def get_spec(records, arch):
    spec = {{}}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        field, views = records._fields[node.get("name")], node.xpath("list | kanban")
        if field.type == "binary":
            continue
        spec[field.name] = {{}}
        if field.relational or field.type == "many2one_reference":
            spec[field.name] = {{"fields": {{"display_name": {{}}}}}}
        if views:
            inner = etree.fromstring(etree.tostring(views[0]))
            below = get_spec(env[field.comodel_name], inner)
            spec[field.name]["fields"] |= below
    return spec

plans = {{}}
for name in STAFF:
    plans[name], user = {{}}, users[name]
    for model, texts in TEXTS.items():
        records = env[model].with_user(user)
        if not records.has_access("read"):
            continue
        plans[name][f"{{model}} texts"] = dict.fromkeys(texts, {{}})
        for kind in ("list", "form") if model != "mail.message" else ():
            arch = etree.fromstring(records.get_view(view_type=kind)["arch"])
            plans[name][f"{{model}} {{kind}}"] = get_spec(records, arch)
look = env["ir.actions.server"].create({{
    "name": "Look", "model_id": env["ir.model"]._get_id("res.partner"), "state": "code",
    "code": LOOK, "group_ids": env.ref("base.group_user").ids}})
crons = env["ir.model.data"].search(
    [("module", "=like", "crm_lead_api%"), ("model", "=", "ir.cron")]).mapped("res_id")
print(">>" + json.dumps({{
    "tokens": tokens, "keys": keys, "plans": plans, "look": look.id, "crons": crons,
    "clients": clients,
    "platforms": {{"open": open_platform.id, "signed": signed_platform.id}},
    "queue": {{name: env.ref(f"{{of_connections}}ir_cron_{{name}}_leads").id
              for name in ("heal", "make")}},
    "team": {{
        "id": team.id, "hours": hours.id,
        "cron": env.ref("crm_lead_api_first_call.ir_cron_give_out").id,
        "members": {{name: member.id for name, member in members.items()}},
    }},
    "users": {{name: user.id for name, user in users.items()}},
    "colleague": users["nga"].partner_id.id,
    "companies": {{name: company.id for name, company in companies.items()}},
    "price_lists": {{name: each.id for name, each in price_lists.items()}},
    "services": [service.id, other_service.id],
    "starts": [(day + timedelta(hours=n)).isoformat() + "Z" for n in range(6)],
    "base": {{
        "country_id": vietnam.id, "state_id": env.ref("base.state_vn_VN-SG").id,
        "user_id": users["chi"].id, "gender": "female",
        "category_source_id": demo("source_group_social").id,
        "source_id": demo("source_zalo").id, "campaign_id": demo("campaign_beauty").id,
    }},
}}))
env.cr.commit()
for cron in env["ir.cron"].browse(crons):  # what demo data left
    cron.method_direct_trigger()
"""
# A server action, run by each of the staff: opens lists and forms
LOOK = """
seen, context = {}, env.context
for view, spec in context["specs"].items():
    model, kind = view.split(" ")
    records = env[model].with_context(active_test=False)
    records = records.search([("id", ">", context["newest"][model])])
    seen[view] = records.web_read(spec)
action = {"seen": seen}
"""


TIMES = """
    SELECT table_name, column_name, data_type = 'date' FROM information_schema.columns
     WHERE data_type LIKE 'timestamp%' OR data_type = 'date'
"""
# Let a run begin as the first one did
RESET = """
    UPDATE crm_booking SET state = 'cancelled';
    UPDATE crm_lead_api_connection SET is_live = FALSE;
    UPDATE crm_first_call SET state = 'ended';
    UPDATE crm_team SET gives_leads_out = TRUE, agents_need_duty = FALSE,
                        waits_for_owner = FALSE WHERE id = %(id)s;
    UPDATE crm_team_member SET active = TRUE, is_on_duty = TRUE, first_call_weight = 1,
                               first_calls_max = 0 WHERE crm_team_id = %(id)s;
    DELETE FROM crm_team_member_res_company_rel;
    DELETE FROM resource_calendar_leaves WHERE calendar_id = %(hours)s;
    UPDATE res_users SET active = TRUE WHERE login = 'mai.model';
"""


class Scene(SimpleNamespace):
    """Hold the server, its database, a cursor there, and what ``PREPARE`` prints.

    :ivar times: the columns with moments, by table, and whether they have days alone
    :ivar count: of steps done
    """

    def query(self, statement: str, *values) -> list[tuple]:
        """Run an SQL query, and return its rows.

        :param values: of its parameters; a ``dict`` has all of them, by name
        """
        if values and isinstance(values[0], dict):
            [values] = values
        self.cursor.execute(statement, values or None)
        return self.cursor.fetchall() if self.cursor.description else []


@contextmanager
def open_scene(database: Database, log: Path) -> Iterator[Scene]:
    """Make the records in a database with all addons, and serve it."""
    script = PREPARE.format(staff=STAFF, members=MEMBERS, texts=TEXTS, look=LOOK)
    records = json.loads(database.run(script))
    with (
        database.serve(log, "--max-cron-threads=0") as server,
        database.open() as cursor,
    ):
        cursor.execute(TIMES)
        times = defaultdict(list)
        for table, *column in cursor.fetchall():
            times[table].append(column)
        own = {"server": server, "database": database, "cursor": cursor}
        yield Scene(**own, **records, times=times, count=0)
