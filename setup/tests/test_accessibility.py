# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check the pages of the addon by axe: WCAG 2.2, levels A and AA."""

import json
from pathlib import Path

import pytest
from browser import find_browser, log_in

TEMPLATE = "addons"
AXE = Path(__file__).parents[2] / "var/axe/node_modules/axe-core/axe.min.js"
pytestmark = pytest.mark.skipif(
    not find_browser() or not AXE.exists(), reason="no browser, or no npm to get axe"
)

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Of Odoo's document, which Odoo's pages have in common: it names no language, and
# forbids to enlarge
ODOO_RULES = ("html-has-lang", "meta-viewport")
# Odoo's own elements, around ours and as their parts
ODOO = {
    ".o_main_navbar": "Odoo's menu",
    ".o_loading_indicator": "Odoo's sign of loading: it fades while it goes",
    ".o_control_panel": "Odoo's buttons and search of each view",
    ".o-mail-Form-chatter": "Odoo's chatter",
    ".o_notebook_headers": "Odoo's tabs: no tablist around them",
    ".o-mail-Avatar": "Odoo's pictures of users: no alternative text",
    ".o_field_selection": "Odoo's lists of choices: aria-expanded without a role",
    ".o_field_many2many_tags": "Odoo's tags: a box with an attribute of others",
    ".o_list_table thead": "Odoo's headers of lists",
    ".o_list_record_selector": "Odoo's boxes to choose rows",
    ".badge": "Odoo's badges: white on green has a contrast of 3.1",
    ".o_form_statusbar": "Odoo's buttons and stages of the lead",
    ".o_lead_opportunity_form .oe_title": "Odoo's title and revenue of the lead",
    ".o_lead_opportunity_form .o_form_sheet > .o_group": "Odoo's fields of the lead",
    "#reference": "Swagger UI, a library",
}
RUN = """
axe.run(
    {{exclude: {excluded}.filter((each) => document.querySelector(each))}},
    {{
        runOnly: {levels},
        rules: {rules},
        resultTypes: ["violations"],
    }}
).then((results) => results.violations.flatMap((violation) => violation.nodes.map(
    (node) => [violation.id, node.target.join(" "), node.html.slice(0, 200)].join(" | ")
)))
"""
# By name: the address, and what is there when the page is, each but the last to be
# clicked
PAGES = {
    "lead": ("/odoo/crm/{lead}", ".o_portrait_card"),
    "requests": ("/odoo/lead-api-requests", ".o_data_row, .o_kanban_record"),
    "client": ("/odoo/crm.lead.api.client/{client}", ".o_form_view"),
    "dashboard": (
        "/odoo/action-crm_lead_api.crm_lead_intake_dashboard_action",
        ".o_intake_graph canvas",
    ),
    "day": ("/odoo/bookings-today", ".o_booking_block, .o_booking_card"),
    "connections": ("/odoo/lead-api-connections", ".o_kanban_record .fa-circle"),
    "connection": (
        "/odoo/lead-api-connections/{connection}",
        ".o_lead_api_preview dl",
    ),
    "messages": ("/odoo/lead-api-messages", ".o_data_row, .o_kanban_record"),
    "waiting": ("/odoo/leads-waiting", ".o_data_row, .o_kanban_record"),
    "team": (
        "/odoo/crm.team/{team}",
        ".nav-link[name=first_call]",
        "[name=first_call_minutes]",
    ),
    "member": (
        "/odoo/crm.team.member/{member}",
        ".nav-link[name=first_call]",
        "[name=first_call_weight]",
    ),
    "documentation": ("/api/v1/docs", "body[data-ready]"),
}
# Colors are pale until the page has faded in.
STILL = "document.getAnimations().every((each) => each.playState !== 'running')"
GET_IDS = """
client = env.ref("crm_lead_api.demo_client").id
lead = env.ref("crm_lead_api.demo_lead_huong").id
connection = env["crm.lead.api.connection"].create(
    {
        "name": "Google",
        "platform_id": env.ref("crm_lead_api_connection.platform_google").id,
        "client_id": client,
    }
)
messages = env["crm.lead.api.message"]
platform = connection.platform_id
messages._keep(connection, platform._split(platform.example))
connection.action_propose()
team = env.ref("crm_lead_api.demo_team")
team.gives_leads_out = True
waiting = {"name": "Yến", "team_id": team.id, "lead_api_client_id": client}
env["crm.lead"].create(waiting)
ids = {"client": client, "lead": lead, "connection": connection.id}
ids |= {"team": team.id, "member": team.crm_team_member_ids[0].id}
print(">>" + json.dumps(ids))
"""


@pytest.fixture(scope="module")
def ids(database):
    return json.loads(database.run(GET_IDS))


@pytest.fixture(scope="module")
def url(database, start_server, token, payload):
    server = start_server(database)
    assert server.post(token, payload)[0] == 200
    assert server.post(token, {**payload, "gender": "x"})[0] == 422
    return f"http://localhost:{server.port}"


@pytest.fixture(scope="module", params=[1400, 390], ids=["desktop", "phone"])
def page(request, browser, url):
    return log_in(browser, url, "lan", request.param)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page, url, ids, name):
    address, *clicks, selector = PAGES[name]
    page.goto(url + address.format(**ids))
    for each in clicks:
        page.click(each)
    page.wait_for_selector(selector)
    page.wait_for_function(STILL)
    rules = () if name == "documentation" else ODOO_RULES
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate(
        RUN.format(
            excluded=json.dumps(list(ODOO)),
            levels=json.dumps(LEVELS),
            rules=json.dumps({rule: {"enabled": False} for rule in rules}),
        )
    )
    assert found == [], "\n" + "\n".join(found)
