# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that a request whose lead is given out takes few statements more."""

from .common import FirstCallCase

MORE = 2  # statements of a request whose lead is given out, and one after the commit


class TestStatements(FirstCallCase):
    def count(self, gives_leads_out, **payload):
        """Return how many statements a lead takes."""
        self.team.gives_leads_out = gives_leads_out
        for _number in range(3):  # the first ones fill caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lead = self.make_leads(**payload)
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
        self.assertEqual(bool(lead.first_call_ids), gives_leads_out)
        return count

    def test_few_statements(self):
        for name, payload in (
            ("nobody's", {}),
            ("of an agent", {"agent_email": self.lan.user_id.email}),
        ):
            with self.subTest(name):
                without = self.count(False, **payload)
                self.assertLessEqual(self.count(True, **payload), without + MORE)
