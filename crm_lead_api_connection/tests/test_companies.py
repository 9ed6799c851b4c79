# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from .common import NEEDED, ConnectionHttpCase


@tagged("post_install", "-at_install")
class TestCompanies(ConnectionHttpCase):
    """Administrators of a company change nothing of another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "manager", MANAGER_GROUP, company_id=cls.company.id
        )
        clients = cls.env["crm.lead.api.client"].with_company(cls.other_company)
        cls.foreign = clients.create(
            {"name": "Hoa Đào", "company_ids": cls.other_company.ids}
        )
        cls.own = cls.connection.with_user(cls.manager)

    def test_a_client_of_another_company(self):
        self.own.name = "Hoa Mai"
        with self.assertRaises(AccessError):
            self.own.client_id = self.foreign
        with self.assertRaises(AccessError):
            self.own.copy({"client_id": self.foreign.id})

    def test_a_line_of_another_company(self):
        other = self._connect("google", NEEDED, client_id=self.foreign.id)
        other.field_ids.filtered(lambda line: line.attribute == "phone_no1").unlink()
        line = self.own.field_ids.filtered(lambda line: line.attribute == "phone_no1")
        with self.assertRaises(AccessError):
            line.connection_id = other.id

    def test_a_platform_of_others(self):
        """Nobody weakens the proof of another company's messages."""
        with self.assertRaises(UserError):
            self.own.platform_id.proof = "none"
        self.own.platform_id.is_checked = True
        self.own.action_adapt()
        adapted = self.own.platform_id
        adapted.test_place = "test"
        self._connect("google", {}, client_id=self.foreign.id, platform_id=adapted.id)
        with self.assertRaises(AccessError):
            adapted.proof = "none"
        with self.assertRaises(UserError):
            adapted.code = "google-2"
