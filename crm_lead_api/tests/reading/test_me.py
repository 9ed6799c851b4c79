# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``GET /api/v1/me``: what a client is told of itself and its token."""

from odoo import fields
from odoo.tests import tagged

from .common import ReadCase


@tagged("post_install", "-at_install")
class TestMe(ReadCase):
    def test_client_of_the_token(self):
        self.client.write(
            {
                "requests_per_minute": 77,
                "takes_codes": True,
                "replay_content": False,
                "campaign_id": self.campaign.id,
            }
        )
        token = self.client.token_ids
        me = self.read_data("me")
        self.assertEqual(me["name"], self.client.name)
        self.assertEqual(
            me["companies"], [{"id": self.company.id, "name": self.company.name}]
        )
        self.assertEqual(
            me["rights"],
            {
                "reads_all_leads": False,
                "looks_up_customers": False,
                "takes_own_codes": False,
                "takes_codes": True,
                "has_text_tickets": False,
                "replays_content": False,
            },
        )
        self.assertEqual(
            me["defaults"],
            {"campaign_id": {"id": self.campaign.id, "name": self.campaign.name}},
        )
        self.assertEqual(me["limits"]["requests_per_minute"], 77)
        self.assertEqual(
            (me["token"]["name"], me["token"]["hint"]), ("test", token.hint)
        )
        self.assertIs(me["token"]["is_replaced"], False)

    def test_rights_are_described(self):
        document = self.get("openapi.json").json()
        described = document["components"]["schemas"]["Rights"]
        rights = self.read_data("me")["rights"]
        self.assertEqual(described["required"], list(rights))
        self.assertEqual(list(described["properties"]), list(rights))

    def test_replaced_token(self):
        old = self.client.token_ids
        new_text = self._new_token()
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        old._replace(self.client.token_ids - old, tomorrow)
        self.assertIs(self.read_data("me")["token"]["is_replaced"], True)
        me = self.read_data("me", token=new_text)
        self.assertIs(me["token"]["is_replaced"], False)

    def test_me(self):
        self.client.campaign_id = self.campaign
        self.client.requests_per_minute = 100
        data = self.read_data("me")
        self.assertEqual(data["name"], self.client.name)
        self.assertEqual(
            data["companies"], [{"id": self.company.id, "name": self.company.name}]
        )
        self.assertEqual(
            data["defaults"],
            {"campaign_id": {"id": self.campaign.id, "name": "Tháng làm đẹp"}},
        )
        self.assertEqual(data["limits"]["requests_per_minute"], 100)
        self.assertEqual(data["token"]["hint"], f"…{self.token[-4:]}")
        self.assertFalse(data["rights"]["reads_all_leads"])

    def test_language_that_the_database_lacks(self):
        for language in ("es", "xx", "vi-VN, es;q=0.5", "*"):
            with self.subTest(language):
                self.read_data("me", headers={"Accept-Language": language})
