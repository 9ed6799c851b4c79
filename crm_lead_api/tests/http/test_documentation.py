# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The documentation page in a browser."""

from lxml import html

from odoo.tests import tagged
from odoo.tools import parse_version

from ..common import LeadApiHttpCase

# Reads as an integrator does: the token in, the first call expanded, executed.
TRY_IT = """
(async () => {
    const violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        // Libraries ask whether they may evaluate code, and do without.
        if (event.blockedURI !== "eval") violations.push(event.blockedURI);
    });
    await until("document", () => find('body[data-ready="public"]'));
    find("#token").value = "%s";
    find("#identify button").click();
    await until("client", () => find("#who").textContent.includes("tong-dai"));
    await until("document of the client", () => find('body[data-ready="token"]'));
    const operation = await until("operation", () => find(".opblock-post"));
    operation.querySelector(".opblock-summary-control").click();
    const dryRun = () => find('.opblock-post [data-param-name="dry_run"] select');
    await until("dry run", () => dryRun()?.value === "1");
    const execute = await until("button", () => find(".opblock-post .btn.execute"));
    const answer = async (text) => {
        execute.click();
        await until(text, () =>
            find(".live-responses-table")?.textContent.includes(text)
        );
    };
    await answer('"dry_run": true');
    if (%s) {
        const select = dryRun();
        select.value = "";
        select.dispatchEvent(new Event("change", {bubbles: true}));
        await answer('"id_lead"');
    }
    const elsewhere = performance
        .getEntriesByType("resource")
        .map((entry) => entry.name)
        .filter((name) => !/^(data|blob):/.test(name) && !name.startsWith(origin));
    if (elsewhere.length || violations.length) {
        throw new Error(JSON.stringify([elsewhere, violations]));
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
# A writing operation, with its answer, and a reading one: nothing is beside the window.
READ_ON_PHONE = """
(async () => {
    await until("document", () => find('body[data-ready="public"]'));
    find("#token").value = "%s";
    find("#identify button").click();
    await until("document of the client", () => find('body[data-ready="token"]'));
    for (const name of ["post", "get"]) {
        const summary = `.opblock-${name} .opblock-summary-control`;
        (await until(name, () => find(summary))).click();
        await until("details", () => find(`.opblock-${name} .opblock-body`));
    }
    (await until("button", () => find(".opblock-post .btn.execute"))).click();
    await until("answer", () =>
        find(".live-responses-table")?.textContent.includes('"dry_run": true')
    );
    const wrong = [...document.querySelectorAll("body *")].filter((element) => {
        const {right, width, height} = element.getBoundingClientRect();
        const {overflowX} = getComputedStyle(element);
        const scrolls = ["auto", "scroll"].includes(overflowX);
        const isCut = scrolls && element.scrollWidth > element.clientWidth + 1;
        return width && height && (right > innerWidth + 1 || isCut);
    });
    if (wrong.length || document.documentElement.scrollWidth > innerWidth) {
        const names = wrong.map(({tagName, className}) => `${tagName}.${className}`);
        throw new Error(`beside the window: ${[...new Set(names)].join(", ")}`);
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
# A table of headers has what the table of the first answer does not have.
READ_HEADERS = """
(async () => {
    const operation = await until("operation", () => find(".opblock-post"));
    operation.querySelector(".opblock-summary-control").click();
    const answers = await until("answers", () => {
        const found = [...document.querySelectorAll(".opblock-post .response")];
        return found.length > 10 && found;
    });
    const seen = Object.fromEntries(
        answers.map((answer) => [
            answer.dataset.code,
            [...answer.querySelectorAll("table.headers tbody tr")]
                .map((row) => row.firstElementChild.textContent),
        ])
    );
    const {200: first, ...others} = seen;
    const names = Object.values(others).flat();
    const repeated = names.filter((name) => first.includes(name));
    const isThere = first.includes("X-Request-Id") && seen[429].includes("Retry-After");
    if (repeated.length || !isThere) {
        throw new Error(JSON.stringify(seen));
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
# Says which required attributes the samples lack.
MISSING = """
(async () => {
    await until("document", () => find('body[data-ready="public"]'));
    if (!find("#missing").hidden) throw new Error("the contract lacks nothing");
    find("#token").value = "%s";
    find("#identify button").click();
    await until("document of the client", () => find('body[data-ready="token"]'));
    const text = find("#missing:not([hidden])")?.textContent;
    const isNamed = text.includes("campaign_id") && !text.includes("source_id");
    if (!isNamed || find("#samples code").textContent.includes("campaign_id")) {
        throw new Error(text);
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
WRONG_TOKEN = """
(async () => {
    await until("document", () => find('body[data-ready="public"]'));
    find("#token").value = "crmlead_x";
    find("#identify button").click();
    await until("refusal", () => !find("#refused").hidden);
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
TOOLS = """
window.find = (selector) => document.querySelector(selector);
window.until = async (what, get) => {
    for (let tries = 0; tries < 400; tries++) {
        const found = get();
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no ${what}`);
};
"""


@tagged("post_install", "-at_install")
class TestDocumentation(LeadApiHttpCase):
    def test_try_it(self):
        with self.assertNothingMade():
            code = TRY_IT % (self.token, "false")
            self.browser_js("/api/v1/docs", TOOLS + code, "", timeout=60)

    def test_try_it_without_a_dry_run(self):
        before = self._count()["crm.lead"]
        code = TRY_IT % (self.token, "true")
        self.browser_js("/api/v1/docs", TOOLS + code, "", timeout=60)
        self.assertEqual(self._count()["crm.lead"], before + 1)
        lead = self.env["crm.lead"].search([], order="id desc", limit=1)
        self.assertEqual(lead.lead_api_client_id, self.client)

    def test_samples_that_lack_a_record(self):
        self.env["utm.campaign"].search([]).active = False
        self.browser_js("/api/v1/docs", TOOLS + MISSING % self.token, "", timeout=60)

    def test_wrong_token(self):
        self.browser_js("/api/v1/docs", TOOLS + WRONG_TOKEN, "", timeout=60)

    def test_no_table_of_headers_is_repeated(self):
        self.browser_js("/api/v1/docs", TOOLS + READ_HEADERS, "", timeout=60)

    def test_history(self):
        """The page tells what changed for integrators, and nothing for others."""
        for lang, title in (
            ("en", "What changed, by version"),
            ("vi", "Các thay đổi theo phiên bản"),
        ):
            with self.subTest(lang=lang):
                headers = {"Accept-Language": lang}
                answer = self.url_open("/api/v1/docs", headers=headers)
                page = html.fromstring(answer.text)
                [section] = page.xpath("//section[@id='history']")
                self.assertEqual(section.findtext("h2"), title)
                self.assertEqual(section.find("div").get("lang"), "en")
                versions = [each.text for each in section.iter("summary")]
                self.assertEqual(versions[-1], "19.0.1.0.0")
                numbers = [parse_version(each.split()[0]) for each in versions]
                self.assertEqual(numbers, sorted(numbers, reverse=True))
                self.assertEqual(
                    [each.get("open") is not None for each in section.iter("details")],
                    [True] + [False] * (len(versions) - 1),
                )
                text = section.text_content()
                self.assertIn("X-Lead-State", text)
                self.assertNotIn("Demo data", text)


@tagged("post_install", "-at_install")
class TestDocumentationOnPhone(LeadApiHttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_nothing_is_beside_the_window(self):
        code = READ_ON_PHONE % self.token
        self.browser_js("/api/v1/docs", TOOLS + code, "", timeout=60)
