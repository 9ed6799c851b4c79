# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Test that the message of a wrong value says what would be right."""

import json

from odoo.tests import tagged

from ..common import LeadApiHttpCase

STORABLE = (
    "The text has characters that cannot be stored (NUL, or half of a surrogate "
    "pair): send it without them."
)
WRONG = {
    "account_id": (
        "abc",
        "Send an id, such as 241. An administrator of Odoo can allow codes for your "
        "client.",
    ),
    "phone_no2": ("0\x00", STORABLE),
    "ticket_id": (
        "TCK-1",
        'Send a whole number, such as 241 or "241". An administrator of Odoo can allow '
        "texts for the tickets of your client.",
    ),
    "user_id": (0, "Send a number of at least 1."),
    "contact_name": (5, 'Send a text in quotation marks, such as "0968 011 111".'),
    "gender": ("x", "Send one of: male, female, other."),
    "country_id": (
        "abc",
        "Send an id, such as 241: /api/v1/ref/countries lists the ids. An "
        "administrator of Odoo can allow codes and names for your client.",
    ),
    "street": ("x" * 256, "Send a text of at most 255 characters."),
    "campaign_id": (2**31, "Send a number of at most 2147483647."),
    "birth_date": (
        "20/05/1990",
        "Send a date as year-month-day, such as 1990-12-31.",
    ),
    "email_from": ("x", "Send one e-mail address, such as lan@example.com."),
    "zalo_acc": ("\ud800", STORABLE),
    "crm_line_ids": ([], "Send at least one item."),
}
WRONG_PORTRAIT = {
    "work_start_time": (
        "8:30",
        "Send the hour of the day as a number: 8.5 is 08:30.",
    ),
    "work_end_time": (24, "Send a number below 24."),
    "break_start_time": (-1, "Send a number of at least 0."),
    "break_end_time": (
        float("inf"),
        "Send an hour of the day: a number from 0 to below 24.",
    ),
    "term_goals": ("x" * 10_001, "Send a text of at most 10000 characters."),
    "hobby": ("x", "Send a list, in square brackets."),
    "desires": (["x"] * 101, "Send at most 100 items."),
}


@tagged("post_install", "-at_install")
class TestAttributeMessages(LeadApiHttpCase):
    def _read_messages(self, **changes):
        # JSON has no infinity, but numbers that are too large for a float.
        text = json.dumps({**self.payload, **changes}).replace("Infinity", "1e999")
        headers = {"Content-Type": "application/json"}
        body = self.assertJson(self.post(data=text, headers=headers), 422)
        return {error["field"]: error["message"] for error in body["errors"]}

    def test_messages(self):
        portrait = {name: value for name, (value, _text) in WRONG_PORTRAIT.items()}
        changes = {name: value for name, (value, _text) in WRONG.items()}
        found = self._read_messages(**changes, customer_portrait=portrait)
        expected = {name: text for name, (_value, text) in WRONG.items()}
        for name, (_value, text) in WRONG_PORTRAIT.items():
            expected[f"customer_portrait.{name}"] = text
        self.assertEqual(found, expected)

    def test_messages_of_other_values(self):
        self.assertEqual(
            self._read_messages(
                birth_date="1899-12-31", street="", customer_portrait=[]
            ),
            {
                "birth_date": "Send a date of birth between 1900-01-01 and today.",
                "street": "This attribute is required: send a value for it.",
                "customer_portrait": "Send an object, in curly brackets.",
            },
        )

    def test_values_that_are_sent_as_one(self):
        """In a list each value stands by itself; only a form may join numbers."""
        text = (
            "Send each value by itself: [1, 6] in JSON; in a form or an address repeat "
            "the name, crm_line_ids=1&crm_line_ids=6."
        )
        self.assertEqual(
            self._read_messages(crm_line_ids=["1,6"]), {"crm_line_ids.0": text}
        )
        for joined in ("1,06", "a,b", "1;6"):
            form = {**self.payload, "customer_portrait": "{}", "crm_line_ids": joined}
            body = self.assertJson(self.post(data=form), 422)
            [error] = body["errors"]
            self.assertEqual(error["message"] == text, "," in joined)
            self.assertEqual(error["code"], "type")

    def test_messages_of_parameters(self):
        url = "/api/v1/leads?updated_since=today&cursor=x"
        body = self.assertJson(self.post(url=url, method="GET", json=None), 422)
        self.assertEqual(
            {error["field"]: error["message"] for error in body["errors"]},
            {
                "updated_since": "Send a date and time with its time zone, such as "
                "2026-12-31T17:00:00+07:00.",
                "cursor": "Send it as an earlier answer had it.",
            },
        )
