# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import LeadApiHttpCase
from .common import FollowUpCase

CALL = "mail.mail_activity_data_call"


@tagged("post_install", "-at_install")
class TestCalls(FollowUpCase):
    """Each new lead gets a call to do, and a call asks for its result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "Asia/Ho_Chi_Minh"
        cls.agent.write({"tz": "Asia/Ho_Chi_Minh", "lang": "en_US"})

    def setUp(self):
        super().setUp()
        self.env["bus.bus"].search([]).unlink()

    def come_in(self, time, **changes):
        """Return a lead of another customer that came in at a time in UTC."""
        lead = self.create_lead(**{"ticket_id": 99, **changes})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [time, lead.id]
        )
        lead.invalidate_recordset()
        self._run()
        return lead

    def save(self, activity, result, **values):
        """Answer the dialog as the salesperson."""
        action = activity.with_user(self.agent).action_done_with_result()
        self.assertDialog(action, "Result of the Call", "medium")
        results = self.env[action["res_model"]].with_user(self.agent)
        form = Form(results.with_context(**action["context"]))
        form.result = result
        for name, value in values.items():
            form[name] = value
        action = form.save().action_save()
        self.assertEqual(action, {"type": "ir.actions.act_window_close"})

    def test_write_returns_what_odoo_returns(self):
        self.assertIs(self.lead.write({"user_id": self.agent.id}), True)

    def test_call_is_planned_after_the_answer(self):
        self.assertFalse(self.lead.activity_ids)
        self._run()
        call = self.lead.activity_ids
        self.assertEqual(call.activity_type_id, self.env.ref(CALL))
        self.assertEqual(call.user_id, self.agent)
        self.assertFalse(self.lead.first_contact_date)
        # One notice, of the assignment; Odoo's counter of activities learns of the call
        self.assertEqual(len(self._find_notices(self.lead)), 1)
        if call.date_deadline <= fields.Date.today():
            told = self.env["bus.bus"].search([]).mapped("message")
            self.assertTrue(any("mail.activity/updated" in text for text in told))

    def test_minutes_are_working_minutes(self):
        # Friday, 16:55 in Vietnam; the clinic works until 17:00, from Monday 8:00
        lead = self.come_in(datetime(2026, 11, 27, 9, 55))
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 11, 30))
        self.assertEqual(
            lead.activity_ids.summary.replace("\N{NARROW NO-BREAK SPACE}", " "),
            "Call by 11/30/26, 8:10 AM",
        )
        self.client.call_minutes = 5
        lead = self.come_in(datetime(2026, 11, 27, 2, 0), account_id="")
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 11, 27))
        self.assertIn("9:05", lead.activity_ids.summary)

    def test_a_salesperson_on_leave_calls_afterwards(self):
        resources = self.env["resource.resource"].create(
            [
                {
                    "name": "Lan",
                    "user_id": self.agent.id,
                    "company_id": company.id,
                    "calendar_id": self.calendar.id,
                }
                for company in (self.other_company, self.company)
            ]
        )
        for resource, day in zip(resources, (26, 27), strict=True):
            self.env["resource.calendar.leaves"].create(
                {
                    "resource_id": resource.id,
                    "calendar_id": self.calendar.id,
                    "company_id": resource.company_id.id,
                    "date_from": datetime(2026, 11, day - 1, 17),
                    "date_to": datetime(2026, 11, day, 17),
                }
            )
        for day, called in ((26, date(2026, 11, 26)), (27, date(2026, 11, 30))):
            lead = self.come_in(datetime(2026, 11, day, 3), ticket_id=day)
            self.assertEqual(lead.activity_ids.date_deadline, called)

    def test_no_call_is_planned(self):
        def call_before(lead):
            call = lead.activity_schedule(CALL, user_id=self.agent.id)
            call.with_user(self.agent).action_feedback()

        for name, prepare in (
            ("lost", lambda lead: lead.action_set_lost()),
            ("called meanwhile", call_before),
            ("switched off", lambda lead: self.client.write({"plans_call": False})),
        ):
            with self.subTest(name):
                lead = self.create_lead(ticket_id=5)
                prepare(lead)
                self._run()
                self.assertFalse(lead.activity_ids)
                self.client.plans_call = True

    def test_call_goes_to_who_gets_the_lead(self):
        self._run()
        other = self._new_user("other", "sales_team.group_sale_salesman")
        boss = self._new_user("boss", "sales_team.group_sale_salesman_all_leads")
        self.lead.with_user(boss).user_id = other
        self.assertEqual(self.lead.activity_ids.user_id, other)
        nobodys = self.create_lead(ticket_id=6, agent_email="nobody@example.com")
        nobodys.user_id = False
        self._run()
        self.assertFalse(nobodys.activity_ids)
        nobodys.with_user(boss).user_id = other
        self.assertEqual(nobodys.activity_ids.user_id, other)

    def test_the_next_call_goes_to_who_gets_the_lead(self):
        self._run()
        self.save(self.lead.activity_ids, "no_answer")
        other = self._new_user("other", "sales_team.group_sale_salesman")
        self.lead.user_id = other
        self.assertEqual(self.lead.activity_ids.user_id, other)

    def test_a_closed_lead_needs_no_first_call(self):
        for name, close in (
            ("won", lambda lead: lead.action_set_won()),
            ("lost", lambda lead: lead.action_set_lost()),
        ):
            with self.subTest(name):
                lead = self.create_lead(ticket_id=5)
                self._run()
                own = lead.activity_schedule(
                    CALL, user_id=self.env.user.id, automated=False
                )
                rule = lead.activity_schedule(CALL, user_id=self.agent.id)
                self.assertEqual(len(lead.activity_ids), 3)
                close(lead.with_user(self.agent))
                self.assertEqual(lead.activity_ids, own + rule)

    def test_merged_leads_have_one_first_call(self):
        first, second = (self.create_lead(ticket_id=ticket) for ticket in (5, 6))
        self._run()
        calls = first.activity_ids + second.activity_ids
        first.activity_ids.planned_date += timedelta(hours=1)
        promised = second.activity_schedule(
            CALL, user_id=self.agent.id, automated=False
        )
        lead = (first + second).merge_opportunity()
        self.assertEqual(lead.activity_ids, calls[1] + promised)

    def test_calls_of_leads_made_by_hand_stay_as_they_are(self):
        lead = self.env["crm.lead"].create({"name": "x", "user_id": self.agent.id})
        lead.activity_schedule(CALL, user_id=self.agent.id)  # as a server action does
        lead.user_id = self._new_user("other", "sales_team.group_sale_salesman")
        self.assertEqual(lead.activity_ids.user_id, self.agent)

    def test_no_answer_plans_the_next_call(self):
        self._run()
        call = self.lead.activity_ids
        with freeze_time("2026-11-27 09:00:00"):  # 16:00 in Vietnam
            self.save(call, "no_answer")
        self.assertFalse(call.active)
        self.assertEqual(self.lead.activity_ids.date_deadline, date(2026, 11, 30))
        self.assertIn("9:00", self.lead.activity_ids.summary)
        self.assertIn("No answer", self.lead.message_ids[:1].body)
        self.assertTrue(self.lead.first_contact_date)

    def test_the_next_call_is_suggested_in_working_hours(self):
        self._run()
        results = self.env["crm.lead.call.result"].with_user(self.agent)
        context = self.lead.with_user(self.agent).action_log_call()["context"]
        for now, result, suggested in (
            ("2026-11-27 03:30", "no_answer", "2026-11-27 06:30"),  # lunch at noon
            ("2026-11-26 03:00", "call_back", "2026-11-27 03:00"),
            ("2026-11-27 03:00", "call_back", "2026-11-30 01:00"),  # Monday, 8:00
        ):
            with self.subTest(now=now, result=result), freeze_time(now):
                form = Form(results.with_context(**context))
                form.result = result
                self.assertEqual(form.date, fields.Datetime.to_datetime(suggested))

    def test_a_call_that_nobody_has_planned(self):
        lead = self.lead.with_user(self.agent)
        self.assertFalse(lead.activity_ids)
        action = lead.action_log_call()
        results = self.env[action["res_model"]].with_user(self.agent)
        form = Form(results.with_context(**action["context"]))
        form.result = "call_back"
        form.date = datetime(2030, 1, 2, 3, 0)
        form.note = "Sau Tết"
        form.save().action_save()
        self.assertIn("Sau Tết", lead.message_ids[:1].body)
        self.assertEqual(lead.message_ids[:1].author_id, self.agent.partner_id)
        self.assertTrue(lead.first_contact_date)
        self.assertEqual(lead.activity_ids.planned_date, datetime(2030, 1, 2, 3, 0))

    def test_a_call_that_is_logged_ends_the_first_planned_call(self):
        self._run()
        call = self.lead.activity_ids
        action = self.lead.with_user(self.agent).action_log_call()
        self.assertEqual(action["context"]["default_activity_id"], call.id)

    def test_a_call_that_is_done_as_soon_as_it_is_planned(self):
        schedule = self.env["mail.activity.schedule"].with_user(self.agent)

        def mark_done(activity_type, leads):
            form = Form(
                schedule.with_context(active_model="crm.lead", active_ids=leads.ids)
            )
            form.activity_type_id = self.env.ref(activity_type)
            return form.save().action_schedule_activities_done()

        action = mark_done(CALL, self.lead)
        self.assertEqual(action["res_model"], "crm.lead.call.result")
        [call] = self.lead.activity_ids
        self.assertEqual(action["context"]["default_activity_id"], call.id)
        self.assertFalse(call.automated)
        call.unlink()
        mark_done("mail.mail_activity_data_todo", self.lead)
        mark_done(CALL, self.lead + self.create_lead(ticket_id=7))
        self.assertFalse(self.lead.activity_ids)

    def test_call_back(self):
        self._run()
        when = datetime(2030, 1, 2, 18, 30)  # the next day in Vietnam
        self.save(self.lead.activity_ids, "call_back", date=when, note="Sau Tết")
        call = self.lead.activity_ids
        self.assertEqual(call.activity_type_id, self.env.ref(CALL))
        self.assertEqual(call.date_deadline, date(2030, 1, 3))
        self.assertIn("1:30", call.summary)
        self.assertIn("Sau Tết", self.lead.message_ids[:1].body)

    def test_booked(self):
        self._run()
        when = datetime(2030, 1, 2, 3, 0)
        self.save(self.lead.activity_ids, "booked", appointment_date=when)
        meeting = self.lead.activity_ids
        self.assertEqual(meeting.activity_category, "meeting")
        self.assertEqual(meeting.date_deadline, date(2030, 1, 2))
        self.assertTrue(self.lead.active)

    def test_not_interested(self):
        self._run()
        reason = self.env["crm.lost.reason"].create({"name": "Đắt quá"})
        self.save(self.lead.activity_ids, "not_interested", lost_reason_id=reason)
        self.assertEqual(self.lead.won_status, "lost")
        self.assertEqual(self.lead.lost_reason_id, reason)
        self.assertFalse(self.lead.activity_ids)

    def test_who_may_not_change_the_lead_is_asked_for_no_result(self):
        other = self._new_user("other", "sales_team.group_sale_salesman")
        call = self.lead.activity_schedule(CALL, user_id=other.id)
        self.env.flush_all()
        call.with_user(other).action_done_with_result()
        self.assertFalse(call.active)

    def test_call_is_done_once(self):
        self._run()
        call = self.lead.activity_ids
        self.save(call, "booked")
        with self.assertRaises(UserError):
            self.save(call, "not_interested")
        self.assertEqual(self.lead.won_status, "pending")

    def test_result_is_needed(self):
        self._run()
        call = self.lead.activity_ids.with_user(self.agent)
        wizard = self.env["crm.lead.call.result"].create({"activity_id": call.id})
        with self.assertRaisesRegex(UserError, "Choose the result"):
            wizard.action_save()
        wizard.write({"result": "call_back", "date": False})
        with self.assertRaisesRegex(UserError, "when to call"):
            wizard.action_save()

    def test_other_activities_ask_nothing(self):
        todo = self.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id
        )
        todo.with_user(self.agent).action_done_with_result()
        self.assertFalse(todo.active)


@tagged("post_install", "-at_install")
class TestCallsTour(LeadApiHttpCase):
    def test_a_salesperson_closes_calls(self):
        leads = self.env["crm.lead"]
        for number, name in enumerate(("Lê An", "Trần Bình"), 1):
            leads += self.create_lead(
                ticket_id=number,
                phone_no1=f"096801111{number}",
                contact_name=name,
                **dict.fromkeys(("phone_no2", "phone_no3", "email_from")),
            )
        self.env["crm.lost.reason"].create({"name": "Đắt quá"})
        self.env["crm.lead.api.follow.up"].search([])._process()
        first, second = leads
        self.assertEqual(len(leads.activity_ids), 2)
        unplanned = leads.create(
            {"name": "x", "contact_name": "Phạm Mai", "user_id": self.agent.id}
        )
        link = first._get_staff_url().removeprefix(first.get_base_url())
        self.start_tour(link, "crm_lead_api_call_result_tour", login=self.agent.login)
        self.assertEqual(first.won_status, "lost")
        self.assertEqual(first.lost_reason_id.name, "Đắt quá")
        self.assertTrue(second.first_contact_date)
        self.assertEqual(unplanned.won_status, "lost")
        self.assertEqual(len(second.activity_ids), 1)
        self.assertGreaterEqual(
            second.activity_ids.date_deadline,
            fields.Date.today() - timedelta(days=1),
        )
