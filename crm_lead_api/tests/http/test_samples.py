# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The samples of the documentation page."""

import ast

from odoo.tests import BaseCase, tagged

from ...openapi.document import render_samples


@tagged("post_install", "-at_install")
class TestSamples(BaseCase):
    def test_each_sample_has_a_key_from_the_ticket(self):
        for sample in render_samples("http://odoo/", {"ticket_id": 100234}):
            with self.subTest(sample["lang"]):
                self.assertRegex(sample["source"], "Idempotency-Key.{1,9}ticket-")

    def test_sample_in_python_has_words_of_python(self):
        lead = {"ticket_id": 1, "vip": True, "note": 'true, "false"', "age": None}
        samples = render_samples("http://odoo/", lead)
        [source] = [each["source"] for each in samples if each["lang"] == "python"]
        assignment = ast.parse(source).body[1]
        self.assertEqual(ast.literal_eval(assignment.value), lead)
