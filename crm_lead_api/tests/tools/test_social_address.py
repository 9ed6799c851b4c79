# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test which accounts lead where."""

from odoo.tests import BaseCase, tagged

from ...tools.social_address import get_facebook_url, get_zalo_url


@tagged("post_install", "-at_install")
class TestSocialAddress(BaseCase):
    def test_facebook(self):
        for account, url in (
            ("thao.tran.demo", "https://www.facebook.com/thao.tran.demo"),
            ("fb.com/anh", "https://fb.com/anh"),
            (
                "https://www.facebook.com/profile.php?id=1",
                "https://www.facebook.com/profile.php?id=1",
            ),
            (
                "Ánh & Đức",
                "https://www.facebook.com/search/people/?q="
                "%C3%81nh%20%26%20%C4%90%E1%BB%A9c",
            ),
            (False, False),
        ):
            with self.subTest(account):
                self.assertEqual(get_facebook_url(account), url)

    def test_zalo(self):
        self.assertEqual(
            get_zalo_url("0900000202", "+84900000202"), "https://zalo.me/0900000202"
        )
        self.assertEqual(
            get_zalo_url("+1 408 555 0103", "+14085550103"),
            "https://zalo.me/14085550103",
        )
        self.assertEqual(get_zalo_url("zalo.me/g/abc", False), "https://zalo.me/g/abc")
        self.assertFalse(get_zalo_url("Ánh", False))
        self.assertFalse(get_zalo_url(False, False))

    def test_no_link_to_any_other_place(self):
        for account in (
            "javascript:alert(1)",
            "https://example.com/facebook.com",
            "https://facebook.com@example.com/",
            "https://example.com\\.facebook.com/",
            "https://notfacebook.com/anh",
            "http://[facebook.com/",
        ):
            with self.subTest(account):
                self.assertFalse(get_facebook_url(account))
                self.assertFalse(get_zalo_url(account, False))
