# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import datetime, timezone
from typing import Literal

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer
from .customer_portrait import CustomerPortrait
from .lead import LeadRequest
from .ticket import Ticket
from .value import MAX_ITEMS

_lt = LazyTranslate(__name__, default_lang="en_US")

# Attributes that Odoo, or a merge, may have filled in from other records
CUSTOMER_ATTRIBUTES = {
    *("phone_no1", "phone_no2", "phone_no3", "contact_name", "gender", "birth_date"),
    *("country_id", "state_id", "district_id", "street", "email_from"),
    *("facebook_acc", "zalo_acc", "overseas_vietnamese"),
}
# Attributes that count for no ETag: names, and values of single answers
UNTAGGED = {
    "services": {"__all__": {"name"}},
    **dict.fromkeys(
        [
            "updated_at",
            "link_lead_detail",
            "team",
            "lost_reason",
            "proposed",
            "created",
            "warnings",
        ],
        True,
    ),
}
State = Literal["new", "contacted", "qualified", "won", "lost"]


class Owner(pydantic.BaseModel):
    """The salesperson."""

    id: int
    name: str
    email: str | None

    @classmethod
    def from_user(cls, user) -> Self | None:
        """Return the salesperson for a ``res.users``; ``None`` for nobody."""
        if not user:
            return None
        return cls(id=user.id, name=user.name, email=user.email or None)


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
        """Return the service for a ``crm.lead.service``."""
        return cls(
            id=line.product_id.id,
            name=line.product_id.display_name,
            quantity=line.quantity,
            price_unit=line.price_unit,
            price_subtotal=line.price_subtotal,
            currency=line.currency_id.name,
        )


class StoredLead(LeadRequest):
    """A lead as it is now, by the attributes of a request, and its progress."""

    ticket_id: Ticket | None = about(
        _lt("The ticket in your system."), example=100234, required=True
    )
    id_lead: int = about(_lt("The lead's id."), default=...)
    link_lead_detail: str = about(
        _lt("Where staff find the lead in Odoo."), default=...
    )
    ticket_ids: list[Ticket] = about(
        _lt("All tickets of the lead: several after leads were merged."), default=...
    )
    state: State = about(_lt("new, contacted, qualified, won, or lost."), default=...)
    lost_reason: str | None = about(_lt("Why it was lost."))
    owner: Owner | None = about(_lt("The salesperson; null: nobody yet."))
    team: str | None = about(_lt("The sales team."))
    services: list[Service] = about(_lt("The services with their prices."), default=...)
    created_at: datetime = about(_lt("When the lead was made, UTC."), default=...)
    updated_at: datetime = about(_lt("When the lead last changed, UTC."), default=...)
    contacted_at: datetime | None = about(
        _lt("When staff first wrote to the customer or did an activity, UTC.")
    )
    closed_at: datetime | None = about(_lt("When it was won or lost, UTC."))

    # Ids of records whose names depend on the language
    _links: list = pydantic.PrivateAttr(default_factory=list)

    @classmethod
    def from_lead(cls, lead) -> Self:
        """Return the lead for a ``crm.lead`` that the client may read."""
        lines = lead.service_ids
        # The reading client or, if no client reads, the sender
        client = lead.env.user._get_lead_api_client() or lead.lead_api_client_id
        tickets = lead._get_ticket_ids(client)
        sent = lead._get_sent(client)
        values = {
            "account_id": lead.partner_id.id,
            "phone_no1": lead.phone,
            "phone_no2": lead.phone2,
            "phone_no3": lead.phone3,
            "ticket_id": tickets[0] if tickets else None,
            "agent_email": lead.agent_email,
            "user_id": lead.creator_id.id,
            "contact_name": lead.contact_name,
            "gender": lead.gender,
            "country_id": lead.country_id.id,
            "state_id": lead.state_id.id,
            "district_id": lead.district_id.id,
            "street": lead.street,
            "company_id": lead.company_id.id,
            "price_list_id": lead.pricelist_id.id,
            "category_source_id": lead.source_group_id.id,
            "source_id": lead.source_id.id,
            "campaign_id": lead.campaign_id.id,
            "birth_date": lead.birthdate_date,
            "email_from": lead.email_from,
            "facebook_acc": lead.facebook_account,
            "zalo_acc": lead.zalo_account,
            "send_info_facebook": lead.send_info_facebook,
            "send_info_zalo": lead.send_info_zalo,
            "overseas_vietnamese": lead.overseas_vietnamese,
            "work_online": lead.work_online,
            "online_counseling": lead.online_counseling,
            "shuttle_bus": lead.shuttle_bus,
            "lost_reason": lead.lost_reason_id.name,
            "team": lead.team_id.name,
            "contacted_at": _to_utc(lead.first_contact_date),
            "closed_at": _to_utc(lead.date_closed),
        }
        portrait = lead.portrait_id
        if sent is not None:
            values |= dict.fromkeys(CUSTOMER_ATTRIBUTES - set(sent))
            portrait = portrait if "customer_portrait" in sent else portrait.browse()
        stored = cls.model_construct(
            **{name: value or None for name, value in values.items()},
            crm_line_ids=[
                line.product_id.id
                for line in lines
                for _unit in range(min(int(line.quantity) or 1, MAX_ITEMS))
            ],
            customer_portrait=CustomerPortrait.from_portrait(portrait),
            id_lead=lead.id,
            link_lead_detail=lead._get_staff_url(),
            ticket_ids=tickets,
            state=lead._get_lead_api_state(),
            owner=Owner.from_user(lead.user_id),
            services=[Service.from_line(line) for line in lines],
            created_at=_to_utc(lead.create_date),
            updated_at=_to_utc(lead.write_date),
            # Unchanged: in custom attributes false and 0 are values.
            **lead._get_custom_values(),
        )
        stored._links = [lead.team_id.id, lead.lost_reason_id.id]
        return stored

    def get_etag(self) -> str:
        """Return the ETag of the lead, without quotes.

        The ETag stands for what client and staff can change of the lead; names that
        depend on the language of the request do not count.
        """
        data = self.model_dump(mode="json", exclude=UNTAGGED)
        text = json.dumps([data, *self._links], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _to_utc(moment: datetime | Literal[False]) -> datetime | None:
    return moment.replace(tzinfo=timezone.utc) if moment else None


class LeadAnswer(Answer):
    """Base of the answers that have one lead."""

    data: StoredLead

    def get_headers(self) -> dict[str, str]:
        return {"ETag": f'"{self.data.get_etag()}"'}


class StoredLeadResponse(LeadAnswer):
    """One lead."""

    @classmethod
    def from_lead(cls, lead) -> Self:
        """Return the answer for a ``crm.lead`` that the client may read."""
        return cls.model_construct(data=StoredLead.from_lead(lead))


class StoredLeadPage(pydantic.BaseModel):
    items: list[StoredLead]
    next_cursor: str | None = about(
        _lt("The cursor for the leads after these; null: there are no more leads yet.")
    )


class StoredLeadsResponse(Answer):
    """Several leads."""

    data: StoredLeadPage

    @classmethod
    def from_leads(cls, leads, next_cursor: str | None = None) -> Self:
        """Return the answer for ``crm.lead`` records that the client may read."""
        page = StoredLeadPage.model_construct(
            items=[StoredLead.from_lead(lead) for lead in leads],
            next_cursor=next_cursor,
        )
        return cls.model_construct(data=page)


class TicketLeadsResponse(StoredLeadsResponse):
    """The leads of a ticket, with the ETag of a single lead."""

    def get_headers(self) -> dict[str, str]:
        items = self.data.items
        return {"ETag": f'"{items[0].get_etag()}"'} if len(items) == 1 else {}
