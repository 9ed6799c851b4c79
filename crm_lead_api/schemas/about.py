# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from odoo.tools.translate import LazyGettext

# The language of the strict document that is being made, which has one type for each
# attribute; None: the document has both languages, and all values that are taken
STRICT_LANG: ContextVar[str | None] = ContextVar("STRICT_LANG", default=None)


@dataclass(frozen=True)
class About:
    """Describe an attribute of a schema, besides its type; see :func:`about`."""

    text: LazyGettext | tuple[str, ...] | str  # the meaning, for the OpenAPI document
    # It must be sent. Not pydantic's own "required": all attributes have a default, so
    # that a request with wrong attributes still yields the valid ones, and all errors.
    required: bool = False
    model: str | None = None  # of Odoo, res.country, whose ids the attribute holds
    field: str | None = None  # of crm.lead that stores the value unchanged
    # Of a customer: a word of "include"; an answer has it only if it is asked for
    is_part: bool = False

    def __call__(self, schema: dict[str, Any]) -> None:
        schema["description"] = in_languages(self.text)
        if self.model:
            schema["x-odoo-model"] = self.model


def about(
    text: LazyGettext | tuple[str, ...] | str,
    default: Any = None,  # ``...``: always present in an answer
    *,
    example: Any = None,
    **options: Any,  # of About
) -> Any:
    """Declare an attribute, as its default value."""
    examples = None if example is None else [example]
    extra = About(text, **options)
    return Field(default=default, examples=examples, json_schema_extra=extra)


def in_languages(text: LazyGettext | tuple[str, ...] | str) -> str:
    """Return a text in English and in Vietnamese, in two paragraphs; in a strict
    document in its language alone. A tuple has the English text first."""
    if isinstance(text, str):
        return text
    if isinstance(text, LazyGettext):
        text = text._translate("en_US"), text._translate("vi_VN")
    if lang := STRICT_LANG.get():
        return text[-1] if lang == "vi_VN" else text[0]
    return "\n\n".join(dict.fromkeys(text))
