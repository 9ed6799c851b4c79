# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import json
from contextlib import suppress
from typing import Any

from odoo.tools.translate import LazyTranslate

from ..exceptions import MalformedRequestError

_lt = LazyTranslate(__name__, default_lang="en_US")

NOT_AN_OBJECT = _lt("The body is not a JSON object, in curly brackets.")
NOT_UTF8 = _lt("The body is not UTF-8.")
TOO_DEEP = _lt("The body is nested too deeply.")


def decode(body: bytes) -> str:
    """Decode a body, without the byte order mark that some programs put before it.

    :raise MalformedRequestError: not UTF-8
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedRequestError(NOT_UTF8) from None


def parse_json(text: str, max_depth: int) -> dict:
    """Parse a text strictly as one JSON object.

    :param max_depth: how deep objects and lists may be nested
    :raise MalformedRequestError: not JSON, not an object, or ambiguous
    """
    if not text.strip():
        raise MalformedRequestError(
            _lt("The body is empty: send a JSON object, in curly brackets.")
        )
    try:
        data = _load(text)
    except RecursionError:
        raise MalformedRequestError(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise MalformedRequestError(
            _lt(
                "The body is not JSON: there is a mistake at line %(line)s, column "
                "%(column)s.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except ValueError:  # more digits than Python reads
        raise MalformedRequestError(
            _lt("The body has a number that is too long.")
        ) from None
    if not isinstance(data, dict):
        raise MalformedRequestError(NOT_AN_OBJECT)
    if is_deeper_than(data, max_depth):
        raise MalformedRequestError(TOO_DEEP)
    return data


def _load(text):
    return json.loads(
        text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
    )


def _unique_keys(pairs):
    data = dict(pairs)
    if len(data) < len(pairs):
        raise MalformedRequestError(
            _lt("The body has an object with the same attribute twice.")
        )
    return data


def _refuse_constant(name):
    raise MalformedRequestError(
        _lt("The body has %(name)s, which is not JSON.", name=name)
    )


def is_deeper_than(data: Any, depth: int) -> bool:
    """Tell whether objects and lists are nested deeper than a number of levels."""
    level = [data]
    for _depth in range(depth):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return bool(level)


def parse_literal(text: str) -> Any:
    """Parse a form's text as JSON or as a Python literal; return other texts unchanged.

    A text is never evaluated as code.

    :raise MalformedRequestError: the value is ambiguous, or JSON has no such value
    """
    with suppress(ValueError, RecursionError):
        return _load(text)
    with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        # Through JSON, which has no sets, bytes or complex numbers.
        return _load(json.dumps(ast.literal_eval(text.strip())))
    return text


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
