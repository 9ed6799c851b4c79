# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's own addons in the database of a team that gives leads out: automation rules,
time off, a website's form, enrichment and rule-based assignment do what they do
elsewhere, and leads go to members on duty."""

import json
from itertools import count
from urllib.parse import urlencode

import pytest
from customers import NOBODY, make_payload
from odoo_database import GIVE_LEADS_OUT, MAKE_LATE, READ_FIRST_CALLS
from waiting import receiving_posts, wait_until

ADDONS = "base_automation,hr_holidays,website_crm"  # crm_iap_enrich comes with crm
TEMPLATE = "giving"
INIT = [f"--init={ADDONS}"]
OPTIONS = ("--max-cron-threads=1",)
MEMBERS = 3
GIVING = "ir_cron_give_out"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
NUMBERS = count(730_001)  # of customers
NAME = "Phòng khám Hoa Sen"  # which enrichment finds
# The rule leaves a category of contacts for each time that it runs.
PREPARE = """
team = env["crm.team"].search([("gives_leads_out", "=", True)])
team.write({"gives_all_leads_out": True, "assignment_optout": True,
             "user_id": env.ref("crm_lead_api.demo_agent").id})
for member in team.crm_team_member_ids:
    env["hr.employee"].create({
        "name": member.user_id.name, "user_id": member.user_id.id,
        "company_id": team.company_id.id})
env["website"].search([]).write({
    "company_id": team.company_id.id, "crm_default_team_id": team.id,
    "crm_default_user_id": False})
own = {"name": "Owner", "model_id": env["ir.model"]._get_id("crm.lead")}
code = '''
for lead in records:
    name = "%s of %s" % (lead.user_id.id, lead.id)
    env["res.partner.category"].create({"name": name})
'''
env["base.automation"].create({
    **own, "trigger": "on_create_or_write",
    "filter_domain": "[('user_id', '!=', False)]",
    "trigger_field_ids": env["ir.model.fields"]._get("crm.lead", "user_id").ids,
    "action_server_ids": [(0, 0, {**own, "state": "code", "code": code})]})
env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "manual")
"""
SCRIPT = GIVE_LEADS_OUT.format(members=MEMBERS) + PREPARE
VALIDATE_LEAVE = """
from datetime import date
member = env["crm.team"].browse({team}).crm_team_member_ids[0]
before = member.takes_leads
company = member.crm_team_id.company_id
env.ref("base.user_admin").company_ids += company
env = env(
    user=env.ref("base.user_admin"), context={{"allowed_company_ids": company.ids}})
leave = env["hr.leave"].create({{
    "employee_id": env["hr.employee"].search([("user_id", "=", member.user_id.id)]).id,
    "holiday_status_id": env["hr.leave.type"].create({{
        "name": "Nghỉ phép", "requires_allocation": False,
        "leave_validation_type": "hr", "company_id": company.id}}).id,
    "request_date_from": date.today() - timedelta(days=1),
    "request_date_to": date.today() + timedelta(days=1)}})
env.flush_all()
member.invalidate_recordset()
asked = member.takes_leads
leave.action_approve()
env.flush_all()
member.invalidate_recordset()
print(">>" + json.dumps([member.user_id.id, before, asked, member.takes_leads]))
"""
# A team with Odoo's rules, and two leads for its member
ASSIGN_BY_RULES = """
settings = env["res.config.settings"].create({{}})
settings.crm_use_auto_assignment = True
settings.execute()
company = env["crm.team"].browse({team}).company_id
user = make_user(env, "quy.tac", company)
other = env["crm.team"].create({{
    "name": "Quy tắc", "company_id": company.id, "assignment_optout": False}})
env["crm.team.member"].create({{
    "crm_team_id": other.id, "user_id": user.id, "assignment_max": 300}})
leads = env["crm.lead"].create([
    {{"name": f"Khách {{number}}", "team_id": other.id, "user_id": False,
      "company_id": company.id}} for number in range(2)])
env.cr.commit()
env["crm.team"]._cron_assign_leads()
env.cr.commit()
print(">>" + json.dumps([user.id, leads.mapped("user_id").ids,
                         leads.filtered("user_id").ids == leads.ids,
                         leads.first_call_ids.ids]))
"""
SWITCH_ALL_ON = """
env["crm.team"].browse({team}).crm_team_member_ids.is_on_duty = True
"""
RUNS = """
    SELECT name->>'en_US' FROM res_partner_category
     WHERE name->>'en_US' LIKE '%% of ' || %s ORDER BY id
"""
SWITCH_OFF = "UPDATE crm_team_member SET is_on_duty = false WHERE crm_team_id = %s"
GIVE_ALL = "UPDATE crm_team SET gives_all_leads_out = %s WHERE id = %s"
OWNERS = "SELECT id, user_id FROM crm_lead ORDER BY id"


def enrich(_headers, body):
    """Answer as Odoo's service for enrichment does."""
    leads = json.loads(body)["params"]["domains"]
    company = {"name": NAME, "city": "Huế", "phone_numbers": ["0234 382 2222"]}
    return 200, json.dumps({"result": dict.fromkeys(leads, company)}).encode()


@pytest.fixture(scope="module")
def team(database):
    """The id of the team."""
    return database.query("SELECT id FROM crm_team WHERE gives_leads_out")[0][0]


@pytest.fixture
def post(server, token, payload):
    """Return a function that sends a lead, and returns its id."""

    def post(**changes):
        own = {"agent_email": NOBODY, **changes}
        body = make_payload(payload, next(NUMBERS), **own)
        return server.insist(token, "POST", "/lead", body).lead_id

    return post


@pytest.fixture
def submit(server):
    """Return a function that sends a website's form, and returns the lead's id."""

    def submit():
        number = next(NUMBERS)
        values = {"name": f"Khách {number}", "contact_name": f"Khách {number}"}
        values |= {"email_from": f"{number}@example.com", "description": "Hỏi giá"}
        path = "/website/form/crm.lead"
        status, _head, text = server.send("POST", path, [FORM], urlencode(values))
        assert status == 200, text
        return json.loads(text)["id"]

    return submit


def read_state(database, lead):
    [state] = database.read(f"{READ_FIRST_CALLS} = %s", lead)
    return state


def wait_for(database, lead, **values):
    """Wait until a lead has some values, and return all."""

    def has_come():
        state = read_state(database, lead)
        return all(getattr(state, k) == v for k, v in values.items()) and state

    return wait_until(has_come, f"lead {lead} is not {values}")


def recall(database, lead):
    """Let a lead be late, and return its values after the recall."""
    database.change(MAKE_LATE, lead)
    database.trigger(GIVING)
    return wait_for(database, lead, recall_count=1)


def test_lead_is_given_out_and_recalled(database, server, token, post):
    """The client reads the new owner, and an automation rule on the salesperson runs
    once for each one."""
    lead = post()
    first = wait_for(database, lead, state="given")
    second = recall(database, lead)
    assert first.user_id and second.user_id not in (None, first.user_id)
    assert (second.state, second.caller) == ("given", second.user_id)
    assert [user for user, _date in second.planned] == [second.user_id]
    owner = server.call(token, "GET", f"/lead/{lead}").data["owner"]
    assert owner["id"] == second.user_id
    runs = [f"{user} of {lead}" for user in (first.user_id, second.user_id)]
    assert [name for (name,) in database.query(RUNS, str(lead))] == runs


def test_form_of_the_website(database, team, submit):
    """Its lead is given out if the team's switch says so; else the team leader has
    it, as without the addon."""
    given = wait_for(database, submit(), state="given")
    members = "crm_team_id = %s AND user_id = %s"
    assert database.count("crm_team_member", members, team, given.user_id)
    [[leader]] = database.query("SELECT user_id FROM crm_team WHERE id = %s", team)
    assert given.user_id != leader
    database.change(GIVE_ALL, False, team)
    other = read_state(database, submit())
    database.change(GIVE_ALL, True, team)
    assert (other.user_id, other.state) == (leader, None)


def test_enrichment(database, post):
    """Enrichment leaves owner and call alone, and is no reason to leave the lead with
    whoever does not call."""
    lead = post(email_from="yen@hoasen.vn")
    before = wait_for(database, lead, state="given")
    with receiving_posts(enrich) as url:
        database.run(
            f"env['ir.config_parameter'].set_param('enrich.endpoint', {url!r})"
        )
        database.trigger("ir_cron_lead_enrichment")
        after = wait_for(database, lead, partner_name=NAME)
    assert after == before._replace(partner_name=NAME)
    assert recall(database, lead).user_id != before.user_id


def test_validated_leave(database, team, post):
    """A leave takes a member off duty once it is validated; the next leads go to
    colleagues."""
    output = database.run(VALIDATE_LEAVE.format(team=team))
    absent, *takes_leads = json.loads(output)
    assert takes_leads == [True, True, False]
    leads = [post() for _number in range(MEMBERS + 1)]
    owners = {wait_for(database, lead, state="given").user_id for lead in leads}
    assert len(owners) == MEMBERS - 1
    assert absent not in owners


def test_rules_of_another_team(database, team, post):
    """Odoo's rules give that team's leads to its member, and leave a lead alone that
    waits for somebody on duty."""
    database.change(SWITCH_OFF, team)
    waiting = post()
    output = database.run(ASSIGN_BY_RULES.format(team=team))
    user, owners, are_all_given, first_calls = json.loads(output)
    assert (owners, are_all_given, first_calls) == ([user], True, [])
    state = read_state(database, waiting)
    assert (state.user_id, state.state) == (None, "waiting")
    database.run(SWITCH_ALL_ON.format(team=team))
    assert wait_for(database, waiting, state="given").user_id != user


def test_update_and_uninstall(database, team, server):
    """Leads keep their owners, and Odoo's other addons go on."""
    server.stop()
    owners = database.query(OWNERS)
    database.odoo("--update=crm_lead_api_first_call", "--stop-after-init")
    assert database.query(OWNERS) == owners
    database.uninstall("crm_lead_api_first_call")
    assert database.query(OWNERS) == owners
    assert not database.count("pg_tables", "tablename = 'crm_first_call'")
    database.odoo(f"--update={ADDONS}", "--stop-after-init")
