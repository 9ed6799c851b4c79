# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the guide for integrators, as the addon serves the page."""

from functools import cache

from lxml import html

from odoo.tools import file_path


@cache
def read_guide():
    return html.parse(file_path("crm_lead_api/static/guides/integrators.html"))


def get_text(element):
    return element.text_content().strip()
