# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
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
    if isinstance(data, list):
        if not name.isdecimal() or int(name) >= len(data):
            return
        name = int(name)
    elif not isinstance(data, dict):
        return
    if value is not None:
        data[name] = value
    elif isinstance(data, list) or name in data:
        del data[name]


def format_problems(body: dict) -> str:
    """Return the messages in an error's body, each in a line."""
    lines = (f"{each['field']}: {each['message']}" for each in body.get("errors", []))
    return "\n".join(lines) or body.get("message", "")


def get_fingerprint(data: dict) -> str:
    """Hash a payload: equal JSON has equal hashes, in any order of attributes, and
    ``13.0`` is ``13``."""

    def parse(text):
        return int(number) if (number := float(text)).is_integer() else number

    return get_old_fingerprint(json.loads(json.dumps(data), parse_float=parse))


def get_old_fingerprint(data: dict) -> str:
    """Hash a payload as until 19.0.8.0.0, where ``13.0`` was not ``13``.

    The hash counts for answers that were kept before an update, and so for the days of
    *Repeated Requests* in the settings: from 19.0.9 on it can go.
    """
    canonical = json.dumps(data, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
