# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that administrators see what they need on a desktop and on a phone."""

from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.access.test_page_widths import PageWidthCase

from .common import ConnectionHttpCase


class ConnectionWidthCase(PageWidthCase, ConnectionHttpCase):
    def look_at_all(self):
        self.fill_in(answers={"FULL_NAME": ""})
        self.fill_in(
            "TeSter-2", answers={"Bạn cần tư vấn gì, vào lúc nào?": "Nâng mũi"}
        )
        self.make_leads()
        self._look(
            "/odoo/lead-api-connections",
            ".o_kanban_record .fw-bold",
            ".o_kanban_record button[name=action_open_messages]",
        )
        self._look(
            f"/odoo/lead-api-connections/{self.connection.id}",
            ".o_lead_api_step h2",
            ".o_lead_api_value",
            ".o_lead_api_meaning",
            ".o_lead_api_preview dd",
            "button[name=action_propose]",
            "button[name=action_new_secret]",
        )
        self._look(
            "/odoo/lead-api-messages",
            ".o_data_row .badge, .o_kanban_record .badge",
        )


@tagged("post_install", "-at_install")
class TestDesktopWidths(ConnectionWidthCase):
    browser_size = "1366x768"

    def test_pages(self):
        self.look_at_all()

    def test_codes(self):
        values = {"client_id": self.client.id, "attribute": "crm_line_ids"}
        self.env["crm.lead.api.code"].create({**values, "code": "NM"})
        self._look(
            "/odoo/lead-api-codes?view_type=list",
            *(f"th[data-name={name}] span" for name in ("lead_count", "call_count")),
        )


@tagged("post_install", "-at_install")
class TestPhoneWidths(ConnectionWidthCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_pages(self):
        self.look_at_all()
