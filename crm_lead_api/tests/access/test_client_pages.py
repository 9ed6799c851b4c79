# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the pages of administrators in the browser."""

from odoo.tests import tagged

from ..common import LeadApiHttpCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestClientPages(LeadApiHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user("manager-of-tour", MANAGER_GROUP)

    def _start(self, path, tour):
        self.start_tour(path, tour, login=self.manager.login)

    def test_the_dialog_of_a_token_asks_before_it_closes(self):
        known = self.client.token_ids
        path = f"/odoo/lead-api-clients/{self.client.id}"
        self._start(path, "crm_lead_api_token_dialog_tour")
        self.assertEqual((self.client.token_ids - known).state, "valid")

    def test_a_pause_asks_before_it_begins(self):
        other = self._new_client("web-form")
        path = f"/odoo/lead-api-clients/{self.client.id}"
        self._start(path, "crm_lead_api_pause_tour")
        self.assertFalse(self.client.is_paused)
        self.assertTrue(other.is_paused)

    def test_the_list_has_its_title_and_the_logs(self):
        path = "/odoo/action-crm_lead_api.crm_lead_api_client_action"
        self._start(path, "crm_lead_api_client_logs_tour")
