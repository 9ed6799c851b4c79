# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .calls import CALL, CallCase


@tagged("post_install", "-at_install")
class TestCalls(CallCase):
    """Each new lead gets a call to do."""

    def come_in(self, time, **changes):
        """Return a lead of another customer that came in at a time in UTC."""
        with freeze_time(time), patch.object(self.env.cr, "_now", time):
            return self.create_lead(**{"ticket_id": 99, **changes})

    def test_write_returns_what_odoo_returns(self):
        self.assertIs(self.lead.write({"user_id": self.agent.id}), True)

    def test_call_is_planned(self):
        self.env["bus.bus"].search([]).unlink()
        lead = self.create_lead(ticket_id=2)
        call = lead.activity_ids
        self.assertEqual(call.activity_type_id, self.env.ref(CALL))
        self.assertEqual(call.user_id, self.agent)
        self.assertFalse(lead.first_contact_date)
        # No other message than the creation note, beside the notice of the assignment
        self.assertEqual(len(lead.message_ids), 1)
        if call.date_deadline <= fields.Date.today():
            self.env.cr.precommit.run()
            told = self.env["bus.bus"].search([]).mapped("message")
            self.assertTrue(any("mail.activity/updated" in text for text in told))

    def test_a_done_call_is_no_next_step_in_the_list_of_a_customers_leads(self):
        self.lead.activity_ids.action_done()
        context = self.lead.partner_id.action_view_opportunity()["context"]
        lead = self.env["crm.lead"].with_context(**context).browse(self.lead.id)
        self.assertFalse(lead.activity_ids or lead.activity_summary)

    def test_minutes_are_working_minutes(self):
        # Friday, 16:55 in Vietnam; the clinic works until 17:00, from Monday 8:00
        lead = self.come_in(datetime(2026, 11, 27, 9, 55))
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 11, 30))
        self.assertEqual(
            lead.activity_ids.summary.replace("\N{NARROW NO-BREAK SPACE}", " "),
            "Call by Nov 30, 8:10 AM",
        )
        self.client.call_minutes = 5
        lead = self.come_in(datetime(2026, 11, 27, 2, 0), account_id="")
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 11, 27))
        self.assertIn("9:05", lead.activity_ids.summary)

    def test_minutes_to_the_first_contact_are_working_minutes(self):
        """A lead of the evening is contacted in time at the start of the next day."""
        leads = self.lead.browse()
        for minutes in (10, 11):
            # Friday, 16:55 in Vietnam, and Monday, from 8:10
            lead = self.come_in(datetime(2026, 11, 27, 9, 55), ticket_id=minutes)
            lead.first_contact_date = datetime(2026, 11, 30, 1, minutes)
            leads += lead
        reports = self.env["crm.lead.intake.report"]
        rows = reports.search([("lead_id", "in", leads.ids)], order="id")
        self.assertEqual(rows.mapped("is_fast"), [1, 0])
        with freeze_time(datetime(2026, 11, 30, 1, 10)):
            late_before = reports.with_company(self.company).get_late_before()
        self.assertEqual(late_before, leads[0].create_date)

    def test_a_merge_counts_no_minutes_to_the_first_contact_again(self):
        lead = self.come_in(datetime(2026, 11, 27, 9, 55))
        stage = lead.stage_id
        self.env["crm.stage"].create(
            {"name": "Đã gọi", "sequence": 900, "lead_api_after": "contact"}
        )
        lead.first_contact_date = datetime(2026, 11, 30, 1, 10)
        self.assertTrue(lead.is_contacted_fast)
        lead.write({"stage_id": stage.id, "probability": 90})
        self.company.resource_calendar_id = self.calendar.copy()
        self.company.resource_calendar_id.attendance_ids.hour_to = 22
        merged = (lead + self.create_lead(ticket_id=5)).merge_opportunity()
        self.env.flush_all()
        self.assertEqual((merged, merged.stage_id), (lead, stage))
        self.assertTrue(merged.is_contacted_fast)

    def test_by_night_a_lead_without_planned_call_says_from_when_to_call(self):
        self.lead.activity_ids.unlink()
        # Friday, 16:00 and 21:45 in Vietnam
        for hour, text in ((9, ""), (14.75, " · call from Nov 30, 8:00 AM")):
            self.lead.invalidate_recordset(["call_reason", "call_date_why"])
            time = datetime(2026, 11, 27) + timedelta(hours=hour)
            with self.subTest(time), freeze_time(time):
                why = self.lead.with_user(self.agent).call_date_why
                why = why.replace("\N{NARROW NO-BREAK SPACE}", " ")
                self.assertEqual(why, f"No call planned{text}")

    def test_without_working_hours_all_minutes_count(self):
        self.company.resource_calendar_id = False
        self.client.call_minutes = 30
        time = datetime(2026, 11, 28, 17)  # Sunday, 0:00 in Vietnam
        call = self.come_in(time).activity_ids
        self.assertEqual(call.planned_date, time + timedelta(minutes=30))

    def test_a_call_of_a_user_with_a_former_time_zone(self):
        """PostgreSQL does not know each name that browsers give."""
        call = self.lead.activity_ids
        call.date_deadline = "2026-11-27"
        self.env.flush_all()
        query = "UPDATE mail_activity SET user_tz = 'Türkiye' WHERE id = %s"
        self.env.cr.execute(query, [call.id])
        self.env.invalidate_all()
        end = datetime(2026, 11, 27, 20, 59, 59)  # midnight in Istanbul
        self.assertEqual(self.lead.call_date, end)
        other = self.create_lead(ticket_id=2)
        leads = self.lead + other
        for seconds, order in ((-1, other + self.lead), (1, leads)):
            other.activity_ids.planned_date = end + timedelta(seconds=seconds)
            found = leads.search([("id", "in", leads.ids)], order="call_date")
            self.assertEqual(found, order)

    def test_holidays_of_the_company_above(self):
        """A branch has them, too."""
        branch = self.env["res.company"].create(
            {"name": "CN", "parent_id": self.company.id}
        )
        branch.resource_calendar_id = self.calendar.copy({"company_id": branch.id})
        leaves = self.env["resource.calendar.leaves"].with_company(self.company)
        leaves.create(
            {
                "name": "Tết",
                "calendar_id": False,
                "date_from": datetime(2026, 11, 25, 17),
                "date_to": datetime(2026, 11, 26, 17),
            }
        )
        leaves.env.flush_all()  # else the company is the superuser's
        start = datetime(2026, 11, 26, 3)
        resource = self.env["resource.resource"].create(
            {
                "name": "Lan",
                "company_id": branch.id,
                "calendar_id": branch.resource_calendar_id.id,
            }
        )
        for each in (None, resource):
            calendar = branch.resource_calendar_id
            end = calendar._add_working_minutes(branch, start, 15, each)
            self.assertEqual(end, datetime(2026, 11, 27, 1, 15))

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

    def test_a_salesperson_without_hours_has_some_hours_off(self):
        """The leave is not as long as the day."""
        resource = self.env["resource.resource"].create(
            {
                "name": "Lan",
                "user_id": self.agent.id,
                "company_id": self.company.id,
                "calendar_id": False,
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": resource.id,
                "date_from": datetime(2026, 11, 26, 2),
                "date_to": datetime(2026, 11, 26, 4),
            }
        )
        call = self.come_in(datetime(2026, 11, 26, 3)).activity_ids
        self.assertEqual(call.planned_date, datetime(2026, 11, 26, 4, 15))

    def test_a_salesperson_without_hours_has_those_of_the_company(self):
        """Nobody is to call at night."""
        self.env["resource.resource"].create(
            {
                "name": "Lan",
                "user_id": self.agent.id,
                "company_id": self.company.id,
                "calendar_id": False,
            }
        )
        # Thursday, 23:00 in Vietnam
        call = self.come_in(datetime(2026, 11, 26, 16)).activity_ids
        self.assertEqual(call.planned_date, datetime(2026, 11, 27, 1, 15))

    def test_a_salesperson_of_two_companies_has_the_hours_of_the_leads(self):
        mornings = self.calendar.copy()
        mornings.attendance_ids.filtered(lambda each: each.hour_from >= 12).unlink()
        mornings.attendance_ids.hour_to = 9
        for name, company, calendar in (
            ("A", self.other_company, mornings),
            ("B", self.company, self.calendar),
        ):
            self.env["resource.resource"].create(
                {
                    "name": name,
                    "user_id": self.agent.id,
                    "company_id": company.id,
                    "calendar_id": calendar.id,
                }
            )
        lead = self.come_in(datetime(2026, 11, 26, 3))
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 11, 26))

    def test_no_call_is_planned(self):
        self.client.plans_call = False
        self.assertFalse(self.create_lead(ticket_id=5).activity_ids)
        self.client.write({"plans_call": True, "is_quiet": True})
        self.assertFalse(self.create_lead(ticket_id=6).activity_ids)

    def test_call_goes_to_who_gets_the_lead(self):
        other = self._new_user("other", "sales_team.group_sale_salesman")
        boss = self._new_user("boss", "sales_team.group_sale_salesman_all_leads")
        self.lead.with_user(boss).user_id = other
        self.assertEqual(self.lead.activity_ids.user_id, other)
        nobodys = self.create_lead(ticket_id=6, agent_email="nobody@example.com")
        nobodys.user_id = False
        self.assertFalse(nobodys.activity_ids)
        nobodys.with_user(boss).user_id = other
        self.assertEqual(nobodys.activity_ids.user_id, other)

    def test_the_next_call_goes_to_who_gets_the_lead(self):
        self.save(self.lead.activity_ids, "no_answer")
        other = self._new_user("other", "sales_team.group_sale_salesman")
        self.lead.user_id = other
        self.assertEqual(self.lead.activity_ids.user_id, other)

    def test_a_closed_lead_needs_no_first_call(self):
        for name, close in (
            ("won", lambda lead: lead.action_set_won()),
            ("lost", lambda lead: lead.action_set_lost()),
            ("archived", lambda lead: lead.action_archive()),
        ):
            with self.subTest(name):
                lead = self.create_lead(ticket_id=5)
                lead.probability = 50
                own = lead.activity_schedule(
                    CALL, user_id=self.env.user.id, automated=False
                )
                rule = lead.activity_schedule(CALL, user_id=self.agent.id)
                self.assertEqual(len(lead.activity_ids), 3)
                lead._plan_next_try(datetime(2030, 1, 2, 3))
                self.assertEqual(len(lead.activity_ids), 3)
                close(lead.with_user(self.agent))
                self.assertEqual(lead.activity_ids, own + rule)

    def test_a_first_call_on_another_day_ends_with_the_lead(self):
        lead = self.create_lead(ticket_id=5)
        lead.activity_ids.action_reschedule_tomorrow()
        lead.action_set_won()
        self.assertFalse(lead.activity_ids)

    def test_a_lead_that_is_open_again_gets_its_call(self):
        lead = self.create_lead(ticket_id=5)
        stage = lead.stage_id
        for close, open_again in (
            (lead.action_set_won, lambda: lead.write({"stage_id": stage.id})),
            (lead.action_set_lost, lead.action_restore),
        ):
            close()
            self.assertFalse(lead.activity_ids)
            open_again()
            self.assertEqual(lead.activity_ids.call_reason, "new_lead")

    def test_merged_leads_have_one_first_call(self):
        first, second = (self.create_lead(ticket_id=ticket) for ticket in (5, 6))
        calls = first.activity_ids + second.activity_ids
        first.activity_ids.planned_date += timedelta(hours=1)
        promised = second.activity_schedule(
            CALL, user_id=self.agent.id, automated=False
        )
        lead = (first + second).merge_opportunity()
        self.assertEqual(lead.activity_ids, calls[1] + promised)

    def test_the_call_of_merged_leads_goes_to_who_keeps_the_lead(self):
        """A first call, and one after a call that nobody answered."""
        group = "sales_team.group_sale_salesman"
        users = [self._new_user(name, group) for name in ("lan", "minh")]
        boss = self._new_user("boss", f"{group}_all_leads")
        for result in (False, "no_answer"):
            with self.subTest(result):
                first, kept = (self.create_lead(ticket_id=ticket) for ticket in (5, 6))
                first.user_id, kept.user_id = users
                kept.probability = 90
                if result:
                    self.save(first.activity_ids, result)
                [call] = first.activity_ids
                call.planned_date -= timedelta(minutes=1)
                (first + kept).with_user(boss).merge_opportunity()
                self.assertIn(call, kept.activity_ids)
                self.assertEqual(kept.activity_ids.user_id, kept.user_id)

    def test_merged_with_a_called_lead_needs_no_first_call(self):
        for probability in (10, 90):  # the first of the leads takes the other in
            with self.subTest(probability=probability):
                called, new = (self.create_lead(ticket_id=n) for n in (5, 6))
                self.save(called.activity_ids, "considering")
                new.probability = probability
                lead = (called + new).merge_opportunity()
                self.assertTrue(lead.first_contact_date)
                self.assertFalse(lead._get_first_calls())

    def test_calls_of_leads_made_by_hand_stay_as_they_are(self):
        lead = self.env["crm.lead"].create({"name": "x", "user_id": self.agent.id})
        lead.activity_schedule(CALL, user_id=self.agent.id)  # as a server action does
        lead.user_id = self._new_user("other", "sales_team.group_sale_salesman")
        self.assertEqual(lead.activity_ids.user_id, self.agent)
