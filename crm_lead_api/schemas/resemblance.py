# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the value, or the attribute, that a client has probably meant."""

import difflib
import re
from functools import lru_cache
from itertools import islice

from odoo.tools.translate import LazyTranslate

from ..exceptions import FieldError

_lt = LazyTranslate(__name__, default_lang="en_US")

REQUIRED = _lt("This attribute is required: send a value for it.")
# A payload may have thousands of unknown attributes, and comparing takes its time.
MAX_NAMES = 20
MAX_NAME = 64  # characters
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def find_similar(text: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that a text resembles most, among equals the first:
    ``contactName`` resembles ``contact_name``."""
    text = HUMP.sub("_", text.strip()).lower().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(text, choices)
    return max(
        (choice for choice in choices if choice in close),
        key=lambda choice: difflib.SequenceMatcher(None, choice, text).ratio(),
        default=None,
    )


def find_meant(payload) -> dict[str, str]:
    """Return the attributes, not sent, that unknown attributes resemble, by path of the
    unknown attribute.

    :param payload: instance of :class:`Schema`
    """
    attributes = tuple(type(payload).model_fields)
    wrong = {error.field.split(".")[0] for error in payload.get_errors()}
    short = (name for name in payload.model_extra if len(name) <= MAX_NAME)
    found = {name: find_similar(name, attributes) for name in islice(short, MAX_NAMES)}
    meant = {
        name: each
        for name, each in found.items()
        if each and each not in payload.model_fields_set | wrong
    }
    for name in payload.get_objects():
        if (value := getattr(payload, name)) is not None:
            for path, each in find_meant(value).items():
                meant[f"{name}.{path}"] = f"{name}.{each}"
    return meant


def describe_missing(payload, names: list[str]) -> list[FieldError]:
    """Return the errors for required attributes that are missing.

    :param payload: instance of :class:`Schema`, whose unknown attributes perhaps stand
        for the missing attributes
    """
    sent = {meant: name for name, meant in find_meant(payload).items()} if names else {}
    return [_describe_missing(name, sent.get(name)) for name in names]


def _describe_missing(name, sent):
    if sent is None:
        message = REQUIRED
    else:
        message = _lt(
            "This attribute is required: send a value for it. The attribute %(sent)s, "
            "which was sent, is unknown.",
            sent=sent,
        )
    return FieldError(name, "required", message, did_you_mean=sent)


def replace_surrogates(name: str) -> str:
    """Replace halves of surrogate pairs, which neither pydantic nor UTF-8 can have."""
    return name.encode(errors="replace").decode()


def describe_wrapper(data: dict, attributes: set[str]) -> FieldError | None:
    """Return the error for a payload that is wrapped into an object, ``{"data": {…}}``;
    ``None``: it is not.

    :param data: the payload as sent
    :param attributes: the known attributes of a payload
    """
    if attributes & data.keys():
        return None
    for name, value in data.items():
        if isinstance(value, dict) and attributes & value.keys():
            name = replace_surrogates(name)
            message = _lt(
                "The attributes are inside %(name)s: send the inner object alone, "
                "without %(name)s around it.",
                name=name[:MAX_NAME],
            )
            return FieldError(name, "unknown", message)
    return None
