# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the repetition of a request of another addon, which may have no lead."""

import json
from unittest.mock import patch

from odoo.tests import tagged

from .common import CorrectionCase


@tagged("post_install", "-at_install")
class TestResendWithoutLead(CorrectionCase):
    def test_the_new_entry_opens(self):
        engines = type(self.env["crm.lead.api.engine"])
        serve = engines._serve

        def serve_without_lead(engine, received):
            outcome = serve(engine, received)
            outcome.entry.lead_id = False
            return outcome

        entry = self._fail(gender="nữ")
        wizard = self._open(entry).create({"payload": json.dumps(self.payload)})
        with patch.object(engines, "_serve", serve_without_lead):
            action = wizard.action_send()
        new = self._get_entries() - entry
        self.assertEqual((entry.state, new.state), ("resent", "done"))
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("crm.lead.api.request", new.id)
        )
