# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import unittest

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestGuides(HttpCase):
    def test_guide_that_is_not_rendered(self):
        with self.assertRaisesRegex(UserError, "setup/docs"):
            self.env.user._open_lead_api_guide("unknown")

    def test_menus_open_guides(self):
        if not self.env.user._find_lead_api_guide("administrators"):
            raise unittest.SkipTest("setup/docs renders the guides")
        self.env["res.lang"]._activate_lang("vi_VN")
        user = self.env.ref("base.user_admin")
        for name in ("crm_lead_api_guide", "crm_lead_guide"):
            action = self.env.ref(f"crm_lead_api.{name}_menu").action
            for lang, label in (("vi_VN", "vi"), ("en_US", "en")):
                with self.subTest(menu=name, lang=lang):
                    opened = action.with_user(user).with_context(lang=lang).run()
                    url = opened.pop("url")
                    window = {"type": "ir.actions.act_url", "target": "new"}
                    self.assertEqual(opened, window)
                    page = self.url_open(url)
                    self.assertEqual(page.status_code, 200)
                    self.assertIn("<h1", page.text)
                    self.assertIn('rel="icon"', page.text)  # or browsers ask for one
                    self.assertIn(f'<html lang="{label}">', page.text)
                    self.check_links(url.rpartition("/")[0], page.text)

    def check_links(self, folder, text):
        for link in set(re.findall(r'(?:href|src)="([\w./]+)"', text)):
            self.assertEqual(self.url_open(f"{folder}/{link}").status_code, 200)
