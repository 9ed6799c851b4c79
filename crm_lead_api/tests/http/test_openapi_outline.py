# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nothing of the OpenAPI document changes by accident.

``openapi.json`` holds the outline of the document: the document without its texts. A
change of the API changes the file, so that a reviewer sees in the difference what
callers will see. With ``CRM_LEAD_API_OUTLINE=1`` the test writes the file anew.
"""

import json
import os
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import file_open, file_path

from ..common import LeadApiHttpCase

FILE = "crm_lead_api/tests/http/openapi.json"
# Keywords that only describe
TEXTS = ("description", "summary", "example", "examples", "x-codeSamples")
TEXT = "…"


def make_outline(node):
    """Return a part of a document with a mark in the place of each text."""
    if isinstance(node, list):
        return [make_outline(each) for each in node]
    if isinstance(node, dict):
        return {
            # An attribute may have such a name, too.
            name: TEXT if name in TEXTS and is_text(value) else make_outline(value)
            for name, value in node.items()
        }
    return node


def is_text(value) -> bool:
    return bool(value) and not (isinstance(value, dict) and "type" in value)


def find_missing(outline, kept, place=()):
    """Yield the places of an outline where a part of the kept outline is missing.

    Other addons may add to the document; they take nothing away.
    """
    if isinstance(kept, dict) and isinstance(outline, dict):
        for name, value in kept.items():
            if name in outline:
                yield from find_missing(outline[name], value, (*place, name))
            else:
                yield (*place, name)
    elif isinstance(kept, list) and isinstance(outline, list):
        for number, value in enumerate(kept):
            if all([*find_missing(each, value)] for each in outline):
                yield (*place, number)
    elif outline != kept:
        yield place


@tagged("post_install", "-at_install")
class TestOpenApiOutline(LeadApiHttpCase):
    def test_outline(self):
        response = self.post(url="/api/v1/openapi.json", method="GET")
        outline = make_outline(response.json())
        if os.environ.get("CRM_LEAD_API_OUTLINE"):
            text = json.dumps(outline, ensure_ascii=False, indent=1)
            Path(file_path(FILE)).write_text(text + "\n")
        with file_open(FILE) as file:
            kept = json.load(file)
        self.assertEqual([*find_missing(outline, kept)], [])
