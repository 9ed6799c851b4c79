# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from typing import Annotated, ClassVar, Literal

import pydantic
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer
from .base import Schema
from .customer_portrait import CustomerPortrait
from .value import BirthDate, Email, Id, Line, MaxItems, Number

_lt = LazyTranslate(__name__, default_lang="en_US")

Ids = Annotated[list[Id], pydantic.Field(min_length=1), MaxItems]
YesNo = Literal["no", "yes"]


class LeadRequest(Schema):
    """The body of ``POST /api/v1/lead``, attributes in the contract's order."""

    takes_codes: ClassVar[bool] = True

    account_id: Id | None = about(
        _lt(
            "The customer's account, if there is one: a contact's id. Without it "
            "phone_no1 is required."
        ),
        example=5011,
        model="res.partner",
    )
    phone_no1: Line | None = about(
        _lt("The customer's first phone. Required without account_id."),
        example="0900 000 202",
    )
    phone_no2: Line | None = about(
        _lt("The customer's second phone."), example="0900 000 203"
    )
    phone_no3: Line | None = about(
        _lt("The customer's third phone."), example="028 3822 0000"
    )
    ticket_id: Number | None = about(
        _lt("The ticket in your system."), example=100234, required=True
    )
    agent_email: Line | None = about(
        _lt(
            "The agent's e-mail. The user with this login or e-mail becomes the "
            "salesperson; without such a user the team assigns the lead."
        ),
        example="lan.nguyen@example.com",
        required=True,
    )
    user_id: Id | None = about(
        _lt("Who created the request: an internal user."),
        example=7,
        required=True,
        model="res.users",
    )
    contact_name: Line | None = about(
        _lt("The customer's name."), example="Trần Thị Thanh Thảo", required=True
    )
    gender: Literal["male", "female", "other"] | None = about(
        _lt("The customer's gender."), example="female", required=True
    )
    country_id: Id | None = about(
        _lt("Country."), example=241, required=True, model="res.country"
    )
    state_id: Id | None = about(
        _lt("Province or city, of that country."),
        example=1059,
        required=True,
        model="res.country.state",
    )
    district_id: Id | None = about(
        _lt("District, since July 2025 ward or commune, of that province."),
        example=27,
        model="res.country.district",
    )
    street: Line | None = about(
        _lt("The rest of the address."), example="12 Lê Lợi", required=True
    )
    company_id: Id | None = about(
        _lt("Company."), example=2, required=True, model="res.company"
    )
    price_list_id: Id | None = about(
        _lt("Price list that this company may use."),
        example=4,
        required=True,
        model="product.pricelist",
    )
    category_source_id: Id | None = about(
        _lt("Source group."), example=1, required=True, model="utm.source.group"
    )
    source_id: Id | None = about(
        _lt("Source, of that group."), example=11, required=True, model="utm.source"
    )
    campaign_id: Id | None = about(
        _lt("Campaign."), example=5, required=True, model="utm.campaign"
    )
    crm_line_ids: Ids | None = about(
        _lt(
            "The services that the customer asks for, at least one; a service sent "
            "twice has quantity 2."
        ),
        example=[38, 43],
        required=True,
        model="product.product",
    )
    birth_date: BirthDate | None = about(
        _lt("Date of birth, year-month-day."), example="1992-10-20"
    )
    email_from: Email | None = about(
        _lt("The customer's e-mail."), example="thao.tran@example.com"
    )
    facebook_acc: Line | None = about(
        _lt("Facebook account."), example="thao.tran.demo"
    )
    zalo_acc: Line | None = about(_lt("Zalo account."), example="0900000202")
    send_info_facebook: Literal["not_send", "sent"] | None = about(
        _lt("Information by Facebook: not sent, sent."), example="sent"
    )
    send_info_zalo: Literal["no_acc", "not_response", "sent"] | None = about(
        _lt("Information by Zalo: no account, sent without a response, responded."),
        example="not_response",
    )
    overseas_vietnamese: Literal["no", "marketing", "branch"] | None = about(
        _lt("Overseas Vietnamese: no, won by marketing, won by a branch."), example="no"
    )
    work_online: YesNo | None = about(_lt("The customer works online."), example="no")
    online_counseling: YesNo | None = about(
        _lt("The customer wants to be counseled by video or chat."), example="yes"
    )
    shuttle_bus: YesNo | None = about(
        _lt("The customer wants to be fetched by the shuttle bus."), example="yes"
    )
    customer_portrait: CustomerPortrait | None = about(_lt("The customer's portrait."))

    def _is_required(self, name):
        if name == "phone_no1":
            return not self._was_sent("account_id")
        return super()._is_required(name)

    @classmethod
    def get_lead_fields(cls) -> set[str]:
        """Return the fields that :meth:`to_lead_values` can fill."""
        # Any value will do; a date, because birth_date is asked for its ISO format.
        anything = dict.fromkeys(cls.model_fields, date.min)
        return set(cls.model_construct(**anything).to_lead_values())

    @classmethod
    def get_field_names(cls) -> dict[str, str]:
        """Return ``{attribute: field}`` of the attributes that :meth:`to_lead_values`
        writes to a field of ``crm.lead``."""
        nothing = cls.model_construct().to_lead_values()
        return {
            name: field
            for name in cls.model_fields
            for field, value in cls.model_construct(**{name: date.min})
            .to_lead_values()
            .items()
            if value != nothing.get(field)
        }

    def get_phones(self) -> list[str]:
        """Return the phones that were sent, in their order."""
        phones = (self.phone_no1, self.phone_no2, self.phone_no3)
        return [phone for phone in phones if phone is not None]

    def to_profile_values(self) -> dict:
        """Return the customer's values, by the fields that ``crm.lead`` and
        ``res.partner`` have in common."""
        return _without_none(
            {
                "phone": self.phone_no1,
                "phone2": self.phone_no2,
                "phone3": self.phone_no3,
                "gender": self.gender,
                "birthdate_date": self.birth_date and self.birth_date.isoformat(),
                "street": self.street,
                "district_id": self.district_id,
                "state_id": self.state_id,
                "country_id": self.country_id,
                "facebook_account": self.facebook_acc,
                "zalo_account": self.zalo_acc,
                "overseas_vietnamese": self.overseas_vietnamese,
            }
        )

    def to_partner_values(self) -> dict:
        """Return the customer's values, by fields of ``res.partner``."""
        return _without_none(
            {
                **self.to_profile_values(),
                "name": self.contact_name,
                "email": self.email_from,
            }
        )

    def to_lead_values(self) -> dict:
        """Return the values of customer and request, by fields of ``crm.lead``."""
        return _without_none(
            {
                **self.to_profile_values(),
                "contact_name": self.contact_name,
                "email_from": self.email_from,
                "ticket_ref": str(self.ticket_id),
                "has_text_ticket": isinstance(self.ticket_id, str) or None,
                "agent_email": self.agent_email,
                "creator_id": self.user_id,
                "company_id": self.company_id,
                "pricelist_id": self.price_list_id,
                "source_group_id": self.category_source_id,
                "source_id": self.source_id,
                "campaign_id": self.campaign_id,
                "send_info_facebook": self.send_info_facebook,
                "send_info_zalo": self.send_info_zalo,
                "work_online": self.work_online,
                "online_counseling": self.online_counseling,
                "shuttle_bus": self.shuttle_bus,
            }
        )


def _without_none(values: dict) -> dict:
    return {name: value for name, value in values.items() if value is not None}


class LeadWarning(pydantic.BaseModel):
    """A warning: no error, but perhaps not meant."""

    field: str
    code: str
    message: str
    did_you_mean: str | None = None


WARNINGS = _lt(
    "Only if an administrator has switched on “Warnings in Answers” for the client: "
    "values that are no errors, but perhaps mistakes."
)


class LeadData(pydantic.BaseModel):
    """The stored portrait, the lead, and the lead's page."""

    # Left out, not null, in answers without warnings
    model_config = pydantic.ConfigDict(
        json_schema_extra=lambda schema: schema["properties"]["warnings"].pop("default")
    )

    customer_portrait: CustomerPortrait
    id_lead: int = about(_lt("The lead's id."), default=...)
    link_lead_detail: str = about(
        _lt("Where staff find the lead in Odoo."), default=...
    )
    warnings: list[LeadWarning] | SkipJsonSchema[None] = about(WARNINGS)


class LeadResponse(Answer):
    """The answer to a lead."""

    data: LeadData

    @classmethod
    def from_lead(cls, lead, warnings: list[LeadWarning] | None = None) -> Self:
        """Return the answer for a ``crm.lead`` record.

        :param warnings: ``None``: the client gets no warnings
        """
        return cls(
            data=LeadData(
                customer_portrait=CustomerPortrait.from_portrait(lead.portrait_id),
                id_lead=lead.id,
                link_lead_detail=lead._get_staff_url(),
                warnings=warnings,
            )
        )

    def to_body(self) -> dict:
        """Return the JSON object; without warnings ``data`` has exactly three keys."""
        body = super().to_body()
        if self.data.warnings is None:
            del body["data"]["warnings"]
        return body
