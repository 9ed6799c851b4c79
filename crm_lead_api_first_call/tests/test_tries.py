# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test what follows from calls that nobody answers, and what is measured."""

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import MORNING
from .test_touched import TouchedCase


class TestTries(TouchedCase):
    def log_call(self, lead, result):
        lead = self.as_owner(lead)
        action = lead.action_log_call()
        results = lead.env[action["res_model"]].with_context(**action["context"])
        form = Form(results)
        form.outcome_id = self.env.ref(f"crm_lead_api.call_outcome_{result}")
        form.save().action_save()
        self.env.flush_all()

    def is_in_calls_today(self, lead):
        action = self.env.ref("crm_lead_api.crm_lead_call_action")
        domain = [("id", "=", lead.id), *safe_eval(action.domain)]
        return bool(lead.search_count(domain))

    def test_steps(self):
        """Half an hour, three hours, the next morning; then as the dialog has it."""
        lead = self.give_lead()
        owner, call = lead.user_id, lead.first_call_ids
        minutes = 10
        for after in (
            timedelta(minutes=30),
            timedelta(hours=3 + 1),  # lunch
            timedelta(days=1, hours=-1) - timedelta(minutes=10 + 30 + 240),
            timedelta(hours=2),
        ):
            self.frozen.move_to(MORNING + timedelta(minutes=minutes))
            self.log_call(lead, "no_answer")
            planned = MORNING + timedelta(minutes=minutes) + after
            self.assertEqual(lead.call_date, planned)
            is_today = planned.date() == fields.Datetime.now().date()
            self.assertEqual(self.is_in_calls_today(lead), is_today)
            minutes += after // timedelta(minutes=1)
        self.give_out()
        self.assertEqual(lead.user_id, owner, "nobody takes it back")
        self.assertEqual(call.try_count, 4)
        self.assertEqual(call.first_try_date, MORNING + timedelta(minutes=10))
        self.assertEqual(call.minutes_to_try, 10)

    def test_no_answer_is_no_contact(self):
        """A call that did not reach the customer ends the recalls alone."""
        for result, name in (("wrong_number", "Wrong number"), ("busy", "Busy")):
            lead = self.give_lead()
            self.log_call(lead, result)
            call, row = lead.first_call_ids, [("lead_id", "=", lead.id)]
            [intake] = self.env["crm.lead.intake.report"].search(row)
            self.assertEqual((call.state, call.try_count), ("ended", 1))
            self.assertFalse(lead.first_contact_date or call.contact_date)
            self.assertFalse(intake.contacted or intake.is_fast)
            self.assertIn(name, lead.message_ids[:1].body)
        self.frozen.move_to(MORNING + timedelta(minutes=30))
        self.log_call(lead, "considering")
        self.assertTrue(lead.first_contact_date)
        self.assertEqual(call.minutes_to_try, 0)

    def test_after_a_contact(self):
        """Later calls have the times of the dialog."""
        lead = self.give_lead()
        self.log_call(lead, "considering")
        self.frozen.move_to(MORNING + timedelta(hours=1))
        self.log_call(lead, "no_answer")
        self.assertEqual(lead.call_date, MORNING + timedelta(hours=3))
        self.assertEqual(lead.first_call_ids.try_count, 0)

    def test_a_call_that_is_told_twice(self):
        lead = self.give_lead()
        date = MORNING + timedelta(minutes=3)
        self.assertTrue(lead._note_try(date))
        self.assertFalse(lead._note_try(date))
        self.assertEqual(lead.first_call_ids.try_count, 1)
        self.assertEqual(lead.first_call_ids.state, "ended")
        self.assertFalse(lead.first_contact_date)

    def test_a_call_that_the_agent_tells_too(self):
        """After the telephone system: it is one try, and the next stays as planned."""
        lead = self.give_lead()
        call = lead.first_call_ids
        date = lead._get_next_try_date(MORNING)
        self.assertTrue(lead._note_try(MORNING))
        lead._plan_next_try(date, automated=True)
        for minutes, count, planned in ((2, 1, 30), (30, 2, 30 + 240)):  # lunch
            self.frozen.move_to(MORNING + timedelta(minutes=minutes))
            self.log_call(lead, "no_answer")
            self.assertEqual(call.try_count, count)
            self.assertEqual(lead.call_date, MORNING + timedelta(minutes=planned))

    def test_a_try_while_the_lead_waits(self):
        """Whoever gets the lead then makes the next call when it is planned."""
        (self.lan | self.minh).is_on_duty = False
        lead = self.make_leads()
        self.give_out()
        date = lead._get_next_try_date(MORNING)
        self.assertTrue(lead._note_try(MORNING))
        planned = lead._plan_next_try(date, automated=True)
        self.lan.is_on_duty = True
        self.give_out()
        self.minh.is_on_duty = True
        self.pass_deadline()
        self.assertEqual(lead.user_id, self.lan.user_id)
        self.assertEqual(
            (planned.exists().user_id, lead.call_date), (lead.user_id, date)
        )

    def test_other_leads(self):
        """A lead that was never given out has the times of the dialog."""
        self.team.gives_leads_out = False
        lead = self.make_leads()
        self.assertIsNone(lead._get_next_try_date(MORNING))
        self.assertFalse(lead._note_try(MORNING))

    def test_wrong_steps(self):
        for text in ("soon", "-5", "30;60"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.team.next_tries = text

    def test_wrong_numbers(self):
        for name, value in (("first_call_minutes", 0), ("recalls_max", -1)):
            with (
                self.subTest(name),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.team[name] = value
                self.team.flush_recordset()


class TestTakenBack(TouchedCase):
    """Test leads whose contact is taken back, as the addon of telephone systems does:
    a mailbox had picked up."""

    def take_back(self, lead, minutes=5):
        """Reach the customer, and take that back some minutes after the morning."""
        lead.first_contact_date = MORNING
        lead._end_first_calls(lambda: lead)
        self.env.cr.precommit.run()
        self.assertEqual(lead.first_call_ids.state, "ended")
        self.frozen.move_to(MORNING + timedelta(minutes=minutes))
        lead.first_contact_date = False
        lead._plan_first_call(MORNING + timedelta(minutes=minutes))
        return lead.first_call_ids

    def test_recalled(self):
        """The lead has a new deadline, and goes to somebody else after it."""
        self.client.plans_call = False
        lead = self.give_lead()
        owner, deadline = lead.user_id, MORNING + timedelta(minutes=20)
        call = self.take_back(lead)
        self.assertEqual((call.state, call.deadline), ("given", deadline))
        self.assertEqual((lead.call_date, lead.call_user_id), (deadline, owner))
        self.pass_deadline(19)
        self.assertEqual(lead.user_id, owner)
        self.pass_deadline(21)
        self.assertNotEqual(lead.user_id, owner)

    def test_given_while_the_contact_counted(self):
        lead = self.make_leads()
        lead.first_contact_date = MORNING
        self.give_out()
        self.assertFalse(lead.first_call_ids.deadline)
        self.assertEqual(self.take_back(lead).state, "given")

    def test_stays(self):
        stage = self.env["crm.stage"].create({"name": "Đã gọi", "sequence": 50})
        for name, touch in (
            ("tried", lambda lead: lead._note_try(MORNING)),
            ("chosen", lambda lead: lead.write({"user_id": self.agent.id})),
            ("moved", lambda lead: lead.write({"stage_id": stage.id})),
            ("agreed", self.agree_on_a_call),
            ("lost", lambda lead: lead.action_set_lost()),
            ("off", lambda lead: self.team.write({"gives_leads_out": False})),
        ):
            with self.subTest(name):
                self.frozen.move_to(MORNING)
                lead = self.give_lead()
                touch(lead)
                self.assertEqual(self.take_back(lead).state, "ended")


class TestMeasures(TouchedCase):
    def test_working_minutes(self):
        """Of a lead of the lunch hour: given at one, called at a quarter past."""
        noon = MORNING + timedelta(hours=3)
        self.frozen.move_to(noon - timedelta(minutes=2))
        (self.lan | self.minh).is_on_duty = False
        lead = self.make_leads()
        self.frozen.move_to(noon + timedelta(hours=1))
        self.lan.is_on_duty = True
        self.give_out()
        call = lead.first_call_ids
        self.assertEqual(call.minutes_to_give, 2)
        self.assertEqual(call.given_date - call.date, timedelta(hours=1, minutes=2))
        self.assertFalse(call.first_try_date)
        self.frozen.move_to(noon + timedelta(hours=1, minutes=10))
        lead._note_try(noon + timedelta(hours=1, minutes=10))
        self.frozen.move_to(noon + timedelta(hours=1, minutes=30))
        self.as_owner(lead).message_post(
            body="Chào", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(call.contact_date, lead.first_contact_date)
        self.assertEqual(call.minutes_to_try, 12)
        self.assertEqual(call.minutes_to_contact, 32)

    def test_a_contact_is_a_try(self):
        lead = self.give_lead()
        self.frozen.move_to(MORNING + timedelta(minutes=7))
        self.as_owner(lead).activity_ids.action_feedback()
        call = lead.first_call_ids
        self.assertEqual(call.first_try_date, MORNING + timedelta(minutes=7))
        self.assertEqual((call.minutes_to_try, call.minutes_to_contact), (7, 7))
