# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the wallboard of a team."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from ..controllers.wallboard import LANGUAGES
from ..models.crm_team import PATH, TEXTS, shorten_name
from .common import MORNING, FirstCallCase

STATEMENTS = 3
BYTES = 50 * 1024
ONLINE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
IS_THERE = "!document.querySelector('main').hidden"
IS_LOST = "!document.querySelector('#lost').hidden"
# Time for the page passes without waiting for it.
PASS_TIME = """
const now = performance.now.bind(performance);
performance.now = () => now() + 31_000;
"""
# What does not fit in, or cannot be read from five metres
FIND_UNREADABLE = """
[...document.querySelectorAll("h1, h2, dt, dd, td, li, li span, time, p")]
    .filter((node) => node.textContent && node.offsetParent)
    .filter((node) => {
        const { bottom, right } = node.getBoundingClientRect();
        return (
            node.scrollWidth > node.clientWidth + 1 && node.clientWidth ||
            bottom > innerHeight || right > innerWidth ||
            parseFloat(getComputedStyle(node).fontSize) < 35
        );
    })
    .map((node) => node.textContent).join("|")
"""


@tagged("post_install", "-at_install")
class TestWallboard(FirstCallCase, HttpCase):
    browser_size = "1920x1080"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.team.action_replace_wallboard_link()
        cls.path = f"{PATH}/{cls.team.wallboard_token}"
        cls.lan.user_id.name = "Nguyễn Thị Lan"

    def read_values(self, query="", **headers):
        return self.url_open(f"{self.path}/figures{query}", headers=headers)

    # ------------------------------------------------------------ the figures

    def test_figures(self):
        """The leads of the night count today; one that waits has no deadline yet."""
        night, opening = MORNING - timedelta(hours=11), MORNING - timedelta(hours=1)
        (self.lan | self.minh).is_on_duty = False
        self.frozen.move_to(night)
        called, late = self.make_leads(2)
        self.frozen.move_to(opening)
        self.lan.is_on_duty = True
        self.give_out()
        called.first_call_ids.write(
            {
                "state": "ended",
                "unanswered_date": opening + timedelta(minutes=6, seconds=30),
            }
        )
        self.lan.is_on_duty = False
        self.frozen.move_to(opening + timedelta(minutes=10))
        waiting = self.make_leads()
        waiting.source_id = False
        self.give_out()
        figures = self.read_values().json()
        self.assertEqual(figures["waiting"], 2)
        self.assertEqual(figures["unassigned"], 1)
        self.assertEqual(figures["oldest"], night.isoformat())
        self.assertEqual(figures["deadline"], late.first_call_ids.deadline.isoformat())
        self.assertEqual((figures["count"], figures["in_time"]), (1, 1))
        self.assertEqual((figures["median"], figures["within"]), (6.5, 15))
        self.assertEqual(
            [(lead["source"], lead["name"], lead["state"]) for lead in figures["last"]],
            [
                (None, None, "waiting"),
                (self.source.name, "Nguyễn L.", "given"),
                (self.source.name, "Nguyễn L.", "ended"),
            ],
        )
        self.assertEqual(figures["members"], [])
        self.assertEqual(waiting.first_call_ids.state, "waiting")
        # Nobody calls: then the lead is one of those that were not called in time.
        self.frozen.move_to(opening + timedelta(minutes=16))
        figures = self.read_values().json()
        self.assertEqual((figures["count"], figures["in_time"]), (2, 1))
        # On the next day the figures are of that day.
        self.frozen.move_to(datetime(2026, 11, 26, 17, 0))
        figures = self.read_values().json()
        self.assertEqual((figures["count"], figures["median"]), (0, None))
        self.assertEqual(figures["waiting"], 2)

    def test_who_is_on_duty(self):
        self.make_leads(3)
        self.give_out()
        other_team = self.team.copy({"name": "Khác"})
        self.make_leads()
        self.assertFalse(other_team.wallboard_token)
        counts = {
            each["name"]: each["count"] for each in self.read_values().json()["members"]
        }
        self.assertEqual(set(counts), {"Nguyễn L.", "Minh"})
        self.assertEqual(sum(counts.values()), 3)
        # As the title says
        self.assertIn("Given Out", str(TEXTS["on_duty"]))
        lans = self.env["crm.lead"].search([("user_id", "=", self.lan.user_id.id)])
        lans.user_id = self.minh.user_id
        figures = self.read_values().json()
        self.assertLess(sum(each["count"] for each in figures["members"]), 3)
        self.minh.is_on_duty = False
        names = [each["name"] for each in self.read_values().json()["members"]]
        self.assertEqual(names, ["Nguyễn L."])

    def test_no_customer(self):
        lead = self.make_leads(contact_name="Trần Thị Thanh Thảo", street="12 Lê Lợi")
        self.give_out()
        text = self.read_values().text
        self.assertIn(self.source.name, text)
        for private in (lead.contact_name, lead.street, lead.phone, lead.name):
            self.assertNotIn(private, text)

    def test_names(self):
        for name, is_family_first, short in (
            ("Nguyễn Thị Lan", True, "Lan N."),
            ("Mary Smith", False, "Mary S."),
            ("Lan", True, "Lan"),
        ):
            with self.subTest(name):
                self.assertEqual(shorten_name(name, is_family_first), short)

    def test_language(self):
        """The page is in the language of its link, else of the company."""
        self.env["res.lang"]._activate_lang("vi_VN")
        for query, lang in (("", "en-US"), ("?lang=vi", "vi-VN"), ("?lang=x", "en-US")):
            with self.subTest(query):
                self.assertEqual(self.read_values(query).json()["lang"], lang)
        self.company.partner_id.lang = "vi_VN"
        self.assertEqual(self.read_values().json()["lang"], "vi-VN")
        self.assertEqual(self.read_values("?lang=en").json()["lang"], "en-US")
        self.env["res.lang"]._activate_lang("sr@latin")
        self.company.partner_id.lang = "sr@latin"
        self.assertEqual(self.read_values().json()["lang"], "sr-Latn")

    # ------------------------------------------------------------ the link

    def test_each_wrong_link_is_not_found(self):
        unknown = self.url_open(f"{PATH}/x")
        old = self.path
        self.team.action_replace_wallboard_link()
        new = f"{PATH}/{self.team.wallboard_token}"
        self.assertEqual(self.url_open(new).status_code, 200)
        self.team.active = False
        for path in (
            f"{PATH}/x",
            f"{PATH}/False",
            f"{PATH}/{43 * 'x'}",
            f"{PATH}/%00",
            old,
            new,
        ):
            for end in ("", "/figures"):
                with self.subTest(path + end):
                    response = self.url_open(path + end)
                    self.assertEqual(response.status_code, 404)
                    self.assertEqual(response.text, unknown.text)

    def test_who_may_see_and_make_the_link(self):
        for group, may in (
            ("sales_team.group_sale_salesman_all_leads", False),
            ("sales_team.group_sale_manager", True),
        ):
            team = self.team.with_user(self._new_user(group, group))
            with self.subTest(group):
                if may:
                    action = team.action_open_wallboard()
                    self.assertEqual(action["url"], self.path)
                    team.action_replace_wallboard_link()
                    self.assertNotEqual(team.action_open_wallboard()["url"], self.path)
                    continue
                for name in ("action_open_wallboard", "action_replace_wallboard_link"):
                    with self.assertRaises(AccessError):
                        getattr(team, name)()
                with self.assertRaises(AccessError):
                    team.read(["wallboard_token"])

    def test_the_first_time(self):
        team = self.team.copy()
        self.assertFalse(team.wallboard_token)
        url = team.action_open_wallboard()["url"]
        self.assertEqual(len(url.removeprefix(f"{PATH}/")), 43)
        self.assertEqual(url, team.action_open_wallboard()["url"])

    # ------------------------------------------------------------ what it costs

    def test_nothing_new(self):
        self.make_leads(3)
        self.give_out()
        etag = self.read_values().headers["ETag"]
        before = self.cr.sql_log_count
        response = self.read_values(**{"If-None-Match": etag})
        count = self.cr.sql_log_count - before
        self.assertEqual((response.status_code, response.content), (304, b""))
        self.assertLessEqual(count, STATEMENTS)
        # Time alone changes nothing: the page counts on.
        self.frozen.move_to(MORNING + timedelta(seconds=50))
        response = self.read_values(**{"If-None-Match": etag})
        self.assertEqual(response.status_code, 304)
        self.make_leads()
        response = self.read_values(**{"If-None-Match": etag})
        self.assertEqual(response.status_code, 200)

    def test_size(self):
        folder = Path(__file__).parents[1] / "static" / "wallboard"
        self.assertLessEqual(sum(f.stat().st_size for f in folder.iterdir()), BYTES)
        page = self.url_open(self.path)
        self.assertNotIn("Set-Cookie", page.headers)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotIn("/web/", page.text)

    # ------------------------------------------------------------ the page

    @contextmanager
    def open_wallboard(self, query=""):
        browser = ChromeBrowser(self)
        with self.allow_requests(browser=browser):
            self.cr.flush()
            self.cr.clear()
            try:
                browser.navigate_to(f"{self.base_url()}{self.path}{query}")
                self.assertTrue(browser._wait_ready(IS_THERE))
                yield browser
            finally:
                browser.stop()
                self._wait_remaining_requests()

    def evaluate(self, browser, code):
        params = {"expression": code, "returnByValue": True}
        answer = browser._websocket_request("Runtime.evaluate", params=params)
        self.assertNotIn("exceptionDetails", answer)
        return answer["result"].get("value")

    def _make_busy_day(self):
        """Make a day on which each place of the page is full."""
        names = ("Trần Bảo Khánh", "Võ Thị Phượng", "Đặng Thùy Trang", "Bùi Anh Tuấn")
        for number in range(16):
            self._make_member(names[number % 4], f"fc.{number}@example.com")
        leads = self.make_leads(20)
        self.give_out()
        for number, lead in enumerate(leads[:12]):
            lead.first_call_ids.write(
                {
                    "state": "ended",
                    "unanswered_date": MORNING + timedelta(minutes=number),
                }
            )
        self.team.name = "Tư vấn viên chi nhánh Quận 1"
        self.make_leads()

    def test_page(self):
        """All is there, and can be read, in both languages, dark and light."""
        self.enterContext(freeze_time(MORNING + timedelta(minutes=3), tick=True))
        self.env["res.lang"]._activate_lang("vi_VN")
        self.company.partner_id.lang = "vi_VN"  # the family name is first
        self._make_busy_day()
        for lang, code in LANGUAGES.items():
            for theme in ("dark", "light"):
                query = f"?lang={lang}&theme={theme}"
                with self.subTest(query), self.open_wallboard(query) as browser:
                    text = self.evaluate(browser, "document.body.innerText")
                    names = ("waiting", "working", "on_duty")  # what is counted
                    parts = [TEXTS[name]._translate(code) for name in names]
                    parts += [self.team.name, "Phượng V.", self.source.name]
                    for part in parts:
                        self.assertIn(part, text)
                    self.assertEqual(self.evaluate(browser, FIND_UNREADABLE), "")

    def test_dark_and_light(self):
        """The page is as the television likes it, unless the link says how."""
        for query, count in (("", 2), ("?theme=dark", 1), ("?theme=light", 1)):
            grounds = set()
            with self.subTest(query), self.open_wallboard(query) as browser:
                for scheme in ("dark", "light"):
                    features = [{"name": "prefers-color-scheme", "value": scheme}]
                    params = {"features": features}
                    browser._websocket_request(
                        "Emulation.setEmulatedMedia", params=params
                    )
                    ground = "getComputedStyle(document.body).backgroundColor"
                    grounds.add(self.evaluate(browser, ground))
                self.assertEqual(len(grounds), count)

    def test_the_day_of_a_time(self):
        """A lead that did not come today has its day, not its hour."""
        self.make_leads()
        for days, time in enumerate(("09:00", "26 thg 11")):
            now = MORNING + timedelta(days)
            with freeze_time(now, tick=True), self.open_wallboard("?lang=vi") as page:
                cell = "document.querySelector('#last td').textContent"
                self.assertEqual(self.evaluate(page, cell), time)

    def test_lost_connection(self):
        self.enterContext(freeze_time(MORNING, tick=True))
        with self.open_wallboard("?lang=vi") as browser:
            waiting = "document.querySelector('#waiting b').textContent"
            self.assertEqual(self.evaluate(browser, waiting), "0")
            self.assertFalse(self.evaluate(browser, IS_LOST))
            browser._websocket_request("Network.enable")
            network = "Network.emulateNetworkConditions"
            browser._websocket_request(network, params={**ONLINE, "offline": True})
            self.make_leads()
            self.env.flush_all()
            self.evaluate(browser, PASS_TIME)
            self.assertTrue(browser._wait_ready(IS_LOST))
            text = self.evaluate(browser, "document.body.innerText")
            self.assertIn(TEXTS["lost"]._translate("vi_VN"), text)
            browser._websocket_request(network, params={**ONLINE, "offline": False})
            self.assertTrue(browser._wait_ready(f"!({IS_LOST}) && {waiting} === '1'"))
