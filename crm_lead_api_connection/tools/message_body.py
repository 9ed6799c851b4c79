# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read JSON as platforms send it: what the database cannot hold is no JSON here."""

import json
from typing import Any


def load_json(text: str) -> Any:
    """Parse a text as JSON.

    :raise ValueError: it is none, is nested too deeply, or has halves of characters or
        numbers without an end
    """
    try:
        data = strip(json.loads(text))
        json.dumps(data, allow_nan=False, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("Nested too deeply") from None
    return data


def strip(value: Any) -> Any:
    """Leave the character 0 out of all texts, which the database refuses."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return list(map(strip, value))
    if isinstance(value, dict):
        return {strip(name): strip(each) for name, each in value.items()}
    return value
