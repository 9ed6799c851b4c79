# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run by setup/screenshots: takes the pictures of the documentation.

Usage: screenshots.py URL BROWSER ROOT
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ACTION = "/odoo/action-crm_lead_api"
LEAD = "/odoo/crm/{lead}"
# Name, login (lan reads English, thu Vietnamese), width and height in pixels, address,
# what to wait for, what to click
SHOTS = (
    ("lead", "lan", 1400, 2250, LEAD, ".o_portrait_card", ()),
    ("lead_vi", "thu", 1400, 2250, LEAD, ".o_portrait_card", ()),
    ("lead_phone", "lan", 390, 3500, LEAD, ".o_portrait_card", ()),
    ("lead_phone_vi", "thu", 390, 3500, LEAD, ".o_portrait_card", ()),
    (
        *("contact", "lan", 1400, 1500, "/odoo/contacts/{contact}", ".o_form_view"),
        (".nav-link[name=customer_profile]",),
    ),
    (
        *("contact_vi", "thu", 1400, 1500, "/odoo/contacts/{contact}", ".o_form_view"),
        (".nav-link[name=customer_profile]",),
    ),
    (
        *("contact_phone_vi", "thu", 390, 2600, "/odoo/contacts/{contact}"),
        *(".o_form_view", (".nav-link[name=customer_profile]",)),
    ),
    ("kanban", "lan", 1400, 900, "/odoo/crm", ".o_kanban_record", ()),
    ("kanban_phone", "lan", 390, 844, "/odoo/crm", ".o_kanban_record", ()),
    ("list", "lan", 1400, 700, "/odoo/crm?view_type=list", ".o_data_row", ()),
    (
        *("pivot", "lan", 1400, 600, f"{ACTION}.crm_lead_intake_report_action"),
        *(".o_pivot", ()),
    ),
    (
        *("dashboard", "lan", 1400, 1000),
        *(f"{ACTION}.crm_lead_intake_dashboard_action", "canvas", ()),
    ),
    (
        *("dashboard_vi", "thu", 1400, 1000),
        *(f"{ACTION}.crm_lead_intake_dashboard_action", "canvas", ()),
    ),
    (
        *("dashboard_phone", "lan", 390, 1500),
        *(f"{ACTION}.crm_lead_intake_dashboard_action", "canvas", ()),
    ),
    (
        *("quotation", "lan", 1400, 900, LEAD, ".o_form_view"),
        ("button[name=action_sale_quotations_new]", ".o_field_widget[name=tax_totals]"),
    ),
)


def log_in(browser, url, login, width, height):
    page = browser.new_page(
        viewport={"width": width, "height": height}, has_touch=width < 600
    )
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_main_navbar")
    return page


def find_ids(page):
    """Return the ids of the lead and the contact that most pictures show."""
    lead = page.evaluate(
        """async () => {
            const response = await fetch("/web/dataset/call_kw/crm.lead/search_read", {
                method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({params: {
                    model: "crm.lead", method: "search_read",
                    args: [[["ticket_ref", "=", "100460"]], ["partner_id"]], kwargs: {},
                }}),
            });
            return (await response.json()).result[0];
        }"""
    )
    return {"lead": lead["id"], "contact": lead["partner_id"][0]}


def save(page, path):
    """Write the picture, of 256 colors, which are enough and need a third."""
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    image.convert("RGB").quantize(256).save(path, optimize=True)


def main(url, browser_path, root):
    target = Path(root, "crm_lead_api/static/description")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"]
        )
        for name, login, width, height, address, selector, clicks in SHOTS:
            page = log_in(browser, url, login, width, height)
            page.goto(url + address.format(**find_ids(page)))
            page.wait_for_selector(selector)
            for click in clicks:
                page.click(click)
            page.wait_for_timeout(2000)  # for pictures and charts to settle
            save(page, target / f"{name}.png")
            page.close()
            print(name)
        browser.close()
    Path(root, "docs/lead.png").write_bytes((target / "lead.png").read_bytes())


main(*sys.argv[1:])
