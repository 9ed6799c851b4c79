# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the steps to a client's first request; test_tour.py has them in the browser."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import URL, LeadApiHttpCase
from ..data import MANAGER_GROUP


@tagged("post_install", "-at_install")
class TestFirstSteps(LeadApiHttpCase):
    def _assert_done(self, record, **expected):
        steps = record.get_first_steps()
        self.assertEqual({name: steps[name] for name in expected}, expected)

    def test_steps_are_done_one_by_one(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self._new_client("web-form").with_user(manager)
        self._assert_done(client, token=False, request=False, events=False)
        self.assertFalse(client.has_requests)
        self.assertTrue(client.first_steps["source_groups"])
        self.env["utm.source"].search([]).group_id = False
        self.env["res.country.district"].search([]).active = False
        self._assert_done(client, source_groups=False, districts=False, client=True)
        client.webhook_url = "https://tickets.example.com/events"
        token = self._new_token(client.sudo())
        self._assert_done(client, token=True, request=False, events=True)
        self.assertEqual(self.post({}, token=token).status_code, 422)
        steps = client.get_first_steps()
        self.assertTrue(steps["request"])
        self.assertIn("422 phone_no1", steps["problem"])
        client.token_ids.action_revoke()
        self._assert_done(client, token=False)

    def test_a_right_request_after_a_wrong_one(self):
        self.post({})
        payload = {**self.payload, "source_id": self.source.id}
        self.assertSuccess(self.post(payload))
        self._assert_done(self.client, request=True, problem="")
        self.env.invalidate_all()
        self.assertTrue(self.client.has_requests)

    def test_a_refused_dry_run_is_no_success(self):
        self.post({}, url=f"{URL}?dry_run=1")
        steps = self.client.get_first_steps()
        self.assertIn("422 phone_no1", steps["problem"])
        self.assertFalse(self.client.has_requests)

    def test_a_new_client(self):
        client = self.env["crm.lead.api.client"].new({})
        self.post()
        self.assertFalse(client.has_requests)
        self.assertFalse(client.first_steps["client"])

    def test_only_for_administrators_of_the_client(self):
        other = self._new_client("khac")
        other.user_id.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
            }
        )
        for user in (self.agent, self._new_user("manager", MANAGER_GROUP)):
            with self.subTest(user.name), self.assertRaises(AccessError):
                other.with_user(user).get_first_steps()
