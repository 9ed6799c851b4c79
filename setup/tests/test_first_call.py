# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test what a salesperson sees of first calls while the page is open."""

import pytest
from browser import log_in

TEMPLATE = "addons"
SWITCH_ON = """
team = env.ref("crm_lead_api.demo_team")
team.resource_calendar_id = env["resource.calendar"].create(
    {"name": "Cả ngày", "tz": "Asia/Ho_Chi_Minh"}
)
set_hours(team.resource_calendar_id, (0, 24))
team.gives_leads_out = True
env["res.users"].search([]).odoobot_state = "disabled"  # its chat covers a phone
"""
# As a request of the client does, and as the scheduled action after it
GIVE_OUT = """
lead = env["crm.lead"].create(
    {{
        "name": "Vũ Hải Yến – Khám",
        "contact_name": "Vũ Hải Yến",
        "phone": "0900 000 303",
        "type": "opportunity",
        "team_id": env.ref("crm_lead_api.demo_team").id,
        "company_id": env.ref("crm_lead_api.demo_company").id,
        "user_id": False,
        "lead_api_client_id": env.ref("crm_lead_api.demo_client").id,
    }}
)
env.cr.commit()
env["crm.first.call"]._cron_give_out()
{change}
"""
END_SHIFT = """
env.ref("crm_lead_api.demo_team").resource_calendar_id.attendance_ids.unlink()
env["crm.first.call"]._cron_give_out()
"""
# Amber for two more minutes
IS_SOON = """
lead.first_call_ids.deadline = datetime.now() + timedelta(minutes=2)
lead.activity_ids.planned_date = lead.first_call_ids.deadline
"""
CALLED = """
leads = env["crm.lead"].search([("contact_name", "=", "Vũ Hải Yến")])
leads.first_contact_date = datetime.now()
"""
DOT = ".o_first_call_duty[aria-checked={}]"
CALLS = "/odoo/action-crm_lead_api.crm_lead_call_action"


@pytest.fixture(scope="module")
def team(database):
    database.run(SWITCH_ON)


@pytest.fixture
def open_page(browser, url, team):
    """Return a function that opens a page of Minh, who is on duty; no page may log an
    error."""
    pages, errors = [], []

    def open_page(width=1366, height=768, is_on_duty=True):
        page = log_in(browser, url, "minh", width, height)
        page.on(
            "console",
            lambda each: each.type == "error" and errors.append(each.text),
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        if is_on_duty and page.query_selector(DOT.format("false")):
            page.click(DOT.format("false"))
        page.wait_for_selector(DOT.format(str(is_on_duty).lower()))
        return page

    yield open_page
    for page in pages:
        page.close()
    assert errors == []


def test_a_lead_comes_while_one_looks(database, url, open_page):
    page = open_page(390, 844, is_on_duty=False)
    page.wait_for_selector(".o_action_manager > *")  # which closes the menu
    page.click(".o_mobile_menu_toggle")
    page.click(".o_burger_menu .form-switch:has-text('On Duty') input")
    page.wait_for_selector(DOT.format("true"))
    page.goto(url + CALLS)
    page.wait_for_selector(DOT.format("true"))
    database.run(GIVE_OUT.format(change=""))
    page.click(
        ".o_notification:has-text('New lead: Vũ Hải Yến') button:has-text('Open')"
    )
    page.wait_for_selector(".o_lead_strip:has-text('Trần Văn Minh: next by weight')")


def test_a_colleague_calls(database, open_page):
    pages = [open_page() for _window in range(2)]
    database.run(GIVE_OUT.format(change=""))
    notice = ".o_notification:has-text('New lead: Vũ Hải Yến')"
    for page in pages:
        page.wait_for_selector(notice)
    database.run(CALLED)
    for page in pages:
        page.wait_for_selector(notice, state="detached")


def test_red_by_the_clock_of_the_user(database, url, open_page):
    """The server's clock and zone are others than the browser's, in Vietnam."""
    page = open_page()
    database.run(GIVE_OUT.format(change=IS_SOON))
    page.clock.install()
    page.goto(url + CALLS)
    page.wait_for_selector("td[name=call_date] .text-warning-emphasis")
    page.clock.fast_forward("03:00")
    page.wait_for_selector("td[name=call_date] .text-danger")


def test_the_screen_follows_the_end_of_the_shift(database, open_page):
    page = open_page()
    database.run(END_SHIFT)
    page.wait_for_selector(DOT.format("false"))
