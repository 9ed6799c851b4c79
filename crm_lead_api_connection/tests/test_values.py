# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import tracemalloc

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_api.schemas import LeadRequest

from ..schemas import ConnectionLead
from ..tools.message_body import clean
from ..tools.message_values import HOUR, fit, split_words
from ..tools.place import (
    find_answer_names,
    get_path,
    read,
    read_answers,
    remove,
)


@tagged("-at_install", "post_install")
class TestValues(BaseCase):
    """Values of messages get the form that attributes have."""

    def test_dates(self):
        for text in (
            *("1990-05-20", "20/05/1990", "20.05.1990", "20-5-1990", "19900520"),
            *("20 tháng 5 năm 1990", "Ngày 20 tháng 5, 1990", "May 20, 1990"),
            *("1990-05-20T10:30:00+07:00", "20 May 1990", 19900520, ["20/5/1990"]),
        ):
            self.assertEqual(fit(LeadRequest, "birth_date", text, True), "1990-05-20")
        for text, date in (
            ("15/8/65", "1965-08-15"),
            ("20-5-90", "1990-05-20"),
            ("20/5/2065", "2065-05-20"),
        ):
            self.assertEqual(fit(LeadRequest, "birth_date", text, True), date)
        for day_first, date in ((True, "1990-04-03"), (False, "1990-03-04")):
            found = fit(LeadRequest, "birth_date", "03/04/1990", day_first)
            self.assertEqual(found, date)

    def test_dates_of_javascript(self):
        for text in (
            "1990-05-19T17:00:00.000Z",
            "1990-05-20T00:00:00Z",
            "1990-05-20T00:00:00+07:00",
            "1990-05-20T23:30:00Z",
        ):
            zone = "Asia/Ho_Chi_Minh"
            found = fit(LeadRequest, "birth_date", text, True, zone)
            self.assertEqual(found, "1990-05-20", text)
        for hour in (16, 17):  # Vietnam had another one until 1975
            text = f"1970-05-19T{hour}:00:00Z"
            found = fit(LeadRequest, "birth_date", text, True, zone)
            self.assertEqual(found, "1970-05-20", text)

    def test_what_is_no_date(self):
        """A part that is missing is not made up."""
        offsets = "4/3/1990 10:30 +84", "1990-03-04T09:00:00+24:00"
        parts = "1990", "20", "5/1990", "không nhớ", "", "thứ sáu", "32/13/1990"
        for text in parts + offsets:
            self.assertEqual(fit(LeadRequest, "birth_date", text, True), text)

    def test_long_texts(self):
        """A text of any length is looked through once, and not for each character."""
        spaces = " " * 250_000
        text = f"1h{spaces}x"
        self.assertEqual(split_words(f"a{spaces}b, c"), [f"a{spaces}b", "c"])
        self.assertEqual(fit(ConnectionLead, "birth_date", text, True), text)
        self.assertIsNone(HOUR.fullmatch(text))
        for text, hours in (("9h30", 9.5), ("14 giờ 15 phút", 14.25), ("8 g", 8)):
            found = HOUR.fullmatch(text)
            self.assertEqual(int(found[1]) + int(found[2] or 0) / 60, hours)

    def test_long_names(self):
        """A hostile message takes about as much memory as it has characters."""
        inner = dict.fromkeys(map(str, range(2000)), 1)
        for body in ({"k" * 50_000: inner}, {"a": {"k" * 50_000: inner}}):
            tracemalloc.start()
            read_answers("@", body)
            _size, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            self.assertLess(peak, 2_000_000)

    def test_deep_texts(self):
        body = {"a": "[" * 21 + "]" * 21, "b": "[" * 20 + "]" * 20}
        self.assertIsNone(read("from_json(a)", body))
        self.assertTrue(read("from_json(b)", body))

    def test_names(self):
        for value in (
            "Trần Thảo",
            [" Trần", "Thảo "],
            ["Trần Thảo"],
            ["Trần", "", None, "Thảo"],
        ):
            found = fit(ConnectionLead, "contact_name", value, True)
            self.assertEqual(found, "Trần Thảo")
        found = fit(ConnectionLead, "street", ["12 Lê Lợi", "Bến Thành"], True)
        self.assertEqual(found, "12 Lê Lợi, Bến Thành")

    def test_phones(self):
        for value in (84900000202, "p:84900000202", 84900000202.0, ["84900000202"]):
            found = fit(ConnectionLead, "phone_no1", value, True)
            self.assertEqual(found, "84900000202")

    def test_lists(self):
        portrait = "customer_portrait"
        for attribute, value, expected in (
            ("crm_line_ids", "Khám", ["Khám"]),
            ("crm_line_ids", ["Khám", None, 38.0], ["Khám", 38]),
            (f"{portrait}.hobby", 5, ["5"]),
            (f"{portrait}.work_start_time", "7h30", 7.5),
            (f"{portrait}.work_start_time", "17:45", 17.75),
            (f"{portrait}.work_end_time", "16 giờ", 16),
            ("shuttle_bus", True, "yes"),
            ("shuttle_bus", "Không", "no"),
            ("shuttle_bus", "perhaps", "perhaps"),
        ):
            self.assertEqual(fit(ConnectionLead, attribute, value, True), expected)
        self.assertEqual(split_words("A, B;C\nD"), ["A", "B", "C", "D"])

    def test_what_cannot_be_stored(self):
        body = {"a\x00": ["\ud800", float("nan"), {"b": "c"}], "d": 1}
        self.assertEqual(clean(body), {"a": ["�", None, {"b": "c"}], "d": 1})

    def test_answers(self):
        pairs = [
            {"name": "color", "value": "red"},
            {"name": "color", "value": ["blue"]},
            {"name": "", "value": 1},
            {"name": "size", "value": 2},
            "x",
        ]
        expected = {"color": ["red", "blue"], "size": 2}
        self.assertEqual(read_answers("@", pairs), expected)
        nested = {"customer": {"city": {"name": "Huế"}, "x": {}}, "n": 1}
        expected = {"customer.city.name": "Huế", "customer.x": {}, "n": 1}
        self.assertEqual(read_answers("@", nested), expected)

    def test_names_that_a_place_reads(self):
        for place, is_whole, names in (
            ("answers.a", False, {"a"}),
            ('answers."a.b"', False, {"a.b"}),
            ("join(' ', [answers.a, b.c])", False, {"a"}),
            ("join(' ', [answers.a, b.c])", True, {"a", "b.c", "answers.a"}),
            ("answers.a[0]", False, {"a"}),
            ("to_string(form_id)", True, {"form_id"}),
        ):
            self.assertEqual(find_answer_names(place, is_whole), names, place)

    def test_what_proves_a_message_is_removed(self):
        body = {"key": 1, "a": {"key": 2, "b": 3}}
        for place, rest in (
            ("key", {"a": {"key": 2, "b": 3}}),
            ("a.key", {"key": 1, "a": {"b": 3}}),
            ("none.key", body),
            (False, body),
        ):
            self.assertEqual(remove(place, body), rest)
        self.assertEqual(remove('"a.key"', {"a.key": 1, "b": 2}), {"b": 2})

    def test_places_of_names_alone(self):
        for place, path in (
            ("key", ["key"]),
            ('a."b.c".d', ["a", "b.c", "d"]),
            *((each, []) for each in ("a[0].key", "a || b", "@", "from_json(a).key")),
        ):
            self.assertEqual(get_path(place), path)

    def test_functions_that_take_no_such_value(self):
        for place in (
            "join(' ', a)",
            "sum(a)",
            "to_number(a)",
            "a[0].b",
            "max_by(a, &b)",
        ):
            for value in (None, 1, "x", [None], [{"b": 1}, {"b": "x"}], {"b": 1}):
                read(place, {"a": value})
