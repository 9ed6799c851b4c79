# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test the answers while the database and the code do not fit together."""

from unittest.mock import patch

from odoo.modules.module import Manifest
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import update
from ..common import LeadApiHttpCase

HEALTH = "/api/v1/health"
ENGINE = "odoo.addons.crm_lead_api.models.request.crm_lead_api_engine.CrmLeadApiEngine"
ADDRESSES = (HEALTH, "/api/v1/me", "/api/v1/leads", "/api/v1/openapi.json", "/api/v1/x")
UPDATE = "odoo -d <database> -u crm_lead_api --no-http --stop-after-init."
MISSING = 'SELECT "no_such_column" FROM "crm_lead"'


@tagged("post_install", "-at_install")
class TestUpdate(LeadApiHttpCase):
    def setUp(self):
        super().setUp()
        self.version = Manifest.for_addon("crm_lead_api").version
        # As it was when the registry was loaded, and to be looked at by each request
        self.loaded = update.LoadedCode(
            dict(getattr(self.registry, update.STATE).versions), []
        )
        self.patch(self.registry, update.STATE, self.loaded)
        self.patch(update, "INTERVAL", 0)

    def _set_module(self, name, **values):
        self.env["ir.module.module"]._get(name).write(values)
        self.env.flush_all()

    def _look_later(self):
        """Let requests begin as if nothing had changed."""
        self.patch(self.loaded, "next_look", float("inf"))

    def assertUpdating(self, response, words):
        body = self.assertError(response, 503, "unavailable")
        self.assertIn(words, body["message"])
        self.assertEqual(response.headers["Retry-After"], "30")

    def _break(self, error=None, statement=""):
        """Let the engine fail half-way, after the records are made."""

        def end(engine, *args, **kwargs):
            self.assertEqual(len(self._find_leads()), 1)
            if statement:
                engine.env.cr.execute(statement)
            raise error

        return patch(f"{ENGINE}._describe_lead", end)

    def _find_leads(self):
        return self.env["crm.lead"].search([("lead_api_client_id", "!=", False)])

    def test_no_route_serves_during_an_update(self):
        self._set_module("crm", state="to upgrade")
        with self.assertNothingMade():
            self.assertUpdating(self.post(), "updating or removing modules (crm).")
        for address in ADDRESSES:
            for token in (self.token, ""):
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                with self.subTest(address, token=bool(token)):
                    response = self.url_open(address, headers=headers)
                    self.assertUpdating(response, "modules (crm).")
        self.assertUpdating(self.post(method="DELETE"), "modules (crm).")
        self._set_module("crm", state="installed")
        self.assertSuccess(self.post())

    def test_health_says_which_addon_waits(self):
        self._set_module("crm_lead_api", latest_version="19.0.1.0.0")
        response = self.url_open(HEALTH)
        self.assertUpdating(response, UPDATE)
        response = self.url_open(HEALTH, headers={"Accept-Language": "vi"})
        self.assertUpdating(response, "Cơ sở dữ liệu cũ hơn")

    def test_code_older_than_the_database(self):
        self._set_module("crm_lead_api", latest_version="19.0.99.0.0")
        self.assertUpdating(self.url_open(HEALTH), "restart Odoo")

    def test_code_is_missing(self):
        module = {"name": "crm_lead_api_x", "state": "installed"}
        self.env["ir.module.module"].create(module)
        self.env.flush_all()
        self.assertUpdating(self.url_open(HEALTH), "code of crm_lead_api_x is missing")

    def test_columns_are_missing(self):
        """Of the same version, as with a clone of the repository."""
        self.env.cr.execute("ALTER TABLE crm_lead DROP COLUMN ticket_ref CASCADE")
        update.keep_loaded_code(self.registry, self.env.cr)
        self.assertUpdating(self.url_open(HEALTH), UPDATE)

    def test_modules_changed_since_the_registry_was_loaded(self):
        self._set_module("crm", latest_version="19.0.99.0")
        self.assertUpdating(self.url_open(HEALTH), "modules crm have changed")

    def test_scheduled_actions_wait(self):
        action = self.env.ref("crm_lead_api.ir_cron_watch")
        job = self.env["ir.cron"]._acquire_one_job(
            self.env.cr, action.id, include_not_ready=True
        )
        actions = self.registry["ir.cron"]
        with patch.object(actions, "_run_job", return_value="fully done") as run:
            self._set_module("crm", state="to upgrade")
            actions._process_job(self.env.cr, job)
            run.assert_not_called()
            self._set_module("crm", state="installed")
            actions._process_job(self.env.cr, job)
            run.assert_called_once()

    @mute_logger("odoo.http")
    def test_fault_during_an_update(self):
        self._look_later()
        self._set_module("crm_lead_api", latest_version="19.0.99.0.0")
        for error in (KeyError("crm.lead.x"), AttributeError("x")):
            with self.subTest(error), self._break(error), self.assertNothingMade():
                self.assertUpdating(self.post(), "restart Odoo")

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_column_that_is_gone(self):
        """An update has removed a column, and has not changed the version."""
        self._look_later()
        self.env.cr.execute("ALTER TABLE crm_lead DROP COLUMN ticket_ref CASCADE")
        self.assertUpdating(self.post(), "-u crm_lead_api")

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_required_column_of_a_newer_version(self):
        self._look_later()
        self.env.cr.execute("ALTER TABLE crm_lead ADD COLUMN x integer DEFAULT 0")
        self.env.cr.execute("ALTER TABLE crm_lead ALTER COLUMN x SET NOT NULL")
        self.env.cr.execute("ALTER TABLE crm_lead ALTER COLUMN x DROP DEFAULT")
        self.assertError(self.post(), 422, "refused")  # no update
        self._set_module("crm_lead_api", latest_version="19.0.99.0.0")
        self.assertUpdating(self.post(), "restart Odoo")

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.crm_lead_api.http.dispatcher")
    def test_fault_without_an_update(self):
        for error, statement in ((KeyError("x"), ""), (None, MISSING)):
            with self._break(error, statement), self.assertNothingMade():
                self.assertError(self.post(), 500, "server")
