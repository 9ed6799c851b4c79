# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CALLER_GROUP, URL, LeadApiHttpCase

BODY = '{"type": "access_token", "message": "token seems to have expired or invalid"}'


@tagged("post_install", "-at_install")
class TestTokens(LeadApiHttpCase):
    def assertRefused(self, response):
        self.assertEqual(response.status_code, 401)
        self.assertEqual(response.text, BODY)
        self.assertEqual(response.headers["WWW-Authenticate"], "Bearer")
        self.assertEqual(
            set(response.headers)
            - {"Server", "Date", "Connection", "Content-Length", "Content-Type"},
            {"WWW-Authenticate", "X-Request-Id"},
        )

    def _generate(self, scope, user=None):
        keys = self.env["res.users.apikeys"].with_user(user or self.caller).sudo()
        return keys._generate(scope, "test", datetime.now() + timedelta(days=1))

    def _send(self, headers, url=URL):
        return self.url_open(url, json=self.payload, headers=headers, method="POST")

    def test_headers_that_carry_a_token(self):
        for headers in (
            {"Authorization": f"Bearer {self.token}"},
            {"Authorization": f"bearer   {self.token} "},
            {"access-token": self.token},
            {"Authorization": "Basic YTpi", "Access-Token": self.token},
        ):
            with self.subTest(headers):
                self.assertSuccess(self._send(headers))

    def test_every_refusal_is_the_same(self):
        expired = self._new_token(self.caller, days=-1)
        inactive_user = self._new_user("inactive", CALLER_GROUP)
        inactive = self._new_token(inactive_user)
        inactive_user.active = False
        revoked = self._new_token(self.caller)
        self.env["res.users.apikeys"].search(
            [("user_id", "=", self.caller.id)], order="id desc", limit=1
        ).unlink()
        with self.assertNothingMade():
            for case, headers in {
                "missing": {},
                "empty": {"Authorization": "Bearer "},
                "unknown": {"Authorization": f"Bearer {'0' * 40}"},
                "known beginning": {"Authorization": f"Bearer {self.token[:-1]}x"},
                "long": {"access-token": self.token[:8] + "0" * 5000},
                "not ASCII": {"Authorization": "Bearer tên".encode()},
                "another scheme": {"Authorization": f"Basic {self.token}"},
                "expired": {"Authorization": f"Bearer {expired}"},
                "revoked": {"access-token": revoked},
                "inactive user": {"Authorization": f"Bearer {inactive}"},
                "no scope": {"Authorization": f"Bearer {self._generate(None)}"},
                "scope": {"Authorization": f"Bearer {self._generate('other')}"},
            }.items():
                with self.subTest(case):
                    self.assertRefused(self._send(headers))
            with self.subTest("in the URL"):
                url = f"{URL}?access_token={self.token}&token={self.token}"
                self.assertRefused(self._send({}, url=url))

    def test_a_browsers_session_authenticates_nobody(self):
        self.authenticate(self.agent.login, self.agent.login)
        with self.assertNothingMade():
            self.assertRefused(self._send({}))
        lead = self.assertSuccess(self.post())
        self.assertEqual(lead.create_uid, self.caller)

    @mute_logger("odoo.addons.base.models.res_users", "odoo.http")
    def test_the_token_opens_nothing_else_of_odoo(self):
        bearer = {"Authorization": f"Bearer {self.token}"}
        for path, body in (
            ("/json/2/res.partner/search_read", {"domain": []}),
            ("/json/2/crm.lead/create", {"vals_list": [{"name": "x"}]}),
        ):
            response = self.url_open(path, json=body, headers=bearer, method="POST")
            self.assertEqual(response.status_code, 401)
        uid = self.xmlrpc_common.authenticate(
            self.env.cr.dbname, self.caller.login, self.token, {}
        )
        self.assertFalse(uid)
        with self.assertRaisesRegex(Exception, "Access Denied"):
            self.xmlrpc_object.execute_kw(
                *(self.env.cr.dbname, self.caller.id, self.token),
                *("res.partner", "search_read", [[]]),
            )
        response = self.url_open("/odoo", headers=bearer, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])

    def test_user_without_the_group_is_forbidden(self):
        self.caller.group_ids = self.env.ref("base.group_user")
        with self.assertNothingMade():
            self.assertError(self.post(), 403, "forbidden")

    def test_administrator_makes_caller_and_token_and_revokes_it(self):
        admin = self._new_user("admin-2", "base.group_system")
        wizard = (
            self.env["crm.lead.api.token"]
            .with_user(admin)
            .create(
                {
                    "user_name": "Chatbot Zalo",
                    "company_ids": [(6, 0, self.company.ids)],
                    "name": "Chatbot",
                }
            )
        )
        self.assertEqual(wizard.login, "lead-api-chatbot-zalo")
        make_token = type(wizard).action_make_token.__wrapped__
        action = make_token(wizard)
        token = action["context"]["default_key"]
        caller = self.env["res.users"].search([("login", "=", wizard.login)])
        self.assertEqual(caller.company_ids, self.company)
        self.assertTrue(caller.has_group(CALLER_GROUP))
        self.assertFalse(caller.has_group("sales_team.group_sale_salesman"))
        lead = self.assertSuccess(self.post(token=token))
        self.assertEqual(lead.create_uid, caller)
        listed = (
            self.env["res.users.apikeys"]
            .with_user(admin)
            .search([("scope", "=", "crm_lead_api"), ("user_id", "=", caller.id)])
        )
        self.assertEqual(listed.name, "Chatbot")
        listed._remove()
        self.assertRefused(self.post(token=token))

    def test_token_that_has_ended_already_is_not_made(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead.api.token"].create(
                {"user_id": self.caller.id, "expiration_date": "2020-01-01"}
            )

    def test_only_administrators_make_tokens(self):
        with self.assertRaises(AccessError):
            self.env["crm.lead.api.token"].with_user(self.agent).create({"name": "x"})

    def test_the_key_is_kept_as_a_hash_alone(self):
        self.env.cr.execute("SELECT key FROM res_users_apikeys")
        self.assertNotIn(self.token, str(self.env.cr.fetchall()))
