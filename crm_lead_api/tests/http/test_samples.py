# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The samples of the documentation page and of the guide."""

import ast
import json
import re

from odoo.tests import BaseCase, tagged

from ...openapi.sample import LANGUAGES, render_sample
from .guide import get_text, read_guide


def read_code(lang):
    """Return the guide's sample of code in a language."""
    return get_text(read_guide().find(f".//pre[@class='code {lang} literal-block']"))


@tagged("post_install", "-at_install")
class TestSamples(BaseCase):
    def test_samples_of_the_guide_are_those_of_the_page(self):
        request = get_text(read_guide().find(".//pre"))
        payload = re.search(r"-d '(\{.*\})'", request, re.DOTALL)[1]
        payload = re.sub(r"^ {6}", "", payload, flags=re.MULTILINE)
        for name in LANGUAGES:
            lang = name.partition(".")[0]
            if lang == "curl":
                continue  # the guide begins with it
            with self.subTest(lang):
                sample = render_sample(name, "http://localhost:8069/", payload)
                self.assertEqual(read_code(lang), sample.strip())

    def test_sample_in_python_has_words_of_python(self):
        lead = {"ticket_id": 1, "vip": True, "note": 'true, "false"', "age": None}
        sample = render_sample("python.py.tmpl", "http://odoo/", json.dumps(lead))
        assignment = ast.parse(sample).body[1]
        self.assertEqual(ast.literal_eval(assignment.value), lead)
