# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import LeadApiCase, LeadApiHttpCase


def make_old(lead, **ago):
    """Let a lead have come in some time ago."""
    lead.env.flush_all()
    lead.env.cr.execute(
        "UPDATE crm_lead SET create_date = %s WHERE id = %s",
        [fields.Datetime.now() - timedelta(**ago), lead.id],
    )
    lead.invalidate_recordset(["create_date"])


@tagged("post_install", "-at_install")
class TestCallsToday(LeadApiCase):
    def setUp(self):
        super().setUp()
        self.client.plans_call = False  # each test plans its own

    def find(self):
        """Return the leads of the company in the list, in the list's order."""
        action = self.env.ref("crm_lead_api.crm_lead_call_action")
        domain = safe_eval(action.domain) + [("company_id", "=", self.company.id)]
        view = etree.fromstring(
            self.env.ref("crm_lead_api.crm_lead_call_view_list").arch
        )
        leads = self.env["crm.lead"].with_user(self.agent)
        return leads.search(domain, order=view.get("default_order")).sudo(False)

    def plan(self, lead, days, **values):
        return lead.activity_schedule(
            "mail.mail_activity_data_call",
            fields.Date.context_today(lead) + timedelta(days=days),
            user_id=self.agent.id,
            **values,
        )

    def test_the_first_due_call_comes_first(self):
        self.agent.tz = "Asia/Ho_Chi_Minh"
        now = fields.Datetime.now()
        no_time, late, soon, unplanned, called, done = (
            self.create_lead(ticket_id=ticket) for ticket in range(1, 7)
        )
        (called + done).first_contact_date = now
        self.plan(no_time, 1)  # of today in any time zone, or later
        self.plan(soon, 0, planned_date=now + timedelta(minutes=1))
        self.plan(late, 0, planned_date=now - timedelta(hours=1))
        self.plan(late, 0, planned_date=now + timedelta(hours=1))
        self.plan(called, -1, planned_date=now - timedelta(days=1))
        self.plan(done, 0).action_feedback()
        self.assertEqual(
            self.find().ids, [called.id, late.id, soon.id, no_time.id, unplanned.id]
        )
        self.assertEqual(late.call_date, now - timedelta(hours=1))
        self.assertFalse(unplanned.call_date)

    def test_a_call_without_a_time_is_due_at_the_end_of_its_day(self):
        self.agent.tz = "Asia/Ho_Chi_Minh"
        lead, planned = (self.create_lead(ticket_id=ticket) for ticket in (1, 2))
        call = self.plan(lead, 0)
        call.date_deadline = "2026-11-27"
        end = datetime(2026, 11, 27, 16, 59, 59)  # midnight in Vietnam
        self.assertEqual(lead.call_date, end)
        leads = (lead + planned).with_user(self.agent)
        other = self.plan(planned, 0)
        for seconds, order in ((-1, planned + lead), (1, lead + planned)):
            other.planned_date = end + timedelta(seconds=seconds)
            found = leads.search([("id", "in", leads.ids)], order="call_date")
            self.assertEqual(found.ids, order.ids)
            found = leads.search([("id", "in", leads.ids)], order="call_date desc")
            self.assertEqual(found.ids, order[::-1].ids)

    def test_a_call_that_is_moved_to_another_day_loses_its_time(self):
        lead = self.create_lead()
        call = self.plan(lead, 0, planned_date=datetime(2026, 11, 27, 3))
        call.date_deadline = "2026-11-30"
        self.assertFalse(call.planned_date)

    def test_a_moved_call_does_not_tell_the_time_before(self):
        self.client.plans_call = True
        call = self.create_lead()._get_next_call()
        self.assertIn("Call by", call._get_reader_summary())
        call.action_reschedule_nextweek()
        self.assertFalse(call._get_reader_summary())
        call = self.create_lead(ticket_id=2)._get_next_call()
        call.summary = "Hỏi Botox"
        call.action_reschedule_nextweek()
        self.assertEqual(call._get_reader_summary(), "Hỏi Botox", "the user's own")

    def test_leads_without_a_time_keep_their_order(self):
        leads = self.env["crm.lead"].union(
            *(self.create_lead(ticket_id=ticket) for ticket in range(1, 6))
        )
        self.env.flush_all()
        for lead in leads[::2] + leads[1::2]:  # as PostgreSQL finds them
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = '2026-11-27' WHERE id = %s",
                [lead.id],
            )
        self.assertEqual(self.find().ids, leads[::-1].ids)

    def test_the_leads_that_nobody_has_called_come_last(self):
        called, planned, later, lost, old, new = (
            self.create_lead(ticket_id=ticket) for ticket in range(1, 7)
        )
        make_old(old, days=3)
        for lead, days in ((called, None), (planned, -1), (later, 1)):
            lead.first_contact_date = fields.Datetime.now()
            if days:
                self.plan(lead, days)
        lost.action_set_lost()
        self.assertEqual(self.find().ids, [planned.id, new.id, old.id])
        self.assertEqual((new + called).mapped("is_called"), [False, True])

    def test_a_wrong_number_comes_last(self):
        """The next lead is another one."""
        older, wrong = self.create_lead(ticket_id=1), self.create_lead(ticket_id=2)
        older.user_id = False
        self.assertEqual(self.find().ids, [wrong.id, older.id])
        self.plan(wrong, 0)
        call = wrong._get_next_call().with_context(lead_api_is_try=True)
        call.call_outcome_id = self.env.ref("crm_lead_api.call_outcome_wrong_number")
        call.action_feedback()
        self.assertEqual(self.find().ids, [older.id, wrong.id])
        self.plan(wrong, 0)  # of the right number
        wrong._get_next_call().with_context(lead_api_is_try=True).action_feedback()
        self.assertEqual(self.find().ids, [wrong.id, older.id])

    def test_what_to_check_with_the_customer(self):
        self.env["res.partner"].create(
            [{"name": name, "phone": "0900000202"} for name in ("Bà Ánh", "Ánh")]
        )
        lead = self.create_lead().with_user(self.agent)
        text = "Proposed changes · Other contacts match"
        self.assertEqual(lead.call_check, text)
        lead.match_candidate_ids.active = False
        self.assertEqual(lead.call_check, "Proposed changes")
        lead.proposal_ids.action_refuse()
        self.assertFalse(lead.call_check)

    @freeze_time("2026-11-27 08:00:00")  # in the company's working hours
    def test_why_to_call(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        new, planned, by_hand, typed = (
            self.create_lead(ticket_id=ticket) for ticket in range(1, 5)
        )
        self.client.plans_call = True
        planned._plan_first_call(fields.Datetime.now())
        self.plan(by_hand, 0, summary="Hỏi giá")
        self.plan(typed, 0)
        leads = (new + planned + by_hand + typed).with_user(self.agent)
        self.assertEqual(
            leads.mapped("call_reason"),
            ["No call planned", "New lead", "Hỏi giá", "Call"],
        )
        new.user_id = False
        self.assertEqual(leads[0].call_reason, "Nobody's yet")
        for kind, group in ((False, by_hand + typed), ("new_lead", new + planned)):
            found = leads.search([("id", "in", leads.ids), ("call_kind", "=", kind)])
            self.assertEqual(set(found), set(group))
            self.assertEqual(set(group.mapped("call_kind")), {kind})
        groups = leads._read_group([("id", "in", leads.ids)], ["call_kind"])
        self.assertEqual(groups, [("new_lead",), (False,)])
        results = self.env["crm.lead.call.result"].with_user(self.agent)
        for number, result, reason, vietnamese in (
            (2, "no_answer", "Not reached", "Chưa liên lạc được"),
            (3, "call_back", "Agreed call back", "Hẹn gọi lại"),
        ):
            action = planned.with_user(self.agent).action_log_call()
            results.with_context(**action["context"]).create(
                {"result": result, "date": fields.Datetime.now()}
            ).action_save()
            with self.subTest(result):
                lead = planned.with_user(self.agent)
                self.assertEqual(lead.call_reason, f"{reason} · call {number}")
                text = lead.with_context(lang="vi_VN").call_reason
                self.assertEqual(text, f"{vietnamese} · gọi lần {number}")
        action = new.with_user(self.agent).action_log_call()
        wrong = self.env.ref("crm_lead_api.call_outcome_wrong_number")
        results.with_context(**action["context"]).create(
            {"outcome_id": wrong.id}
        ).action_save()
        new.user_id = False
        self.assertEqual(leads[0].call_reason, "Nobody's yet · Wrong number")
        planned.activity_ids.action_feedback()
        self.assertFalse(planned.call_reason)

    def test_why_by_then(self):
        self.client.write({"plans_call": True, "call_minutes": 20})
        lead = self.create_lead()
        text = f"New lead · within 20 working minutes of {self.agent.name}"
        self.assertEqual(lead.with_user(self.agent).call_date_why, text)
        self.client.call_minutes = 60
        self.env.invalidate_all()
        self.assertEqual(lead.with_user(self.agent).call_date_why, text, "as planned")
        lead._get_next_call().date_deadline = "2026-11-30"  # by hand
        self.assertEqual(lead.call_date_why, "New lead")

    def test_each_service_is_on_a_card_once(self):
        lead = self.create_lead()
        self.assertEqual(lead.name, "Trần Thị Thanh Thảo – Nâng mũi +1")
        self.assertEqual(lead.untitled_service_ids, self.service_2)
        self.assertEqual(lead.first_service, "Nâng mũi +1")
        lead.name = "Khách quen"
        self.assertEqual(lead.untitled_service_ids, self.service + self.service_2)
        lead.service_ids.unlink()
        self.assertFalse(lead.first_service)


@tagged("post_install", "-at_install")
class TestCallsTodayTour(LeadApiHttpCase):
    def test_a_salesperson_calls_from_the_list(self):
        self.client.plans_call = False
        old, new, called = (
            self.create_lead(
                ticket_id=ticket,
                phone_no1=phone,
                contact_name=name,
                **dict.fromkeys(("phone_no2", "phone_no3", "email_from")),
            )
            for ticket, phone, name in (
                (1, "02838220001", "Trần Bình"),
                (2, "0968 011 112", "Lê An"),
                (3, "0968 011 113", "Phạm Mai"),
            )
        )
        make_old(old, hours=3)
        called.first_contact_date = fields.Datetime.now()
        (old + new + called).type = "opportunity"
        now = fields.Datetime.now()
        for lead, minutes in ((old, 10), (new, -10)):
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                user_id=self.agent.id,
                planned_date=now + timedelta(minutes=minutes),
                call_reason="call_back",
            )
        self.start_tour(
            "/odoo/action-crm_lead_api.crm_lead_call_action",
            "crm_lead_api_calls_today_tour",
            login=self.agent.login,
        )
