# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Define the answer to a look-up of customers."""

from datetime import date
from typing import Literal

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer, retype
from .base import Schema
from .customer_portrait import CustomerPortrait
from .me import NamedRecord
from .stored_lead import Owner, StoredLead

_lt = LazyTranslate(__name__, default_lang="en_US")

MAX_CUSTOMERS = 5
MAX_LEADS = 10


class MatchedBy(pydantic.BaseModel):
    """How a customer was found."""

    method: Literal["account", "phone", "email"] = about(
        _lt("The parameter by which the customer was found."), default=...
    )
    value: str = about(
        _lt("The value that matched: an id, a phone in E.164 form, an e-mail."),
        default=...,
        example="+84900000202",
    )


class Customer(Schema):
    """A customer, as the contact in Odoo has it."""

    account_id: int = about(_lt("The contact's id."), default=..., example=5011)
    matched_by: MatchedBy = about(_lt("How the customer was found."), default=...)
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
        default=...,
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
    link_customer_detail: str = about(
        _lt("Where staff find the contact in Odoo."), default=...
    )
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
        default=[],
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
        """Return the customer for a ``res.partner``, without the parts.

        :param method: how the customer was found
        :param value: the value that matched
        :param phones: of the customer, in E.164 form
        """
        return cls.model_construct(
            account_id=partner.id,
            matched_by=MatchedBy(method=method, value=value),
            contact_name=partner.name or None,
            gender=partner.gender or None,
            birth_date=partner.birthdate_date or None,
            phones=phones,
            email=partner.email or None,
            street=partner.street or None,
            district=_name(partner.district_id),
            state=_name(partner.state_id),
            country=_name(partner.country_id),
            # sudo: the salesperson's contact may belong to another company
            owner=Owner.from_user(partner.user_id.sudo()),
            link_customer_detail=partner._get_staff_url(),
        )


def _name(record) -> NamedRecord | None:
    return NamedRecord(id=record.id, name=record.name) if record else None


class CustomersData(pydantic.BaseModel):
    customers: list[Customer] = about(
        _lt(
            "The customers that match, up to %(max)s, the best first.",
            max=MAX_CUSTOMERS,
        ),
        default=...,
    )


class CustomersResponse(Answer):
    """The customers that match; nobody found: an empty list."""

    data: CustomersData

    @classmethod
    def describe_customers(cls, schema: type[Customer]) -> type[Self]:
        """Return a subclass with another schema of a customer, for the OpenAPI
        document."""
        if schema is Customer:
            return cls
        data = retype(CustomersData, "customers", list[schema])
        return retype(cls, "data", data)

    @classmethod
    def from_customers(cls, customers: list[Customer]) -> Self:
        """Return the answer for customers whose parts are filled in."""
        data = CustomersData.model_construct(customers=customers)
        return cls.model_construct(data=data)

    def to_body(self) -> dict:
        """Return the JSON object, without the parts that nobody asked for."""
        body = {"error": self.error, "message": self.message}
        customers = [
            customer.model_dump(
                mode="json",
                exclude=set(customer.get_parts()) - customer.model_fields_set,
            )
            for customer in self.data.customers
        ]
        return {**body, "data": {"customers": customers}}
