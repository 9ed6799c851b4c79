# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Build what Odoo otherwise builds while somebody waits for the first page."""

import re

import requests

# In ``odoo shell``; not by --load-language, which makes it everybody's language
LOAD_LANGUAGE = """
from odoo.tools.translate import load_language
load_language(env.cr, "vi_VN")
env.cr.commit()
"""
TIMEOUT = 300  # seconds, on a slow machine
# In ``odoo shell``: the scripts and styles of Odoo's pages and tours, and those that
# Odoo's scripts get later
BUILD = """
for name in (
    *("web.assets_web", "web.assets_web_print", "web.assets_backend_lazy"),
    *("web.assets_frontend", "web.assets_frontend_minimal"),
    *("web.assets_frontend_lazy", "web.assets_tests", "web.__assets_tests_call__"),
    *("web.chartjs_lib", "web.fullcalendar_lib", "web.assets_emoji"),
    *("bus.websocket_worker_assets", "web_tour.interactive"),
):
    bundle = env["ir.qweb"]._get_asset_bundle(name)
    bundle.js()
    bundle.css()
"""
# Addresses that the web client asks for, besides its page
REQUESTS = ("webclient/load_menus", "webclient/translations?lang={lang}")
VIEWS = {
    "model": "crm.lead",
    "method": "get_views",
    "args": [],
    "kwargs": {
        "views": [[False, kind] for kind in ("kanban", "list", "form", "search")]
    },
}


def open_first_page(url: str, login: str, lang: str) -> None:
    """Log in as a browser does, and get the first page with its parts.

    :param login: also the password
    :raise requests.HTTPError: there is no such page
    """
    with requests.Session() as session:

        def get(path, **kwargs):
            method = "POST" if kwargs else "GET"
            answer = session.request(method, url + path, timeout=TIMEOUT, **kwargs)
            answer.raise_for_status()
            return answer.text

        form = get("/web/login")
        token = re.search(r'csrf_token: "(\w+)"', form)[1]
        data = {"csrf_token": token, "login": login, "password": login}
        page = get("/web/login", data=data)
        for path in re.findall(r'(?:src|href)="(/web/assets/[^"]+)"', page):
            get(path)
        for path in REQUESTS:
            get(f"/web/{path.format(lang=lang)}")
        get("/web/dataset/call_kw/crm.lead/get_views", json={"params": VIEWS})
