# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the settings of a client's webhook: kinds of events, address, secret."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..common import LeadApiCase
from ..data import MANAGER_GROUP
from .common import COMMENT, URL, EventData

SWITCHES = ("assigned", "contacted", "won", "lost", "merged")


@tagged("post_install", "-at_install")
class TestWebhookSettings(EventData, LeadApiCase):
    def test_clients_that_are_not_told(self):
        lead = self.create_lead()
        for case, values in {
            "type": {"webhook_won": False},
            "no address": {"webhook_url": False},
            "archived": {"active": False},
        }.items():
            with self.subTest(case):
                kept = {name: self.client[name] for name in values}
                self.client.write(values)
                self.assertHappens([], lead.action_set_won)
                self.client.write(kept)
                lead.stage_id = self.new
                self.assertHappens(["lead.won"], lead.action_set_won)
                lead.stage_id = self.new

    def test_each_type_of_event_has_a_switch(self):
        def live():
            lead, other = self.create_lead(), self.create_lead(ticket_id=2)
            self.env.cr.flush()
            for change in (
                lambda: lead.with_user(self.agent).message_post(**COMMENT),
                lambda: self.lose(lead),
                lead.action_restore,
                lead.action_set_won,
                lambda: (lead + other).merge_opportunity(),
            ):
                change()
                self.env.cr.flush()

        types = {f"lead.{each}" for each in SWITCHES}
        for each in SWITCHES:
            with self.subTest(each):
                self.client[f"webhook_{each}"] = False
                told = set(self.happen(live).mapped("type"))
                self.assertEqual(told, types - {f"lead.{each}"})
                self.client[f"webhook_{each}"] = True

    def test_settings_of_a_client_count_at_once(self):
        """Settings count also when another process, or plain SQL, has changed them."""
        lead = self.create_lead()
        self.assertHappens(["lead.won"], lead.action_set_won)
        for column, value, kept in (
            ("webhook_won", False, True),
            ("webhook_url", None, URL),
            ("active", False, True),
        ):
            for new_value, expected in ((value, []), (kept, ["lead.won"])):
                with self.subTest(column, value=new_value):
                    lead.stage_id = self.new
                    self.env.cr.flush()
                    self.env.cr.execute(
                        SQL(
                            "UPDATE crm_lead_api_client SET %s = %s WHERE id = %s",
                            SQL.identifier(column),
                            new_value,
                            self.client.id,
                        )
                    )
                    self.env.invalidate_all()
                    self.assertHappens(expected, lead.action_set_won)

    def test_who_sees_the_secret(self):
        secret = self.client.webhook_secret
        self.assertTrue(secret)
        manager = self._new_user("manager", MANAGER_GROUP)
        self.assertEqual(self.client.with_user(manager).webhook_secret, secret)
        clients = self.client.with_user(self.agent)
        self.assertNotIn("webhook_secret", clients.fields_get())
        with self.assertRaises(AccessError):
            clients.read(["webhook_secret"])
        with self.assertRaises(AccessError):
            self.assertFalse(clients.webhook_secret)
        notice = self.client.with_user(manager).action_new_webhook_secret()
        self.assertIn("from now on", notice["params"]["message"])
        self.assertTrue(notice["params"]["next"], "the form is read again")
        self.assertIn("New signing secret", self.client.message_ids[0].body)
        self.assertNotEqual(self.client.webhook_secret, secret)
        self.client.webhook_secret = False
        self.assertTrue(self.client.webhook_secret)
        self.env.cr.flush()
        self.env.cr.execute("SELECT string_agg(m::text, '') FROM mail_message AS m")
        self.assertNotIn("whsec_", self.env.cr.fetchone()[0])
        self.assertFalse(self.client.copy().webhook_secret)

    def test_a_secret_of_somebody_elses_making(self):
        secret = self.client.webhook_secret
        other = self._new_client("khac", webhook_url=URL, webhook_secret=secret)
        third = self._new_client("nua", webhook_url=URL)
        self.env.invalidate_all()
        self.assertEqual(other.webhook_secret, secret)
        self.assertNotEqual(third.webhook_secret, secret)
        with Form(other.with_user(self._new_user("manager", MANAGER_GROUP))) as form:
            self.assertEqual(form.webhook_secret, secret)
            form.webhook_won = False
        self.assertEqual(other.webhook_secret, secret)
        other.webhook_secret = third.webhook_secret
        self.env.invalidate_all()
        self.assertEqual(other.webhook_secret, third.webhook_secret)
        self.assertEqual(self.client.webhook_secret, secret)

    def test_addresses_and_secrets_that_are_wrong(self):
        for values in (
            {"webhook_url": "tickets.example.com"},
            {"webhook_url": "http://127.0.0.1/"},
            {"webhook_url": "http://localhost:8080/"},
            {"webhook_url": "http://ñ..example.com/"},
            {"webhook_secret": "bí mật"},
            {"webhook_secret": "whsec_YWJj"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.client.write(values)
        self.client.webhook_allow_private = True
        self.client.webhook_url = "http://10.1.2.3/"
        for url in ("http://127.0.0.1/", "http://169.254.169.254/latest/"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.client.webhook_url = url

    def test_an_address_that_is_removed(self):
        event = self.queue()
        self.client.webhook_url = False
        self.assertEqual(event.state, "cancelled")
