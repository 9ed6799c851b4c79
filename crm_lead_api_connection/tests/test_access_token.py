# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that the end of an access token is asked of a simulated Graph."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import Form, tagged

from odoo.addons.crm_lead_api.tests.data import MANAGER_GROUP

from ..models.res_config_settings import DEFAULT_GRAPH_VERSION
from .graph import GARBAGE, TOKEN, fail
from .test_fetching import GraphCase


@tagged("post_install", "-at_install")
class TestAccessToken(GraphCase):
    def setUp(self):
        super().setUp()
        with Form(self.connection) as page:
            page.app_ref = "1384"
        self.connection.secret = "app-secret"

    def end_in(self, **duration):
        date = self.now + timedelta(**duration)
        seconds = (date - fields.Datetime.to_datetime("1970-01-01")).total_seconds()
        self.graph.tokens[TOKEN] = int(seconds)
        self.run_cron("check_tokens")
        return date

    def test_the_end(self):
        self.run_cron("check_tokens")
        self.assertFalse(self.connection.access_token_date)
        date = self.end_in(days=60)
        self.assertEqual(self.connection.access_token_date, date.replace(microsecond=0))
        self.assertFalse(self.get_alarms())
        self.wait(days=54)
        self.run_cron("check_tokens")
        self.assertEqual(len(self.get_alarms()), 1)
        self.connection.activity_ids.unlink()
        self.run_cron("check_tokens")  # once
        self.assertFalse(self.get_alarms())
        self.connection.access_token = TOKEN
        self.assertFalse(self.connection.access_token_date)
        self.run_cron("check_tokens")
        self.assertEqual(len(self.get_alarms()), 1)
        manager = self._new_user("has-a-new-token", MANAGER_GROUP)
        self.connection.with_user(manager).access_token = TOKEN
        self.assertFalse(self.get_alarms())

    def test_the_end_at_an_archived_client(self):
        """Ask Meta nothing for a client that is out of use, and remind nobody."""
        self.client.active = False
        self.end_in(days=5)
        self.assertFalse(self.graph.calls or self.get_alarms())
        self.client.active = True
        self.run_cron("check_tokens")
        self.assertTrue(self.graph.calls)
        self.assertEqual(len(self.get_alarms()), 1)

    def test_how_it_is_asked(self):
        """Send the question in a body, by the app if that is known."""
        self.end_in(days=60)
        self.connection.write({"app_ref": False, "access_token_date": False})
        self.run_cron("check_tokens")
        self.assertFalse(self.connection.access_token_date, "Meta tells it to the app")
        [app, own] = self.graph.calls
        self.assertEqual(own[2]["Authorization"], f"Bearer {TOKEN}")
        self.assertEqual(app[2]["Authorization"], "Bearer 1384|app-secret")
        for path, _params, _headers, _body in self.graph.calls:
            self.assertEqual(path, f"/{DEFAULT_GRAPH_VERSION}/")

    def test_a_token_that_has_ended(self):
        self.graph.tokens = {"other": 0}
        self.run_cron("check_tokens")
        self.assertTrue(self.connection.is_fetching_stopped)
        self.assertEqual(len(self.get_alarms()), 1)

    def test_a_wrong_secret_of_the_app(self):
        """Take the refusal of the app for no news of the token."""
        self.graph.faults = [fail(190)]
        self.end_in(days=60)
        self.assertTrue(self.graph.calls)
        self.assertFalse(self.connection.access_token_date)
        self.assertFalse(self.connection.is_fetching_stopped)

    def test_too_little_time(self):
        """Ask about the other access tokens soon, and about each once."""
        connections = self.connection
        for name in ("A", "Z"):
            values = {"app_ref": "1384", "secret": "app-secret"}
            connections |= self.connect(name, **values)
        self.graph.tokens[TOKEN] = int(time.time()) + 86400
        crons, seen = self.env["ir.cron"], []
        with patch.object(type(crons), "_commit_progress", lambda *args: 0):
            for _run in connections:
                self.env["ir.cron.trigger"].search([]).unlink()
                self.run_cron("check_tokens")
                known = connections.filtered("access_token_date")
                seen.append((len(known), bool(self.get_triggers("check_tokens"))))
            self.assertEqual(seen, [(1, True), (2, True), (3, False)])
            self.wait(days=1)
            self.run_cron("check_tokens")
            self.assertTrue(self.get_triggers("check_tokens"))

    def test_an_absent_graph(self):
        date = self.end_in(days=60)
        for fault in (None, GARBAGE, fail(4), (200, {}, b"[null]"), fail(100)):
            self.graph.faults = [fault]
            self.run_cron("check_tokens")
            self.assertFalse(self.connection.is_fetching_stopped)
        self.assertEqual(self.connection.access_token_date, date.replace(microsecond=0))
        self.assertFalse(self.get_alarms())
