# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP

LOG_IN = """
document.querySelector("#login").value = "huong@example.com";
document.querySelector("#password").value = "huong@example.com";
setTimeout(() => document.querySelector(".oe_login_form [type=submit]").click());
"""
READ_FORM = """
(async () => {
    const texts = ["Nâng mũi", "âm nhạc", "mũi cao tự nhiên", "07:30"];
    let seen;
    for (let i = 0; i < 300; i++) {
        const text = document.querySelector(".o_form_view")?.innerText || "";
        const customer = document.querySelector("[name=partner_id] input")?.value;
        const app = document.querySelector(".o_menu_brand")?.textContent;
        seen = [app, customer, ...texts.filter((part) => text.includes(part))];
        if (seen.join() === ["CRM", "Trần Thị Thanh Thảo", ...texts].join()) {
            console.log("test successful");
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.error(`${location.href} shows of the lead only: ${seen.join(" | ")}`);
})();
"""
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
READ_HOSTILE = """
(async () => {
    const hostile = "window.hacked=1";
    for (let i = 0; i < 300; i++) {
        const form = document.querySelector(".o_form_view");
        const count = form?.innerText.split(hostile).length - 1;
        if (count >= LEAST) {
            await new Promise((resolve) => setTimeout(resolve, 500));
            if (window.hacked || form.querySelector("img[src=x]")) {
                console.error("a text of the caller's was run");
            } else {
                console.log("test successful");
            }
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.error(`${location.href} does not show the texts`);
})();
"""
# Odoo's form saves itself when the page is closed.
CLOSE_FORM = """
(async () => {
    while (!document.querySelector(".o_form_view .o_field_widget[name=phone] input")) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    let saved = null;
    navigator.sendBeacon = (_route, data) => Boolean((saved = data));
    window.dispatchEvent(new Event("beforeunload"));
    if (saved) {
        console.error(`saved: ${await saved.text()}`);
    } else {
        console.log("test successful");
    }
})();
"""


@tagged("post_install", "-at_install")
class TestBrowser(LeadApiHttpCase):
    """A salesperson opens the link of an answer in Chromium, and reads the lead."""

    texts = (
        *("contact_name", "street", "facebook_acc", "zalo_acc", "agent_email"),
        *("phone_no1", "phone_no2", "revenue_source", "term_goals"),
        *("social_influence", "behavior_on_the_internet"),
    )

    def _get_path(self, leads_feature=False):
        group = self.env.ref("crm.group_use_lead")
        command = Command.link if leads_feature else Command.unlink
        self.env.ref("base.group_user").implied_ids = [command(group.id)]
        response = self.post()
        lead = self.assertSuccess(response)
        self.assertEqual(lead.type, "lead" if leads_feature else "opportunity")
        link = response.json()["data"]["link_lead_detail"]
        self.assertTrue(link.startswith(self.base_url()))
        return link.removeprefix(self.base_url())

    def test_logged_in(self):
        self.browser_js(self._get_path(), READ_FORM, login=self.agent.login)

    def test_logged_in_with_the_leads_feature(self):
        path = self._get_path(leads_feature=True)
        self.browser_js(path, READ_FORM, login=self.agent.login)

    def test_looking_at_the_lead_leaves_the_contact_as_it_is(self):
        values = {"name": "Ánh", "country_id": self.country.id}
        partners = self.env["res.partner"].create(
            [
                {**values, "phone": "0912 345 678", "email": "own@example.com"},
                {**values, "phone": "0912 345 679", "phone2": "0900 000 202"},
                {**values, "phone": "0169 333 9999"},  # an old prefix
            ]
        )
        for partner, phone in zip(
            partners, ("0900 000 202", "0900 000 202", "01693339999"), strict=True
        ):
            response = self.post(
                {**self.payload, "account_id": partner.id, "phone_no1": phone}
            )
            path = response.json()["data"]["link_lead_detail"]
            with self.subTest(partner.phone):
                path = path.removeprefix(self.base_url())
                self.browser_js(path, CLOSE_FORM, login=self.agent.login)

    def test_a_text_of_the_callers_is_only_a_text(self):
        payload = {
            name: HOSTILE if isinstance(value, str) and name in self.texts else value
            for name, value in self.payload.items()
        }
        portrait = {
            **self.payload["customer_portrait"],
            **{
                name: [HOSTILE] if isinstance(value, list) else HOSTILE
                for name, value in self.payload["customer_portrait"].items()
                if isinstance(value, list) or name in self.texts
            },
        }
        self.client.ticket_url = 'https://example.com/{ticket_id}?"onclick="alert(1)'
        response = self.post({**payload, "customer_portrait": portrait})
        lead = self.assertSuccess(response)
        self.agent.group_ids += self.env.ref(MANAGER_GROUP)
        link = response.json()["data"]["link_lead_detail"]
        for path, least in (
            (link.removeprefix(self.base_url()), 9),
            (f"/odoo/res.partner/{lead.partner_id.id}", 1),
            (f"/odoo/crm.customer.portrait/{lead.portrait_id.id}", 4),
            (f"/odoo/lead-api-requests/{lead.lead_api_request_ids.id}", 1),
        ):
            with self.subTest(path):
                code = READ_HOSTILE.replace("LEAST", str(least))
                self.browser_js(path, code, login=self.agent.login)

    def test_logging_in_first(self):
        navigate_to = ChromeBrowser.navigate_to

        def read_form_on_each_page(browser, url, wait_stop=False):
            browser._websocket_request(
                "Page.addScriptToEvaluateOnNewDocument", params={"source": READ_FORM}
            )
            return navigate_to(browser, url, wait_stop=wait_stop)

        with patch.object(ChromeBrowser, "navigate_to", read_form_on_each_page):
            self.browser_js(
                self._get_path(), LOG_IN, ready="!!document.querySelector('#login')"
            )
