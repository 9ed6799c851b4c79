# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from lxml import etree

from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.safe_eval import safe_eval

from .common import NUMBER, PhoneCallCase

MIGRATION = "crm_lead_api_phone_call/migrations/19.0.1.1.0/post-missed.py"


@tagged("post_install", "-at_install")
class TestMissed(PhoneCallCase):
    """Missed calls, and those who called back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Wednesday, 25 November 2026, from 8 to 12 and from 13 to 17
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Tổng đài",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"{day} {begin}",
                            "dayofweek": str(day),
                            "hour_from": begin,
                            "hour_to": begin + 4,
                            "day_period": "morning" if begin < 12 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for begin in (8, 13)
                ],
            }
        )

    def miss(self, call_id="call-1", time="08:15", **changes):
        start = f"2026-11-25T{time}:00+07:00"
        self.ring(call_id, started_at=start, outcome="no_answer", **changes)
        return self.find(call_id)

    def call_back(self, time, call_id="back", **changes):
        start = f"2026-11-25T{time}:00+07:00"
        self.ring(call_id, started_at=start, direction="out", **changes)

    def test_missed_calls(self):
        for number, (outcome, direction, is_missed) in enumerate(
            [
                ("no_answer", "in", True),
                ("busy", "in", True),
                ("voicemail", "in", True),
                ("no_answer", "out", False),
                ("answered", "in", False),
                ("wrong_number", "in", False),
                (None, "in", False),
            ]
        ):
            self.ring(f"call-{number}", outcome=outcome, direction=direction)
            call = self.find(f"call-{number}")
            self.assertEqual(call.is_missed, is_missed, outcome)
            self.assertEqual(bool(call.call_back_deadline), is_missed, outcome)

    def test_a_correction_after_a_call_by_hand(self):
        lead = self.create_lead(phone_no1=NUMBER)
        lead._get_first_calls().unlink()
        call = self.miss(ticket_id=int(lead.ticket_ref))
        call.activity_id.with_user(self.agent).action_done()
        self.env.invalidate_all()
        date = call.called_back_date
        self.assertTrue(date)
        start = "2026-11-25T08:15:02+07:00"
        self.put("call-1", started_at=start, outcome="voicemail")
        self.assertEqual(call.called_back_date, date)
        # A later call of the telephone system is no earlier one.
        after = "2031-01-01T08:00:00Z"
        self.ring("back", direction="out", started_at=after)
        self.put("call-1", outcome="busy")
        self.assertEqual(call.called_back_date, date)
        self.put("call-1", started_at="2031-01-01T07:00:00Z")
        self.assertEqual(call.called_back_date, datetime(2031, 1, 1, 8))
        self.put("call-1", phone="0988 777 666")
        self.assertFalse(call.called_back_date)

    def test_another_number_was_called(self):
        call = self.miss()
        self.call_back("08:30")
        self.env.invalidate_all()
        self.assertTrue(call.called_back_date)
        self.put("back", phone="0988 777 666")
        self.assertFalse(call.called_back_date)
        self.assertEqual(self.find_by("to_call_back"), call)

    def test_an_erased_customer_is_not_to_be_called_back(self):
        partner = self.env["res.partner"].create({"name": "Yến", "phone": NUMBER})
        call = self.miss()
        self.assertEqual(self.find_by("to_call_back"), call)
        partner.unlink()
        self.env.invalidate_all()
        self.assertTrue(call.is_missed)
        self.assertFalse(self.find_by("to_call_back"))

    def test_the_salesperson_has_a_call_to_make(self):
        """Until somebody calls, or logs a call by hand."""
        lead = self.create_lead(phone_no1=NUMBER)
        lead._get_first_calls().unlink()
        call = self.miss(ticket_id=int(lead.ticket_ref))
        self.assertEqual(call.lead_id, lead)
        self.assertEqual(lead.call_date, call.call_back_deadline)
        self.assertIn("Missed call", lead.activity_ids.summary)
        self.assertEqual(lead.call_reason, "Missed call")
        self.call_back("08:30")
        self.env.invalidate_all()
        self.assertFalse(lead.activity_ids)
        missed = self.miss("call-2", "10:00", ticket_id=int(lead.ticket_ref))
        again = self.miss("call-3", "10:05", ticket_id=int(lead.ticket_ref))
        self.assertEqual(len(lead.activity_ids), 1)
        dialog = lead.with_user(self.agent).action_log_call()
        results = self.env[dialog["res_model"]].with_user(self.agent)
        results = results.with_context(**dialog["context"])
        results.create({"result": "done"}).action_save()
        self.env.invalidate_all()
        self.assertTrue(all((missed | again).mapped("called_back_date")))
        self.assertFalse(lead.activity_ids.filtered("active"))

    def test_a_call_that_is_planned_for_later_is_not_enough(self):
        """One that is due by the deadline is."""
        lead = self.create_lead(phone_no1=NUMBER)
        planned = lead._get_first_calls()
        planned.planned_date = "2026-11-25 02:15:00"
        call = self.miss(ticket_id=int(lead.ticket_ref))
        self.assertFalse(call.activity_id)
        planned.planned_date = "2026-11-26 02:15:00"
        call = self.miss("call-2", ticket_id=int(lead.ticket_ref))
        self.assertEqual(lead._get_open_calls(), planned | call.activity_id)
        self.assertEqual(lead.call_date, call.call_back_deadline)
        self.assertEqual(lead.call_reason, "Missed call")

    def test_a_planned_call_that_is_done_by_hand(self):
        """By whoever may not see the lead, too; the customer rang from another number.
        A test and a live call are apart."""
        lead = self.create_lead(phone_no1="0911 222 333")
        call = self.miss(ticket_id=int(lead.ticket_ref))
        live = self.miss("call-2", phone="0911 222 333")
        live.lead_id = False
        elsewhere, test = live.copy({"call_ref": "3"}), live.copy({"call_ref": "4"})
        elsewhere.company_id, test.is_lead_api_test = self.other_company, True
        colleague = self._new_user("dong-nghiep", "sales_team.group_sale_salesman")
        planned = lead._get_first_calls()
        planned.user_id = colleague
        planned.with_user(colleague).action_done()
        self.assertTrue(call.called_back_date and live.called_back_date)
        self.assertFalse(elsewhere.called_back_date or test.called_back_date)

    def test_a_planned_call_of_a_contact_that_is_done_by_hand(self):
        """The customer has no open lead."""
        lead = self.create_lead(phone_no1=NUMBER)
        lead.action_set_lost()
        call = self.miss(callback_at="2026-11-27T09:00:00+07:00")
        self.assertEqual(lead.partner_id.activity_ids, call.activity_id)
        call.activity_id.action_done()
        self.assertTrue(call.called_back_date)

    def test_a_call_that_was_agreed_on_stays(self):
        """Another call of the number, before, does not take its place."""
        lead = self.create_lead(phone_no1=NUMBER)
        call = self.miss(
            ticket_id=int(lead.ticket_ref), callback_at="2026-11-27T09:00:00+07:00"
        )
        planned = call.activity_id
        self.put("call-1", outcome="voicemail")
        self.call_back("08:30", outcome="no_answer")
        self.env.invalidate_all()
        self.assertTrue(call.called_back_date)
        self.assertEqual(lead.activity_ids.filtered("active"), planned)

    def test_nobody_has_called_after_all(self):
        """The call is to make again. The salesperson has left: it is the agent's."""
        lead = self.create_lead(phone_no1=NUMBER)
        lead.user_id = self._new_user("nghi-viec", "sales_team.group_sale_salesman")
        lead.user_id.active = False
        lead._get_first_calls().unlink()
        call = self.miss(ticket_id=int(lead.ticket_ref))
        self.assertEqual(call.activity_id.user_id, self.agent)
        self.ring("call-2", **{**self.ended, "started_at": "2026-11-25T08:15:05+07:00"})
        self.assertFalse(call.activity_id)
        self.put("call-2", answered_at=None, outcome="voicemail")
        self.assertFalse(call.called_back_date)
        self.assertEqual(call.activity_id, lead._get_open_calls())
        self.assertIn("Missed call", call.activity_id.summary)

    def test_working_minutes(self):
        for number, (time, deadline) in enumerate(
            [
                ("08:15", "2026-11-25 02:15:00"),
                ("11:30", "2026-11-25 06:30:00"),  # 13:30
                ("22:00", "2026-11-26 02:00:00"),  # 9:00 of the next day
            ]
        ):
            call = self.miss(f"call-{number}", time)
            self.assertEqual(str(call.call_back_deadline), deadline)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lead_api_phone_call.call_back_minutes", 10)
        call = self.miss("call-9")
        self.assertEqual(str(call.call_back_deadline), "2026-11-25 01:25:00")

    def test_called_back(self):
        first, second = self.miss(), self.miss("call-2", "09:00")
        other = self.miss("call-3", phone="0911 222 333")
        later = self.miss("call-4", "10:00")
        self.call_back("09:10")
        self.env.invalidate_all()
        self.assertEqual(str(first.called_back_date), "2026-11-25 02:10:00")
        self.assertEqual(second.called_back_date, first.called_back_date)
        self.assertFalse(other.called_back_date or later.called_back_date)
        self.assertFalse(first.is_called_back_late)
        self.call_back("11:01", "back-2", phone="+84 911 222 333")
        self.env.invalidate_all()
        self.assertTrue(other.is_called_back_late)
        self.assertFalse(first.is_called_back_late)

    def test_called_back_for_another_branch(self):
        """The telephone system is of both branches; another system's is not asked."""
        self.client.company_ids += self.other_company
        lead = self.create_lead(phone_no1="0911 222 333")
        lead.write(
            {
                "company_id": self.other_company.id,
                "pricelist_id": self.other_pricelist.id,
                "service_ids": [Command.clear()],
                "user_id": False,
                "team_id": False,
            }
        )
        call = self.miss()
        stranger = call.copy({"call_ref": "stranger"})
        stranger.client_id = self._new_client("pbx-2")
        self.call_back("08:30", ticket_id=int(lead.ticket_ref))
        companies = [each.company_id for each in (call, self.find("back"))]
        self.assertEqual(companies, [self.company, self.other_company])
        self.assertEqual(str(call.called_back_date), "2026-11-25 01:30:00")
        self.assertFalse(stranger.called_back_date)
        after = self.miss("call-2", "08:20")  # the system tells of it late
        self.assertEqual(after.called_back_date, call.called_back_date)
        self.put("back", phone="0988 777 666")
        self.assertEqual(self.find_by("to_call_back"), call | after | stranger)

    def test_requests_in_another_order(self):
        """The telephone system tells of the missed call after the one back."""
        self.call_back("09:00")
        self.call_back("08:00", "before")
        call = self.miss()
        self.assertEqual(str(call.called_back_date), "2026-11-25 02:00:00")

    def test_answered_after_all(self):
        call = self.miss()
        self.put("call-1", outcome="answered")
        self.assertFalse(call.is_missed or call.call_back_deadline)

    def test_numbers_that_cannot_be_called(self):
        """A withheld number is missed, but nobody can call it back."""
        calls = self.miss(phone=None) + self.miss("call-2", phone="anonymous")
        self.assertEqual(calls.mapped("is_missed"), [True, True])
        self.assertFalse(calls[0].call_back_deadline or calls[1].call_back_deadline)
        known = self.miss("call-3")
        self.assertEqual(self.find_by("to_call_back"), known)
        self.assertEqual(self.find_by("not_called_back"), known)
        self.put("call-3", phone=None)
        self.assertFalse(self.find_by("to_call_back"))

    def test_a_number_with_few_digits(self):
        """Call back 0888 888 888, a mobile number that looks like a placeholder."""
        call = self.miss(phone="0888 888 888")
        self.assertEqual(call.phone_key, "+84888888888")
        self.assertEqual(self.find_by("to_call_back"), call)
        self.call_back("08:30", phone="0888 888 888")
        self.env.invalidate_all()
        self.assertFalse(self.find_by("to_call_back"))

    def test_a_customer_who_rings_again(self):
        """An answered call of the number clears the missed one, whoever rang."""
        call = self.miss()
        self.ring("call-2", started_at="2026-11-25T08:10:00+07:00", **self.ended)
        self.ring("call-3", started_at="2026-11-25T09:00:00+07:00")
        self.assertFalse(call.called_back_date)
        self.put("call-3", answered_at="2026-11-25T09:00:05+07:00")
        self.assertEqual(str(call.called_back_date), "2026-11-25 02:00:00")
        self.put("call-3", outcome="voicemail")  # which had taken the call
        self.assertFalse(call.called_back_date)
        self.assertEqual(len(self.find_by("to_call_back")), 2)
        self.call_back("10:00")
        self.env.invalidate_all()
        self.assertFalse(self.find_by("to_call_back"))

    def test_an_answered_call_that_is_sent_before(self):
        self.ring(
            "call-2",
            started_at="2026-11-25T09:00:00+07:00",
            answered_at="2026-11-25T09:00:05+07:00",
        )
        self.assertEqual(str(self.miss().called_back_date), "2026-11-25 02:00:00")

    def test_update_of_old_calls(self):
        withheld, answered, open_call = (
            self.miss(phone=None) + self.miss("call-5", phone="anonymous"),
            self.miss("call-2", phone="0911 222 333"),
            self.miss("call-3"),
        )
        self.ring(
            "call-4",
            phone="0911 222 333",
            started_at="2026-11-25T11:00:00+07:00",
            answered_at="2026-11-25T11:00:05+07:00",
        )
        calls = withheld + answered + open_call
        deadline = open_call.call_back_deadline
        calls.write({"called_back_date": False, "call_back_deadline": deadline})
        self.env.flush_all()
        migration = load_script(file_path(MIGRATION), "migration")
        migration.migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertFalse(any(withheld.mapped("call_back_deadline")))
        self.assertEqual(str(answered.called_back_date), "2026-11-25 04:00:00")
        self.assertTrue(answered.is_called_back_late)
        self.assertTrue(open_call.call_back_deadline)
        self.assertEqual(self.find_by("to_call_back"), open_call)

    def test_the_filter_of_late_calls(self):
        calls = self.miss() + self.miss("call-2", "08:20")
        calls[1].call_back_deadline = "2999-01-01 00:00:00"
        self.assertEqual(self.find_by("not_called_back"), calls[0])
        self.call_back("11:00")
        self.env.invalidate_all()
        self.assertEqual(self.find_by("not_called_back"), calls[0])

    def find_by(self, name):
        """Return the calls that a filter of the list shows."""
        arch = self.calls.get_view(view_type="search")["arch"]
        [node] = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return self.calls.search(safe_eval(node.get("domain")))

    def test_figures(self):
        self.miss()
        self.ring("call-2", **self.ended)
        groups = self.calls._read_group(
            [], ["agent_email", "hour"], ["answered_share:avg", "__count"]
        )
        self.assertEqual(groups, [(self.agent.login, "08", 50.0, 2)])
        [[average]] = self.calls._read_group([], [], ["duration:avg"])
        self.assertAlmostEqual(average, 200 / 60, msg="of answered calls alone")
        lead = self.create_lead()
        self.put("call-2", ticket_id=lead._get_ticket_ids(self.client)[0])
        salesman = self.calls.with_user(self.agent)
        groups = salesman._read_group([], ["source_group_id"], ["duration:avg"])
        self.assertIn(self.source_group, [group for group, _average in groups])
