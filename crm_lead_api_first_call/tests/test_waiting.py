# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the list of leads that wait for somebody on duty."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import SQL, mute_logger

from .common import MORNING, FirstCallCase

RETRY_LOGGER = "odoo.addons.crm_lead_api.models.event.crm_lead_api_retry_mixin"


class TestWaiting(FirstCallCase):
    def setUp(self):
        super().setUp()
        (self.lan | self.minh).is_on_duty = False
        self.lead = self.make_leads()
        self.give_out()
        self.call = self.lead.first_call_ids

    def take(self, user):
        return self.call.with_user(user).action_take()

    def test_nobody_is_on_duty(self):
        self.assertEqual(self.call.waiting_reason, "nobody")
        self.assertEqual(self.call.call_name, "Khách 1")

    def test_they_are_looked_at_when_somebody_works(self):
        """Not each minute of the night, and in the morning without a further switch."""
        self.lan.is_on_duty = True
        self.give_out()
        self.team.ends_duty = False
        self.frozen.move_to(MORNING + timedelta(hours=12))
        lead = self.make_leads()
        self.give_out()
        call = lead.first_call_ids
        date = call.check_date
        for hour in range(13, 16):
            self.frozen.move_to(MORNING + timedelta(hours=hour))
            self.give_out()
        self.assertEqual((call.waiting_reason, call.check_date), ("nobody", date))
        self.frozen.move_to(MORNING + timedelta(hours=24))
        self.give_out()
        self.assertEqual(lead.user_id, self.lan.user_id)

    def test_all_have_calls_enough(self):
        self.lan.write({"is_on_duty": True, "first_calls_max": 1})
        self.make_leads()
        self.give_out()
        reasons = self.env["crm.first.call"].search(
            [("team_id", "=", self.team.id), ("state", "=", "waiting")]
        )
        self.assertEqual(reasons.mapped("waiting_reason"), ["full"])

    def test_one_that_fails_holds_no_other_team_up(self):
        other = self.team.copy({"gives_leads_out": True, "sequence": 1})
        self._make_member("Hoa", "hoa.fc", crm_team_id=other.id)
        self.lan.is_on_duty = True
        failing = self.make_leads()
        failing.team_id = other
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "ALTER TABLE crm_lead ADD CHECK (user_id IS NULL OR id != %s)",
                failing.id,
            )
        )
        with mute_logger("odoo.sql_db", RETRY_LOGGER):
            self.give_out()
        self.assertEqual(self.lead.user_id, self.lan.user_id)
        self.assertFalse(failing.user_id)
        self.assertIn("_give_alone", failing.first_call_ids.retries)

    def test_somebody_takes_one(self):
        user = self.lan.user_id
        action = self.take(user)
        self.assertEqual(action["res_id"], self.lead.id)
        self.assertEqual(self.lead.user_id, user)
        self.assertEqual(self.call.state, "ended", "nothing takes it away again")
        self.assertEqual(self.get_reasons(self.lead), ["hand"])

    def test_a_manager_gives_one_to_somebody(self):
        manager = self._new_user("manager", "sales_team.group_sale_manager")
        for user, is_shown in ((manager, True), (self.agent, False)):
            for kind in ("list", "kanban"):
                arch = self.call.with_user(user).get_view(view_type=kind)["arch"]
                self.assertEqual('name="action_give"' in arch, is_shown, kind)
        action = self.call.with_user(manager).action_give()
        leads = self.env[action["res_model"]].with_user(manager)
        with Form(leads.browse(action["res_id"]), action["views"][0][0]) as form:
            form.user_id = self.minh.user_id
        self.assertEqual(self.lead.user_id, self.minh.user_id)
        self.assertEqual(self.get_reasons(self.lead), ["hand"])
        self.assertEqual(self.lead._get_next_call().user_id, self.minh.user_id)

    def test_the_lead_waits_no_more(self):
        """Whoever still sees the button in the list is told."""
        self.call.state = "ended"
        with self.assertRaisesRegex(UserError, "does not wait any more"):
            self.take(self.agent)

    def test_a_colleague_was_faster(self):
        self.take(self.minh.user_id)
        self.env.invalidate_all()
        user = self.agent  # sees all leads
        for press in (self.call.action_take, self.call.action_give):
            with self.assertRaisesRegex(UserError, "Minh has this lead already"):
                press.__func__(self.call.with_user(user))
        with self.assertRaises(AccessError):
            self.take(self.lan.user_id)
        self.assertEqual(self.lead.user_id, self.minh.user_id)
