# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run a browser, for tests and pictures of servers that run by themselves."""

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright
from waiting import PATIENCE

NAMES = (os.environ.get("CHROME") or "chromium", "google-chrome")


def find_browser() -> str | None:
    """Return the path of the browser, if there is a browser."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def run_browser() -> Iterator[Browser]:
    """Run a browser without a window, and end it afterwards."""
    # A browser reserves more memory than Odoo may; the limit is for Odoo.
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def log_in(
    browser: Browser,
    url: str,
    login: str,
    width: int = 1400,
    height: int = 900,
    locale: str = "en-US",
) -> Page:
    """Return a page of somebody whose password is the login.

    :param url: of the server
    :param width: in pixels; less than 600 is a phone
    """
    page = browser.new_page(
        viewport={"width": width, "height": height},
        has_touch=width < 600,
        base_url=url,
        locale=locale,
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_main_navbar")
    return page


def call(page: Page, model: str, method: str, *args, **kwargs):
    """Call a method of a model as a page does, and return its result."""
    params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
    answer = page.request.post("/web/dataset/call_kw", data={"params": params})
    return answer.json().get("result")
