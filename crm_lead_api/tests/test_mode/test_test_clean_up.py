# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that tests go by themselves, with all their rows."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.request import crm_lead_api_request
from .common import TestTokenCase

# Rows that are not about a request: they are reused, or go by themselves in a moment.
OTHER_TABLES = {
    *("crm_lead_api_rate", "crm_lead_api_lock", "crm_lead_api_refusal"),
    *("crm_lead_api_horizon", "ir_cron_trigger", "ir_sequence"),
}


@tagged("post_install", "-at_install")
class TestTestCleanUp(TestTokenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.webhook_test_url = "https://tickets.example.com/events/test"

    def count_rows(self):
        """Return the number of rows of each table."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        return {
            table: self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            )[0][0]
            for (table,) in tables
            if table not in OTHER_TABLES
        }

    def age(self, days):
        """Let all records have come in some days earlier."""
        self.env.flush_all()
        models = self.env["crm.lead.api.request"]._get_test_models()
        logs = self.env["crm.lead.api.request"]._get_test_logs()
        dates = dict.fromkeys(models, "create_date") | dict.fromkeys(logs, "date")
        for name, column in dates.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(column)s - %(age)s",
                    table=SQL.identifier(self.env[name]._table),
                    column=SQL.identifier(column),
                    age=timedelta(days=days),
                )
            )
        self.env.invalidate_all()

    def clean_up(self):
        return self.env["crm.lead.api.request"]._gc_tests()

    def send_all_kinds(self):
        """Send a test request of each kind, and let staff work on the lead."""
        lead = self.make_test_lead(ticket_id=11, agent_email=self.agent.email)
        payload = {**self.payload, "ticket_id": 11, "demand": "Niềng răng"}
        self.assertJson(self.post_test(payload, method="PUT"), 200)
        self.assertEqual(self.post_test({}).status_code, 422)
        note = {"text": "Gọi lại", "agent_email": self.agent.email}
        url = f"/api/v1/lead/{lead.id}/notes"
        self.assertJson(self.post_test(note, url=url), 200)
        path = "customers?phone=0968011111&agent_email=lan@example.com"
        self.read_data(path, token=self.test_token)
        lead.action_set_won()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertTrue(self.env["crm.lead.api.event"].search([("is_test", "=", True)]))
        return lead

    def test_no_row_of_a_test_stays(self):
        self.assertSuccess(self.post())  # makes what is made once, such as lists
        before = self.count_rows()
        self.send_all_kinds()
        self.age(6)
        self.assertEqual(self.clean_up(), (0, False))
        self.age(2)
        done, is_more = self.clean_up()
        self.assertTrue(done)
        self.assertFalse(is_more)
        self.env.flush_all()
        after = self.count_rows()
        self.assertEqual(after, before)

    def test_many_tests_go_in_parts(self):
        leads = self.make_test_lead() | self.make_test_lead(ticket_id=7)
        entries = self.env["crm.lead.api.request"].search([("is_test", "=", True)])
        customers = leads.partner_id
        self.age(8)
        with patch.object(crm_lead_api_request, "GC_LIMIT", 1):
            for left in (1, 0):
                _done, is_more = self.clean_up()
                self.assertTrue(is_more)
                self.assertEqual(
                    (len(leads.exists()), len(entries.exists())), (left,) * 2
                )
            parts = [self.clean_up() for _number in range(9)]
        self.assertEqual(parts[-1], (0, False))
        for records in (leads, entries, customers):
            self.assertFalse(records.exists())

    def test_live_records_stay(self):
        live = self.assertSuccess(self.post())
        self.send_all_kinds()
        self.age(100)
        self.clean_up()
        self.assertTrue(live.exists() and live.partner_id.exists())
        self.assertTrue(live.portrait_id.exists())

    def test_a_test_contact_that_staff_have_put_to_use_stays(self):
        new = dict.fromkeys(("phone_no2", "phone_no3", "email_from"))
        new |= {"ticket_id": 7, "phone_no1": "0968 000 007"}
        test, other = self.make_test_lead(), self.make_test_lead(**new)
        customer = other.partner_id
        self.assertNotEqual(customer, test.partner_id)
        user = self._new_user("khach@example.com", "base.group_portal")
        user.partner_id = test.partner_id
        self.age(8)
        self.clean_up()
        self.assertFalse((test | other).exists())
        self.assertTrue(user.partner_id.exists())
        self.assertFalse(customer.exists())

    def test_the_number_of_days_is_a_setting(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lead_api.test_days", 30)
        test = self.make_test_lead()
        self.age(20)
        self.clean_up()
        self.assertTrue(test.exists())
        self.age(11)
        self.clean_up()
        self.assertFalse(test.exists())

    def test_merged_with_a_test(self):
        """A customer, and a lead, that staff merge with a test are none."""
        live = self.assertSuccess(self.post())
        test = self.make_test_lead(ticket_id=7)
        customer = live.partner_id
        merger = self.env["base.partner.merge.automatic.wizard"]
        merger._merge((customer | test.partner_id).ids, customer)
        test.probability, live.probability = 90, 10
        merged = (live | test).merge_opportunity()
        self.age(8)
        self.clean_up()
        self.assertTrue(customer.exists() and merged.exists())

    def test_the_customer_of_a_copy(self):
        """Staff may go on with a test by a copy of its lead, which is none."""
        copy = self.make_test_lead().copy()
        self.assertFalse(copy.is_lead_api_test)
        self.age(8)
        self.clean_up()
        self.assertTrue(copy.partner_id.exists())
