# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test who may switch whose duty, and what the screens show of it."""

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError

from .common import MORNING, FirstCallCase


class TestDuty(FirstCallCase):
    def get_shown(self, user):
        return self.get_told(user, "duty")

    def switch(self, user, is_on_duty):
        users = self.env["res.users"].with_user(user)
        return users.switch_first_call_duty(is_on_duty)

    def test_the_own_switch(self):
        self.switch(self.lan.user_id, False)
        self.assertFalse(self.lan.is_on_duty)
        self.assertTrue(self.minh.is_on_duty, "another's duty is the other's")
        self.switch(self.lan.user_id, True)
        self.assertTrue(self.lan.is_on_duty)
        self.assertEqual(
            self.get_shown(self.lan.user_id)[-2:],
            [
                {"is_member": True, "is_on_duty": False},
                {"is_member": True, "is_on_duty": True},
            ],
        )

    def test_others_switches_are_not_for_salespeople(self):
        with self.assertRaises(AccessError):
            self.minh.with_user(self.lan.user_id).is_on_duty = False

    def test_who_is_in_no_such_team(self):
        self.switch(self.agent, True)
        duty = {"is_member": False, "is_on_duty": False}
        self.assertEqual(self.agent._get_first_call_duty(), duty)

    def test_teams_that_do_not_give_leads_out(self):
        self.team.gives_leads_out = False
        duty = {"is_member": False, "is_on_duty": False}
        self.assertEqual(self.get_shown(self.lan.user_id)[-1], duty)
        self.switch(self.lan.user_id, False)
        self.assertTrue(self.lan.is_on_duty)

    def test_who_is_paused_gets_no_leads(self):
        """Give no leads during a pause, and the waiting ones when the pause ends."""
        self.minh.is_on_duty = False
        self.lan.assignment_optout = True
        self.assertFalse(self.lan.takes_leads)
        lead = self.make_leads()
        self.give_out()
        self.assertFalse(lead.user_id)
        self.lan.assignment_optout = False
        self.give_out()
        self.assertEqual(lead.user_id, self.lan.user_id)

    def test_a_pause_ends_after_its_last_day(self):
        """End the pause at the team's midnight, not at that of UTC."""
        self.minh.is_on_duty = False
        self.lan.assignment_optout = True
        self.lan.pause_end = MORNING.date()
        lead = self.make_leads()
        for now, is_paused in (("2026-11-26 16:59", True), ("2026-11-26 17:01", False)):
            with freeze_time(now):
                self.give_out()
            self.assertEqual(self.lan.assignment_optout, is_paused)
        self.assertFalse(self.lan.pause_end, "the next pause has a day of its own")
        self.lan.is_on_duty = True
        with freeze_time("2026-11-27 02:00"):
            self.give_out()
        self.assertEqual(lead.user_id, self.lan.user_id)

    def test_screens_follow_the_end_of_the_shift(self):
        self.frozen.move_to(datetime(2026, 11, 26, 11, 0))
        self.give_out()
        duty = {"is_member": True, "is_on_duty": False}
        self.assertEqual(self.get_shown(self.lan.user_id)[-1], duty)

    def test_nobody_goes_on_duty_after_the_shift(self):
        self.lan.is_on_duty = False
        self.frozen.move_to(datetime(2026, 11, 26, 11, 0))
        self.assertFalse(self.switch(self.lan.user_id, True))
        self.assertFalse(self.lan.is_on_duty)
        self.team.ends_duty = False
        self.assertTrue(self.switch(self.lan.user_id, True))
        self.assertTrue(self.lan.is_on_duty)

    def test_flexible_hours(self):
        """Whose own hours are flexible works when the team does."""
        flexible = self.calendar.copy({"name": "Linh hoạt", "flexible_hours": True})
        flexible.write({"hours_per_day": 8, "full_time_required_hours": 40})
        for calendar in (flexible, flexible.browse()):
            with self.subTest(calendar=calendar.name):
                self.lan.user_id.resource_ids.unlink()
                self.env["resource.resource"].create(
                    {
                        "name": "Lan",
                        "user_id": self.lan.user_id.id,
                        "company_id": self.company.id,
                        "calendar_id": calendar.id,
                        "tz": self.calendar.tz,
                    }
                )
                self.frozen.move_to(MORNING)
                self.lan.is_on_duty = True
                self.lan.invalidate_recordset()
                self.assertTrue(self.lan.takes_leads)
                self.frozen.move_to(datetime(2026, 11, 26, 11, 0))
                self.lan.invalidate_recordset()
                self.assertFalse(self.lan.takes_leads, "the team is closed")
                self.give_out()
                self.assertFalse(self.lan.is_on_duty)

    def test_flexible_hours_in_the_evening(self):
        """Odoo has flexible hours around noon; the team's are those that count, without
        the member's leaves."""
        flexible = self.calendar.copy({"name": "Linh hoạt", "flexible_hours": True})
        flexible.write({"hours_per_day": 8, "full_time_required_hours": 40})
        resource = self.env["resource.resource"].create(
            {
                "name": "Lan",
                "user_id": self.lan.user_id.id,
                "company_id": self.company.id,
                "calendar_id": flexible.id,
                "tz": self.calendar.tz,
            }
        )
        evening = self.calendar.attendance_ids.filtered(
            lambda each: each.day_period == "afternoon"
        )
        (self.calendar.attendance_ids - evening).unlink()
        evening.write({"hour_from": 17, "hour_to": 22})
        self.frozen.move_to(night := datetime(2026, 11, 26, 14, 30))
        self.assertTrue(self.lan.takes_leads)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ",
                "resource_id": resource.id,
                "calendar_id": flexible.id,
                "date_from": night.replace(hour=1),
                "date_to": night.replace(hour=16),
            }
        )
        self.lan.invalidate_recordset()
        self.assertFalse(self.lan.takes_leads)

    def test_flexible_hours_with_some_hours_off(self):
        """Time off of somebody without hours is as long as it says."""
        resource = self.env["resource.resource"].create(
            {
                "name": "Lan",
                "user_id": self.lan.user_id.id,
                "company_id": self.company.id,
                "calendar_id": False,
                "tz": self.calendar.tz,
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ",
                "resource_id": resource.id,
                "date_from": MORNING.replace(hour=6),
                "date_to": MORNING.replace(hour=8),
            }
        )
        for hour, takes_leads in ((2, True), (7, False), (9, True)):
            with self.subTest(hour=hour):
                self.frozen.move_to(MORNING.replace(hour=hour))
                self.lan.invalidate_recordset()
                self.assertEqual(self.lan.takes_leads, takes_leads)
                self.give_out()
                self.assertTrue(self.lan.is_on_duty)

    def test_leads_today(self):
        self.make_leads(4)
        self.give_out()
        self.assertEqual(self.lan.first_calls_today, 2)
        self.assertEqual(self.lan.first_call_count, 2)
        self.frozen.move_to(datetime(2026, 11, 27, 2, 0))
        self.env.invalidate_all()
        self.assertEqual(self.lan.first_calls_today, 0)

    def test_leads_given_today_say_that_they_may_be_more_than_those_of_30_days(self):
        self.make_leads(2)
        self.give_out()
        lead = self.env["crm.lead"].search([("user_id", "=", self.lan.user_id.id)])
        lead.user_id = self.minh.user_id
        self.env.invalidate_all()
        self.assertEqual(
            (self.lan.first_calls_today, self.lan.lead_month_count), (1, 0)
        )
        help_text = self.lan._fields["first_calls_today"].help
        card = self.env.ref("crm_lead_api_first_call.crm_team_member_view_kanban")
        self.assertIn("somebody else has by now", help_text)
        self.assertNotIn("first_calls_today", card.arch, "beside that of 30 days")

    def test_settings_say_which_teams(self):
        self.team.name = "Tư vấn trực"
        settings = self.env["res.config.settings"].new({})
        self.assertIn("Tư vấn trực", settings.first_call_teams)
