# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the figures of first calls."""

from datetime import datetime, timedelta

from lxml import etree

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import MORNING, FirstCallCase

READ_PAGES = """
(async () => {
    const wait = async (find) => {
        for (let i = 0; i < 300; i++) {
            const found = find();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`${find} in ${document.body.innerText}`);
    };
    const has = (text) =>
        wait(() =>
            [...document.querySelectorAll(".o_pivot_cell_value")].find(
                (node) => node.textContent.trim() === text
            )
        );
    await has("11.50");
    await has("76.00");
    (await wait(() => document.querySelector(".o_switch_view.o_graph"))).click();
    await wait(() => document.querySelector(".o_graph_renderer canvas"));
    (await wait(() => document.querySelector(".o_switch_view.o_list"))).click();
    await wait(() => document.querySelector(".o_data_row"));
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
MINUTES = (1, 3, 20, 100, None)  # to the first try of each lead


class ReportCase(FirstCallCase):
    def setUp(self):
        super().setUp()
        self.report = self.env["report.crm.first.call"]
        self.leads = self.make_leads(len(MINUTES))
        self.give_out()
        for lead, minutes in zip(self.leads, MINUTES, strict=True):
            if minutes:
                date = MORNING + timedelta(minutes=minutes)
                lead.first_call_ids.unanswered_date = date
        self.env.flush_all()

    def read_values(self, groups, *aggregates):
        """Return the only value of groups, or the values of each group."""
        groups = self.report.formatted_read_group([], groups, aggregates)
        return [[group[name] for name in aggregates] for group in groups]


class TestReport(ReportCase):
    def test_medians(self):
        """Medians and 90th percentiles are those of PostgreSQL, in each group."""
        names = ("minutes_to_try:median", "minutes_to_try_p90:p90")
        [[median, p90]] = self.read_values([], *names)
        self.assertAlmostEqual(median, 11.5)
        self.assertAlmostEqual(p90, 76)
        self.assertEqual(self.read_values([], "minutes_to_give:median"), [[0]])
        self.assertEqual(self.read_values([], "clock_to_try:median"), [[11.5]])
        [[median]] = self.read_values([], "minutes_to_contact:median")
        self.assertIs(median, False, "0 would be shown as 0.00")
        names = ("minutes_to_try:median", "__count")
        self.assertEqual(
            self.read_values(["speed"], *names),
            [[2, 2], [20, 1], [100, 1], [False, 1]],
        )
        total, by_speed = self.report.formatted_read_grouping_sets(
            [], [[], ["speed"]], names
        )
        self.assertEqual([row[names[0]] for row in total], [11.5])
        self.assertEqual([row[names[0]] for row in by_speed], [2, 20, 100, False])
        groups = self.report.web_read_group([], ["speed"], names)["groups"]
        self.assertEqual([group[names[0]] for group in groups], [2, 20, 100, False])
        for name in ("minutes_to_try", "minutes_to_try_p90"):
            aggregator = self.report.fields_get([name])[name]["aggregator"]
            self.assertIn(aggregator, ("median", "p90"))

    def test_each_label_says_of_which_clock_minutes_are(self):
        for field in self.report._fields.values():
            if "Minutes" in (field.string or ""):
                self.assertRegex(field.string, "Working|Clock")

    def test_shares(self):
        self.leads[0].action_set_won()
        self.leads[1].first_call_ids.recall_count = 2
        self.env.flush_all()
        names = [f"within_{n}:avg" for n in (5, 15, 30)]
        self.assertEqual(self.read_values([], *names), [[40, 40, 60]])
        names = ["never_called_rate:avg", "recalled_rate:avg", "won_rate:avg"]
        self.assertEqual(self.read_values([], *names), [[20, 20, 20]])
        self.assertEqual(
            self.report.formatted_read_group([], ["speed"], ["won_rate:avg"])[0][
                "won_rate:avg"
            ],
            50,
            "of the two within 5 minutes",
        )

    def test_reached_is_tried(self):
        lead = self.leads[-1]
        lead.first_contact_date = MORNING + timedelta(minutes=4)
        self.env.flush_all()
        row = self.report.search([("lead_id", "=", lead.id)])
        self.assertEqual((row.speed, row.minutes_to_try), ("05", 4))
        self.assertEqual((row.clock_to_try, row.clock_to_contact), (4, 4))
        self.assertEqual(row.contact_date, lead.first_contact_date)

    def test_when(self):
        """Hour and weekday are those of the team: Thursday, 9 o'clock in Vietnam."""
        rows = self.report.search([])
        self.assertEqual(set(rows.mapped("hour")), {"09"})
        self.assertEqual(set(rows.mapped("weekday")), {"4"})
        self.leads[0].first_call_ids.date = datetime(2026, 11, 29, 17, 30)
        self.env.flush_all()
        self.env.invalidate_all()
        row = self.report.search([("lead_id", "=", self.leads[0].id)])
        self.assertEqual((row.hour, row.weekday), ("00", "1"))

    def test_when_of_a_team_with_a_former_time_zone(self):
        """PostgreSQL does not know its name."""
        query = "UPDATE resource_calendar SET tz = 'Türkiye'"
        self.env.cr.execute(query)
        rows = self.report.search([])
        self.assertEqual(set(rows.mapped("hour")), {"05"}, "in Istanbul")

    def test_this_week_on_a_sunday(self):
        """Begin the week of a report in English on Sunday."""
        arch = etree.fromstring(self.report.get_view(view_type="search")["arch"])
        domain = safe_eval(arch.find(".//filter[@name='this_week']").get("domain"))
        self.leads.first_call_ids.date = "2026-11-29 03:00"
        self.env.flush_all()
        self.frozen.move_to(datetime(2026, 11, 29, 5))
        self.assertEqual(self.report.search(domain).lead_id, self.leads)

    def test_each_filter_and_group_works(self):
        dates = {
            "this_month": "2026-11-01 05:00",
            "this_week": "2026-11-23 05:00",
            "last_month": "2026-10-31 05:00",
        }
        arch = etree.fromstring(self.report.get_view(view_type="search")["arch"])
        for node in arch.iter("filter"):
            name = node.get("name")
            with self.subTest(name):
                if group := safe_eval(node.get("context") or "{}").get("group_by"):
                    self.report.formatted_read_group([], [group], ["__count"])
                elif node.get("domain"):
                    domain = safe_eval(node.get("domain"))
                    self.report.search_count(domain)
                    if name in dates:
                        self.leads[0].first_call_ids.date = dates[name]
                        self.leads[1:].first_call_ids.date = "2026-09-30 05:00"
                        self.env.flush_all()
                        found = self.report.search(domain).lead_id
                        self.assertEqual(found, self.leads[0])

    def test_rights(self):
        """Staff see the figures of the leads that they may see."""
        lead = self.leads[0]
        seen = {
            "sales_team.group_sale_salesman_all_leads": self.leads,
            "sales_team.group_sale_salesman": self.leads.browse(),
        }
        for group, leads in seen.items():
            user = self._new_user(group, group)
            with self.subTest(group):
                self.assertEqual(self.report.with_user(user).search([]).lead_id, leads)
        mine = self.report.with_user(lead.user_id).search([]).lead_id
        self.assertEqual(
            mine, self.leads.filtered(lambda each: each.user_id == lead.user_id)
        )
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            "sales_team.group_sale_manager",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        self.assertFalse(self.report.with_user(elsewhere).search([]))
        action = self.report.search([("lead_id", "=", lead.id)]).action_open_lead()
        self.assertEqual(action["res_id"], lead.id)


@tagged("post_install", "-at_install")
class TestReportPages(ReportCase, HttpCase):
    def test_pages(self):
        """The web client shows medians, and opens graph and list."""
        user = self._new_user("boss", "sales_team.group_sale_manager")
        self.browser_js("/odoo/first-calls", READ_PAGES, login=user.login)
