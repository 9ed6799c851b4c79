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

    text: LazyGettext | tuple[str, ...] | str
    required: bool = False
    model: str | None = None
    field: str | None = None
    is_part: bool = False

    def __call__(self, schema: dict[str, Any]) -> None:
        """Add the description to the attribute's JSON Schema."""
        schema["description"] = in_languages(self.text)
        if self.model:
            schema["x-odoo-model"] = self.model


def about(
    text: LazyGettext | tuple[str, ...] | str,
    *,
    default: Any = None,
    example: Any = None,
    required: bool = False,
    model: str | None = None,
    field: str | None = None,
    is_part: bool = False,
) -> Any:
    """Declare an attribute, as its default value.

    :param text: the meaning of the attribute, for the OpenAPI document
    :param default: value if nothing is sent; ``...``: always present in an answer
    :param example: a sample value
    :param required: the attribute must be sent. Not pydantic's own "required": all
        attributes have a default, so that a request with some wrong attributes still
        yields the valid attributes and all errors can be reported at once.
    :param model: the Odoo model, ``res.country``, whose ids the attribute holds
    :param field: the field of ``crm.lead`` that stores the value unchanged
    :param is_part: the attribute of a customer is a word of ``include``: the answer has
        the attribute only if the word is asked for
    """
    return Field(
        default=default,
        examples=None if example is None else [example],
        json_schema_extra=About(text, required, model, field, is_part),
    )


def in_languages(text: LazyGettext | tuple[str, ...] | str) -> str:
    """Return a text in English and in Vietnamese, in two paragraphs; in a strict
    document in its language alone.

    :param text: a tuple has the English text first; a Vietnamese one may follow
    """
    if isinstance(text, str):
        return text
    if isinstance(text, LazyGettext):
        text = text._translate("en_US"), text._translate("vi_VN")
    if lang := STRICT_LANG.get():
        return text[-1] if lang == "vi_VN" else text[0]
    return "\n\n".join(dict.fromkeys(text))
