# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the steps to a client's first lead; setup/tests/test_first_lead.py walks them
in a browser, on a database with nothing but Odoo."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import RecordCapturer, tagged

from ..common import URL, LeadApiHttpCase
from ..data import MANAGER_GROUP

PRICE_LISTS = "product.group_product_pricelist"


@tagged("post_install", "-at_install")
class TestFirstSteps(LeadApiHttpCase):
    def _get_steps(self, record):
        """Return the first steps, and by name those of the setup."""
        steps = record.get_first_steps()
        return {**{step["name"]: step for step in steps["setup"]}, **steps}

    def _assert_done(self, record, **expected):
        steps = self._get_steps(record)
        done = {name: steps[name] for name in expected}
        for name, step in done.items():
            if isinstance(step, dict):
                done[name] = step["is_done"]
        self.assertEqual(done, expected)

    def _make_empty(self):
        """Leave nothing that a lead can name, as in a database without demo data."""
        self.env["utm.source"].search([]).group_id = False
        for model in (
            *("utm.source.group", "utm.campaign", "product.pricelist"),
            *("product.product", "res.country.district"),
        ):
            self.env[model].search([]).active = False

    def test_steps_are_done_one_by_one(self):
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self._new_client("web-form").with_user(manager)
        self._assert_done(client, token=False, live_token=False, events=False)
        self.assertFalse(client.has_requests)
        setup = ["price_list", "service", "source_group", "source", "campaign"]
        self._assert_done(client, **dict.fromkeys([*setup, "districts"], True))
        self._make_empty()
        self._assert_done(client, **dict.fromkeys([*setup, "districts"], False))
        client.webhook_url = "https://tickets.example.com/events"
        self._new_token(client.sudo())
        self._assert_done(client, token=False, live_token=True, events=True)
        client.token_ids.action_revoke()
        test_token = self._new_token(client.sudo(), is_test=True)
        self._assert_done(client, token=True, live_token=False, request=False)
        self.assertEqual(self.post({}, token=test_token).status_code, 422)
        steps = client.get_first_steps()
        self.assertTrue(steps["request"])
        self.assertIn("422 phone_no1", steps["problem"])
        client.token_ids.action_revoke()
        self._assert_done(client, token=False, live_token=False)

    def test_a_right_request_after_a_wrong_one(self):
        self.post({})
        payload = {**self.payload, "source_id": self.source.id}
        self.post(payload, token=self._new_token(is_test=True))
        self.assertFalse(self.client.has_requests, "the live token is a step, too")
        self.post(payload, url=f"{URL}?dry_run=1")
        self.env.invalidate_all()
        self.assertFalse(self.client.has_requests, "no lead was made")
        self.assertSuccess(self.post(payload))
        self.client.token_ids.action_revoke()
        self._assert_done(self.client, token=True, request=True, problem="")
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
        self.assertEqual(client.first_steps["payload"], {})
        self._assert_done(client.browse(), client=False, campaign=True)

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

    def test_buttons_make_what_a_lead_needs(self):
        """Each button makes one record, named in the language of the user, and the
        request of the page then makes a lead."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self._make_empty()
        self.env.ref("base.group_user")._remove_group(self.env.ref(PRICE_LISTS))
        admin = self._new_user("admin-vn", f"{MANAGER_GROUP},base.group_system")
        client = self.client.with_user(admin).with_context(lang="vi_VN")
        self.assertEqual(
            client.get_first_steps()["missing"],
            [
                *("price_list_id", "category_source_id", "source_id", "campaign_id"),
                "crm_line_ids",
            ],
        )
        for name, model, title in (
            ("price_list", "product.pricelist", "VND"),  # or Odoo's, anew
            ("service", "product.product", "Tư vấn"),
            ("source_group", "utm.source.group", "Trực tuyến"),
            ("source", "utm.source", "Trang web"),
            ("campaign", "utm.campaign", "Chung"),
        ):
            with self.subTest(name), RecordCapturer(self.env[model]) as made:
                action = client.action_first_step(name)
                self.assertIn(title, action["params"]["message"])
                self._assert_done(client, **{name: True})
                self.assertFalse(client.action_first_step(name))  # pressed twice
                self.assertEqual(len(made.records), 1)
        steps = client.get_first_steps()
        self.assertEqual(steps["missing"], [])
        lead = self.assertSuccess(self.post(steps["payload"]))
        self.assertEqual(lead.pricelist_id.currency_id, self.company.currency_id)
        self.assertEqual(
            client.get_first_steps()["lead_url"],
            lead._get_staff_url(),
        )

    def test_price_list_outlives_a_change_of_settings(self):
        """Odoo archives all price lists while its setting for them is off."""
        self._make_empty()
        self.env.ref("base.group_user")._remove_group(self.env.ref(PRICE_LISTS))
        admin = self._new_user("admin-vn", f"{MANAGER_GROUP},base.group_system")
        self.client.with_user(admin).action_first_step("price_list")
        self.env["res.config.settings"].with_user(admin).create({}).set_values()
        self._assert_done(self.client, price_list=True)

    def test_without_the_rights(self):
        """An administrator of the lead API alone is told who can make price lists."""
        self._make_empty()
        manager = self._new_user("manager", MANAGER_GROUP)
        client = self.client.with_user(manager)
        steps = self._get_steps(client)
        for name in ("price_list", "service", "company"):
            self.assertIn("groups: ", steps[name]["refusal"])
        with self.assertRaisesRegex(AccessError, "groups: "):
            client.action_first_step("price_list")
        self._assert_done(client, price_list=False)
        client.action_first_step("source")  # with its group
        client.action_first_step("campaign")
        self._assert_done(client, source_group=True, source=True, campaign=True)
        with self.assertRaises(AccessError):
            client.with_user(self.agent).action_first_step("campaign")

    def test_country(self):
        self.company.country_id = False
        self._assert_done(self.client, company=False)
        action = self.client.action_first_step("company")
        shown = (action["res_model"], action["res_id"])
        self.assertEqual(shown, ("res.company", self.company.id))
        self.company.country_id = self.country
        self._assert_done(self.client, company=True)
        # It stays to be changed: Odoo may have chosen the United States.
        step = self._get_steps(self.client)["company"]
        self.assertIn(self.country.name, step["text"])
        self.assertEqual(self.client.action_first_step("company"), action)
