# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_lead_api.tests.common import LeadApiHttpCase

URL = "/api/v1/phone-calls"
NUMBER = "0912 345 678"
KEY = "+84912345678"


class PhoneCallCase(LeadApiHttpCase):
    """Send phone calls over a real socket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.env["crm.lead.phone.call"]
        cls.agent.tz = "Asia/Ho_Chi_Minh"
        cls.ringing = {
            "direction": "in",
            "phone": NUMBER,
            "agent_email": cls.agent.login,
            "started_at": "2026-11-25T08:15:00+07:00",
        }
        cls.ended = {
            "answered_at": "2026-11-25T08:15:10+07:00",
            "ended_at": "2026-11-25T08:18:30+07:00",
            "outcome": "answered",
        }

    def send(self, method, path, body=None, **headers):
        """Send a request without an Idempotency-Key, unless the headers have one."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.post(
            body,
            url=f"{URL}{path}",
            method=method,
            headers={"Idempotency-Key": "", **names},
            **({} if method == "PUT" else {"data": None}),
        )

    def put(self, call_id, **body):
        """Send a phone call, and return the answer's data."""
        response = self.send("PUT", f"/{call_id}", body)
        body = self.assertJson(response, 200)
        self.assertEqual(list(body), ["error", "message", "data"])
        self.env.invalidate_all()
        return body["data"]

    def ring(self, call_id="call-1", **changes):
        return self.put(call_id, **{**self.ringing, **changes})

    def find(self, call_id="call-1"):
        return self.calls.search([("call_ref", "=", call_id)])

    def put_recording(
        self, content, call_id="call-1", media_type="audio/wav", **kwargs
    ):
        return self.post(
            url=f"{URL}/{call_id}/recording",
            method="PUT",
            data=content,
            headers={
                "Idempotency-Key": "",
                "Content-Type": media_type,
                **kwargs.pop("headers", {}),
            },
            **kwargs,
        )
