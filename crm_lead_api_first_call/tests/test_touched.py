# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test when a lead is not taken back, and what staff do meanwhile."""

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import CALL

from .common import MORNING, FirstCallCase


class TouchedCase(FirstCallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = cls.calendar.tz

    def give_lead(self, **values):
        """Return a lead of which somebody has to call the customer."""
        lead = self.make_leads(**values)
        self.give_out()
        self.assertEqual(lead.first_call_ids.state, "given")
        return lead

    def pass_deadline(self, minutes=16):
        self.env.flush_all()
        self.frozen.move_to(MORNING + timedelta(minutes=minutes))
        self.give_out()

    def set_edited(self, lead, user, date):
        """Set when a lead was edited, and by whom: Odoo takes PostgreSQL's clock."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET write_date = %s, write_uid = %s WHERE id = %s",
                date,
                user.id,
                lead.id,
            )
        )
        self.env.invalidate_all()

    def as_owner(self, lead):
        return lead.with_user(lead.user_id)

    def agree_on_a_call(self, lead):
        """Plan a call at another time, as the addon of telephone systems does after a
        call without an answer."""
        lead._end_first_calls(lambda: lead)
        self.env.cr.precommit.run()
        date = MORNING + timedelta(hours=5)
        return lead._plan_activity(
            CALL, date, lambda _env, time: time, call_reason="call_back"
        )


class TestTouched(TouchedCase):
    """A lead that somebody has worked on stays."""

    def assertStays(self, touch):
        lead = self.give_lead()
        owner = lead.user_id
        touch(self.as_owner(lead))
        self.pass_deadline()
        self.assertEqual(lead.first_call_ids.state, "ended")
        self.assertEqual(lead.user_id, owner)
        self.assertEqual(self.get_reasons(lead), ["share"])
        return lead

    def test_stage(self):
        stage = self.env["crm.stage"].create({"name": "Đã gọi", "sequence": 50})
        self.assertStays(lambda lead: lead.write({"stage_id": stage.id}))

    def test_message_to_the_customer(self):
        self.assertStays(
            lambda lead: lead.message_post(
                body="Chào chị", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        )

    def test_call(self):
        self.assertStays(lambda lead: lead.activity_ids.action_feedback())

    def test_call_at_another_time(self):
        lead = self.assertStays(self.agree_on_a_call)
        self.assertEqual(lead.call_date, MORNING + timedelta(hours=5))

    def test_call_at_another_time_while_the_lead_waits(self):
        """Whoever gets the lead then calls at that time."""
        lead = self.make_leads()
        planned = self.agree_on_a_call(lead)
        self.give_out()
        owner = lead.user_id
        self.assertTrue(owner)
        self.pass_deadline()
        self.assertEqual((lead.user_id, planned.user_id), (owner, owner))

    def test_meeting(self):
        start = MORNING + timedelta(days=1)
        self.assertStays(
            lambda lead: lead.env["calendar.event"].create(
                {
                    "name": "Khám",
                    "opportunity_id": lead.id,
                    "start": start,
                    "stop": start + timedelta(hours=1),
                }
            )
        )

    def test_planned_meeting(self):
        self.assertStays(
            lambda lead: lead.activity_schedule("mail.mail_activity_data_meeting")
        )

    def test_lost(self):
        lead = self.assertStays(lambda lead: lead.action_set_lost())
        self.assertFalse(lead.activity_ids)

    def test_won(self):
        self.assertStays(lambda lead: lead.action_set_won())

    def test_archived(self):
        self.assertStays(lambda lead: lead.action_archive())

    def test_ends_at_once(self):
        """The list of calls to make is right before the next run."""
        lead = self.give_lead()
        self.as_owner(lead).action_set_lost()
        self.assertEqual(lead.first_call_ids.state, "ended")

    def test_notes_and_other_edits_do_not_touch(self):
        lead = self.give_lead()
        owner = lead.user_id
        self.as_owner(lead).message_post(body="Ghi chú", subtype_xmlid="mail.mt_note")
        self.as_owner(lead).priority = "2"
        self.set_edited(lead, owner, MORNING)
        self.pass_deadline()
        self.assertNotEqual(lead.user_id, owner)

    def test_edited_just_now(self):
        """Nothing is taken from under the hands of whoever edits it."""
        lead = self.give_lead()
        owner = lead.user_id
        edited = MORNING + timedelta(minutes=15, seconds=30)
        self.set_edited(lead, owner, edited)
        self.pass_deadline(16)
        self.assertEqual(lead.user_id, owner)
        self.assertEqual(lead.first_call_ids.check_date, edited + timedelta(minutes=1))
        self.pass_deadline(17)
        self.assertNotEqual(lead.user_id, owner)


class TestStaff(TouchedCase):
    """Test that decisions of staff stand."""

    def test_chosen_by_hand(self):
        lead = self.give_lead()
        first_call = lead.activity_ids
        other = (self.lan | self.minh).user_id - lead.user_id
        lead.user_id = other
        self.assertEqual(first_call.user_id, other, "the call is the new owner's")
        self.pass_deadline()
        self.assertEqual(lead.user_id, other)
        self.assertEqual(lead.first_call_ids.user_id, other)
        self.assertEqual(self.get_reasons(lead), ["hand", "share"])

    def test_chosen_while_the_lead_waits(self):
        lead = self.make_leads()
        lead.user_id = self.minh.user_id
        self.give_out()
        self.assertEqual(self.get_reasons(lead), ["hand"])
        self.assertEqual(lead.first_call_ids.given_date, MORNING)
        self.assertEqual(lead.call_date, MORNING + timedelta(minutes=15))

    def test_a_client_without_calls(self):
        """Whoever takes a lead has a time to call by, as its team has it."""
        self.client.plans_call = False
        lead = self.make_leads()
        self.frozen.move_to(MORNING + timedelta(minutes=5))
        lead.user_id = self.minh.user_id
        deadline = MORNING + timedelta(minutes=20)
        self.assertEqual(lead.call_date, deadline)
        self.assertEqual(lead.call_user_id, self.minh.user_id)
        self.assertEqual(lead.first_call_ids.deadline, deadline)
        self.assertEqual(lead.call_soon_date, MORNING + timedelta(minutes=15))

    def test_the_same_user_again(self):
        lead = self.give_lead()
        lead.user_id = lead.user_id
        self.assertEqual(lead.first_call_ids.state, "given")

    def test_put_back(self):
        """A lead without a salesperson waits again, and not for the former one."""
        lead = self.give_lead()
        owner = lead.user_id
        lead.user_id = False
        self.assertFalse(lead.activity_ids)
        self.give_out()
        self.assertEqual(lead.user_id, (self.lan | self.minh).user_id - owner)
        [_share, line, _first] = lead.first_call_ids.decision_ids
        self.assertEqual(line.description, f"Put back by hand: {owner.name}")

    def test_put_back_after_the_team_was_switched_off(self):
        lead = self.give_lead()
        self.team.gives_leads_out = False
        lead.user_id = False
        self.assertEqual(lead.first_call_ids.state, "ended", "nobody is to call")

    def test_another_team(self):
        """A lead that has somebody stays with him; one that waits does so there."""
        other = self.team.copy({"name": "Chăm sóc", "gives_leads_out": True})
        lead, waiting = self.give_lead(), self.make_leads()
        owner = lead.user_id
        (lead | waiting).write({"team_id": other.id})
        self.pass_deadline()
        self.assertEqual(lead.user_id, owner)
        self.assertFalse(waiting.user_id)
        lead.first_contact_date = False  # as it is
        self.assertEqual(lead.first_call_ids.state, "ended")
        self.assertEqual(waiting.first_call_ids.team_id, other)
        self._make_member("Hoa", "hoa.fc", crm_team_id=other.id)
        self.pass_deadline(17)
        self.assertEqual(waiting.user_id.name, "Hoa")

    def test_a_team_that_gives_no_leads_out(self):
        other = self.team.copy({"name": "Chăm sóc", "gives_leads_out": False})
        lead = self.make_leads()
        lead.team_id = other
        self.give_out()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.first_call_ids.state, "ended")

    def test_a_team_is_no_more(self):
        def delete(team):
            self.client.team_id = False
            team.unlink()

        for name, end in (
            ("switched off", lambda team: team.write({"gives_leads_out": False})),
            ("archived", lambda team: team.action_archive()),
            ("deleted", delete),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                lead, waiting = self.give_lead(), self.make_leads()
                owner = lead.user_id
                end(self.team)
                self.pass_deadline()
                calls = (lead | waiting).first_call_ids
                self.assertEqual(calls.mapped("state"), ["ended", "ended"])
                self.assertEqual(lead.user_id, owner)
                self.assertFalse(waiting.user_id)
                self.frozen.move_to(MORNING)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_member_or_user_is_archived(self):
        for name, archive in (
            ("member", lambda member: member.action_archive()),
            ("user", lambda member: member.user_id.action_archive()),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                lead = self.give_lead()
                owner = lead.user_id
                archive(self.lan if self.lan.user_id == owner else self.minh)
                others = self.make_leads(3)
                self.pass_deadline()
                self.assertNotIn(owner, (lead | others).user_id)
                self.assertEqual(len((lead | others).user_id), 1)
                self.frozen.move_to(MORNING)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_another_branch(self):
        """The skills are those of the branch where the lead is when it is given."""
        self.lan.skill_company_ids = self.other_company
        self.minh.user_id.company_ids += self.other_company
        self.lan.user_id.company_ids += self.other_company
        self.team.write({"company_id": False, "gives_all_leads_out": True})
        self.minh.skill_company_ids = self.company
        values = {"name": "Vy", "team_id": self.team.id, "user_id": False}
        lead = self.env["crm.lead"].create({**values, "company_id": self.company.id})
        lead.company_id = self.other_company
        self.give_out()
        self.assertEqual(lead.user_id, self.lan.user_id)

    def test_members_of_other_branches(self):
        """Nobody gets a lead of a company in which the user does not work."""
        self.team.write({"company_id": False, "gives_all_leads_out": True})
        leads = self.env["crm.lead"].create(
            [
                {"name": "Vy", "team_id": self.team.id, "user_id": False, **company}
                for company in 2 * [{"company_id": self.other_company.id}]
            ]
        )
        self.give_out()
        self.assertFalse(leads.user_id)
        self.assertEqual(set(leads.first_call_ids.mapped("waiting_reason")), {"nobody"})
        self.lan.user_id.company_ids += self.other_company
        self.pass_deadline(1)
        self.assertEqual(leads.user_id, self.lan.user_id)
        self.pass_deadline(20)  # Minh works elsewhere, and so does the leader.
        self.team.recalls_max = 0
        self.pass_deadline(40)
        self.assertEqual(leads.user_id, self.lan.user_id)
        self.assertEqual(leads.first_call_ids.mapped("recall_count"), [0, 0])

    def test_users_of_other_branches(self):
        """Whoever may not see the lead's branch gets it neither by share nor as agent
        or leader: the lead would lose its branch."""
        self.team.write({"company_id": False, "recalls_max": 0})
        for user in (self.lan.user_id, self.team.user_id):
            user.write(
                {
                    "company_ids": [Command.set(self.other_company.ids)],
                    "company_id": self.other_company.id,
                }
            )
        self.minh.is_on_duty = False
        lead = self.make_leads()
        lead.first_call_ids.agent_id = self.lan.user_id
        self.give_out()
        self.assertFalse(lead.user_id)
        self.minh.is_on_duty = True
        self.give_out()
        self.assertEqual(lead.user_id, self.minh.user_id)
        self.pass_deadline()
        self.assertEqual(lead.user_id, self.minh.user_id, "and not the leader")
        self.assertEqual(lead.company_id, self.company)

    def test_lost_by_mistake(self):
        """A restored lead that nobody has waits again."""
        lead = self.make_leads()
        lead.action_set_lost()
        self.give_out()
        self.assertEqual(lead.first_call_ids.state, "ended")
        lead.action_restore()
        self.give_out()
        self.assertTrue(lead.user_id)
        lead.action_set_lost()
        lead.action_restore()
        self.assertEqual(lead.first_call_ids.state, "ended", "somebody has it")

    def test_won_by_mistake(self):
        """A lead that nobody has, and that was dragged to *Won*, waits again."""
        lead = self.make_leads()
        stage = lead.stage_id
        lead.action_set_won()
        self.give_out()
        self.assertEqual(lead.first_call_ids.state, "ended")
        lead.stage_id = stage
        self.assertEqual(lead.won_status, "pending")
        self.give_out()
        self.assertTrue(lead.user_id)
        lead.action_set_won()
        lead.stage_id = stage
        self.assertEqual(lead.first_call_ids.state, "ended", "somebody has it")

    def test_duplicated(self):
        """A copy is a lead by hand."""
        lead = self.give_lead()
        self.assertFalse(lead.copy().first_call_ids)
        self.team.gives_all_leads_out = True
        copy = lead.copy({"user_id": False})
        self.assertEqual(copy.first_call_ids.state, "waiting")
        self.assertFalse(copy.first_call_ids.decision_ids)

    def test_deleted(self):
        lead = self.give_lead()
        call = lead.first_call_ids
        lead.unlink()
        self.assertFalse(call.exists())
        self.pass_deadline()

    def test_test_leads_are_left_out(self):
        lead = self.make_leads()
        lead.first_call_ids.unlink()
        lead.is_lead_api_test = True
        lead._begin_first_calls({})
        self.assertFalse(lead.first_call_ids)


class TestMerge(TouchedCase):
    """Of merged leads one first call is left."""

    def merge(self, *leads):
        return self.env["crm.lead"].union(*leads).merge_opportunity()

    def test_both_wait(self):
        first, second = self.make_leads(), self.make_leads()
        self.frozen.move_to(MORNING + timedelta(minutes=5))
        lead = self.merge(first, second)
        self.assertEqual(lead.first_call_ids.state, "waiting")
        self.assertEqual(lead.first_call_ids.date, MORNING)
        self.give_out()
        self.assertTrue(lead.user_id)

    def test_one_is_given(self):
        """Who has to call the customer of either lead calls for both."""
        for probability in (10, 90):  # the first of the leads takes the other in
            with self.subTest(probability=probability):
                given, waiting = self.give_lead(), self.make_leads()
                waiting.probability = probability
                owner = given.user_id
                lead = self.merge(given, waiting)
                [call] = lead.first_call_ids
                self.assertEqual((call.state, call.user_id), ("given", owner))
                self.assertEqual(lead.user_id, owner)
                self.assertEqual(self.get_reasons(lead), ["share"])
                self.assertEqual(len(lead._get_first_calls()), 1)
                self.pass_deadline()
                self.assertNotEqual(lead.user_id, owner)
                self.frozen.move_to(MORNING)

    def test_one_has_none(self):
        """A lead by hand with a salesperson takes in a lead that waits."""
        waiting = self.make_leads()
        hand = waiting.copy()
        hand.write({"user_id": self.minh.user_id.id, "probability": 90})
        lead = self.merge(waiting, hand)
        self.give_out()
        self.assertEqual(lead.user_id, self.minh.user_id)
        self.assertEqual(lead.first_call_ids.state, "ended")


class TestRecall(TouchedCase):
    def test_to_the_leader_at_last(self):
        lead = self.give_lead()
        hoa = self._make_member("Hoa", "hoa.fc")
        owners = []
        for minutes in (16, 32, 48):
            owners.append(lead.user_id)
            self.pass_deadline(minutes)
        self.assertEqual(len(set(owners)), 3)
        self.assertIn(hoa.user_id, owners)
        self.assertEqual(lead.user_id, self.team.user_id)
        self.assertEqual(self.get_reasons(lead), ["leader", "share", "share", "share"])
        self.assertEqual(lead.first_call_ids.state, "ended")
        [call] = lead._get_first_calls()
        self.assertEqual(call.user_id, self.team.user_id)

    def test_to_the_leader_where_no_member_is_left(self):
        lead = self.give_lead()
        for minutes in (16, 32):
            self.pass_deadline(minutes)
        self.assertEqual(lead.user_id, self.team.user_id)
        self.assertEqual(self.get_reasons(lead), ["leader", "share", "share"])
        self.assertEqual(lead.first_call_ids.state, "ended")

    def test_no_leader(self):
        self.team.write({"user_id": False, "recalls_max": 0})
        lead = self.give_lead()
        owner = lead.user_id
        self.pass_deadline()
        self.assertEqual(lead.user_id, owner)
        self.assertEqual(lead.first_call_ids.state, "ended")

    def test_nobody_else_is_on_duty(self):
        lead = self.give_lead()
        owner = lead.user_id
        others = (self.lan | self.minh).filtered(lambda m: m.user_id != owner)
        others.is_on_duty = False
        self.pass_deadline(16)
        self.assertEqual(lead.user_id, owner)
        others.is_on_duty = True
        self.pass_deadline(18)
        self.assertEqual(lead.user_id, others.user_id)

    def test_not_outside_of_working_hours(self):
        self.frozen.move_to(MORNING + timedelta(hours=7, minutes=50))
        lead = self.give_lead()  # ten minutes before five
        owner = lead.user_id
        self.pass_deadline(8 * 60 + 6)
        self.assertEqual(lead.user_id, owner)
        opening = MORNING + timedelta(hours=23)
        self.assertEqual(lead.first_call_ids.deadline, opening + timedelta(minutes=5))
        (self.lan | self.minh).is_on_duty = True
        self.pass_deadline(23 * 60 + 6)
        self.assertNotEqual(lead.user_id, owner)


class TestWaiting(TouchedCase):
    def test_a_limit_of_calls(self):
        self.minh.is_on_duty = False
        self.lan.first_calls_max = 2
        leads = self.make_leads(3)
        self.give_out()
        self.assertEqual(leads.mapped(lambda x: bool(x.user_id)), [True, True, False])

    def test_to_a_leader_who_is_the_only_other_member(self):
        self.team.user_id = self.minh.user_id
        self.minh.is_on_duty = False
        lead = self.give_lead()
        self.pass_deadline()
        self.assertEqual(lead.user_id, self.minh.user_id)
        self.assertEqual(self.get_reasons(lead), ["leader", "share"])

    def test_who_has_booked_has_room(self):
        """As another addon sees it."""
        self.minh.is_on_duty = False
        self.lan.first_calls_max = 1
        lead = self.make_leads()
        self.give_out()
        called = Domain("id", "=", lead.id)
        with patch.object(type(lead), "_get_called_domain", lambda leads: called):
            lead.invalidate_recordset()
            lead._end_first_calls(lambda: lead)
            self.assertEqual(lead.first_call_ids.state, "ended")
        other = self.make_leads()
        self.give_out()
        self.assertEqual(other.user_id, self.lan.user_id)

    def test_who_knows_the_customer_is_waited_for(self):
        self.team.waits_for_owner = True
        old = self.make_leads(phone_no1="0912345678", contact_name="Vy")
        old.user_id = self.minh.user_id
        zone = self.calendar.tz
        self.minh.user_id.resource_ids.unlink()
        resource = self.env["resource.resource"].create(
            {
                "name": "Minh",
                "user_id": self.minh.user_id.id,
                "company_id": self.company.id,
                "tz": zone,
                "calendar_id": self.env["resource.calendar"]
                .create(
                    {
                        "name": "Chiều",
                        "tz": zone,
                        "company_id": self.company.id,
                        "attendance_ids": [
                            Command.clear(),
                            Command.create(
                                {
                                    "name": "Chiều thứ Năm",
                                    "dayofweek": "3",
                                    "hour_from": 13,
                                    "hour_to": 17,
                                }
                            ),
                        ],
                    }
                )
                .id,
            }
        )
        self.assertTrue(resource)
        new = self.make_leads(phone_no1="0912345678", contact_name="Vy")
        self.give_out()
        self.assertFalse(new.user_id, "Minh comes at one")
        self.pass_deadline(4 * 60 + 1)
        self.assertEqual(new.user_id, self.minh.user_id)
        late = self.make_leads(phone_no1="0912345678", contact_name="Vy")
        self.minh.is_on_duty = False
        self.pass_deadline(4 * 60 + 16)
        self.assertEqual(late.user_id, self.lan.user_id, "Minh has not come on duty")
