# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ...report import crm_lead_intake_report
from ..common import LeadApiCase


@tagged("post_install", "-at_install")
class TestReporting(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.domain = [("company_id", "=", self.company.id)]
        self.leads = self.env["crm.lead"].with_user(self.agent)

    def group(self, *groupby, model="crm.lead", aggregates=("__count",)):
        rows = (
            self.env[model]
            .with_user(self.agent)
            .formatted_read_group(self.domain, groupby, aggregates)
        )
        return {
            tuple(
                row[name][1] if isinstance(row[name], tuple) else row[name]
                for name in groupby
            ): tuple(row[name] for name in aggregates)
            for row in rows
        }

    def test_groups_of_services_and_tags(self):
        self.create_lead(customer_portrait={"hobby": ["Âm nhạc", "am nhac", "bơi"]})
        self.create_lead(
            ticket_id=2,
            crm_line_ids=[self.service_2.id],
            customer_portrait={"hobby": ["âm nhạc"]},
        )
        self.create_lead(ticket_id=3, customer_portrait=None)
        self.assertEqual(
            self.group("hobby_tag_ids"),
            {("Âm nhạc",): (2,), ("bơi",): (1,), (False,): (1,)},
        )
        self.assertEqual(
            self.group("service_product_ids"), {("Nâng mũi",): (2,), ("Khám",): (3,)}
        )

    def test_groups_open_what_they_count(self):
        self.create_lead()
        self.create_lead(ticket_id=2, customer_portrait=None, birth_date=None)
        self.create_lead(ticket_id=3, customer_portrait={"transport": "bus"})
        self.create_lead(ticket_id=4).service_ids.unlink()
        self.create_lead(ticket_id=5).birthdate_date = "2092-10-20"
        for name in (
            *("hobby_tag_ids", "pain_point_tag_ids", "desire_tag_ids"),
            *("service_product_ids", "age_band", "lead_api_client_id"),
        ):
            groups = self.leads.formatted_read_group(self.domain, [name], ["__count"])
            for row in groups:
                with self.subTest(name, group=row[name]):
                    found = self.leads.search(self.domain + row["__extra_domain"])
                    self.assertEqual(len(found), row["__count"])

    def test_leads_without_a_tag(self):
        both, one, other, none = (
            self.create_lead(ticket_id=ticket, customer_portrait={"hobby": hobbies})
            for ticket, hobbies in enumerate(
                (["bơi", "hát"], ["bơi"], ["hát"], []), start=1
            )
        )
        swim = one.portrait_id.hobby_ids.tag_id
        for operator, value, expected in (
            ("in", swim.ids, both + one),
            ("not in", swim.ids, other + none),
            ("=", False, none),
            ("!=", False, both + one + other),
            ("in", [False, swim.id], both + one + none),
            ("ilike", "BOI", both + one),
            ("not ilike", "BOI", other + none),
        ):
            with self.subTest(operator, value=value):
                domain = [*self.domain, ("hobby_tag_ids", operator, value)]
                self.assertEqual(set(self.leads.search(domain)), set(expected))

    def test_age_bands(self):
        today = fields.Date.context_today(self.leads)
        birthdays = {
            "0": (today - relativedelta(years=18, days=-1), 17),
            "18": (today - relativedelta(years=18), 18),
            "25": (today - relativedelta(years=34, days=364), 34),
            "35": (today - relativedelta(years=35), 35),
            "55": (today - relativedelta(years=90), 90),
        }
        for ticket, (birthday, _age) in enumerate(birthdays.values(), 1):
            self.create_lead(ticket_id=ticket, birth_date=str(birthday))
        self.create_lead(ticket_id=10, birth_date=None)
        counts = self.group("age_band")
        self.assertEqual(
            counts, {**{(band,): (1,) for band in birthdays}, (False,): (1,)}
        )
        for band, (birthday, age) in birthdays.items():
            with self.subTest(band):
                lead = self.leads.search([*self.domain, ("age_band", "=", band)])
                self.assertEqual(lead.birthdate_date, birthday)
                self.assertEqual((lead.age, lead.age_band), (age, band))
        missing = self.leads.search([*self.domain, ("age_band", "=", False)])
        self.assertEqual((missing.age, missing.age_band), (0, False))
        self.assertEqual(
            len(self.leads.search([*self.domain, ("age_band", "!=", "55")])), 5
        )
        missing.birthdate_date = today + relativedelta(days=1)  # mistyped
        self.assertEqual((missing.age, missing.age_band), (0, False))
        missing.birthdate_date = today
        self.assertEqual((missing.age, missing.age_band), (0, "0"))

    def test_each_filter_and_group_works(self):
        """A salesperson can use each filter and group of the search views."""
        salesman = self._new_user("sale", "sales_team.group_sale_salesman")
        self.create_lead()
        for model, xmlid in (
            ("crm.lead", "crm.view_crm_case_leads_filter"),
            ("crm.lead", "crm.view_crm_case_opportunities_filter"),
            ("res.partner", "base.view_res_partner_filter"),
            ("crm.customer.portrait", "crm_lead_api.crm_customer_portrait_view_search"),
            (
                "crm.lead.intake.report",
                "crm_lead_api.crm_lead_intake_report_view_search",
            ),
        ):
            records = self.env[model].with_user(salesman)
            view = self.env.ref(xmlid)
            arch = etree.fromstring(records.get_view(view.id)["arch"])
            values = {"uid": salesman.id, "self": "0900", "allowed_company_ids": [1]}
            for node in arch.iter("filter", "field"):
                context = safe_eval(node.get("context") or "{}", values)
                domain = node.get("domain") or node.get("filter_domain")
                with self.subTest(xmlid, filter=node.get("name")):
                    name = context.get("group_by")
                    if name in ("lead_properties", "properties"):
                        continue  # grouped by one of them, which the client names
                    if name:
                        records.formatted_read_group([], [_spec(records, name)])
                    elif domain and "context_today" not in domain:
                        records.search_count(safe_eval(domain, values))

    def test_created_by_the_api(self):
        lead = self.create_lead()
        self.assertEqual(lead.lead_api_client_id, self.client)
        self.assertFalse(lead.copy().lead_api_client_id)
        arch = self.leads.get_view(view_type="search")["arch"]
        (node,) = etree.fromstring(arch).xpath("//filter[@name='lead_api_today']")
        domain = self.domain + safe_eval(node.get("domain"))
        self.assertEqual(self.leads.search(domain), lead)
        lead.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = create_date - interval '2 days'"
            " WHERE id = %s",
            [lead.id],
        )
        self.assertFalse(self.leads.search(domain))

    def test_intake(self):
        fast, slow, lead = (self.create_lead(ticket_id=n) for n in (1, 2, 3))
        (fast + slow).type = "opportunity"
        lead.type = "lead"
        fast.stage_id = self.env["crm.stage"].create({"name": "Xong", "is_won": True})
        slow.active = False
        for record, hours in ((fast, 1), (slow, 3)):
            message = record.message_post(body="Đã gọi")
            message.mail_activity_type_id = self.env.ref("mail.mail_activity_data_call")
            message.date = record.create_date + timedelta(hours=hours)
        self.env.flush_all()
        measures = (
            "__count",
            *("opportunity_rate:avg", "won_rate:avg", "hours_to_activity:avg"),
        )
        rows = self.group(
            "source_group_id", model="crm.lead.intake.report", aggregates=measures
        )
        ((count, opportunities, won, hours),) = rows.values()
        self.assertEqual(count, 3)
        self.assertAlmostEqual(opportunities, 66.67, 2)
        self.assertAlmostEqual(won, 33.33, 2)
        self.assertAlmostEqual(hours, 2, 5)
        report = self.env["crm.lead.intake.report"].browse(fast.id)
        self.assertEqual(report.action_open_lead()["res_id"], fast.id)

    def test_funnel(self):
        """The figures of a period, those before it, and each lead behind a number."""
        self.company.resource_calendar_id = False  # all minutes count
        now = fields.Datetime.now()
        quick, slow, lost, old = (self.create_lead(ticket_id=n) for n in (1, 2, 3, 4))
        quick.first_contact_date = quick.create_date + timedelta(minutes=15)
        slow.first_contact_date = slow.create_date + timedelta(minutes=16)
        slow.expected_revenue = 700
        slow.action_set_won()
        lost.action_set_lost()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [now - timedelta(days=9), old.id],
        )
        self.env.invalidate_all()
        report = self.env["crm.lead.intake.report"].with_user(self.agent)
        start = now - timedelta(days=7)
        funnel = report.get_funnel(fields.Datetime.to_string(start), 7, "source_id")
        figures = {
            each["name"]: (each["value"], each["before"]) for each in funnel["figures"]
        }
        self.assertEqual(figures[""], (3, 1))
        self.assertEqual(figures["contacted"], (2, 0))
        self.assertEqual(figures["won"], (1, 0))
        self.assertEqual(figures["is_fast"], (1, 0))
        self.assertEqual(figures["won_amount"], (700, 0))
        [row] = funnel["rows"]
        self.assertEqual(row["label"], self.source.name)
        period = [("create_date", ">=", start), *row["domain"]]
        names = ["", *list(figures)[1:]]
        for name, value in zip(names, row["values"], strict=True):
            if name and name != "won_amount":
                found = report.search([*period, (name, "=", 1)])
                with self.subTest(name):
                    self.assertEqual(len(found), value)
        slow.source_id = False
        since = fields.Datetime.to_string(start)
        rows = report.get_funnel(since, 7, "source_id")["rows"]
        self.assertEqual([row["label"] for row in rows], [self.source.name, "None"])
        with patch.object(crm_lead_intake_report, "MAX_ROWS", 1):
            funnel = report.get_funnel(fields.Datetime.to_string(start), 7, "source_id")
        self.assertEqual(
            [(row["label"], row["values"][0]) for row in funnel["rows"]],
            [(self.source.name, 2), ("Others", 1)],
        )
        self.assertEqual(
            report.search([*period[:1], *funnel["rows"][1]["domain"]]).lead_id, slow
        )
        for name, _label in funnel["groups"]:
            with self.subTest(group=name):
                report.get_funnel(fields.Datetime.to_string(start), 7, name)

    def test_revenue_is_in_the_currency_of_the_company(self):
        """Add up leads of two currencies, and one of no company, by rates of which the
        company's own is not 1."""
        dong, dollar = self.env.ref("base.VND"), self.env.ref("base.USD")
        self.other_company.currency_id = dollar
        self.env["res.currency.rate"].create(
            [
                {
                    **{"name": "2020-01-01", "company_id": False},
                    **{"currency_id": each.id, "rate": rate},
                }
                for each, rate in ((dong, 25000), (dollar, 1))
            ]
        )
        self.agent.company_ids += self.other_company
        companies = [self.company, self.other_company, self.env["res.company"]]
        leads = self.env["crm.lead"].create(
            [
                {
                    **{"name": "Ánh", "company_id": company.id, "user_id": False},
                    **{"team_id": False, "expected_revenue": amount},
                }
                for company, amount in zip(companies, (700, 2, 30), strict=True)
            ]
        )
        leads.action_set_won()
        self.env.flush_all()
        report = self.env["crm.lead.intake.report"].with_user(self.agent)
        report = report.with_context(allowed_company_ids=self.agent.company_ids.ids)
        start = fields.Datetime.now() - timedelta(days=1)
        funnel = report.get_funnel(fields.Datetime.to_string(start), 7, "company_id")
        self.assertEqual(funnel["figures"][-1]["value"], 700 + 2 * 25000 + 30)
        amounts = {row["label"]: row["values"][-1] for row in funnel["rows"]}
        names = [self.company.name, self.other_company.name, "None"]
        self.assertEqual([amounts[name] for name in names], [700, 50000, 30])

    def test_the_dashboard_has_the_names_of_agents(self):
        emails = [self.agent.login.upper(), "mai@example.com", "tel@a.vn", "tel@b.vn"]
        twice = self._new_user("tel@a.vn", "sales_team.group_sale_salesman")
        twice.email = "tel@b.vn"
        for number, email in enumerate(emails, 1):
            self.create_lead(ticket_id=number, agent_email=email)
        report = self.env["crm.lead.intake.report"].with_user(self.agent)
        rows = report.get_funnel("2026-01-01 00:00:00", 7, "agent_email")["rows"]
        labels = {row["domain"][0][2]: row["label"] for row in rows}
        shown = [self.agent.name, *emails[1:]]
        self.assertEqual([labels[email] for email in emails], shown)

    def test_intake_is_of_the_leads_that_one_may_see(self):
        lead = self.create_lead()
        reports = self.env["crm.lead.intake.report"]
        salesman = self._new_user("sale", "sales_team.group_sale_salesman")
        other = new_test_user(
            self.env,
            "other",
            "sales_team.group_sale_manager",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        for user, sees in ((self.agent, True), (salesman, False), (other, False)):
            with self.subTest(user.login):
                found = reports.with_user(user).search([("lead_id", "=", lead.id)])
                self.assertEqual(bool(found), sees)


def _spec(records, name):
    """Return the group as the web client asks for it: dates by month."""
    field = records._fields[name.split(":")[0]]
    is_date = field.type in ("date", "datetime") and ":" not in name
    return f"{name}:month" if is_date else name
