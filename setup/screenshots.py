# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the documentation: run by setup/screenshots.

Usage: screenshots.py [PAGE...]
"""

import io
import sys
from itertools import product
from pathlib import Path

from browser import log_in, run_browser
from odoo_database import CONFIG, PREFIX, Database
from PIL import Image
from softphone_server import ring, serve_softphone

SETUP = Path(__file__).parent
ADDON, BOOKING = "crm_lead_api", "crm_lead_api_booking"
PHONE_CALL = "crm_lead_api_phone_call"
DESCRIPTION = "static/description"
TARGET = SETUP.parent / ADDON / DESCRIPTION
ACTION = "/odoo/action-crm_lead_api.crm_lead_intake"
CALLS = "/odoo/action-crm_lead_api.crm_lead_call_action"
LEAD = "/odoo/crm/{lead}"
SEND_AGAIN = (
    ".o_statusbar_buttons button:has-text('Send Again'), "
    ".o_statusbar_buttons button:has-text('Gửi lại')"
)
ROWS = ".o_data_row, .o_kanban_record"
# By name: address, what to wait for, what to click, the height in pixels on a desktop
# and on a phone
PAGES = {
    "lead": (LEAD, ".o_portrait_card", (), 2350, 3700),
    "contact": (
        *("/odoo/contacts/{contact}", ".o_form_view"),
        *((".nav-link[name=customer_profile]",), 1500, 2600),
    ),
    "timeline": (
        *("/odoo/contacts/{contact}", ".o_form_view"),
        *((".nav-link[name=customer_timeline]",), 1300, 2000),
    ),
    "calls": (CALLS, ROWS, (), 700, 844),
    "kanban": ("/odoo/crm", ".o_kanban_record", (), 900, 844),
    "list": ("/odoo/crm?view_type=list", ".o_list_view, .o_kanban_view", (), 700, 844),
    "pivot": (f"{ACTION}_report_action", ".o_pivot", (), 600, 844),
    "dashboard": (f"{ACTION}_dashboard_action", "canvas", (), 1000, 1500),
    "quotation": (
        *(LEAD, ".o_form_view"),
        ("button[name=action_sale_quotations_new]", ".o_field_widget[name=tax_totals]"),
        *(900, 1500),
    ),
    "requests": ("/odoo/lead-api-requests", ROWS, (), 700, 844),
    "send_again": (
        *("/odoo/lead-api-requests/{request}", ".o_form_view"),
        *((SEND_AGAIN,), 700, 900),
    ),
    "client": ("/odoo/lead-api-clients/{client}", ".o_form_view", (), 900, 1600),
    "first_steps": (
        *("/odoo/lead-api-clients/{new_client}", ".o_form_view", (), 900, 1600),
    ),
    "documentation": ("/api/v1/docs", "body[data-ready]", (), 1500, 1800),
}
# Of the addons beside crm_lead_api, by addon; without a height there is no picture
PAGES_OF_ADDONS = {
    BOOKING: {
        "book": (
            *(LEAD, ".o_form_view"),
            ("button[name=action_book]", ".modal .o_selection_badge:nth-child(6)"),
            *(900, None),
        ),
        "day": ("/odoo/bookings", ".fc-event", (), 900, None),
        "reception": ("/odoo/bookings-today", ROWS, (), None, 844),
    },
    PHONE_CALL: {
        "phone_calls": ("/odoo/phone-calls", "audio", (), 600, None),
    },
}
# By file below setup/banner
ICONS = {"phone_call.svg": PHONE_CALL}
SEARCH = """async (body) => {
    const response = await fetch("/web/dataset/call_kw", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify(body),
    });
    return response.json();
}"""
# By ending of the name, who reads that language, and how the browser is set
LANGUAGES = {"": ("lan", "en-US"), "_vi": ("thu", "vi-VN")}
TICKETS = {"lan": "100460", "thu": "100470"}  # of setup/screenshots_leads.py
WIDTHS = {"": 1400, "_phone": 390}  # in pixels


def find_ids(page, login):
    """Return the ids of the records that the pictures of a reader show."""

    def find(model, domain, field="id", order="id"):
        params = {"model": model, "method": "search_read", "args": [domain, [field]]}
        params["kwargs"] = {"order": order, "limit": 1}
        answer = page.evaluate(SEARCH, {"params": params})
        value = answer["result"][0][field]
        return value[0] if isinstance(value, list) else value

    ticket = [["ticket_ref", "=", TICKETS[login]]]
    return {
        "lead": find("crm.lead", ticket),
        "contact": find("crm.lead", ticket, "partner_id"),
        "request": find("crm.lead.api.request", [["state", "=", "refused"]]),
        "client": find("crm.lead.api.client", []),
        "new_client": find("crm.lead.api.client", [], order="id desc"),
    }


def save(page, path):
    """Write the picture, of 256 colors, which are enough and need a third."""
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    image.convert("RGB").quantize(256).save(path, optimize=True)


def take_softphone(browser, url, token):
    """Take the picture of the agent's screen: a number has come in, and the agent has
    booked."""
    with serve_softphone(url, token) as address:
        page = browser.new_page(viewport={"width": 700, "height": 1400})
        page.goto(address)
        ring(page, "0900 000 202", "lan@example.com")
        page.wait_for_selector("#book [name=start] option", state="attached")
        page.click("#book button")
        page.wait_for_selector("#message:has-text('Đã đặt lịch')")
        save(page, TARGET / "softphone.png")
        page.close()


def take_icons(browser):
    """Take the icons that are drawn here."""
    for name, addon in ICONS.items():
        page = browser.new_page(viewport={"width": 140, "height": 140})
        page.goto((SETUP / "banner" / name).as_uri())
        path = SETUP.parent / addon / DESCRIPTION / "icon.png"
        page.screenshot(path=path, omit_background=True)
        page.close()


def take_banner(browser):
    """Take the picture for the app store, which shows the picture of the lead."""
    page = browser.new_page(viewport={"width": 1120, "height": 560})
    page.goto((SETUP / "banner/index.html").as_uri())
    page.screenshot(path=TARGET / "banner.png")  # 256 colors would be too few
    page.close()


def main(*names):
    database, log = Database(PREFIX), Path(CONFIG).with_name("odoo.log")
    database.run(read_scripts("demo_request.py", "screenshots_leads.py"))
    with database.serve(log) as server, run_browser() as browser:
        take_pictures(browser, server.port, ADDON, PAGES, names)
        if not names or "icons" in names:
            take_icons(browser)
        if not names or "banner" in names:
            take_banner(browser)
    # Afterwards, for the pictures of crm_lead_api to show nothing of other addons
    database.odoo(f"--init={BOOKING},{PHONE_CALL}", "--stop-after-init")
    token = database.run(read_scripts("demo_request.py", "screenshots_addons.py"))
    with database.serve(log) as server, run_browser() as browser:
        for addon, pages in PAGES_OF_ADDONS.items():
            take_pictures(browser, server.port, addon, pages, names)
        if not names or "softphone" in names:
            take_softphone(browser, f"http://localhost:{server.port}", token)


def read_scripts(*names):
    return "".join((SETUP / name).read_text() for name in names)


def take_pictures(browser, port, addon, pages, names):
    """Take the pictures of an addon.

    :param names: of the wanted pages; empty: all
    """
    url, target = f"http://localhost:{port}", SETUP.parent / addon / DESCRIPTION
    wanted = [name for name in pages if not names or name in names]
    for page_name, device, language in product(wanted, WIDTHS, LANGUAGES):
        address, selector, clicks, *heights = pages[page_name]
        if not heights[bool(device)]:
            continue
        size = WIDTHS[device], heights[bool(device)]
        login, locale = LANGUAGES[language]
        page = log_in(browser, url, login, *size, locale)
        page.goto(url + address.format(**find_ids(page, login)))
        page.wait_for_selector(selector)
        for click in clicks:
            page.click(click)
        page.mouse.move(0, 0)  # for nothing to show its tooltip
        page.wait_for_timeout(2000)  # for pictures and charts to settle
        page.wait_for_selector(".o_loading_indicator", state="detached")
        name = f"{page_name}{device}{language}.png"
        save(page, target / name)
        page.close()
        print(name)
    if "lead" in wanted:
        (SETUP.parent / "docs/lead.png").write_bytes((TARGET / "lead.png").read_bytes())


main(*sys.argv[1:])
