# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that leads are given out and recalled once when the clock is set back."""

from datetime import datetime, timedelta

from .common import MORNING, FirstCallCase

HOUR = timedelta(hours=1)
LUNCH = datetime(2026, 11, 26, 5, 30)


class TestClockBack(FirstCallCase):
    def test_after_giving(self):
        self.frozen.move_to(MORNING + HOUR)
        lead = self.make_leads()
        self.give_out()
        first = lead.user_id
        self.frozen.move_to(MORNING)
        other = self.make_leads()
        self.give_out()
        self.assertEqual(lead.user_id, first)
        self.assertTrue(other.user_id, "the clock does not hold new leads up")
        self.frozen.move_to(MORNING + HOUR + timedelta(minutes=16))
        self.give_out()
        self.assertNotEqual(lead.user_id, first)
        self.assertEqual(self.get_reasons(lead), ["share", "share"])

    def test_after_a_recall(self):
        lead = self.make_leads()
        self.give_out()
        self.frozen.move_to(MORNING + timedelta(minutes=16))
        self.give_out()
        second = lead.user_id
        for minutes in (-44, 0, 16):
            self.frozen.move_to(MORNING + timedelta(minutes=minutes))
            self.give_out()
        self.assertEqual(lead.user_id, second)
        self.assertEqual(lead.first_call_ids.recall_count, 1)

    def test_while_a_lead_waits(self):
        self.frozen.move_to(LUNCH)
        lead = self.make_leads()
        self.give_out()
        self.assertFalse(lead.user_id)
        self.frozen.move_to(LUNCH - HOUR)
        self.give_out()
        self.assertTrue(lead.user_id)
