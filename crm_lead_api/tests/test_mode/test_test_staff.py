# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that staff see no tests, except by a filter."""

from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from ..common import URL
from ..data import MANAGER_GROUP, PORTRAIT
from .common import TestTokenCase

MODELS = ("crm.lead", "res.partner", "crm.customer.portrait")
IS_TEST = Domain("is_lead_api_test", "=", True)


@tagged("post_install", "-at_install")
class TestTestStaff(TestTokenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = f"{MANAGER_GROUP},sales_team.group_sale_manager"
        cls.manager = cls._new_user("manager@example.com", groups)

    def make_both(self):
        test = self.make_test_lead(agent_email=self.agent.email)
        payload = {**self.payload, "agent_email": self.agent.email}
        return test, self.assertSuccess(self.post(payload))

    def test_searches_and_figures_are_without_tests(self):
        models = {name: self.env[name].with_user(self.manager) for name in MODELS}
        before = {name: model.search_count([]) for name, model in models.items()}
        test, live = self.make_both()
        for name, model in models.items():
            with self.subTest(name):
                self.assertEqual(model.search_count([]), before[name] + 1)
                both = model.with_context(active_test=False)
                self.assertFalse(both.search([]).filtered("is_lead_api_test"))
                [(count,)] = model._read_group([], aggregates=["__count"])
                self.assertEqual(count, before[name] + 1)
                self.assertEqual(len(model.search(IS_TEST)), 1)
        found = self.env["res.partner"].name_search(self.payload["contact_name"])
        ids = [each for each, _name in found]
        self.assertIn(live.partner_id.id, ids)
        self.assertNotIn(test.partner_id.id, ids)
        stages = self.env["crm.lead"].with_user(self.agent)
        groups = stages.formatted_read_group([], ["stage_id"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), 1)

    def test_reports_are_without_tests(self):
        for lead in self.make_both():
            activity = lead.activity_schedule("mail.mail_activity_data_call")
            activity.action_feedback("Đã gọi")
        self.env.flush_all()
        report = self.env["crm.lead.intake.report"].with_user(self.manager)
        domain = [("lead_api_client_id", "=", self.client.id)]
        self.assertEqual(report.search_count(domain), 1)
        report = self.env["crm.activity.report"].with_user(self.manager)
        self.assertEqual(report.search_count([("team_id", "=", self.team.id)]), 1)

    def test_the_administrators_figures_are_without_tests(self):
        self.make_both()
        client = self.client.with_user(self.manager)
        self.assertEqual((client.call_count, client.test_count), (1, 1))
        requests = self.env["crm.lead.api.request"].with_user(self.manager)
        self.assertEqual(requests.search_count([("is_test", "=", True)]), 1)
        action = client.action_open_requests()
        self.assertEqual(action["context"]["search_default_counted"], 1)
        figures = self.env["crm.lead.api.metrics"]._render()
        line = 'crm_lead_api_calls_total{client="tong-dai",outcome="lead",status="200"}'
        self.assertIn(f"{line} 1.0", figures)

    def test_a_client_that_has_only_sent_tests(self):
        self.make_test_lead()
        self.assertJson(self.post_test(url=f"{URL}?dry_run=1"), 200)
        client = self.client.with_user(self.manager)
        self.assertEqual((client.call_count, client.test_count), (0, 1))
        shown = client.action_open_requests()["context"]
        self.assertFalse(shown["search_default_counted"], "the list is not empty")

    def test_a_lead_has_no_test_as_its_duplicate(self):
        test, live = self.make_both()
        self.assertFalse(live.duplicate_lead_count)
        self.assertFalse(test.duplicate_lead_count)
        self.assertEqual(test.duplicate_lead_ids, test)

    def test_a_won_test_teaches_no_score(self):
        test, live = self.make_both()
        frequencies = self.env["crm.lead.scoring.frequency"]

        def count():
            self.env.flush_all()
            domain = [("variable", "=", "source_id")]
            [(total,)] = frequencies._read_group(domain, aggregates=["won_count:sum"])
            return total or 0

        before = count()
        test.action_set_won()
        self.assertEqual(count(), before)
        live.action_set_won()
        self.assertGreater(count(), before)

    def test_nobody_is_notified(self):
        self.client.plans_call = True
        inbox = self.env["mail.notification"].sudo()
        test, live = self.make_both()
        self.env.flush_all()
        told = inbox.search([("res_partner_id", "=", self.agent.partner_id.id)])
        self.assertEqual(set(told.mail_message_id.mapped("res_id")), {live.id})
        self.assertEqual(test.user_id, self.agent)
        self.assertFalse(test.activity_ids)
        self.assertTrue(live.activity_ids)
        partner = self.manager.partner_id
        test.message_post(body="Xem này", partner_ids=partner.ids)
        self.assertFalse(inbox.search([("res_partner_id", "=", partner.id)]))

    def test_no_addon_plans_an_activity(self):
        leads = self.registry["crm.lead"]
        get_staff_url = leads._get_staff_url

        def plan(lead):  # as an addon may do while the lead is made
            lead.sudo().activity_schedule("mail.mail_activity_data_call")
            return get_staff_url(lead)

        with patch.object(leads, "_get_staff_url", plan):
            test, live = self.make_both()
        self.assertFalse(test.activity_ids)
        self.assertTrue(live.activity_ids)

    def test_words_of_tests_are_hidden_until_a_customer_uses_them(self):
        self.make_test_lead()
        tags = self.env["crm.customer.portrait.tag"].with_user(self.manager)
        names = PORTRAIT["hobby"]
        domain = [("kind", "=", "hobby"), ("name", "in", names)]
        self.assertFalse(tags.search(domain))
        self.assertSuccess(self.post())
        found = tags.search(domain)
        self.assertEqual(len(found), len(names))
        self.assertEqual(set(found.mapped("portrait_count")), {1})

    def test_the_form_of_a_test_shows_all_of_it(self):
        test = self.make_test_lead().with_user(self.manager)
        self.assertIn(PORTRAIT["hobby"][0], test.portrait_card)
        partner = test.partner_id
        self.assertEqual(partner.portrait_count, 1)
        self.assertEqual(len(partner.portrait_ids), 1)
        entries = partner._get_timeline_entries()
        self.assertIn(test, [entry.lead for entry in entries])

    def test_a_contact_is_erased_with_its_portrait(self):
        test = self.make_test_lead()
        portrait, partner = test.portrait_id, test.partner_id
        test.unlink()
        partner.unlink()
        self.assertFalse(portrait.exists())
