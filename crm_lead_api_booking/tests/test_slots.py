# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .common import BookingCase, at, utc

ZONES = (
    "Asia/Ho_Chi_Minh",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
)
# Days before the clock changes somewhere, and one before Tết
DAYS = (
    *(datetime(2031, 3, 28), datetime(2031, 10, 24), datetime(2031, 3, 7)),
    *(datetime(2031, 4, 4), datetime(2031, 10, 3), datetime(2032, 2, 9)),
)
SPAN = timedelta(days=4)
MINUTE = timedelta(minutes=1)

quarter = st.integers(0, 96).map(lambda number: number / 4)
hours = (
    st.lists(quarter, min_size=2, max_size=6, unique=True)
    .map(sorted)
    .map(lambda marks: list(zip(marks[::2], marks[1::2], strict=False)))
)
minutes = st.integers(-300, int(SPAN / MINUTE) + 300)
time_off = st.lists(st.tuples(minutes, st.integers(1, 2000), st.booleans()), max_size=4)
taken = st.lists(st.tuples(minutes, st.integers(5, 400)), max_size=4)


@tagged("post_install", "-at_install")
class TestSlots(BookingCase):
    def find(self, begin, end, seats=None, length=60):
        seats = (seats or self.room | self.room_2).sudo()
        begin, end = (pytz.utc.localize(each) for each in (begin, end))
        return seats._find_slots(length, begin, end)

    @settings(
        max_examples=settings().max_examples * 3 // 2,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        zone=st.sampled_from(ZONES),
        day=st.sampled_from(DAYS),
        week=st.dictionaries(st.integers(0, 6), hours, min_size=1),
        leaves=time_off,
        busy=taken,
        length=st.sampled_from((5, 30, 60, 95, 480, 1500, 3000)),
        grid=st.sampled_from((5, 10, 15, 20, 30, 60)),
    )
    def test_as_by_brute_force(self, zone, day, week, leaves, busy, length, grid):
        """The slots are those that a search minute by minute finds."""
        with self.cr.savepoint() as savepoint:
            self._compare(zone, day, week, leaves, busy, length, grid)
            savepoint.rollback()
        self.env.invalidate_all()

    def _compare(self, zone, day, week, leaves, busy, length, grid):
        calendar = self.make_calendar("Giờ", [], days=(), tz=zone)
        calendar.attendance_ids = [
            Command.create(
                {
                    "name": "Ca",
                    "dayofweek": str(weekday),
                    "hour_from": start,
                    "hour_to": stop,
                    "day_period": "morning",
                }
            )
            for weekday, pairs in week.items()
            for start, stop in pairs
        ]
        self.company.resource_calendar_id = calendar
        self.company.booking_grid = str(grid)
        tz = pytz.timezone(zone)
        begin = tz.localize(day).astimezone(pytz.utc).replace(tzinfo=None)
        end = begin + SPAN
        off = [
            (begin + start * MINUTE, begin + (start + count) * MINUTE, is_own)
            for start, count, is_own in leaves
        ]
        for start, stop, is_own in off:
            self.env["resource.calendar.leaves"].create(
                {
                    "date_from": start,
                    "date_to": stop,
                    "resource_id": self.room.id if is_own else False,
                    "calendar_id": calendar.id if not is_own else False,
                    "company_id": self.company.id,
                }
            )
        bookings = []
        lead = self.env["crm.lead"].search([], limit=1) or self.make_lead()
        for start, count in busy:
            first = begin + start * MINUTE
            last = first + count * MINUTE
            if any(first < other[1] and last > other[0] for other in bookings):
                continue
            bookings.append((first, last))
            # By SQL: a customer may have one open booking, but time is what counts.
            self.env.cr.execute(
                "INSERT INTO crm_booking (code, lead_id, company_id, seat_id, state, "
                "start, stop, duration) VALUES (%s, %s, %s, %s, 'booked', %s, %s, %s)",
                [
                    *(f"T{start}", lead.id, self.company.id, self.room.id),
                    *(first, last, count),
                ],
            )
        found = [
            slot.start.astimezone(pytz.utc).replace(tzinfo=None)
            for slot in self.find(begin, end, self.room, length)
        ]
        closed = [(start, stop) for start, stop, _own in off] + bookings
        self.assertEqual(
            found, list(_find_all(tz, week, closed, begin, end, length, grid))
        )

    def test_part_time(self):
        """A seat with working hours of its own, every other week"""
        calendar = self.make_calendar("Bán thời gian", [(14, 17)], days=(0,))
        self.room_2.calendar_id = calendar
        starts = [slot.start.hour for slot in self.find(utc(0), utc(24), self.room_2)]
        self.assertEqual(set(starts), {14, 15, 16})
        self.assertEqual(self.find(utc(0, 1), utc(24, 1), self.room_2), [])
        calendar.switch_calendar_type()
        lines = calendar.attendance_ids.filtered(lambda line: not line.display_type)
        lines.filtered(lambda line: line.week_type == "0").unlink()
        weeks = [
            bool(self.find(utc(0, 7 * week), utc(24, 7 * week), self.room_2))
            for week in range(4)
        ]
        self.assertIn(weeks, ([True, False] * 2, [False, True] * 2))

    def test_a_service_longer_than_the_day(self):
        self.assertEqual(self.find(utc(0), utc(24, 6), length=300), [])
        self.assertEqual(len(self.find(utc(0), utc(24), length=240)), 2)

    def test_a_branch_without_hours(self):
        """Its seats work at any time, apart from their time off."""
        self.company.resource_calendar_id = False
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.room.id,
                "date_from": utc(10, 5),
                "date_to": utc(15, 5),
                "calendar_id": False,
            }
        )
        slots = self.find(utc(0, 5), utc(23, 5), self.room)
        starts = {slot.start for slot in slots if not slot.start.minute}
        hours = [hour for hour in range(24) if not 9 < hour < 15]
        self.assertEqual(starts, {pytz.utc.localize(utc(hour, 5)) for hour in hours})

    def test_overlapping_time_off(self):
        leaves = self.env["resource.calendar.leaves"]
        for hours in ((9, 11), (10, 15), (10, 10.5)):
            leaves.create(
                {
                    "resource_id": self.room.id,
                    "date_from": utc(hours[0]),
                    "date_to": utc(hours[1]),
                }
            )
        starts = [
            slot.start.isoformat() for slot in self.find(utc(0), utc(24), self.room)
        ]
        self.assertEqual(
            starts, [at(8), at(15), at(15.25), at(15.5), at(15.75), at(16)]
        )

    def test_flexible_hours(self):
        """The free starts are those at which a booking is accepted."""
        self.calendar.flexible_hours = True
        seat = self.room.sudo()
        for own in (False, self.calendar):
            seat.calendar_id = own
            for begin, end in ((0, 7), (2, 3), (5, 7)):  # days of a week
                offered = {
                    slot.start for slot in self.find(utc(0, begin), utc(0, end), seat)
                }
                accepted = set()
                for number in range((end - begin) * 24):
                    start = pytz.utc.localize(utc(number, begin))
                    stop = start + timedelta(hours=1)
                    if seat._filter_working(start, stop):
                        accepted.add(start)
                self.assertEqual(
                    {start for start in offered if not start.minute}, accepted
                )
                self.assertEqual(bool(offered), begin < 5)

    def test_statements_do_not_grow(self):
        """A month of 20 seats takes as many statements as that of one."""
        seats = self.env["resource.resource"].create(
            [
                self.prepare_seat(f"Ghế {number}", calendar_id=self.calendar.id)
                for number in range(20)
            ]
        )
        counts = {}
        for number in (1, 20):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(self.find(utc(0), utc(0, 31), seats[:number]))
            counts[number] = self.cr.sql_log_count - before
        self.assertEqual(counts[20], counts[1])
        self.assertLess(counts[20], 12)


def _find_all(tz, week, closed, begin, end, length, grid):
    """Yield all starts at which each minute is a working one, and free."""
    count = int((end - begin) / MINUTE) + length
    works = []
    for number in range(count):
        moment = begin + number * MINUTE
        local = pytz.utc.localize(moment).astimezone(tz)
        works.append(
            _is_working(tz, local, week)
            and not any(
                start < moment + MINUTE and stop > moment for start, stop in closed
            )
        )
    for number in range(count - length + 1):
        local = pytz.utc.localize(begin + number * MINUTE).astimezone(tz)
        if (local.hour * 60 + local.minute) % grid == 0 and all(
            works[number : number + length]
        ):
            yield begin + number * MINUTE


def _is_working(tz, local, week):
    """Tell whether a minute is within hours, which begin and end when Odoo says."""
    midnight = datetime.combine(local.date(), time())
    return any(
        tz.localize(midnight + timedelta(hours=start)) <= local
        and local < tz.localize(midnight + timedelta(hours=stop))
        for start, stop in week.get(local.weekday(), ())
    )
