# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

import pydantic
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import Self

from ..tools.day import to_utc
from ..translate import _lt
from .about import about
from .base import Answer, Schema, StoredRecord
from .customer_portrait import CustomerPortrait
from .query import TICKET
from .ticket import Ticket
from .value import BirthDate, Email, Id, Line, MaxItems, Number

Ids = Annotated[list[Id], pydantic.Field(min_length=1), MaxItems]
LINK = about(_lt("Where staff find the lead in Odoo."), ...)
YesNo = Literal["no", "yes"]


# The fields of a lead that store attributes, and those of its contact as well
PROFILE_FIELDS = {
    "phone_no1": "phone",
    "phone_no2": "phone2",
    "phone_no3": "phone3",
    "gender": "gender",
    "birth_date": "birthdate_date",
    "street": "street",
    "district_id": "district_id",
    "state_id": "state_id",
    "country_id": "country_id",
    "facebook_acc": "facebook_account",
    "zalo_acc": "zalo_account",
    "overseas_vietnamese": "overseas_vietnamese",
}
LEAD_FIELDS = {
    "contact_name": "contact_name",
    "email_from": "email_from",
    "agent_email": "agent_email",
    "user_id": "creator_id",
    "company_id": "company_id",
    "price_list_id": "pricelist_id",
    "category_source_id": "source_group_id",
    "source_id": "source_id",
    "campaign_id": "campaign_id",
    "send_info_facebook": "send_info_facebook",
    "send_info_zalo": "send_info_zalo",
    "work_online": "work_online",
    "online_counseling": "online_counseling",
    "shuttle_bus": "shuttle_bus",
}
FIELDS = {**PROFILE_FIELDS, **LEAD_FIELDS, "ticket_id": "ticket_ref"}
# Attributes that Odoo, or a merge, may have filled in from other records
CUSTOMER_ATTRIBUTES = {*PROFILE_FIELDS, "contact_name", "email_from"}


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
    ticket_id: Number | None = TICKET
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
    def get_field_names(cls) -> dict[str, str]:
        """Return ``{attribute: field}`` of what is kept in a field of the lead."""
        return {**FIELDS, "customer_portrait": "portrait_id", **cls.get_fields()}

    def get_phones(self) -> list[str]:
        phones = (self.phone_no1, self.phone_no2, self.phone_no3)
        return [phone for phone in phones if phone is not None]

    def to_partner_values(self) -> dict:
        names = {"contact_name": "name", "email_from": "email"}
        return self._get_values({**PROFILE_FIELDS, **names})

    def to_lead_values(self) -> dict:
        """Return the values of customer and request, by fields of ``crm.lead``."""
        values = self._get_values(FIELDS)
        if isinstance(self.ticket_id, str):
            values["has_text_ticket"] = True
        elif self.ticket_id is not None:  # a platform's lead may have none
            values["ticket_ref"] = str(self.ticket_id)
        return values

    def _get_values(self, fields):
        return {
            field: value.isoformat() if isinstance(value, date) else value
            for name, field in fields.items()
            if (value := getattr(self, name)) is not None
        }


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


def _leave_warnings_optional(schema: dict) -> None:
    del schema["properties"]["warnings"]["default"]
    if "warnings" in schema["required"]:
        schema["required"].remove("warnings")


# Left out, not null, in answers without warnings
MAYBE_WARNINGS = pydantic.ConfigDict(json_schema_extra=_leave_warnings_optional)


class LeadData(pydantic.BaseModel):
    """The stored portrait, the lead, and the lead's page."""

    model_config = MAYBE_WARNINGS

    customer_portrait: CustomerPortrait
    id_lead: int = about(_lt("The lead's id."), ...)
    link_lead_detail: str = LINK
    warnings: list[LeadWarning] | SkipJsonSchema[None] = about(WARNINGS)


class LeadResponse(Answer):
    """The answer to a lead."""

    data: LeadData

    @classmethod
    def from_lead(cls, lead, warnings: list[LeadWarning] | None = None) -> Self:
        """Return the answer for a ``crm.lead``; ``None``: it has no warnings."""
        return cls(
            data=LeadData(
                customer_portrait=CustomerPortrait.from_portrait(lead.portrait_id),
                id_lead=lead.id,
                link_lead_detail=lead._get_staff_url(),
                warnings=warnings,
            )
        )


State = Literal["new", "contacted", "qualified", "won", "lost"]


class Owner(pydantic.BaseModel):
    """The salesperson."""

    id: int
    name: str
    email: str | None

    @classmethod
    def from_user(cls, user) -> Self | None:
        """Return the salesperson for a ``res.users``; ``None`` for nobody."""
        email = user.email or None
        return cls(id=user.id, name=user.name, email=email) if user else None


class Service(pydantic.BaseModel):
    """A service that the customer asks for."""

    id: int
    name: str
    quantity: float
    price_unit: float
    price_subtotal: float
    currency: str

    @classmethod
    def from_line(cls, line) -> Self:
        return cls(
            id=line.product_id.id,
            name=line.product_id.display_name,
            quantity=line.quantity,
            price_unit=line.price_unit,
            price_subtotal=line.price_subtotal,
            currency=line.currency_id.name,
        )


class StoredLead(StoredRecord, LeadRequest):
    """A lead as it is now, by the attributes of a request, and its progress."""

    untagged: ClassVar[dict] = {
        "services": {"__all__": {"name"}},
        **dict.fromkeys(("updated_at", "link_lead_detail", "team"), True),
        **dict.fromkeys(("lost_reason", "proposed", "created", "warnings"), True),
    }

    ticket_id: Ticket | None = TICKET
    id_lead: int = about(_lt("The lead's id."), ...)
    link_lead_detail: str = LINK
    ticket_ids: list[Ticket] = about(
        _lt("All tickets of the lead: several after leads were merged."), ...
    )
    state: State = about(_lt("new, contacted, qualified, won, or lost."), ...)
    lost_reason: str | None = about(_lt("Why it was lost."))
    owner: Owner | None = about(_lt("The salesperson; null: nobody yet."))
    team: str | None = about(_lt("The sales team."))
    services: list[Service] = about(_lt("The services with their prices."), ...)
    created_at: datetime = about(_lt("When the lead was made, UTC."), ...)
    updated_at: datetime = about(_lt("When the lead last changed, UTC."), ...)
    contacted_at: datetime | None = about(
        _lt("When staff first wrote to the customer or did an activity, UTC.")
    )
    closed_at: datetime | None = about(_lt("When it was won or lost, UTC."))

    @classmethod
    def from_record(cls, record, **others):
        lead, lines = record, record.service_ids
        # The reading client or, if no client reads, the sender
        client = lead.env.user._get_lead_api_client() or lead.lead_api_client_id
        tickets = lead._get_ticket_ids(client)
        sent = lead._get_sent(client)
        values = {
            "account_id": lead.partner_id.id,
            **{name: getattr(lead[f], "id", lead[f]) for name, f in FIELDS.items()},
            "ticket_id": tickets[0] if tickets else None,
            "lost_reason": lead.lost_reason_id.name,
            "team": lead.team_id.name,
            "contacted_at": to_utc(lead.first_contact_date),
            "closed_at": to_utc(lead.date_closed),
        }
        portrait = lead.portrait_id
        if sent is not None:
            values |= dict.fromkeys(CUSTOMER_ATTRIBUTES - set(sent))
            portrait = portrait if "customer_portrait" in sent else portrait.browse()
        stored = cls.model_construct(
            **{name: value or None for name, value in values.items()},
            crm_line_ids=lead._list_services(),
            customer_portrait=CustomerPortrait.from_portrait(portrait),
            id_lead=lead.id,
            link_lead_detail=lead._get_staff_url(),
            ticket_ids=tickets,
            state=lead.lead_api_state,
            owner=Owner.from_user(lead.user_id),
            services=[Service.from_line(line) for line in lines],
            created_at=to_utc(lead.create_date),
            updated_at=to_utc(lead.write_date),
            # Unchanged: in custom attributes false and 0 are values. The answer's own
            # names win, which earlier versions let such attributes have.
            **{**lead._get_custom_values(), **others},
        )
        stored._tagged = [lead.team_id.id, lead.lost_reason_id.id]
        return stored


class StoredLeadResponse(Answer):
    """One lead."""

    data: StoredLead


class StoredLeadPage(pydantic.BaseModel):
    items: list[StoredLead]
    next_cursor: str | None = about(
        _lt("The cursor for the leads after these; null: there are no more leads yet.")
    )


class StoredLeadsResponse(Answer):
    """Several leads."""

    data: StoredLeadPage


class TicketLeadsResponse(StoredLeadsResponse):
    """The leads of a ticket, with the ETag of a single lead."""

    def get_headers(self) -> dict[str, str]:
        items = self.data.items
        return {"ETag": f'"{items[0].get_etag()}"'} if len(items) == 1 else {}


class DryRunContact(pydantic.BaseModel):
    """The customer."""

    account_id: int | None = about(_lt("The known contact; null: a new one."))
    found_by: Literal["account", "phone", "email", "none"] = about(
        _lt("The attribute by which the customer was found."), ...
    )
    other_account_ids: list[int] = about(_lt("Other contacts that match, too."), ...)


class DryRunProposal(pydantic.BaseModel):
    """A difference between contact and request: staff would decide."""

    subject: str
    proposed: str


class DryRunData(pydantic.BaseModel):
    dry_run: Literal[True] = True
    customer_portrait: CustomerPortrait
    contact: DryRunContact
    name: str = about(_lt("The title of the lead that staff would see."), ...)
    type: Literal["lead", "opportunity"]
    owner: Owner | None = about(_lt("The salesperson; null: nobody yet."))
    team: str | None = about(_lt("The sales team."))
    services: list[Service]
    proposals: list[DryRunProposal]
    warnings: list[LeadWarning] = []


class DryRunResponse(Answer):
    """The records that a dry run would have made."""

    data: DryRunData

    @classmethod
    def from_lead(cls, lead: Any, made: Any) -> Self:
        """Return the answer for a ``crm.lead`` and its new contacts, ``made``."""
        return cls(
            data=DryRunData(
                customer_portrait=CustomerPortrait.from_portrait(lead.portrait_id),
                contact=DryRunContact(
                    account_id=(lead.partner_id - made).id or None,
                    found_by=lead.match_method,
                    other_account_ids=(lead.doubtful_partner_ids - made).ids,
                ),
                name=lead.name,
                type=lead.type,
                owner=Owner.from_user(lead.user_id),
                team=lead.team_id.name or None,
                services=[Service.from_line(line) for line in lead.service_ids],
                proposals=[
                    DryRunProposal(subject=each.subject, proposed=each.new_text or "")
                    for each in lead.proposal_ids
                ],
            )
        )
