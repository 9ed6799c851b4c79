# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import URL, LeadApiHttpCase
from ..data import MANAGER_GROUP

BODY = '{"type": "access_token", "message": "token seems to have expired or invalid"}'


@tagged("post_install", "-at_install")
class TestTokens(LeadApiHttpCase):
    def assertRefused(self, response):
        self.assertEqual(response.status_code, 401)
        self.assertEqual(response.text, BODY)
        self.assertTrue(response.headers["WWW-Authenticate"].startswith("Bearer"))
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
        expired = self._new_token(days=-1)
        revoked = self._new_token()
        self.client.token_ids[:1].action_revoke()
        inactive_client, client_of_inactive = map(self._new_client, "ab")
        archived = self._new_token(inactive_client)
        inactive_client.active = False
        inactive = self._new_token(client_of_inactive)
        client_of_inactive.user_id.active = False
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
                "archived client": {"Authorization": f"Bearer {archived}"},
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

    def test_what_is_kept_of_a_token_does_not_open(self):
        token = self.client.token_ids
        self.assertEqual(token.hint, f"…{self.token[-4:]}")
        self.assertRefused(self.post(token=token.sudo().digest))
        manager = self._new_user("manager", MANAGER_GROUP)
        with self.assertRaises(AccessError):
            token.with_user(manager).read(["digest"])
