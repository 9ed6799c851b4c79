# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestGuides(HttpCase):
    def test_menus_open_guides(self):
        for name in ("crm_lead_api_guide", "crm_lead_guide"):
            menu = self.env.ref(f"crm_lead_api.{name}_menu")
            page = self.url_open(menu.action.url)
            self.assertEqual(page.status_code, 200)
            self.assertIn("<h1", page.text)
            folder = menu.action.url.rpartition("/")[0]
            for link in set(re.findall(r'(?:href|src)="([\w./]+)"', page.text)):
                self.assertEqual(self.url_open(f"{folder}/{link}").status_code, 200)
