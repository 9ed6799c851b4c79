# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import TransactionCase, tagged

from ...tools.transaction import Undone, savepoint


@tagged("post_install", "-at_install")
class TestSavepoint(TransactionCase):
    def test_what_is_taken_back(self):
        """The hooks for the time after the commit are rolled back, too."""
        partners, told = self.env["res.partner"], []
        self.env.cr.postcommit.add(lambda: told.append("before"))
        for error in (Undone, ValueError):
            try:
                with savepoint(self.env.cr):
                    partner = partners.create({"name": "Lan"})
                    self.env.cr.postcommit.add(lambda: told.append("meanwhile"))
                    raise error
            except ValueError:
                self.assertIs(error, ValueError)
            self.assertFalse(partner.exists())
        self.env.cr.postcommit.run()
        self.assertEqual(told, ["before"])

    def test_what_stays(self):
        told = []
        with savepoint(self.env.cr):
            partner = self.env["res.partner"].create({"name": "Lan"})
            self.env.cr.postcommit.add(lambda: told.append("meanwhile"))
        self.assertTrue(partner.exists())
        self.env.cr.postcommit.run()
        self.assertEqual(told, ["meanwhile"])
