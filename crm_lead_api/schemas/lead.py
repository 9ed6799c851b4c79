# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Annotated, Literal

import pydantic

from .base import (
    BirthDate,
    Email,
    Id,
    Line,
    MaxItems,
    Number,
    Reference,
    Required,
    Schema,
)
from .customer_portrait import CustomerPortrait

YesNo = Literal["no", "yes"]


class LeadRequest(Schema):
    """The body of ``POST /api/v1/lead``, attributes in the contract's order."""

    account_id: Annotated[Id | None, Reference("res.partner")] = None
    phone_no1: Line | None = None
    phone_no2: Line | None = None
    phone_no3: Line | None = None
    ticket_id: Annotated[Number | None, Required()] = None
    agent_email: Annotated[Line | None, Required()] = None
    user_id: Annotated[Id | None, Required(), Reference("res.users")] = None
    contact_name: Annotated[Line | None, Required()] = None
    gender: Annotated[Literal["male", "female", "other"] | None, Required()] = None
    country_id: Annotated[Id | None, Required(), Reference("res.country")] = None
    state_id: Annotated[Id | None, Required(), Reference("res.country.state")] = None
    district_id: Annotated[Id | None, Reference("res.country.district")] = None
    street: Annotated[Line | None, Required()] = None
    company_id: Annotated[Id | None, Required(), Reference("res.company")] = None
    price_list_id: Annotated[Id | None, Required(), Reference("product.pricelist")] = (
        None
    )
    category_source_id: Annotated[
        Id | None, Required(), Reference("utm.source.group")
    ] = None
    source_id: Annotated[Id | None, Required(), Reference("utm.source")] = None
    campaign_id: Annotated[Id | None, Required(), Reference("utm.campaign")] = None
    crm_line_ids: Annotated[
        Annotated[list[Id], pydantic.Field(min_length=1), MaxItems] | None,
        Required(),
        Reference("product.product"),
    ] = None
    birth_date: BirthDate | None = None
    email_from: Email | None = None
    facebook_acc: Line | None = None
    zalo_acc: Line | None = None
    send_info_facebook: Literal["not_send", "sent"] | None = None
    send_info_zalo: Literal["no_acc", "not_response", "sent"] | None = None
    overseas_vietnamese: Literal["no", "marketing", "branch"] | None = None
    work_online: YesNo | None = None
    online_counseling: YesNo | None = None
    shuttle_bus: YesNo | None = None
    customer_portrait: CustomerPortrait | None = None

    def _is_required(self, name):
        if name == "phone_no1":
            return not self._was_sent("account_id")
        return super()._is_required(name)

    def get_phones(self) -> list[str]:
        """Return the phones that were sent, in their order."""
        phones = (self.phone_no1, self.phone_no2, self.phone_no3)
        return [phone for phone in phones if phone is not None]

    def to_profile_values(self) -> dict:
        """Return what was said of the customer, by the fields that ``crm.lead`` and
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
        """Return what was said of the customer, by fields of ``res.partner``."""
        return _without_none(
            {
                **self.to_profile_values(),
                "name": self.contact_name,
                "email": self.email_from,
            }
        )

    def to_lead_values(self) -> dict:
        """Return what was said of customer and request, by fields of ``crm.lead``."""
        return _without_none(
            {
                **self.to_profile_values(),
                "contact_name": self.contact_name,
                "email_from": self.email_from,
                "ticket_ref": str(self.ticket_id),
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


class LeadData(pydantic.BaseModel):
    """What was made: the portrait as it was stored, the lead, and its page."""

    customer_portrait: CustomerPortrait
    id_lead: int
    link_lead_detail: str


class LeadResponse(pydantic.BaseModel):
    """The body of a 200; ``error`` 0 says that all went well."""

    error: Literal[0] = 0
    message: Literal["Success"] = "Success"
    data: LeadData

    @classmethod
    def from_lead(cls, lead):
        """Return the answer for a ``crm.lead`` record."""
        return cls(
            data=LeadData(
                customer_portrait=CustomerPortrait.from_portrait(lead.portrait_id),
                id_lead=lead.id,
                link_lead_detail=lead._get_staff_url(),
            )
        )
