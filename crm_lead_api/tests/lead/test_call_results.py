# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import LeadApiHttpCase
from .calls import CALL, CallCase


@tagged("post_install", "-at_install")
class TestCallResults(CallCase):
    """A call asks for its result, and does what follows."""

    def test_no_answer_plans_the_next_call(self):
        call = self.lead.activity_ids
        with freeze_time("2026-11-27 09:00:00"):  # 16:00 in Vietnam
            self.save(call, "no_answer")
        self.assertFalse(call.active)
        self.assertEqual(self.lead.activity_ids.date_deadline, date(2026, 11, 30))
        self.assertIn("9:00", self.lead.activity_ids.summary)
        self.assertIn("No answer", self.lead.message_ids[:1].body)
        self.assertFalse(self.lead.first_contact_date, "nobody spoke to the customer")
        self.assertEqual(self.lead.lead_api_state, "new")

    def test_the_next_call_is_of_somebody_who_still_works(self):
        self.lead.user_id = self._new_user("left", "sales_team.group_sale_salesman")
        self.lead.user_id.active = False
        self.save(self.lead.activity_ids, "no_answer")
        self.assertEqual(self.lead.activity_ids.user_id, self.agent)

    def test_the_next_call_is_suggested_in_working_hours(self):
        results = self.env["crm.lead.call.result"].with_user(self.agent)
        context = self.lead.with_user(self.agent).action_log_call()["context"]
        for now, result, suggested in (
            ("2026-11-27 03:30", "no_answer", "2026-11-27 06:30"),  # lunch at noon
            ("2026-11-26 03:00", "call_back", "2026-11-27 03:00"),
            ("2026-11-27 03:00", "call_back", "2026-11-30 01:00"),  # Monday, 8:00
            ("2026-11-27 03:00", "busy", "2026-11-27 03:30"),
            ("2026-11-23 03:00", "considering", "2026-11-26 03:00"),
        ):
            with self.subTest(now=now, result=result), freeze_time(now):
                form = Form(results.with_context(**context))
                form.outcome_id = self.env.ref(f"crm_lead_api.call_outcome_{result}")
                self.assertEqual(form.date, fields.Datetime.to_datetime(suggested))

    def test_a_call_that_nobody_has_planned(self):
        lead = self.lead.with_user(self.agent)
        lead.activity_ids.unlink()
        action = lead.action_log_call()
        results = self.env[action["res_model"]].with_user(self.agent)
        form = Form(results.with_context(**action["context"]))
        form.outcome_id = self.env.ref("crm_lead_api.call_outcome_call_back")
        form.date = datetime(2030, 1, 2, 3, 0)
        form.note = "Sau Tết"
        notice = form.save().action_save()["params"]["message"]
        self.assertEqual(
            notice.replace("\u202f", " "), "Call again: Jan 2, 2030, 10:00 AM"
        )
        self.assertIn("Sau Tết", lead.message_ids[:1].body)
        self.assertEqual(lead.message_ids[:1].author_id, self.agent.partner_id)
        self.assertTrue(lead.first_contact_date)
        self.assertEqual(lead.activity_ids.planned_date, datetime(2030, 1, 2, 3, 0))

    def test_the_next_call_takes_the_place_of_an_earlier_one(self):
        own = self.lead.activity_schedule(CALL, user_id=self.agent.id, automated=False)
        own.planned_date = datetime(2026, 1, 1)  # the first one
        other = self._new_user("other", "sales_team.group_sale_salesman")
        agreed = self.lead._plan_activity(
            CALL,
            datetime(2030, 1, 2, 3),
            lambda env, time: time,
            user=other,
            call_reason="call_back",
        )
        self.save(own, "no_answer")
        self.save(self.lead._get_calls_again("no_answer"), "busy")
        self.assertTrue(agreed.exists(), "nobody answered")
        [again] = self.lead._get_calls_again("no_answer")
        self.save(again, "considering")
        self.assertFalse(agreed.exists())
        self.assertEqual(len(self.lead._get_calls_again("no_answer", "call_back")), 1)

    def test_a_call_that_is_logged_ends_the_first_planned_call(self):
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

        self.lead.activity_ids.unlink()
        action = mark_done(CALL, self.lead)
        self.assertEqual(action["res_model"], "crm.lead.call.result")
        [call] = self.lead.activity_ids
        self.assertEqual(action["context"]["default_activity_id"], call.id)
        self.assertFalse(call.automated)
        call.unlink()
        mark_done("mail.mail_activity_data_todo", self.lead)
        self.client.plans_call = False
        mark_done(CALL, self.lead + self.create_lead(ticket_id=7))
        self.assertFalse(self.lead.activity_ids)

    def test_call_back(self):
        when = datetime(2030, 1, 2, 18, 30)  # the next day in Vietnam
        self.save(self.lead.activity_ids, "call_back", date=when, note="Sau Tết")
        call = self.lead.activity_ids
        self.assertEqual(call.activity_type_id, self.env.ref(CALL))
        self.assertEqual(call.date_deadline, date(2030, 1, 3))
        self.assertIn("1:30", call.summary)
        self.assertIn("Sau Tết", self.lead.message_ids[:1].body)

    def test_talked_and_considering_plans_the_next_call(self):
        with freeze_time("2026-11-23 03:00:29"):
            self.save(self.lead.activity_ids, "considering")
        self.assertEqual(self.lead.call_date, datetime(2026, 11, 26, 3))
        self.assertIn("Talked, considering", self.lead.message_ids[:1].body)

    def test_an_administrator_adds_a_result(self):
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        own = (
            self.env["crm.lead.call.outcome"]
            .with_user(manager)
            .create({"name": "Bận họp", "result": "no_answer", "hours": 1})
        )
        action = self.lead.with_user(self.agent).action_log_call()
        results = self.env[action["res_model"]].with_user(self.agent)
        form = Form(results.with_context(**action["context"]))
        with freeze_time("2026-11-27 03:00"):
            form.outcome_id = own.with_user(self.agent)
            self.assertEqual(form.date, datetime(2026, 11, 27, 4))
            form.save().action_save()
        self.assertIn("Bận họp", self.lead.message_ids[:1].body)

    def test_the_telephones_results_are_in_the_list(self):
        names = self.env["crm.lead.call.outcome"].search([]).mapped("name")
        for name in (
            *("Answered", "No answer", "Busy", "Voicemail", "Wrong number"),
            "Call back",
        ):
            self.assertIn(name, names)

    def test_nothing_follows_a_wrong_number(self):
        action = self.save(self.lead.activity_ids, "wrong_number")
        why = self.lead.call_date_why
        self.assertIn("Wrong number · call another number, write, or mark", why)
        self.assertFalse(self.lead.activity_ids)
        self.assertEqual(self.lead.won_status, "pending")
        self.assertFalse(self.lead.is_called, "somebody else has answered")
        self.assertIn("was not reached", action["params"]["message"])
        lead = self.lead.with_user(self.agent)
        self.assertEqual(lead.call_reason, "No call planned · Wrong number")
        lead.first_contact_date = datetime(2030, 1, 2)
        self.assertFalse(lead.call_reason)

    def test_who_logs_a_wrong_number_has_the_lead(self):
        members = [Command.link(self.agent.id)]
        self.env["crm.team"].create({"name": "Sales", "member_ids": members})
        self.lead.user_id = False
        self.save(self.lead.activity_ids, "wrong_number")
        self.assertEqual(self.lead.user_id, self.agent)
        self.assertFalse(self.lead.activity_ids, "a call to the wrong number")

    def test_the_last_call_is_not_the_one_that_was_planned_last(self):
        older, lead = self.lead, self.create_lead(ticket_id=2)
        older.activity_ids.unlink()
        first = lead.activity_ids
        second = lead.activity_schedule(CALL, user_id=self.agent.id, automated=False)
        self.save(second, "answered")
        self.save(first, "wrong_number")
        self.assertFalse(lead.activity_ids)
        leads = older | lead
        for before, last, is_not_reached in (
            (second, first, True),
            (first, second, False),
        ):
            before.finished_date = datetime(2030, 1, 2, 3)
            last.finished_date = datetime(2030, 1, 2, 4)
            self.env.invalidate_all()
            self.assertEqual(lead.is_not_reached, is_not_reached)
            found = leads.search([("id", "in", leads.ids)], order="call_date")
            self.assertEqual(found[1] == lead, is_not_reached)

    def test_a_call_is_planned(self):
        self.lead.activity_ids.unlink()
        action = self.lead.with_user(self.agent).action_plan_call()
        plans = self.env[action["res_model"]].with_user(self.agent)
        form = Form(plans.with_context(**action["context"]))
        form.planned_date = datetime(2030, 1, 2, 3, 0)
        form.save().action_schedule_activities()
        call = self.lead._get_next_call()
        self.assertEqual(call.date_deadline, date(2030, 1, 2))
        self.assertEqual(self.lead.call_date, datetime(2030, 1, 2, 3, 0))
        self.assertEqual(call.user_id, self.agent)
        today = literal_eval(self.env.ref("crm_lead_api.crm_lead_call_action").domain)
        self.assertFalse(self.lead.filtered_domain(today), "not of today")
        call.unlink()
        form = Form(plans.with_context(**action["context"]))
        form.planned_date = datetime(2030, 1, 2, 3, 0)
        form.date_deadline = date(2030, 1, 4)
        form.save().action_schedule_activities()
        call = self.lead._get_next_call()
        self.assertEqual(call.date_deadline, date(2030, 1, 4))
        self.assertFalse(call.planned_date)

    def test_booked(self):
        when = datetime(2030, 1, 2, 3, 0)
        self.save(self.lead.activity_ids, "booked", appointment_date=when)
        meeting = self.lead.activity_ids
        self.assertEqual(meeting.activity_category, "meeting")
        self.assertEqual(meeting.date_deadline, date(2030, 1, 2))
        self.assertTrue(self.lead.active)

    def test_not_interested(self):
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
        call = self.lead.activity_ids
        self.save(call, "no_answer")
        with self.assertRaises(UserError):
            self.save(call, "not_interested")
        self.assertEqual(self.lead.won_status, "pending")

    def test_result_is_needed(self):
        call = self.lead.activity_ids.with_user(self.agent)
        wizard = self.env["crm.lead.call.result"].create({"activity_id": call.id})
        with self.assertRaisesRegex(UserError, "Choose the result"):
            wizard.action_save()
        wizard.write({"result": "call_back", "date": False})
        with self.assertRaisesRegex(UserError, "when to call"):
            wizard.action_save()

    def test_an_appointment_needs_its_time(self):
        call = self.lead.activity_ids.with_user(self.agent)
        values = {"activity_id": call.id, "result": "booked"}
        wizard = self.env["crm.lead.call.result"].create(values)
        with self.assertRaisesRegex(UserError, "when the customer comes"):
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
        first, second = leads
        self.assertEqual(len(leads.activity_ids), 2)
        unplanned = leads.create(
            {"name": "x", "contact_name": "Phạm Mai", "user_id": self.agent.id}
        )
        leads.create({"name": "Chưa qua API", "user_id": self.agent.id})
        link = first._get_staff_url().removeprefix(first.get_base_url())
        with mute_logger("odoo.http"):
            self.start_tour(
                link, "crm_lead_api_call_result_tour", login=self.agent.login
            )
        self.assertEqual(first.won_status, "lost")
        self.assertEqual(first.lost_reason_id.name, "Đắt quá")
        self.assertFalse(second.first_contact_date)
        self.assertEqual(unplanned.won_status, "lost")
        self.assertEqual(len(second.activity_ids), 1)
        self.assertGreaterEqual(
            second.activity_ids.date_deadline,
            fields.Date.today() - timedelta(days=1),
        )
