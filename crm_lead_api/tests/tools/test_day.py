# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

import pytz
from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ...tools.day import format_moment, get_end_of_day, tell_time

VIETNAM = pytz.timezone("Asia/Ho_Chi_Minh")


@tagged("post_install", "-at_install")
class TestDay(TransactionCase):
    def test_the_last_day(self):
        """A token that never ends, in each time zone."""
        for name in ("UTC", "Asia/Ho_Chi_Minh", "America/New_York"):
            with self.subTest(name):
                end = get_end_of_day(date(9999, 12, 31), pytz.timezone(name))
                self.assertEqual(end.year, 9999)

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
                self.assertEqual("Mar" in text, has_date)
                self.assertIn(":00", text)

    @freeze_time("2026-12-31 18:00")  # of the next year, in Vietnam
    def test_moments_look_as_in_fields(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        past, next_day = datetime(2026, 12, 31, 1), datetime(2027, 1, 1, 1)
        for lang, moment, has_weekday, text in (
            ("en_US", past, False, "Dec 31, 2026, 8:00 AM"),
            ("en_US", next_day, False, "Jan 1, 8:00 AM"),
            ("en_US", next_day, True, "Friday, Jan 1, 8:00 AM"),
            ("vi_VN", past, False, "8:00 31 thg 12, 2026"),
            ("vi_VN", next_day, False, "8:00 1 thg 1"),
            ("vi_VN", next_day, True, "8:00 Thứ Sáu, 1 thg 1"),
        ):
            env = self.env["res.lang"].with_context(lang=lang).env
            found = format_moment(env, moment, VIETNAM.zone, has_weekday)
            self.assertEqual(found.replace("\u202f", " "), text)
