# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_lead_api.tests.languages import LanguageCase


@tagged("post_install", "-at_install")
class TestWords(LanguageCase):
    def test_one_word_for_one_thing(self):
        self.check_words("crm_lead_api_connection", "tin nhắn")
