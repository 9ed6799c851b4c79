# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that leads go to members on duty."""

from datetime import datetime, timedelta

from odoo.tools import SQL

from odoo.addons.crm_lead_api.schemas import LeadRequest

from .common import MORNING, NOBODY, FirstCallCase


class TestGiving(FirstCallCase):
    def test_by_turns(self):
        leads = self.make_leads(4)
        self.assertFalse(leads.user_id)
        self.give_out()
        self.assertEqual(leads.mapped("user_id"), (self.lan | self.minh).user_id)
        self.assertEqual(
            len(leads.filtered(lambda x: x.user_id == self.lan.user_id)), 2
        )
        lead = leads[0]
        self.assertEqual(self.get_reasons(lead), ["share"])
        self.assertEqual(lead.call_date, MORNING + timedelta(minutes=15))
        self.assertEqual(lead.call_user_id, lead.user_id)

    def test_at_night(self):
        """A lead of the night is due a quarter of an hour after opening."""
        self.frozen.move_to(datetime(2026, 11, 26, 15, 40))
        lead = self.make_leads()
        self.give_out()
        self.assertFalse(lead.user_id)
        self.assertFalse(self.lan.is_on_duty, "the shift is over")
        self.frozen.move_to(datetime(2026, 11, 27, 1, 0, 20))
        self.lan.is_on_duty = True
        self.give_out()
        self.assertTrue(lead.user_id)
        self.assertEqual(lead.call_date, datetime(2026, 11, 27, 1, 15))
        why = "New lead · within 15 working minutes of Tư vấn"
        self.assertEqual(lead.with_user(lead.user_id).call_date_why, why)

    def test_recall(self):
        lead = self.make_leads()
        self.give_out()
        first = lead.user_id
        self.frozen.move_to(MORNING + timedelta(minutes=15, seconds=30))
        self.give_out()
        self.assertNotEqual(lead.user_id, first)
        self.assertEqual(lead.call_date, MORNING + timedelta(minutes=30, seconds=30))
        self.assertEqual(len(lead._get_first_calls()), 1)

    def test_who_knows_the_customer(self):
        self.make_leads(3)
        self.give_out()
        old = self.make_leads(phone_no1="0912345678", contact_name="Vy")
        old.user_id = self.minh.user_id
        new = self.create_lead(
            contact_name="Vy", phone_no1="0912345678", agent_email=NOBODY
        )
        self.give_out()
        self.assertEqual(new.user_id, self.minh.user_id)
        self.assertEqual(self.get_reasons(new), ["owner"])
        self.assertEqual(self.get_reasons(old), ["hand"])

    def test_agent_of_the_request(self):
        """The agent has the lead at once, on duty or not, and has to call in time."""
        self.lan.is_on_duty = False
        lead = self.make_leads(agent_email=self.lan.user_id.email)
        self.assertEqual(lead.user_id, self.lan.user_id)
        self.give_out()
        self.assertEqual(self.get_reasons(lead), ["agent"])
        self.frozen.move_to(MORNING + timedelta(minutes=16))
        self.give_out()
        self.assertEqual(lead.user_id, self.minh.user_id)

    def test_agent_of_a_quiet_client(self):
        """The request plans no call; who gives leads out does."""
        self.client.is_quiet = True
        lead = self.make_leads(agent_email=self.lan.user_id.email)
        self.assertFalse(lead.activity_ids)
        self.give_out()
        self.assertEqual(lead.call_date, MORNING + timedelta(minutes=15))
        self.assertEqual(lead.call_soon_date, MORNING + timedelta(minutes=10))

    def test_agents_need_duty(self):
        self.team.agents_need_duty = True
        email = self.lan.user_id.email
        lead = self.make_leads(agent_email=email)
        self.assertFalse(lead.user_id)
        payload = LeadRequest.parse({**self.payload, "agent_email": email})
        warnings = {each.field for each in lead._get_payload_warnings(payload)}
        self.assertNotIn("agent_email", warnings, "Lan is known")
        self.give_out()
        self.assertEqual(lead.user_id, self.lan.user_id)
        self.assertEqual(self.get_reasons(lead), ["agent"])
        self.lan.is_on_duty = False
        lead = self.make_leads(agent_email=email)
        self.give_out()
        self.assertEqual(lead.user_id, self.minh.user_id)
        self.assertEqual(self.get_reasons(lead), ["share"])

    def test_agent_of_a_test(self):
        """A test gives the lead to its agent: nobody gives tests out."""
        self.team.agents_need_duty = True
        email = self.lan.user_id.email
        payload = LeadRequest.parse({**self.payload, "agent_email": email})
        context = self.client._get_request_context(is_test=True)
        leads = self.env["crm.lead"].with_user(self.caller).with_context(**context)
        lead = leads._create_from_payload(payload)
        self.assertTrue(lead.is_lead_api_test)
        self.assertEqual(lead.user_id, self.lan.user_id)
        warnings = {each.field for each in lead._get_payload_warnings(payload)}
        self.assertNotIn("agent_email", warnings, "Lan is known")

    def test_an_old_open_lead(self):
        """Who has an open lead of the customer knows the customer, however old it is;
        a closed one counts for a year."""
        for close, user in ((False, self.minh.user_id), (True, self.lan.user_id)):
            with self.subTest(close=close):
                phone = f"091234567{int(close)}"
                old = self.make_leads(phone_no1=phone, contact_name="Vy")
                old.user_id = self.minh.user_id
                if close:
                    old.action_set_won()
                self.env.flush_all()
                self.env.cr.execute(
                    SQL(
                        "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                        MORNING - timedelta(days=400),
                        old.id,
                    )
                )
                self.env.invalidate_all()
                new = self.make_leads(phone_no1=phone, contact_name="Vy")
                self.give_out()
                self.assertEqual(new.user_id, user)
