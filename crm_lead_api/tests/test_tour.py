# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from urllib.parse import quote

from odoo.tests import tagged

from .common import MANAGER_GROUP, LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestTour(LeadApiHttpCase):
    def test_an_administrator_does_all_of_it_in_the_interface(self):
        manager = self._new_user("manager-of-tour", MANAGER_GROUP)
        leads = self.env["crm.lead"].search([])
        self.start_tour(
            "/odoo",
            "crm_lead_api_client_tour",
            login=manager.login,
            cookies={"payload": quote(json.dumps(self.payload))},
        )
        made = self.env["crm.lead"].search([]) - leads
        self.assertEqual(len(made), 2)
        self.assertEqual(made.create_uid.name, "Chatbot Zalo")
        client = self.env["crm.lead.api.client"].search(
            [("user_id", "=", made.create_uid.id)]
        )
        self.assertEqual(client.token_ids.state, "revoked")
        self.assertEqual(
            sorted(client.request_ids.mapped("state")), ["done", "done", "resent"]
        )
