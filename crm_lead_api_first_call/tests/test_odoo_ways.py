# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test Odoo's own ways to make and assign leads, in teams that give leads out."""

from datetime import datetime, timedelta

from odoo.exceptions import ValidationError

from .common import MORNING, FirstCallCase

RULES = "crm.lead.auto.assignment"
MAIL = """Message-ID: <1@example.com>
From: Vy <vy@example.com>
To: hoi@example.com
Subject: Hỏi giá

Chào phòng khám"""


class TestOdooWays(FirstCallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.gives_all_leads_out = True

    def test_by_hand(self):
        """A lead goes to somebody on duty unless it has a salesperson."""
        leads = self.env["crm.lead"].create(
            [
                {"name": "Vy", "team_id": self.team.id, "user_id": user_id}
                for user_id in (False, self.minh.user_id.id)
            ]
        )
        self.assertEqual(len(leads.first_call_ids), 1)
        self.give_out()
        self.assertIn(leads[0].user_id, (self.lan | self.minh).user_id)
        self.assertEqual(leads[1].user_id, self.minh.user_id)
        [call] = leads[0]._get_first_calls()
        self.assertEqual(call.user_id, leads[0].user_id)

    def test_not_without_the_switch(self):
        self.team.gives_all_leads_out = False
        values = {"name": "Vy", "team_id": self.team.id, "user_id": False}
        self.assertFalse(self.env["crm.lead"].create(values).first_call_ids)

    def test_import_without_teams(self):
        """The team is that of whoever imports."""
        leads = self.env["crm.lead"].with_user(self.minh.user_id)
        ids = leads.with_context(import_file=True).load(["name"], [["Vy"]])["ids"]
        lead = self.env["crm.lead"].browse(ids)
        self.assertEqual((lead.team_id, bool(lead.user_id)), (self.team, False))
        self.assertTrue(lead.first_call_ids)
        other = self.env["crm.team"].create({"name": "Khác"})
        leads = leads.with_context(import_file=True, default_team_id=other.id)
        ids = leads.load(["name"], [["Mai"]])["ids"]
        self.assertEqual(leads.browse(ids).team_id, other, "whose page it is")

    def test_import(self):
        """Whoever imports is not the salesperson, unless the file says so."""
        leads = self.env["crm.lead"].with_context(import_file=True)
        names = ["name", "team_id/.id"]
        rows = [["Vy", str(self.team.id)]]
        ids = leads.load(names, rows)["ids"]
        own = [[*rows[0], str(self.minh.user_id.id)]]
        ids += leads.load([*names, "user_id/.id"], own)["ids"]
        first, second = leads.browse(ids)
        self.assertFalse(first.user_id)
        self.assertTrue(first.first_call_ids)
        self.assertEqual(second.user_id, self.minh.user_id)

    def test_mail(self):
        """A lead by e-mail does not go to the team leader."""
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead", MAIL, custom_values={"team_id": self.team.id}
        )
        lead = self.env["crm.lead"].browse(lead_id)
        self.assertFalse(lead.user_id)
        self.give_out()
        self.assertIn(lead.user_id, (self.lan | self.minh).user_id)
        self.assertEqual(self.get_reasons(lead), ["share"])

    def test_mail_to_another_team(self):
        self.team.gives_all_leads_out = False
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead", MAIL, custom_values={"team_id": self.team.id}
        )
        lead = self.env["crm.lead"].browse(lead_id)
        self.assertEqual(lead.user_id, self.team.user_id)

    # ------------------------------------------------------------ leaves

    def add_leave(self, days, **values):
        start = MORNING - timedelta(hours=2)
        company_id = values.pop("company_id", self.company.id)
        leaves = self.env["resource.calendar.leaves"].with_company(company_id)
        leaves.create(
            {
                "name": "Nghỉ",
                "calendar_id": self.calendar.id,
                "date_from": start,
                "date_to": start + timedelta(days=days, hours=15),
                **values,
            }
        )
        leaves.env.flush_all()  # else the company is the superuser's

    def test_leave(self):
        """Who is on leave gets none: Odoo's time off makes such leaves, too."""
        resource = self.env["resource.resource"].create(
            {
                "name": "Lan",
                "user_id": self.lan.user_id.id,
                "company_id": self.company.id,
                "calendar_id": self.calendar.id,
                "tz": self.calendar.tz,
            }
        )
        self.assertTrue(self.lan.takes_leads)
        self.add_leave(0, resource_id=resource.id)
        self.lan.invalidate_recordset()
        self.assertFalse(self.lan.takes_leads)
        leads = self.make_leads(3)
        self.give_out()
        self.assertEqual(leads.user_id, self.minh.user_id)

    def test_tet(self):
        """On days when the clinic is closed no minute counts."""
        self.add_leave(1)  # Thursday and Friday
        lead = self.make_leads()
        self.give_out()
        self.assertFalse(lead.user_id)
        self.frozen.move_to(datetime(2026, 11, 30, 1, 0, 20))
        (self.lan | self.minh).is_on_duty = True
        self.give_out()
        self.assertEqual(lead.call_date, datetime(2026, 11, 30, 1, 15))
        self.assertLess(lead.first_call_ids.minutes_to_give, 1)

    def test_holiday_of_another_branch(self):
        """The team works, and so do members without hours of their own, also with hours
        that companies share."""
        self.add_leave(1, company_id=self.other_company.id, calendar_id=False)
        for company in (self.company, self.company.browse()):
            with self.subTest(company=company.name):
                self.calendar.company_id = company
                self.assertTrue(self.team._is_open(MORNING))
                lead = self.make_leads()
                self.give_out()
                self.assertTrue(lead.user_id)
                self.assertEqual(lead.call_date, MORNING + timedelta(minutes=15))
                self.assertEqual(self.team._add_minutes(MORNING, 15), lead.call_date)
                worked = self.team._count_minutes(MORNING, lead.call_date)
                self.assertEqual(worked, 15)

    def test_holiday_of_the_company_above(self):
        """Members with hours of their own in the branch have it, too."""
        branch = self.env["res.company"].create(
            {"name": "CN", "parent_id": self.company.id}
        )
        users = (self.lan | self.minh).user_id
        (users | self.team.user_id).company_ids |= branch
        self.team.company_id = branch
        calendar = self.calendar.copy({"company_id": branch.id})
        for user, hours in zip(users, (self.calendar, calendar), strict=True):
            self.env["resource.resource"].create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": branch.id,
                    "calendar_id": hours.id,
                    "tz": calendar.tz,
                }
            )
        self.assertTrue(all((self.lan | self.minh).mapped("takes_leads")))
        self.add_leave(0, calendar_id=False)
        self.env.invalidate_all()
        self.assertFalse(any((self.lan | self.minh).mapped("takes_leads")))

    def test_holiday_of_shared_hours(self):
        """A holiday of hours that companies share is everybody's."""
        self.calendar.company_id = False
        self.add_leave(1, company_id=self.other_company.id)
        self.assertFalse(self.team._is_open(MORNING))

    # ------------------------------------------------------------ Odoo's rules

    def set_rules(self, is_on):
        settings = self.env["res.config.settings"].create({})
        settings.crm_use_auto_assignment = is_on
        settings.execute()

    def test_rules_first(self):
        """A team gives leads out, or Odoo's rules do."""
        team = self.team.copy({"name": "Khác", "gives_leads_out": False})
        team.assignment_optout = False
        self.env["ir.config_parameter"].set_param(RULES, "True")
        with self.assertRaisesRegex(ValidationError, "Skip auto assignment"):
            team.gives_leads_out = True
        team.write({"assignment_optout": True, "gives_leads_out": True})
        with self.assertRaisesRegex(ValidationError, "Skip auto assignment"):
            team.assignment_optout = False

    def test_rules_later(self):
        with self.assertRaisesRegex(ValidationError, "gives out the leads of Tư vấn"):
            self.set_rules(True)
        self.team.assignment_optout = True
        self.set_rules(True)
        self.set_rules(False)

    def test_rules_leave_the_team_alone(self):
        self.team.assignment_optout = True
        self.set_rules(True)
        lead = self.make_leads()
        self.env["crm.team"]._cron_assign_leads(force_quota=True, creation_delta_days=0)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.first_call_ids.state, "waiting")
