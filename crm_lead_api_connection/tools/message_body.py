# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read JSON as platforms send it, without what the database cannot hold."""

import json
import math
import re
from typing import Any

MAX_DEPTH = 20  # of objects and lists
SURROGATES = re.compile("[\ud800-\udfff]")  # halves of characters


def load_json(text: str) -> Any:
    """Parse a text as JSON.

    :raise ValueError: it is none, or is nested too deeply
    """
    try:
        return clean(json.loads(text))
    except RecursionError:
        raise ValueError("Nested too deeply") from None


def clean(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a value of JSON that PostgreSQL can store.

    :raise ValueError: it is nested deeper than a number of levels
    """
    if isinstance(value, dict | list) and not depth:
        raise ValueError("Nested too deeply")
    if isinstance(value, dict):
        return {clean(n): clean(each, depth - 1) for n, each in value.items()}
    if isinstance(value, list):
        return [clean(each, depth - 1) for each in value]
    if isinstance(value, str):
        return SURROGATES.sub("\ufffd", value.replace("\x00", ""))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
