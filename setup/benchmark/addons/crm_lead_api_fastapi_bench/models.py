# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``POST /lead`` as it would be written without ``crm_lead_api``'s own code: plain ORM
on its models, no idempotency, no log, no check whether the ids go together."""

from collections import Counter
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from odoo import fields, models
from odoo.api import Environment
from odoo.fields import Command
from odoo.http import request

from odoo.addons.fastapi.dependencies import odoo_env

router = APIRouter(tags=["lead"])
YesNo = Literal["no", "yes"]
Influence = Literal[
    "family", "friend", "co_worker", "community", "electronic_media", "other"
]


class Portrait(BaseModel):
    revenue_source: str | None = None
    term_goals: str | None = None
    social_influence: str | None = None
    behavior_on_the_internet: str | None = None
    affected_by: Influence | None = None
    work_start_time: float | None = None
    work_end_time: float | None = None
    break_start_time: float | None = None
    break_end_time: float | None = None
    transport: Literal["bicycle", "scooter", "bus", "car", "other"] | None = None
    hobby: list[str] = []
    pain_point: list[str] = []
    desires: list[str] = []


class Lead(BaseModel):
    phone_no1: str
    phone_no2: str | None = None
    phone_no3: str | None = None
    ticket_id: int
    agent_email: str
    user_id: int
    contact_name: str
    gender: Literal["male", "female", "other"]
    country_id: int
    state_id: int
    district_id: int | None = None
    street: str
    company_id: int
    price_list_id: int
    category_source_id: int
    source_id: int
    campaign_id: int
    crm_line_ids: list[int]
    birth_date: date | None = None
    email_from: str | None = None
    facebook_acc: str | None = None
    zalo_acc: str | None = None
    send_info_facebook: Literal["not_send", "sent"] | None = None
    send_info_zalo: Literal["no_acc", "not_response", "sent"] | None = None
    overseas_vietnamese: Literal["no", "marketing", "branch"] | None = None
    work_online: YesNo | None = None
    online_counseling: YesNo | None = None
    shuttle_bus: YesNo | None = None
    customer_portrait: Portrait | None = None


class MadeLead(BaseModel):
    id_lead: int
    link_lead_detail: str


def authenticated_env(
    env: Annotated[Environment, Depends(odoo_env)],
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
) -> Environment:
    """Return an environment of the user whose API key was sent, whom the request gets,
    too: Odoo's mail asks that for its author."""
    user_id = env["res.users.apikeys"]._check_credentials(
        scope="rpc", key=credentials.credentials
    )
    if not user_id:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Incorrect API key")
    request.update_env(user=user_id)
    return env(user=user_id)


@router.post("/lead")
def create_lead(
    lead: Lead, env: Annotated[Environment, Depends(authenticated_env)]
) -> MadeLead:
    env = env(context={"allowed_company_ids": [lead.company_id]})
    profile = {
        "phone": lead.phone_no1,
        "phone2": lead.phone_no2,
        "phone3": lead.phone_no3,
        "gender": lead.gender,
        "birthdate_date": lead.birth_date,
        "street": lead.street,
        "district_id": lead.district_id,
        "state_id": lead.state_id,
        "country_id": lead.country_id,
        "facebook_account": lead.facebook_acc,
        "zalo_account": lead.zalo_acc,
        "overseas_vietnamese": lead.overseas_vietnamese,
    }
    partner = find_partner(env, lead) or env["res.partner"].create(
        {**profile, "name": lead.contact_name, "email": lead.email_from}
    )
    agent = env["res.users"].search([("email", "=", lead.agent_email)], limit=1)
    services = env["product.product"].browse(dict.fromkeys(lead.crm_line_ids))
    quantities = Counter(lead.crm_line_ids)
    record = env["crm.lead"].create(
        {
            **profile,
            "name": f"{lead.contact_name} - {', '.join(services.mapped('name'))}",
            "contact_name": lead.contact_name,
            "email_from": lead.email_from,
            "partner_id": partner.id,
            "portrait_id": create_portrait(env, partner, lead.customer_portrait).id,
            "user_id": agent.id,
            "ticket_ref": str(lead.ticket_id),
            "agent_email": lead.agent_email,
            "creator_id": lead.user_id,
            "company_id": lead.company_id,
            "pricelist_id": lead.price_list_id,
            "source_group_id": lead.category_source_id,
            "source_id": lead.source_id,
            "campaign_id": lead.campaign_id,
            "send_info_facebook": lead.send_info_facebook,
            "send_info_zalo": lead.send_info_zalo,
            "work_online": lead.work_online,
            "online_counseling": lead.online_counseling,
            "shuttle_bus": lead.shuttle_bus,
            "service_ids": [
                Command.create(
                    {"product_id": service.id, "quantity": quantities[service.id]}
                )
                for service in services
            ],
        }
    )
    return MadeLead(
        id_lead=record.id,
        link_lead_detail=f"{record.get_base_url()}/odoo/crm/{record.id}",
    )


def find_partner(env: Environment, lead: Lead):
    """Return the contact with the lead's first phone, if there is one."""
    country = env["res.country"].browse(lead.country_id)
    number = env["res.partner"]._phone_format(number=lead.phone_no1, country=country)
    return env["res.partner"].search(
        [("phone_sanitized", "=", number or lead.phone_no1)], limit=1
    )


def create_portrait(env: Environment, partner, portrait: Portrait | None):
    portraits = env["crm.customer.portrait"]
    if not portrait:
        return portraits
    lists = {"hobby": "hobby", "pain_point": "pain_point", "desires": "desire"}
    return portraits.create(
        {
            **portrait.model_dump(exclude={*lists}),
            "partner_id": partner.id,
            "item_ids": [
                Command.create({"kind": kind, "name": text})
                for attribute, kind in lists.items()
                for text in getattr(portrait, attribute)
            ],
        }
    )


class FastapiEndpoint(models.Model):
    _inherit = "fastapi.endpoint"

    app = fields.Selection(
        selection_add=[("lead_bench", "Leads")], ondelete={"lead_bench": "cascade"}
    )

    def _get_fastapi_routers(self):
        if self.app == "lead_bench":
            return [router]
        return super()._get_fastapi_routers()
