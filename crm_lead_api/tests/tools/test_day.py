# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

import pytz
from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ...tools.day import tell_time

VIETNAM = pytz.timezone("Asia/Ho_Chi_Minh")


@tagged("post_install", "-at_install")
class TestDay(TransactionCase):
    @freeze_time("2026-03-02 18:00")  # 01:00 on the third, in Vietnam
    def test_tell_time(self):
        for moment, day, has_date in (
            (datetime(2026, 3, 2, 17), date(2026, 3, 3), False),
            (datetime(2026, 3, 3, 16), date(2026, 3, 3), False),
            (datetime(2026, 3, 2, 16), date(2026, 3, 2), True),
            (datetime(2026, 3, 3, 17), date(2026, 3, 4), True),
        ):
            with self.subTest(moment):
                found, text = tell_time(self.env, moment, VIETNAM)
                self.assertEqual(found, day)
                self.assertEqual("26" in text, has_date)
                self.assertIn(":00", text)
