# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read JSON as platforms send it, without what the database cannot hold."""

import json
import math
import re
from typing import Any

from odoo.addons.crm_lead_api.http.body import is_deeper_than

MAX_DEPTH = 20  # of objects and lists
SURROGATES = re.compile("[\ud800-\udfff]")  # halves of characters


def load_json(text: str) -> Any:
    """Parse a text as JSON.

    :raise ValueError: it is none, or is nested too deeply
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("Nested too deeply") from None
    if isinstance(data, dict | list) and is_deeper_than(data, MAX_DEPTH):
        raise ValueError("Nested too deeply")
    return clean(data)


def clean(value: Any) -> Any:
    """Return a value of JSON that PostgreSQL can store."""
    if isinstance(value, dict):
        return {clean(name): clean(each) for name, each in value.items()}
    if isinstance(value, list):
        return list(map(clean, value))
    if isinstance(value, str):
        return SURROGATES.sub("\ufffd", value.replace("\x00", ""))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
