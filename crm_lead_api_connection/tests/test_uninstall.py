# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestUninstall(ConnectionHttpCase):
    """Delete with the addon the records that Odoo would leave."""

    def test_kept_answers(self):
        """An answer would be that to the first message after another installation."""
        answers = self.env["crm.lead.api.answer"].sudo()
        others = answers.search([])
        lead = self.make_lead().lead_id
        self.assertGreater(answers.search([]), others)
        uninstall_hook(self.env)
        self.assertEqual(answers.search([]), others)
        self.assertTrue(lead.exists())
