# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test changes of custom attributes, of each type."""

from datetime import date, datetime

from odoo.fields import Command

from ...tools.day import format_moment
from ..access.common import RIGHT, CustomAttributesCase
from ..common import URL
from .common import ChangeCase


class TestChangeCustom(CustomAttributesCase, ChangeCase):
    def setUp(self):
        super().setUp()
        # By attribute: the sent value, the stored value, the answered value
        self.table = {name: cases[0] for name, cases in RIGHT.items()}
        ids = [self.service.id]
        self.table |= {
            "pricelist_id": (self.pricelist.id, self.pricelist, self.pricelist.id),
            "product_ids": (ids, self.service, ids),
        }
        self.sent = {name: case[0] for name, case in self.table.items()}

    def _show(self, moment):
        return format_moment(self.env, moment, self.agent.tz, has_year=True)

    def assertStored(self):
        for name, (_sent, stored, _answered) in self.table.items():
            with self.subTest(name):
                self.assertEqual(self.lead[f"x_{name}"], stored)

    def test_each_is_changed_and_emptied(self):
        data = self.assertChanged(self.change(self.sent))
        self.assertStored()
        for name, (_sent, _stored, answered) in self.table.items():
            with self.subTest(name):
                self.assertEqual(data[name], answered)
        self.assertChanged(self.change(dict.fromkeys(self.sent)))
        for name in self.table:
            with self.subTest(name):
                self.assertFalse(self.lead[f"x_{name}"])

    def test_a_rounded_amount_is_still_the_clients(self):
        """Of a change, and of a new lead."""
        for amount in (1500000.7, 1500000.7, 25000):
            self.assertChanged(self.change({"monetary": amount}))
            self.assertEqual(self.lead.x_monetary, round(amount))
        payload = {**self.payload, "ticket_id": 4712, "monetary": 1500000.7}
        self.lead = self.assertSuccess(self.post(payload))
        url = f"{URL}/{self.lead.id}"
        self.assertChanged(self.change({"monetary": 25000}, url=url))
        self.assertEqual(self.lead.x_monetary, 25000)

    def test_a_date_of_the_first_year_is_accepted(self):
        """As on Python 3.13, so on earlier ones."""
        self.assertChanged(self.change({"date": "2026-02-28"}))
        self.write_as_staff(x_date=date(2026, 3, 1))
        self.assertJson(self.change({"date": "0001-01-01"}), 200)
        self.env.invalidate_all()
        self.lead.pending_proposal_ids.with_user(self.agent).action_accept()
        self.assertEqual(self.lead.x_date, date(1, 1, 1))

    def test_what_staff_changed_is_proposed(self):
        self.assertChanged(self.change(self.sent))
        # By attribute: the value of staff, the value and the text that are shown
        of_staff = {
            "char": ("của ta", "của ta", "của ta", "thẻ số"),
            "text": ("ghi chú", "ghi chú", "ghi chú", " a\nb "),
            "integer": (7, 7, "7", "5"),
            "float": (2.5, 2.5, "2.5", "1.25"),
            "monetary": (25000, 25000, "25000.0", "1500000.0"),
            "boolean": (False, None, "", "Yes"),
            "date": (date(2026, 3, 1), "2026-03-01", "Mar 1, 2026", "Feb 28, 2026"),
            "datetime": (
                *(datetime(2026, 3, 1, 8), "2026-03-01T08:00:00Z"),
                *(
                    self._show(datetime(2026, 3, 1, 8)),
                    self._show(self.table["datetime"][1]),
                ),
            ),
            "selection": ("it's", "it's", "Its", "This or that"),
            "pricelist_id": (False, None, "", self.pricelist.display_name),
            "product_ids": (
                *([Command.set(self.service_2.ids)], self.service_2.ids),
                *("Khám", "Nâng mũi"),
            ),
        }
        self.write_as_staff(**{f"x_{name}": each[0] for name, each in of_staff.items()})
        body = self.assertJson(self.change(self.sent), 200)
        proposed = {each["field"]: each for each in body["data"]["proposed"]}
        self.env.invalidate_all()
        pending = self.lead.pending_proposal_ids.with_user(self.agent)
        texts = {p.subject: (p.old_text, p.new_text) for p in pending}
        for name, (_value, present, *text) in of_staff.items():
            with self.subTest(name):
                self.assertEqual(proposed[name]["present"], present)
                self.assertEqual(texts[f"x_{name}"], tuple(text))
        pending.action_accept()
        self.assertStored()
        # The values are the client's again.
        self.assertChanged(self.change(dict.fromkeys(self.sent)))

    def test_the_order_of_a_list_means_nothing(self):
        ids = [self.service.id, self.service_2.id]
        for sent in (ids, ids[::-1], ids + ids, ids):
            self.assertChanged(self.change({"product_ids": sent}))
        self.assertEqual(self.lead.lead_api_values["x_product_ids"], ids)
        # As it was kept before
        self.lead.lead_api_values = {
            **self.lead.lead_api_values,
            "x_product_ids": ids[::-1],
        }
        self.env.flush_all()
        self.assertChanged(self.change({"product_ids": ids[:1]}))
        self.assertEqual(self.lead.x_product_ids, self.service)

    def test_an_archived_record_stays(self):
        change = {"product_ids": [self.service.id, self.service_2.id]}
        self.assertChanged(self.change(change))
        self.service_2.active = False
        self.assertChanged(self.change(change))
