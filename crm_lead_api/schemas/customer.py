# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the look-up of a customer, who is calling?, and its answer."""

import re
from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar, Literal

import pydantic
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from ..exceptions import FieldError
from ..translate import _lt
from .about import about
from .base import Answer, Attribute, Schema, extend
from .customer_portrait import CustomerPortrait
from .error import miss
from .lead import Owner, StoredLead
from .me import NamedRecord
from .query import Id, Query
from .value import Email, Line

MAX_PHONES = 3
MAX_CUSTOMERS = 5
MAX_LEADS = 10
MAX_RECORDS = 10  # of a customer, of each model of other addons
WORDS = ("portrait", "leads")
# A "+" that was not encoded arrives as a space; no country's prefix begins with 0.
LOST_PLUS = re.compile(r"^ (?=[1-9])")


def _check_not_blank(value: str) -> str:
    if not value:
        raise PydanticCustomError("missing", "blank")
    return value


# In a query each value is a text.
Phone = Annotated[Line, BeforeValidator(lambda each: LOST_PLUS.sub("+", each))]
SentPhone = Annotated[Phone, AfterValidator(_check_not_blank)]
Phones = Annotated[list[Phone], Field(max_length=MAX_PHONES)]
Name = Annotated[Line, AfterValidator(_check_not_blank)]


class CustomersQuery(Query):
    """The details by which a customer is looked up, and the agent who looks."""

    is_checked_by_model: ClassVar[bool] = True

    phone: Phones | None = about(
        _lt("A phone of the customer; up to three, as a parameter each."),
        example=["0900000202"],
    )
    account_id: Id | None = about(
        _lt("The customer's account, a contact's id; it comes before the phones."),
        model="res.partner",
    )
    email: Email | None = about(
        _lt("The customer's e-mail, which counts only together with contact_name.")
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
    include: list[Literal[WORDS]] | None = about(
        _lt(
            "What to answer besides the contact: words with commas between them; "
            "everything if not sent."
        ),
        example=WORDS,
    )

    @classmethod
    def with_words(cls, words: tuple[str, ...]) -> type[Self]:
        """Return a subclass whose ``include`` takes other words."""
        return extend(cls, Attribute("include", list[Literal[words]], example=words))

    @classmethod
    def parse(cls, data, *args, **kwargs) -> Self:
        if texts := data.get("include"):
            words = [word.strip() for text in texts for word in text.split(",")]
            data = {**data, "include": words}
        query = super().parse(data, *args, **kwargs)
        words = [each for each in query._errors if each.field.startswith("include.")]
        query._errors = [each for each in query._errors if each not in words]
        # One parameter holds all words.
        query._errors += [replace(error, field="include") for error in words[:1]]
        return query

    def get_errors(self) -> list[FieldError]:
        """Return also the errors of parameters that need another parameter."""
        errors = super().get_errors()
        if not any(map(self._was_sent, ("phone", "account_id", "email"))):
            errors.append(miss("phone"))
        if self._was_sent("email") and not self._was_sent("contact_name"):
            errors.append(miss("contact_name"))
        return errors

    @property
    def email_from(self) -> str | None:
        return self.email

    def get_phones(self) -> list[str]:
        return self.phone or []


class MatchedBy(pydantic.BaseModel):
    """How a customer was found."""

    method: Literal["account", "phone", "email"] = about(
        _lt("The parameter by which the customer was found."), ...
    )
    value: str = about(
        _lt("The value that matched: an id, a phone in E.164 form, an e-mail."),
        ...,
        example="+84900000202",
    )


class Customer(Schema):
    """A customer, as the contact in Odoo has it."""

    account_id: int = about(_lt("The contact's id."), ..., example=5011)
    matched_by: MatchedBy = about(_lt("How the customer was found."), ...)
    contact_name: str | None = about(
        _lt("The customer's name."), example="Trần Thị Thanh Thảo"
    )
    gender: Literal["male", "female", "other"] | None = about(
        _lt("The customer's gender."), example="female"
    )
    birth_date: date | None = about(
        _lt("Date of birth, year-month-day."), example="1992-10-20"
    )
    phones: list[str] = about(
        _lt("All phones of the customer, in E.164 form."),
        ...,
        example=["+84900000202", "+842838220000"],
    )
    email: str | None = about(
        _lt("The customer's e-mail."), example="thao.tran@example.com"
    )
    street: str | None = about(_lt("The rest of the address."), example="12 Lê Lợi")
    district: NamedRecord | None = about(
        _lt("District, since July 2025 ward or commune.")
    )
    state: NamedRecord | None = about(_lt("Province or city."))
    country: NamedRecord | None = about(_lt("Country."))
    owner: Owner | None = about(
        _lt("The salesperson of the contact; null: nobody yet.")
    )
    link_customer_detail: str = about(_lt("Where staff find the contact in Odoo."), ...)
    portrait: CustomerPortrait | None = about(
        _lt("The newest portrait; null: there is none that the client may read."),
        is_part=True,
    )
    leads: list[StoredLead] = about(
        _lt(
            "The newest leads that the client may read, up to %(max)s, the newest "
            "first.",
            max=MAX_LEADS,
        ),
        [],
        is_part=True,
    )

    @classmethod
    def get_parts(cls) -> tuple[str, ...]:
        """Return the attributes that are words of ``include``."""
        return tuple(n for n in cls.model_fields if cls.get_about(n).is_part)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        reference = super().__get_pydantic_json_schema__(core_schema, handler)
        schema = handler.resolve_ref_schema(reference)
        parts = cls.get_parts()
        schema["required"] = [n for n in schema["required"] if n not in parts]
        return reference

    @classmethod
    def from_partner(cls, partner, method: str, value: str, phones: list[str]) -> Self:
        """Return the customer for a ``res.partner``, without parts; phones in E.164."""
        return cls.model_construct(
            account_id=partner.id,
            matched_by=MatchedBy(method=method, value=value),
            contact_name=partner.name or None,
            gender=partner.gender or None,
            birth_date=partner.birthdate_date or None,
            phones=phones,
            email=partner.email or None,
            street=partner.street or None,
            district=NamedRecord.from_record(partner.district_id),
            state=NamedRecord.from_record(partner.state_id),
            country=NamedRecord.from_record(partner.country_id),
            # sudo: the salesperson's contact may belong to another company
            owner=Owner.from_user(partner.user_id.sudo()),
            link_customer_detail=partner._get_staff_url(),
        )


class CustomersData(pydantic.BaseModel):
    customers: list[Customer] = about(
        _lt(
            "The customers that match, up to %(max)s, the best first.",
            max=MAX_CUSTOMERS,
        ),
        ...,
    )


class CustomersResponse(Answer):
    """The customers that match; nobody found: an empty list."""

    data: CustomersData

    @classmethod
    def from_customers(cls, customers: list[Customer]) -> Self:
        """Return the answer for customers whose parts are filled in."""
        data = CustomersData.model_construct(customers=customers)
        return cls.model_construct(data=data)

    def to_body(self) -> dict:
        """Return the JSON object, without the parts that nobody asked for."""
        customers = [
            each.model_dump(
                mode="json", exclude=set(each.get_parts()) - each.model_fields_set
            )
            for each in self.data.customers
        ]
        body = {"error": self.error, "message": self.message}
        return {**body, "data": {"customers": customers}}
