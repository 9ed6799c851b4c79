# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that a request takes few statements more, however many members a team has."""

from .common import FirstCallCase

MORE = 2  # statements of a request whose lead is given out, and one after the commit
MEMBERS = 1_000


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

    def test_many_members(self):
        few = self.count(True)
        values = {"company_id": self.company.id, "company_ids": self.company.ids}
        users = self.env["res.users"].create(
            [
                {"name": f"Tư vấn {number}", "login": f"{number}.fc", **values}
                for number in range(MEMBERS)
            ]
        )
        self.env["crm.team.member"].create(
            [{"crm_team_id": self.team.id, "user_id": user.id} for user in users]
        )
        self.assertLessEqual(self.count(True), few)
