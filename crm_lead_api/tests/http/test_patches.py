# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test a server of Odoo with and without the replaced functions."""

from importlib.metadata import version

from odoo.service.server import CommonRequestHandler
from odoo.tests import tagged
from odoo.tools import parse_version

from ...http.patches import PATCHED
from ..common import LeadApiHttpCase


@tagged("post_install", "-at_install")
class TestPatches(LeadApiHttpCase):
    def _send(self):
        """Send a lead with the token in the header that werkzeug drops."""
        headers = {"Authorization": "", "access_token": self.token}
        return self.post(headers=headers)

    def test_no_query_is_in_the_log(self):
        """Odoo's own line about a request has no phone."""
        lines = []
        self.patch(
            CommonRequestHandler, "log", lambda *args: lines.append(args[2] % args[3:])
        )
        for path in ("customers", "phone-calls", "lead"):
            lines.clear()
            self.url_open(f"/api/v1/{path}?phone=0912345678")
            with self.subTest(path):
                [line] = lines
                self.assertIn(f"/api/v1/{path}?*** ", line)

    def test_a_server_that_has_not_loaded_the_patches(self):
        self.assertSuccess(self._send())
        for owner, name in PATCHED:
            self.patch(owner, name, getattr(owner, name).__wrapped__)
        # Its token may be lost, which werkzeug before 2.3 lets through.
        is_lost = parse_version(version("werkzeug")) >= parse_version("2.3")
        self.assertEqual(self._send().status_code, 503 if is_lost else 200)
