# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the documentation, of a demo clinic: run by setup/screenshots.

Usage: screenshots.py [NAME...]
"""

import io
import sys
import wave
from datetime import datetime, timedelta, timezone
from pathlib import Path

import requests
from browser import call, log_in, run_browser
from demo import prepare, serve
from odoo_database import CONFIG, PREFIX, Database
from odoo_server import get_free_port
from PIL import Image
from softphone_server import ring, serve_softphone

SETUP = Path(__file__).parent
ROOT = SETUP.parent
FOLDER = "static/description"
CORE, BOOKING, CONNECTION, PHONE_CALL, FIRST_CALL = (
    ROOT / f"crm_lead_api{name}" / FOLDER
    for name in ("", "_booking", "_connection", "_phone_call", "_first_call")
)
ACTION = "/odoo/action-crm_lead_api."
DASHBOARD = f"{ACTION}crm_lead_intake_dashboard_action"
LEAD, CONTACT = "/odoo/crm/{lead}", "/odoo/contacts/{contact}"
ROWS = ".o_data_row, .o_kanban_record"
DAY = ".o_booking_block, .o_booking_card"
LOG_CALL = "button[name=action_log_call]"
CALL_BACK = ".modal .o_radio_item:nth-child(4) label"
MESSAGE = "button[name=action_write_message]"
COLUMNS = ".o_pivot thead .o_pivot_header_cell_closed"
CAMPAIGN = ".o-dropdown-item:has-text('Campaign')"
QUOTE = "button[name=action_sale_quotations_new]"
LATER = ".modal .o_booking_slots button:has(.fa-chevron-right)"
TIMES = ".modal .o_booking_slot:nth-child(6)"
CONNECTION_PAGE = "/odoo/lead-api-connections/{connection}"
WAITING = "/odoo/action-crm_lead_api_first_call.crm_first_call_waiting_action"
TEAM_PAGE = "/odoo/action-sales_team.crm_team_action_config/{team}"
FIRST_CALL_TAB = ".nav-link[name=first_call]"
SEND_AGAIN = (
    ".o_statusbar_buttons button:has-text('Send Again'), "
    ".o_statusbar_buttons button:has-text('Gửi lại')"
)
# Address, what to wait for, what to click, height in pixels
PAGES = {
    "lead": (LEAD, ".o_portrait_card", [], 2250),
    "lead_phone": (LEAD, ".o_portrait_card", [], 3700),
    "contact": (CONTACT, ".o_form_view", [".nav-link[name=customer_profile]"], 1500),
    "timeline": (CONTACT, ".o_form_view", [".nav-link[name=customer_timeline]"], 1300),
    "call_result": (LEAD, ".o_form_view", [LOG_CALL, CALL_BACK], 750),
    "message": (LEAD, ".o_form_view", [MESSAGE, ".modal textarea"], 750),
    "calls": (f"{ACTION}crm_lead_call_action", ROWS, [], 500),
    "kanban": ("/odoo/crm", ".o_kanban_record", [], 900),
    "pivot": (DASHBOARD, "canvas", [".o_intake_analysis", COLUMNS, CAMPAIGN], 450),
    "dashboard": (DASHBOARD, "canvas", [], 950),
    "quotation": (
        *(LEAD, ".o_form_view", [QUOTE, ".o_field_widget[name=tax_totals]"], 780),
    ),
    "send_again": (
        *("/odoo/lead-api-requests/{request}", ".o_form_view", [SEND_AGAIN], 700),
    ),
    "first_steps": ("/odoo/lead-api-clients/{client}", ".o_form_view", [], 835),
    "documentation": ("/api/v1/docs", "body[data-ready]", [], 1500),
    "book": (LEAD, ".o_form_view", ["button[name=action_book]", LATER, TIMES], 900),
    "day": ("/odoo/bookings-today", DAY, [], 900),
    "reception_phone": ("/odoo/bookings-today", DAY, [], 844),
    "phone_calls": ("/odoo/phone-calls", "audio", [], 568),
    "connections": ("/odoo/lead-api-connections", ".o_kanban_record", [], 480),
    "waiting": (WAITING, ROWS, [], 400),
    "team": (TEAM_PAGE, ".o_form_view", [FIRST_CALL_TAB], 1200),
    "wallboard": ("{wallboard}?lang={lang}", "main:not([hidden])", [], 788),
    "mapping": (CONNECTION_PAGE, ".o_lead_api_preview dd", [], 1950),
}
ENGLISH = {"contact", "kanban", "pivot", "quotation", "documentation"}
# By language: the pictures, and the customer of whom they tell
PICTURES = {
    "en_US": (PAGES.keys(), "Trần Thị Thanh Thảo", "0900 000 202"),
    "vi_VN": (PAGES.keys() - ENGLISH, "Đỗ Thị Kim Liên", "0900 000 222"),
}
TARGETS = {
    **{name: BOOKING for name in ("book", "day", "reception_phone")},
    **{name: CONNECTION for name in ("connections", "mapping")},
    **{name: FIRST_CALL for name in ("waiting", "team", "wallboard")},
    "phone_calls": PHONE_CALL,
}
GOOGLE = ["platform_id.code", "=", "google"]
CLOSE_NOTICES = """document.querySelectorAll(".o_notification_close").forEach(
    (button) => button.click()
)"""
IMAGES_ARE_THERE = """() => [...document.images].every(
    (image) => image.complete || !image.checkVisibility()
)"""


def send_story(url, token, payload, name, phone):
    """Let a customer come twice, with other wishes, and call."""

    def send(method, path, data=None, **options):
        headers = {"Authorization": f"Bearer {token}", **options}
        body = {"data": data} if isinstance(data, bytes) else {"json": data}
        answer = requests.request(
            method, f"{url}/api/v1{path}", headers=headers, timeout=60, **body
        )
        answer.raise_for_status()
        return answer.json()["data"]

    agent = {"agent_email": "lan.nguyen@example.com"}
    others = {each: None for each in ("phone_no2", "phone_no3", "email_from")}
    lead = {**payload, **others, **agent, "contact_name": name, "phone_no1": phone}
    lead |= {"facebook_acc": None, "zalo_acc": phone}
    portrait = {**lead["customer_portrait"], "term_goals": "Đẹp hơn trong ngày cưới"}
    ticket = int(phone.replace(" ", ""))
    send("POST", "/lead", {**lead, "ticket_id": ticket})
    again = {"ticket_id": ticket + 1, "street": "99 Pasteur"}
    send("POST", "/lead", {**lead, **again, "customer_portrait": portrait})
    now = datetime.now(timezone.utc).replace(microsecond=0)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", "NONE"))
        file.writeframes(b"\x80" * 8000 * 180)
    for minutes, answered in ((48, False), (9, True)):
        start = (now - timedelta(minutes=minutes)).isoformat()
        ended = (now - timedelta(minutes=minutes - 3)).isoformat()
        path = f"/phone-calls/{ticket}-{answered}"
        outcome = "answered" if answered else "no_answer"
        values = {"direction": "in", "phone": phone, "ticket_id": ticket + 1, **agent}
        values |= {"started_at": start, "ended_at": ended, "outcome": outcome}
        send("PUT", path, {**values, "answered_at": start if answered else None})
        if answered:
            kind = {"Content-Type": "audio/wav"}
            send("PUT", f"{path}/recording", sound.getvalue(), **kind)


def find_ids(page, name, lang):
    """Return the values of the pictures' addresses: ids, language, wallboard."""

    def find(model, *domain):
        fields = ["partner_id"] if model == "crm.lead" else []
        options = {"order": "id desc", "limit": 1}
        return call(page, model, "search_read", domain, fields, **options)[0]

    lead = find("crm.lead", ["contact_name", "=", name])
    team = find("crm.team", ["name", "=", "Tổng đài ngày"])["id"]
    wallboard = call(page, "crm.team", "action_open_wallboard", [team])["url"]
    # At whatever hour the picture is taken
    call(page, "crm.team", "write", [team], {"ends_duty": False})
    own = [["crm_team_id", "=", team]]
    members = call(page, "crm.team.member", "search", own)
    call(page, "crm.team.member", "write", members, {"is_on_duty": True})
    return {
        **{"team": team, "wallboard": wallboard, "lang": lang[:2]},
        **{"lead": lead["id"], "contact": lead["partner_id"][0]},
        "request": find("crm.lead.api.request", ["state", "=", "refused"])["id"],
        "client": find("crm.lead.api.client")["id"],
        "connection": find("crm.lead.api.connection", GOOGLE)["id"],
    }


def save(page, path):
    """Write the picture, of 256 colors, which are enough and need a third."""
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    image.convert("RGB").quantize(256).save(path, optimize=True)
    print(path.relative_to(ROOT))


def take_page(browser, url, lang, page_name, ids):
    address, selector, clicks, height = PAGES[page_name]
    width = 390 if page_name.endswith("_phone") else 1400
    page = log_in(browser, url, "lan", width, height, lang.replace("_", "-"))
    page.goto(url + address.format(**ids))
    page.wait_for_selector(selector)
    for click in clicks:
        page.evaluate(CLOSE_NOTICES)  # which may lie over the button
        page.click(click)
    page.mouse.move(0, 0)  # for nothing to show its tooltip
    page.wait_for_timeout(2000)  # for pictures and charts to settle
    page.wait_for_selector(".o_loading_indicator", state="detached")
    page.wait_for_function(IMAGES_ARE_THERE)
    page.evaluate(CLOSE_NOTICES)
    page.wait_for_selector(".o_notification", state="detached")
    ending = "_vi" if lang == "vi_VN" else ""
    save(page, TARGETS.get(page_name, CORE) / f"{page_name}{ending}.png")
    page.close()


def take_softphone(browser, url, token):
    """Take the picture of the agent's screen: a number has come in, and the agent has
    booked."""
    with serve_softphone(url, token) as address:
        page = browser.new_page(viewport={"width": 700, "height": 1400})
        page.goto(address)
        ring(page, PICTURES["en_US"][-1], "lan.nguyen@example.com")
        page.wait_for_selector("#book [name=start] option", state="attached")
        page.click("#book button")
        page.wait_for_selector("#message:has-text('Đã đặt lịch')")
        save(page, CORE / "softphone.png")
        page.close()


def take_banner(browser):
    """Take the picture for the app store, which shows the picture of the lead."""
    page = browser.new_page(viewport={"width": 1120, "height": 560})
    page.goto((SETUP / "banner.html").as_uri())
    page.screenshot(path=CORE / "banner.png")  # 256 colors would be too few
    page.close()


def main(*names):
    database, port = Database(PREFIX), get_free_port()
    url, log = f"http://localhost:{port}", Path(CONFIG).with_name("odoo.log")
    token, payload, *_others = prepare(database, url)
    with serve(database, log, port), run_browser() as browser:
        for lang, (page_names, name, phone) in PICTURES.items():
            send_story(url, token, payload, name, phone)
            page = log_in(browser, url, "lan")
            [user] = call(page, "res.users", "search", [["login", "=", "lan"]])
            call(page, "res.users", "write", [user], {"lang": lang})
            values = {"name": "Biểu mẫu web", "owner_id": user}  # without requests yet
            context = {"lang": lang}  # of the note in its chatter
            call(page, "crm.lead.api.client", "create", [values], context=context)
            ids = find_ids(page, name, lang)
            page.close()
            for page_name in page_names:
                if not names or page_name in names:
                    take_page(browser, url, lang, page_name, ids)
        if not names or "softphone" in names:
            take_softphone(browser, url, token)
        if not names or "banner" in names:
            take_banner(browser)
    (ROOT / "docs/lead.png").write_bytes((CORE / "lead.png").read_bytes())


main(*sys.argv[1:])
