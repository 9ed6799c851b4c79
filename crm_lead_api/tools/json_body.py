# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from typing import Any


def parse_leniently(text: str) -> dict:
    """Parse a text as a JSON object; return an empty dict for any other text."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def to_json(body: dict) -> str:
    return json.dumps(body, ensure_ascii=False)


def indent_json(text: str) -> str:
    """Pretty-print JSON; return any other text unchanged."""
    try:
        return json.dumps(json.loads(text or ""), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def get_value(data: Any, path: str) -> Any:
    """Return the value at a path, such as ``crm_line_ids.1``; ``None`` if absent."""
    for name in path.split("."):
        if isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data = data[int(name)]
        elif isinstance(data, dict):
            data = data.get(name)
        else:
            return None
    return data


def set_value(data: dict, path: str, value: Any) -> None:
    """Set the value at a path; ``None`` removes the attribute, or the list's item."""
    *parents, name = path.split(".")
    for parent in parents:
        data = get_value(data, parent)
    if isinstance(data, list) and name.isdecimal() and int(name) < len(data):
        if value is None:
            del data[int(name)]
        else:
            data[int(name)] = value
    elif isinstance(data, dict):
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value


def format_problems(body: str) -> str:
    """Return the messages in an error's body, each in a line."""
    answer = json.loads(body or "{}")
    lines = [
        f"{error['field']}: {error['message']}" for error in answer.get("errors", [])
    ]
    return "\n".join(lines) or answer.get("message", "")
