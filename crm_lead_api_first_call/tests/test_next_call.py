# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test which lead a salesperson opens next, and from when on it is amber."""

from datetime import timedelta

from lxml import etree

from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_lead_api.models.lead.crm_lead_call import CALL

from .common import MORNING, FirstCallCase


class TestNextCall(FirstCallCase):
    def open_next(self, user=None):
        leads = self.env["crm.lead"].with_user(user or self.lan.user_id)
        return leads.action_open_next_call()

    def test_the_first_due(self):
        self.minh.is_on_duty = False
        first = self.make_leads()
        self.give_out()
        self.frozen.move_to(MORNING + timedelta(minutes=1))
        second = self.make_leads()
        self.give_out()
        self.assertEqual(self.open_next()["res_id"], first.id)
        first.first_contact_date = MORNING
        first.activity_ids.action_feedback()
        self.assertEqual(self.open_next()["res_id"], second.id)
        second.activity_ids.planned_date = MORNING + timedelta(hours=2)
        third = self.make_leads()
        self.give_out()
        self.assertEqual(self.open_next()["res_id"], third.id)

    def test_a_later_time_that_was_agreed_on_waits(self):
        """Offer the lead only when nobody else is to be called."""
        agreed, own = leads = self.make_leads(2)
        leads.user_id = self.lan.user_id
        leads.activity_ids.unlink()
        later = MORNING + timedelta(hours=2)
        agreed._plan_activity(
            CALL, later, lambda _env, time: time, call_reason="call_back"
        )
        self.assertEqual(self.open_next()["res_id"], own.id)
        own.first_contact_date = MORNING
        self.assertEqual(self.open_next()["res_id"], agreed.id)
        own.first_contact_date = False
        missed = agreed.activity_schedule(CALL, user_id=self.lan.user_id.id)
        missed.planned_date = MORNING + timedelta(hours=1)
        self.assertEqual(self.open_next()["res_id"], agreed.id, "another call is first")
        missed.unlink()
        with self.cr.savepoint() as savepoint:
            agreed.activity_ids.planned_date = False  # moved to this day
            self.assertEqual(self.open_next()["res_id"], agreed.id)
            savepoint.rollback()
        self.frozen.move_to(later + timedelta(minutes=1))
        self.assertEqual(self.open_next()["res_id"], agreed.id)

    def test_a_team_that_does_not_work_now(self):
        """Offer the lead of an evening's team last, though it is newer."""
        calendar = self.calendar.copy()
        calendar.attendance_ids.write({"hour_from": 17.5, "hour_to": 21})
        evening = self.team.copy(
            {"name": "Evening", "resource_calendar_id": calendar.id}
        )
        ours, theirs = self.make_leads(), self.make_leads()
        theirs.team_id = evening
        self.assertEqual(self.open_next()["res_id"], ours.id)
        text = theirs.with_user(self.lan.user_id).call_reason
        self.assertIn("PM (Evening)", text)
        ours.user_id = self.minh.user_id
        self.assertEqual(self.open_next()["res_id"], theirs.id)

    def test_the_order_of_calls_today(self):
        """First the calls with a time, then the user's leads, then nobody's."""
        nobodys, own, due, others = leads = self.make_leads(4)
        (own | due).user_id = self.lan.user_id
        others.user_id = self.minh.user_id
        (leads - due).activity_ids.unlink()
        due.activity_ids.planned_date = MORNING + timedelta(hours=2)
        view = self.env["crm.lead"].get_view(
            self.env.ref("crm_lead_api.crm_lead_call_view_list").id, "list"
        )
        order = etree.fromstring(view["arch"]).get("default_order")
        listed = self.env["crm.lead"].search([("id", "in", leads.ids)], order=order)
        self.assertEqual((listed - others).ids, [due.id, own.id, nobodys.id])
        for lead in listed - others:
            self.assertEqual(self.open_next()["res_id"], lead.id)
            lead.first_contact_date = MORNING
            lead.activity_ids.unlink()

    def test_a_call_of_a_colleague(self):
        """A lead that nobody has is not next for whom another one calls."""
        lead = self.make_leads()
        call = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.minh.user_id.id
        )
        self.assertFalse(lead.user_id)
        shown = self.env.ref("crm_lead_api.crm_lead_call_view_search").arch
        [own] = etree.fromstring(shown).xpath("//filter[@name='own_or_nobodys']")
        minh, lan = self.minh.user_id, self.lan.user_id
        for caller, seen_by in ((minh, minh), (self.env["res.users"], minh | lan)):
            call.user_id = caller
            for user in minh | lan:
                found = self.open_next(user).get("res_id") == lead.id
                domain = safe_eval(own.get("domain"), {"uid": user.id})
                leads = self.env["crm.lead"].with_user(user).search(domain)
                self.assertEqual(found, user in seen_by)
                self.assertEqual(lead in leads, user in seen_by)

    def test_none(self):
        lead = self.make_leads()
        lead.user_id = self.minh.user_id
        action = self.open_next()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("No lead waits", action["params"]["message"])

    def test_amber_in_the_last_third(self):
        lead = self.make_leads()
        self.give_out()
        self.assertEqual(lead.call_date, MORNING + timedelta(minutes=15))
        self.assertEqual(lead.call_soon_date, MORNING + timedelta(minutes=10))
        lead.activity_ids.planned_date = MORNING + timedelta(hours=3)
        self.assertFalse(lead.call_soon_date, "the lead has another time now")

    def test_why(self):
        lead = self.make_leads()
        self.assertFalse(lead.first_call_why)
        self.give_out()
        name = lead.user_id.name
        self.assertEqual(
            lead.with_user(lead.user_id).first_call_why,
            f"{name}: next by weight of 2 on duty",
        )
        lead.user_id = (self.lan | self.minh).user_id - lead.user_id
        lead.user_id = self.agent  # after which nothing is noted
        self.assertFalse(lead.first_call_why)
