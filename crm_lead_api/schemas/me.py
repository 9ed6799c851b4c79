# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timezone
from typing import Annotated, Literal

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer, retype

_lt = LazyTranslate(__name__, default_lang="en_US")


class NamedRecord(pydantic.BaseModel):
    id: int
    name: str


class Rights(pydantic.BaseModel):
    """The rights of the client."""

    # Each right is read from the field of the client that has its name.
    model_config = pydantic.ConfigDict(from_attributes=True)

    reads_all_leads: bool = about(
        _lt("The client may read all leads of its companies, not only its own."),
        default=...,
    )
    looks_up_customers: bool = about(
        _lt("The client may look up the customers of its companies."), default=...
    )
    takes_own_codes: bool = about(
        _lt("The client may send codes of its own system instead of ids."), default=...
    )
    takes_codes: bool = about(
        _lt("The client may send codes and names of Odoo instead of ids."), default=...
    )
    has_text_tickets: bool = about(
        _lt("Tickets are texts, such as TCK-100; otherwise they are numbers."),
        default=...,
    )
    replays_content: Annotated[
        bool, pydantic.Field(validation_alias="replay_content")
    ] = about(_lt("Equal content within 24 hours makes no second lead."), default=...)


class Limits(pydantic.BaseModel):
    requests_per_minute: int | None = about(_lt("Requests per minute; null: no limit."))
    max_body: int = about(_lt("Size of a body, in bytes."), default=...)
    max_items: int = about(_lt("Items of a list."), default=...)
    max_depth: int = about(_lt("How deep a body may be nested."), default=...)
    answer_days: int = about(
        _lt("How many days an Idempotency-Key is remembered."), default=...
    )


class Token(pydantic.BaseModel):
    name: str
    hint: str = about(_lt("The end of the token."), default=...)
    expires_at: datetime = about(_lt("UTC."), default=...)
    is_replaced: bool = about(
        _lt("There is a newer token: use the newer token from now on."), default=...
    )


class Me(pydantic.BaseModel):
    """The client of the token, and its rights."""

    name: str = about(_lt("The client."), default=...)
    companies: list[NamedRecord]
    rights: Rights
    defaults: dict[str, NamedRecord] = about(
        _lt("The values of attributes that the client does not send."), default=...
    )
    limits: Limits
    mode: Literal["live", "test"] = about(
        _lt(
            "test: the token is for tests; its leads are hidden from staff, and "
            "deleted after some days."
        ),
        default=...,
    )
    token: Token


class MeResponse(Answer):
    """The answer of ``GET /api/v1/me``."""

    data: Me

    @classmethod
    def with_rights(cls, schema: type[Rights]) -> type[Self]:
        """Return a subclass with another schema of the rights."""
        if schema is Rights:
            return cls
        return retype(cls, "data", retype(Me, "rights", schema))

    @classmethod
    def from_token(cls, token) -> Self:
        """Return the answer for a ``crm.lead.api.token``, with superuser rights."""
        client = token.client_id
        get_int = client.env["ir.config_parameter"]._get_lead_api_int
        return client._get_schema(cls)(
            data=dict(
                name=client.name,
                companies=[
                    NamedRecord(id=company.id, name=company.name)
                    for company in client.company_ids
                ],
                rights=client,
                defaults={
                    attribute: NamedRecord(id=record.id, name=record.display_name)
                    for attribute, record in client._get_defaults().items()
                },
                limits=Limits(
                    requests_per_minute=client.requests_per_minute or None,
                    max_body=get_int("max_body") * 1024,
                    max_items=get_int("max_items"),
                    max_depth=get_int("max_depth"),
                    answer_days=get_int("answer_days"),
                ),
                mode="test" if token.is_test else "live",
                token=Token(
                    name=token.name,
                    hint=token.hint,
                    expires_at=token.expiration_date.replace(tzinfo=timezone.utc),
                    is_replaced=token.state == "replaced",
                ),
            )
        )
