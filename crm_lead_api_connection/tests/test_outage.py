# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that no lead is lost or doubled while the Graph is away, or a token has ended.

``CRM_LEAD_API_MESSAGES=1000`` sends so many messages in the hour.
"""

import os
from datetime import timedelta, timezone

from odoo.tests import tagged

from .graph import TOKEN
from .test_fetching import GraphCase

COUNT = int(os.environ.get("CRM_LEAD_API_MESSAGES", "120"))
MINUTES = 60


@tagged("post_install", "-at_install")
class TestOutage(GraphCase):
    def get_lead(self, ref):
        """Return a lead of the Graph, of a customer of its own, as made now."""
        return {
            **{"full_name": f"Khách {ref}", "phone_number": f"+8490{ref:0>7}"},
            "seconds": int(self.now.replace(tzinfo=timezone.utc).timestamp()),
        }

    def work(self, minutes=1):
        """Run the scheduled actions, and let time pass."""
        self.fetch()
        self.make_leads()
        self.wait(minutes=minutes)

    def assertLeads(self, refs):
        """Check that each lead of the Graph is a lead here, once."""
        messages = self.connection.message_record_ids
        self.assertEqual(set(messages.mapped("state")), {"done"})
        self.assertEqual(sorted(messages.mapped("message_ref")), sorted(refs))
        leads = self.env["crm.lead"].search([("id", "in", messages.lead_id.ids)])
        self.assertEqual(
            sorted(leads.mapped("contact_name")), sorted(f"Khách {ref}" for ref in refs)
        )

    def test_a_graph_that_is_away_for_an_hour(self):
        refs = [f"{number}" for number in range(10_001, 10_001 + COUNT)]
        self.graph.faults = [None] * MINUTES * COUNT
        for minute in range(MINUTES):
            for ref in refs[minute::MINUTES]:
                self.notify(ref, **self.get_lead(ref))
            self.work()
        messages = self.connection.message_record_ids
        self.assertEqual(messages.mapped("state"), ["fetching"] * COUNT)
        self.assertEqual(len(self.get_alarms()), 1)
        self.graph.faults.clear()
        self.graph.calls.clear()
        end = self.now + timedelta(hours=1)
        while self.now < end and set(messages.mapped("state")) != {"done"}:
            self.work()
        self.assertLeads(refs)
        asked = [ref for ref in self.graph.asked if ref in refs]
        self.assertEqual(sorted(asked), sorted(refs))
        # Meta tells once more of what it had no answer to in time.
        for ref in refs:
            self.notify(ref)
        self.work()
        self.assertLeads(refs)

    def test_a_token_that_ends(self):
        """The owner is told a week before; after the end Meta's messages wait, and what
        Meta did not tell of is fetched with the new token."""
        self.connection.write({"app_ref": "1384", "secret": "app-secret"})
        end = self.now + timedelta(days=10)
        self.graph.tokens = {TOKEN: int(end.replace(tzinfo=timezone.utc).timestamp())}
        refs, reminded = [], []
        while self.now < end:
            refs.append(f"{len(refs) + 1}")
            self.notify(refs[-1], **self.get_lead(refs[-1]))
            self.run_cron("check_tokens")
            if self.get_alarms():
                reminded.append(end - self.now)
            self.work(minutes=24 * 60)
        self.assertEqual(max(reminded), timedelta(days=7))
        self.assertEqual(len(self.get_alarms()), 1)
        self.assertLeads(refs)
        self.graph.tokens = {"new": 0}
        for number in range(4):
            refs.append(f"{len(refs) + 1}")
            add = self.notify if number < 2 else self.graph.add
            add(refs[-1], **self.get_lead(refs[-1]))
            self.work(minutes=24 * 60)
        self.assertTrue(self.connection.is_fetching_stopped)
        self.assertEqual(len(self.get_alarms()), 2)
        self.connection.access_token = "new"
        wizard = self.env["crm.lead.api.backfill"].create(
            {"connection_id": self.connection.id}
        )
        wizard.action_get_leads()
        self.assertEqual((wizard.new_count, wizard.known_count), (2, 4))
        self.work()
        self.assertLeads(refs)
