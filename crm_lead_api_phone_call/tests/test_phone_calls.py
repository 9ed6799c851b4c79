# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import KEY, NUMBER, PhoneCallCase


@tagged("post_install", "-at_install")
class TestPhoneCalls(PhoneCallCase):
    def test_a_call_in_several_requests(self):
        """Ringing, answered, ended, noted: a later request sends what is new."""
        data = self.ring(call_type="Nhắc tái khám")
        self.assertTrue(data.pop("created"))
        created, updated = data.pop("created_at"), data.pop("updated_at")
        self.assertEqual(
            data,
            {
                "call_id": "call-1",
                "direction": "in",
                "phone": NUMBER,
                "agent_email": self.agent.login,
                "started_at": "2026-11-25T01:15:00Z",
                "answered_at": None,
                "ended_at": None,
                "duration": 0,
                "outcome": None,
                "ticket_id": None,
                "account_id": None,
                "id_lead": None,
                "call_type": "Nhắc tái khám",
                "note": None,
                "callback_at": None,
                "recording_url": None,
                "recording": None,
            },
        )
        data = self.put("call-1", answered_at="2026-11-25T01:15:10Z")
        self.assertEqual(
            (data["created"], data["answered_at"], data["duration"]),
            (False, "2026-11-25T01:15:10Z", 0),
        )
        data = self.put(
            "call-1",
            ended_at="2026-11-25T01:18:30Z",
            outcome="answered",
            note="Hỏi giá",
        )
        self.assertEqual((data["duration"], data["note"]), (200, "Hỏi giá"))
        self.assertEqual(data["call_type"], "Nhắc tái khám")
        self.assertEqual(data["created_at"], created)
        self.assertGreater(data["updated_at"], updated)
        data = self.put("call-1", note=None, call_type="")
        self.assertEqual((data["note"], data["call_type"]), (None, "Nhắc tái khám"))
        call = self.find()
        self.assertRecordValues(
            call,
            [
                {
                    "phone_key": KEY,
                    "agent_id": self.agent.id,
                    "client_id": self.client.id,
                    "company_id": self.company.id,
                    "is_answered": True,
                    "answered_share": 100,
                }
            ],
        )
