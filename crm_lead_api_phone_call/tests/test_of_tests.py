# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test phone calls that come with a token for tests."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import KEY, NUMBER, PhoneCallCase
from .sounds import WAVE


@tagged("post_install", "-at_install")
class TestOfTests(PhoneCallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live_token = cls.token
        cls.test_token = cls._new_token(is_test=True)

    def test_a_test_call_stays_apart(self):
        self.ring(ticket_id=4711)
        live = self.find()
        self.token = self.test_token
        self.ring(ticket_id=4711)
        self.assertEqual(self.find(), live)
        test = self.calls.search([("is_lead_api_test", "=", True)])
        self.assertEqual(test.call_ref, live.call_ref)
        lead = self.assertSuccess(self.post())
        self.env.invalidate_all()
        self.assertEqual(test.lead_id, lead)
        self.assertFalse(live.lead_id)
        self.assertEqual(lead.phone_call_ids, test)
        self.assertEqual(lead.phone_call_count, 1)
        self.assertEqual(lead.partner_id.phone_call_count, 1)
        data = self.assertJson(self.send("GET", "/call-1"), 200)["data"]
        self.assertEqual(data["id_lead"], lead.id)
        self.token = self.live_token
        data = self.assertJson(self.send("GET", "/call-1"), 200)["data"]
        self.assertIsNone(data["id_lead"])

    def test_an_erased_test_contact(self):
        """Tests are deleted after some days; a customer may have their phone."""
        self.ring(note="Hỏi giá")
        self.send("PUT", "/call-2", {"phone": NUMBER})
        call = self.find()
        refused = self.env["crm.lead.api.request"].search([], limit=1)
        self.token = self.test_token
        lead = self.assertSuccess(self.post({**self.payload, "phone_no1": NUMBER}))
        self.ring("call-3", ticket_id=4711)
        self.env.invalidate_all()
        partner, test = lead.partner_id, lead.phone_call_ids
        self.assertEqual((partner.phone_key, partner.is_lead_api_test), (KEY, True))
        partner.unlink()
        self.assertEqual((call.phone_key, call.note), (KEY, "Hỏi giá"))
        self.assertEqual((refused.state, refused.phones), ("refused", KEY))
        self.assertTrue(refused.payload)
        self.assertFalse(test.phone_key, "the call of the contact itself is erased")

    def test_a_test_call_goes_with_its_recording(self):
        self.token = self.test_token
        self.ring()
        self.assertJson(self.put_recording(WAVE), 200)
        attachments = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", "crm.lead.phone.call"), ("res_field", "!=", False)]
        self.assertTrue(attachments.search(domain))
        self.env.flush_all()
        test = self.calls.search([("is_lead_api_test", "=", True)])
        old = fields.Datetime.now() - timedelta(days=8)
        self.env.cr.execute(
            "UPDATE crm_lead_phone_call SET create_date = %s WHERE id = %s",
            [old, test.id],
        )
        self.env.invalidate_all()
        self.env["crm.lead.api.request"]._gc_tests()
        self.assertFalse(test.exists())
        self.assertFalse(attachments.search(domain))
