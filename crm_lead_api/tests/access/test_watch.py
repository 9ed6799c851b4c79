# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The owner of a client is told of trouble, once."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadApiCase
from ..data import MANAGER_GROUP

MONDAY = datetime(2026, 3, 2, 2, 0)  # 09:00 in Vietnam


@tagged("post_install", "-at_install")
class TestWatch(LeadApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._new_user("chu@example.com", MANAGER_GROUP)
        cls.owner.lang = "vi_VN" if cls._has_vietnamese() else "en_US"
        cls.client.owner_id = cls.owner
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "8-12, 13-17",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": start + 4,
                        }
                    )
                    for day in range(5)
                    for start in (8, 13)
                ],
            }
        )

    @classmethod
    def _has_vietnamese(cls):
        return "vi_VN" in dict(cls.env["res.lang"].get_installed())

    def _log(self, date, status=200, count=1, **values):
        self.env["crm.lead.api.request"].sudo().create(
            [
                {
                    "date": date,
                    "client_id": self.client.id,
                    "status": status,
                    "state": "done" if status == 200 else "refused",
                    "error_fields": False if status == 200 else "gender",
                    **values,
                }
                for _number in range(count)
            ]
        )

    def _call_for_two_weeks(self):
        """Calls on each day of work, the last on Monday at 9."""
        for days in range(14):
            date = MONDAY - timedelta(days=days)
            if date.weekday() < 5:
                self._log(date)

    def _watch(self, now):
        """Run the watch at a time; return the activities there are after it."""
        with freeze_time(now):
            self.env["crm.lead.api.client"]._cron_watch()
        self.client.invalidate_recordset()
        return self.client.activity_ids

    def test_silence(self):
        self._call_for_two_weeks()
        # 7 hours of work later
        self.assertFalse(self._watch(MONDAY + timedelta(hours=23)))
        activity = self._watch(MONDAY + timedelta(hours=24))
        self.assertEqual(activity.user_id, self.owner)
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("crm_lead_api.mail_activity_type_silence"),
        )
        self.assertIn("tong-dai", activity.summary)
        for days in (2, 3, 8):
            self.assertEqual(self._watch(MONDAY + timedelta(days=days)), activity)
        activity.action_feedback()
        self.assertFalse(self._watch(MONDAY + timedelta(days=9)))
        # The client sends again, and goes silent again.
        self._log(MONDAY + timedelta(days=9))
        for days in range(9, 14):
            self._log(MONDAY + timedelta(days=days))
        self.assertEqual(len(self._watch(MONDAY + timedelta(days=16))), 1)

    def test_a_holiday_of_another_branch_is_no_excuse(self):
        self._call_for_two_weeks()
        self.company.resource_calendar_id.company_id = self.company
        holiday = {
            "name": "Nghỉ",
            "company_id": self.other_company.id,
            "date_from": MONDAY - timedelta(hours=12),
            "date_to": MONDAY + timedelta(days=1),
        }
        leave = self.env["resource.calendar.leaves"].create(holiday)
        leave.calendar_id = False
        self.assertTrue(self._watch(MONDAY + timedelta(hours=24)))

    def test_a_weekend_is_no_silence(self):
        self._call_for_two_weeks()
        friday = MONDAY + timedelta(days=4, hours=7)  # 16:00
        for days in range(1, 5):
            self._log(MONDAY + timedelta(days=days))
        self._log(friday)
        self.assertFalse(self._watch(friday + timedelta(days=2, hours=23)))
        self.assertTrue(self._watch(friday + timedelta(days=3, hours=8)))

    def test_silence_in_a_company_without_working_hours(self):
        self.company.resource_calendar_id = False
        self._call_for_two_weeks()
        self.assertFalse(self._watch(MONDAY + timedelta(hours=7)))
        self.assertTrue(self._watch(MONDAY + timedelta(hours=8)))

    def test_who_calls_rarely_may_be_silent(self):
        for days in (0, 3, 9):
            self._log(MONDAY - timedelta(days=days))
        self.assertFalse(self._watch(MONDAY + timedelta(days=10)))

    def test_nobody_wants_to_know(self):
        self._call_for_two_weeks()
        self._log(MONDAY, 422, 50)
        self.client.write({"silence_hours": 0, "refused_per_hour": 0})
        self.assertFalse(self._watch(MONDAY + timedelta(minutes=5)))
        self.assertFalse(self._watch(MONDAY + timedelta(days=3)))
        self.client.write({"silence_hours": 8, "is_paused": True})
        self.assertFalse(self._watch(MONDAY + timedelta(days=3)))

    def test_a_burst_of_refused_calls(self):
        self._log(MONDAY - timedelta(hours=2), 422, 30)
        self._log(MONDAY, 422, 19)
        self._log(MONDAY, 200, 30)
        self.assertFalse(self._watch(MONDAY + timedelta(minutes=1)))
        self._log(MONDAY, 422)
        activity = self._watch(MONDAY + timedelta(minutes=1))
        self.assertIn("20", activity.summary)
        self.assertIn("422 gender", activity.summary)
        for minutes in range(5, 50, 5):
            self._log(MONDAY + timedelta(minutes=minutes), 422, 30)
            now = MONDAY + timedelta(minutes=minutes + 1)
            self.assertEqual(self._watch(now), activity)
        activity.action_feedback()
        self.assertFalse(self._watch(now))
        self._log(MONDAY + timedelta(hours=25), 422, 30)
        self.assertTrue(self._watch(MONDAY + timedelta(hours=25)))

    def test_a_new_owner_is_told_beside_the_former_one(self):
        for days in (0, 2):
            now = MONDAY + timedelta(days=days)
            self._log(now, 422, 20)
            activities = self._watch(now + timedelta(minutes=1))
            self.assertEqual(activities.user_id, self.owner)
            self.assertEqual(len(activities), 1)
        self.client.owner_id = new = self._new_user("moi", MANAGER_GROUP)
        self._log(now + timedelta(days=2), 422, 20)
        activities = self._watch(now + timedelta(days=2, minutes=1))
        self.assertEqual(activities.user_id, self.owner + new)

    def test_an_owner_who_has_left(self):
        managers = self.owner
        for name in ("khac", "sau"):
            managers += self._new_user(name, MANAGER_GROUP)
        self.client.company_ids = self.company | self.other_company
        managers[2].company_ids |= self.other_company
        self.client.token_ids.expiration_date = MONDAY + timedelta(days=5)
        mails = self.env["mail.mail"].search([])
        self.owner.active = False
        activity = self._watch(MONDAY)
        self.assertEqual(activity.user_id, managers[2])
        self.assertEqual(self.client.owner_id, managers[2])
        mail = self.env["mail.mail"].search([]) - mails
        self.assertEqual(mail.recipient_ids, managers[2].partner_id)
        # Nobody else is left who may read the client.
        managers[2].group_ids -= self.env.ref(MANAGER_GROUP)
        self._log(MONDAY, 422, 20)
        self.assertEqual(self._watch(MONDAY).user_id, managers[2])

    def test_what_an_administrator_sends_again_is_no_call(self):
        self._call_for_two_weeks()
        # Whoever did so may be gone.
        origin = self.env["crm.lead.api.request"].search([], limit=1)
        self._log(MONDAY + timedelta(hours=20), origin_id=origin.id)
        self._log(MONDAY + timedelta(hours=23), 422, 30, origin_id=origin.id)
        activity = self._watch(MONDAY + timedelta(hours=24))
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("crm_lead_api.mail_activity_type_silence"),
        )

    def test_a_token_that_ends(self):
        self.client.token_ids.expiration_date = MONDAY + timedelta(days=30)
        token = self.client.token_ids
        mails = self.env["mail.mail"].search([])
        told = []
        for days in range(0, 31):
            self._watch(MONDAY + timedelta(days=days))
            new = self.env["mail.mail"].search([]) - mails
            mails |= new
            if new:
                told.append(30 - days)
                self.assertEqual(new.recipient_ids, self.owner.partner_id)
                self.assertIn("tong-dai", new.subject)
                self.assertIn(token.hint, new.body_html)
        self.assertEqual(told, [14, 7, 1])
        self.assertEqual(len(self.client.activity_ids), 1)
        self.assertEqual(
            self.client.activity_ids.date_deadline, token.expiration_date.date()
        )

    def test_the_day_on_which_a_token_ends_is_the_owners(self):
        self.owner.write({"lang": "en_US", "tz": "America/New_York"})
        self.client.token_ids.expiration_date = datetime(2026, 4, 2, 3, 59, 59)
        self._watch(datetime(2026, 4, 1, 2))
        activity = self.client.activity_ids
        self.assertIn("Apr 1", activity.summary)
        self.assertEqual(activity.date_deadline, date(2026, 4, 1))

    def test_a_token_that_ends_without_a_template(self):
        self.env.ref("crm_lead_api.mail_template_token").unlink()
        self.client.token_ids.expiration_date = MONDAY + timedelta(days=30)
        self.assertTrue(self._watch(MONDAY + timedelta(days=29)))

    def test_a_token_that_opens_nothing_ends_quietly(self):
        token, last_day = self.client.token_ids, MONDAY + timedelta(days=29)
        token.expiration_date = MONDAY + timedelta(days=30)
        token.date_revoked = MONDAY
        self.assertFalse(self._watch(last_day))
        token.date_revoked = False
        self.client.active = False
        self.assertFalse(self._watch(last_day))
        self.client.active = True
        self.assertFalse(self._watch(MONDAY + timedelta(days=31)))
        self.assertTrue(self._watch(last_day))

    def test_a_token_that_was_replaced_ends_quietly(self):
        self._new_token()
        new, old = self.client.token_ids
        new.expiration_date = MONDAY + timedelta(days=300)
        old.expiration_date = MONDAY + timedelta(days=30)
        old._replace(new, MONDAY + timedelta(days=7))
        self.assertFalse(self._watch(MONDAY + timedelta(days=6)))
        new.date_revoked = MONDAY
        self.assertIn(old.hint, self._watch(MONDAY + timedelta(days=6)).summary)
