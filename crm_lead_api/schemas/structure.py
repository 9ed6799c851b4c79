# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take types and payloads apart."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin


def unwrap(annotation: Any) -> Iterator[Any]:
    """Yield the types in a union, without annotations."""
    if get_origin(annotation) is Annotated:
        yield from unwrap(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from unwrap(each)
    else:
        yield annotation


def leave_out(data: dict, paths: list[tuple]) -> tuple[dict, dict[str, list[int]]]:
    """Remove the attributes, and list items, at the paths from the data.

    :return: the data, and the original indexes of the remaining items, by attribute
    """
    data, indexes = dict(data), {}
    for name in {path[0] for path in paths}:
        value = data.pop(name)
        below = [path[1:] for path in paths if path[0] == name]
        if () in below:
            continue
        if isinstance(value, dict):
            data[name], _indexes = leave_out(value, below)
        else:
            wrong = {path[0] for path in below}
            indexes[name] = [i for i in range(len(value)) if i not in wrong]
            data[name] = [value[i] for i in indexes[name]] or None
    return data, indexes
