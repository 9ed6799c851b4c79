# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test what a salesperson learns of the lead of a colleague."""

import json
from functools import partial

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadApiCase

SPECIFICATION = {"name": {}, "partner_id": {"fields": {"display_name": {}}}}


@tagged("post_install", "-at_install")
class TestColleague(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.team.user_id = self._new_user(
            "leader", "sales_team.group_sale_manager", name="Trưởng nhóm"
        )
        self.colleague = self._new_user(
            "own-leads-only", "base.group_user,sales_team.group_sale_salesman"
        )
        self.lead = self.create_lead()

    def _open(self, user):
        """Return the error of opening the lead: its text and its context."""
        with self.assertRaises(AccessError) as refusal:
            self.lead.with_user(user).web_read(SPECIFICATION)
        context = getattr(refusal.exception, "context", None)
        return str(refusal.exception), context

    def test_names_of_colleagues_and_nothing_of_the_customer(self):
        text, context = self._open(self.colleague)
        self.assertIn("Lê Thu Hương", text)
        self.assertEqual(
            context,
            {
                "lead_of_colleague": {
                    "owner": "Lê Thu Hương",
                    "team": "Tư vấn",
                    "leader": "Trưởng nhóm",
                }
            },
        )
        told = text + json.dumps(context, ensure_ascii=False)
        for secret in (self.lead.name, "Trần Thị Thanh Thảo", "0968", "4711"):
            self.assertNotIn(secret, told)

    def test_a_similar_lead_of_a_colleague(self):
        """Tell whose it is where the list would show the own lead alone."""
        own = self.create_lead(ticket_id=2).with_user(self.colleague)
        own.sudo().user_id = self.colleague
        self.assertEqual(own.duplicate_lead_count, 1)
        notice = own.action_show_potential_duplicates()
        self.assertIn("Lê Thu Hương", notice["params"]["message"])
        self.lead.user_id = self.colleague
        self.env.invalidate_all()
        action = own.action_show_potential_duplicates()
        self.assertEqual(action["res_model"], "crm.lead")

    def test_nothing_for_a_user_of_another_company(self):
        self.colleague.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        text, context = self._open(self.colleague)
        self.assertNotIn("Lê Thu Hương", text)
        self.assertFalse(context)

    def test_nothing_for_a_user_who_does_not_sell(self):
        other = self._new_user("ke-toan", "base.group_user")
        text, context = self._open(other)
        self.assertNotIn("Lê Thu Hương", text)
        self.assertFalse(context)

    def test_who_may_read_the_lead_reads_it(self):
        [values] = self.lead.with_user(self.agent).web_read(SPECIFICATION)
        self.assertEqual(values["name"], self.lead.name)
        lead = self.lead.with_user(self.agent)
        [values] = lead.web_save({"name": "Khách quen"}, SPECIFICATION)
        self.assertEqual(values["name"], "Khách quen")

    def test_who_reads_the_lead_is_told_of_no_colleague(self):
        """Another record, which Odoo's error is about, may be hidden."""
        lead = self.lead.with_user(self.agent)
        self.assertIsNone(lead._get_colleague_in_charge())

    def test_a_lead_is_given_to_a_colleague(self):
        """Odoo reads the saved lead, and takes all back if the user may not read it."""
        self.lead.user_id = self.colleague
        lead = self.lead.with_user(self.colleague)
        users = dict.fromkeys(
            ("user_id", "call_user_id"), {"fields": {"display_name": {}}}
        )
        specification = {**SPECIFICATION, **users, "call_date_why": {}}
        for user in (self.colleague, self.agent):
            vals = {"user_id": user.id, "name": user.name}
            [values] = lead.web_save(vals, specification)
            for name in users:
                self.assertEqual(values[name]["display_name"], user.name)
            self.assertEqual(self.lead.user_id, user)
        self.assertEqual(values["name"], self.colleague.name, "as it was")
        self.assertIn("New lead", values["call_date_why"])
        self.assertEqual(self.lead._get_next_call().user_id, self.agent)
        with self.assertRaises(AccessError):
            lead.web_save({"name": "Khách quen"}, SPECIFICATION)

    def test_services_of_a_lead_that_is_given_away(self):
        self.lead.user_id = self.colleague
        line = self.lead.service_ids[0]
        vals = {
            "user_id": self.agent.id,
            "service_ids": [Command.update(line.id, {"price_unit": 5})],
        }
        self.lead.with_user(self.colleague).web_save(vals, SPECIFICATION)
        self.assertEqual(self.lead.user_id, self.agent)
        self.assertEqual((line.price_unit, self.lead.service_amount), (5, 245))

    def test_calls_of_a_lead_that_is_given_away(self):
        """Give a lead whose calls stay with a colleague, and one without a call."""
        self.client.plans_call = False
        lead = self.create_lead(ticket_id=2)
        lead.user_id = self.colleague
        names = ("call_user_id", "call_date_why")
        specification = {"call_user_id": {"fields": {}}, "call_date_why": {}}
        for is_planned in (False, True):
            if is_planned:
                lead.user_id = self.colleague
                lead.activity_schedule(
                    "mail.mail_activity_data_call",
                    user_id=self.colleague.id,
                    automated=False,
                )
            [values] = lead.with_user(self.colleague).web_save(
                {"user_id": self.agent.id}, specification
            )
            shown = [bool(values[name]) for name in names]
            self.assertEqual(shown, [is_planned, is_planned])
        self.assertEqual(values["call_user_id"]["id"], self.colleague.id)

    def test_a_lead_that_nobody_has_is_taken_once(self):
        self.lead.user_id = False
        lead = self.lead.with_user(self.colleague)
        arch = etree.fromstring(lead.get_view(view_type="form")["arch"])
        [button] = arch.findall(".//button[@name='action_take']")
        self.assertEqual(button.get("invisible"), "user_id")
        lead.action_take()
        self.assertEqual(self.lead.user_id, self.colleague)
        own = "base.group_user,sales_team.group_sale_salesman"
        for user in (self.agent, self._new_user("slower", own)):
            with self.assertRaisesRegex(UserError, "own-leads-only.* already"):
                self.lead.with_user(user).action_take()
        self.assertEqual(self.lead.user_id, self.colleague)

    def test_a_lead_that_a_leader_takes_stays_in_the_team(self):
        teams = self.env["crm.team"]
        left = teams.create({"name": "Trước", "member_ids": self.colleague.ids})
        left.active = False
        self.team.member_ids = self.colleague
        led = teams.create({"name": "Nha", "user_id": self.colleague.id})
        for team, expected in ((led, led), (teams, self.team)):
            lead = self.env["crm.lead"].create(
                {"name": "Khách", "team_id": team.id, "user_id": False}
            )
            lead.with_user(self.colleague).action_take()
            self.assertEqual((lead.user_id, lead.team_id), (self.colleague, expected))

    def test_a_lead_that_is_taken_stays_at_its_branch(self):
        """Though the first team of whoever takes the lead is another branch's."""
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        branch, companies = self.other_company, self.company | self.other_company
        self.colleague.company_ids += branch
        self.team.member_ids = self.colleague
        there = self.env["crm.team"].create(
            {"name": "Chi nhánh", "company_id": branch.id, "sequence": 99}
        )
        leads = self.env["crm.lead"]
        for team, members in (
            (there, self.colleague.browse()),
            (there, self.colleague),
            (there.browse(), self.colleague.browse()),
        ):
            there.member_ids = members
            lead = leads.create(
                {
                    "name": "Khách vãng lai",
                    "company_id": branch.id,
                    "team_id": team.id,
                    "user_id": False,
                }
            )
            with self.subTest(team=team.name, members=members.mapped("name")):
                taken = lead.with_user(self.colleague)
                taken.with_context(allowed_company_ids=companies.ids).action_take()
                self.assertEqual(
                    (lead.user_id, lead.company_id), (self.colleague, branch)
                )
                self.assertNotEqual(lead.team_id, self.team)

    def test_who_calls_or_writes_has_a_lead_that_nobody_had(self):
        """Leave the lead to nobody whose user is of no team, and to the salesperson who
        has it."""
        calls, mails = (
            self.env[f"crm.lead.{name}"] for name in ("call.result", "message")
        )

        def call(result):
            outcome = self.env.ref(f"crm_lead_api.call_outcome_{result}")
            values = {"lead_id": self.lead.id, "outcome_id": outcome.id}
            calls.with_user(self.colleague).create(values).action_save()

        def write():
            values = {"lead_id": self.lead.id, "text": "Chào chị"}
            mails.with_user(self.colleague).create(values).action_mark_sent()

        self.lead.user_id = False
        call("no_answer")
        self.assertFalse(self.lead.user_id)
        self.team.copy({"name": "Ca tối"}).member_ids = self.colleague
        results = ("wrong_number", "no_answer", "considering")
        for contact in (*(partial(call, result) for result in results), write):
            self.lead.user_id = False
            contact()
            self.assertEqual(self.lead.user_id, self.colleague)
            self.assertLessEqual(self.lead.activity_ids.user_id, self.colleague)
        self.lead.with_user(self.env.user).user_id = self.agent
        self.agent.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        calls.with_user(self.agent).create(
            {"lead_id": self.lead.id, "result": "done"}
        ).action_save()
        self.assertEqual(self.lead.user_id, self.agent)

    def test_a_lead_that_was_not_made_belongs_to_nobody_else(self):
        leads = self.env["crm.lead"].with_user(self.colleague)
        with self.assertRaises(AccessError) as refusal:
            leads.web_save({"name": "x", "user_id": self.agent.id}, SPECIFICATION)
        self.assertNotIn("belongs to", str(refusal.exception))
