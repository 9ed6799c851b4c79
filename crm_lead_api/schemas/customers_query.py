# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the query by which a customer is looked up: who is calling?"""

import re
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from ..exceptions import FieldError
from .about import about
from .error import field_error
from .query import Id, Query
from .value import Email, Line

_lt = LazyTranslate(__name__, default_lang="en_US")

MAX_PHONES = 3
WORDS = ("portrait", "leads")
# A "+" that was not encoded arrives as a space; no country's prefix begins with 0.
LOST_PLUS = re.compile(r" (?=[1-9])")


def _restore_plus(value: Any) -> Any:
    return LOST_PLUS.sub("+", value, count=1) if _begins_with_space(value) else value


def _begins_with_space(value: Any) -> bool:
    return isinstance(value, str) and LOST_PLUS.match(value) is not None


def _check_not_blank(value: str) -> str:
    if not value:
        raise PydanticCustomError("missing", "blank")
    return value


Phone = Annotated[Line, BeforeValidator(_restore_plus)]
Phones = Annotated[list[Phone], Field(max_length=MAX_PHONES)]
Name = Annotated[Line, AfterValidator(_check_not_blank)]


def _words_type(words: tuple[str, ...]) -> Any:
    return list[Literal[words]] | None


def _about_words(words: tuple[str, ...]) -> Any:
    return about(
        _lt(
            "What to answer besides the contact: words with commas between them; "
            "everything if not sent."
        ),
        example=list(words),
    )


class CustomersQuery(Query):
    """The details by which a customer is looked up, and the agent who looks."""

    is_checked_by_model: ClassVar[bool] = True
    words: ClassVar[tuple[str, ...]] = WORDS

    phone: Phones | None = about(
        _lt("A phone of the customer; up to three, as a parameter each."),
        example=["0900000202"],
    )
    account_id: Id | None = about(
        _lt("The customer's account, a contact's id; it comes before the phones."),
        model="res.partner",
    )
    email: Email | None = about(
        _lt("The customer's e-mail, which counts only together with contact_name."),
    )
    contact_name: Name | None = about(_lt("The customer's name, for the e-mail."))
    country_id: Id | None = about(
        _lt(
            "The country of phones without a country code; without it the client's "
            "default country, else the country of the client's company."
        ),
        model="res.country",
    )
    agent_email: Name | None = about(
        _lt("The agent who looks: Odoo keeps who looked at which customer."),
        example="lan.nguyen@example.com",
        required=True,
    )
    include: _words_type(WORDS) = _about_words(WORDS)

    @classmethod
    @cache
    def with_words(cls, words: tuple[str, ...]) -> type[Self]:
        """Return a subclass whose ``include`` takes other words."""
        schema = pydantic.create_model(
            cls.__name__,
            __base__=cls,
            __doc__=cls.__doc__,
            __module__=cls.__module__,
            include=(_words_type(words), _about_words(words)),
        )
        schema.words = words
        return schema

    @classmethod
    def parse(cls, data, *args, **kwargs) -> Self:
        if texts := data.get("include"):
            words = [word.strip() for text in texts for word in text.split(",")]
            data = {**data, "include": words}
        query = super().parse(data, *args, **kwargs)
        words, others = [], []
        for error in query._errors:
            (words if error.field.startswith("include.") else others).append(error)
        # One parameter holds all words.
        others += [replace(error, field="include") for error in words[:1]]
        query._errors = others
        return query

    def get_errors(self) -> list[FieldError]:
        """Return also the errors of parameters that need another parameter."""
        missing = []
        if not any(map(self._was_sent, ("phone", "account_id", "email"))):
            missing.append("phone")
        if self._was_sent("email") and not self._was_sent("contact_name"):
            missing.append("contact_name")
        return super().get_errors() + [
            field_error({"type": "missing", "loc": (name,)}) for name in missing
        ]

    @property
    def email_from(self) -> str | None:
        """The e-mail, by the name of a lead's attribute."""
        return self.email

    def get_phones(self) -> list[str]:
        """Return the phones that were sent, in their order."""
        return self.phone or []

    def get_words(self) -> list[str]:
        """Return the names of a customer's attributes that are asked for."""
        return list(self.words if self.include is None else self.include)
