# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Show messages as trees, in which each value has its place."""

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

from odoo.addons.crm_lead_api.tools.text import fold_accents

from .message_values import to_text

ENOUGH = 0.75  # likeness of two names
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def get_rows(value: Any, place: str = "", depth: int = 0) -> Iterator[dict]:
    """Yield the rows of each value of an object or list; see :func:`get_branch`."""
    if isinstance(value, dict):
        children = ((name, _join(place, name), each) for name, each in value.items())
    else:
        children = (
            (str(number + 1), f"{place}[{number}]", each)
            for number, each in enumerate(value)
        )
    for child in children:
        yield from get_branch(*child, depth)


def get_branch(name: str, place: str, value: Any, depth: int = 0) -> Iterator[dict]:
    """Yield a row for a value, and those inside after it: its name, depth and place,
    and its text unless there are values inside."""
    is_branch = isinstance(value, dict | list) and bool(value)
    text = None if is_branch else to_text(value)
    yield {"name": name, "depth": depth, "place": place, "text": text}
    if is_branch:
        yield from get_rows(value, place, depth + 1)


def _join(place, name):
    part = name if PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    return f"{place}.{part}" if place else part


def fold(text: str) -> str:
    """Return a text in small letters without marks, with spaces between its words:
    ``Họ và tên`` is ``ho va ten``."""
    return " ".join(re.split(r"[\W_]+", fold_accents(text))).strip()


def find_alike(names: list[str], known: dict[str, str]) -> str | None:
    """Return the value of the known name that is most like the first of some names that
    is like any.

    :param known: values by folded name
    """
    for name in map(fold, names):
        for found in difflib.get_close_matches(name, known, 1, ENOUGH):
            return known[found]
    return None
