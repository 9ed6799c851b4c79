# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The samples of the documentation page."""

import ast
import json

from odoo.tests import BaseCase, tagged

from ...openapi.sample import LANGUAGES, render_sample


@tagged("post_install", "-at_install")
class TestSamples(BaseCase):
    def test_each_sample_has_a_key_from_the_ticket(self):
        for name in LANGUAGES:
            with self.subTest(name):
                sample = render_sample(name, "http://odoo/", '{"ticket_id": 100234}')
                self.assertRegex(sample, "Idempotency-Key.{1,9}ticket-")

    def test_sample_in_python_has_words_of_python(self):
        lead = {"ticket_id": 1, "vip": True, "note": 'true, "false"', "age": None}
        sample = render_sample("python.py.tmpl", "http://odoo/", json.dumps(lead))
        assignment = ast.parse(sample).body[1]
        self.assertEqual(ast.literal_eval(assignment.value), lead)
