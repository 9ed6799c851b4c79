# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import PhoneCallCase
from .sounds import make_wave


@tagged("post_install", "-at_install")
class TestTour(PhoneCallCase):
    def test_a_salesperson_hears_a_call(self):
        lead = self.create_lead()
        self.ring(ticket_id=4711, **self.ended, note="Hỏi giá")
        self.ring(
            "call-2",
            ticket_id=4711,
            outcome="no_answer",
            started_at="2026-11-25T09:15:00+07:00",
        )
        self.put_recording(make_wave(2))
        link = lead._get_staff_url().removeprefix(lead.get_base_url())
        self.start_tour(link, "crm_lead_api_phone_call_tour", login=self.agent.login)
