# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from typing import Annotated, Literal

import pydantic
from typing_extensions import Self

from ..tools.day import to_utc
from ..translate import _lt
from .about import about
from .base import Answer


class NamedRecord(pydantic.BaseModel):
    id: int
    name: str

    @classmethod
    def from_record(cls, record, field: str = "name") -> Self | None:
        """Return a record of Odoo's with a field as its name; ``None`` for none."""
        return cls(id=record.id, name=record[field]) if record else None


class Rights(pydantic.BaseModel):
    """The rights of the client."""

    # Each right is read from the field of the client that has its name.
    model_config = pydantic.ConfigDict(from_attributes=True)

    reads_all_leads: bool = about(
        _lt("The client may read all leads of its companies, not only its own."), ...
    )
    looks_up_customers: bool = about(
        _lt("The client may look up the customers of its companies."), ...
    )
    takes_own_codes: bool = about(
        _lt("The client may send codes of its own system instead of ids."), ...
    )
    takes_codes: bool = about(
        _lt("The client may send codes and names of Odoo instead of ids."), ...
    )
    has_text_tickets: bool = about(
        _lt("Tickets are texts, such as TCK-100; otherwise they are numbers."), ...
    )
    replays_content: Annotated[
        bool, pydantic.Field(validation_alias="replay_content")
    ] = about(_lt("Equal content within 24 hours makes no second lead."), ...)


class Limits(pydantic.BaseModel):
    requests_per_minute: int | None = about(_lt("Requests per minute; null: no limit."))
    max_body: int = about(_lt("Size of a body, in bytes."), ...)
    max_items: int = about(_lt("Items of a list."), ...)
    max_depth: int = about(_lt("How deep a body may be nested."), ...)
    answer_days: int = about(
        _lt("How many days an Idempotency-Key is remembered."), ...
    )


class Token(pydantic.BaseModel):
    name: str
    hint: str = about(_lt("The end of the token."), ...)
    expires_at: datetime = about(_lt("UTC."), ...)
    is_replaced: bool = about(
        _lt("There is a newer token: use the newer token from now on."), ...
    )


class Me(pydantic.BaseModel):
    """The client of the token, and its rights."""

    name: str = about(_lt("The client."), ...)
    companies: list[NamedRecord]
    rights: Rights
    defaults: dict[str, NamedRecord] = about(
        _lt("The values of attributes that the client does not send."), ...
    )
    limits: Limits
    mode: Literal["live", "test"] = about(
        _lt(
            "test: the token is for tests; its leads are hidden from staff, and "
            "deleted after some days."
        ),
        ...,
    )
    token: Token


class MeResponse(Answer):
    """The answer of ``GET /api/v1/me``."""

    data: Me

    @classmethod
    def from_token(cls, token) -> Self:
        """Return the answer for a ``crm.lead.api.token``, with superuser rights."""
        client = token.client_id
        get_int = client.env["ir.config_parameter"]._get_lead_api_int
        return client._get_schema(cls)(
            data=dict(
                name=client.name,
                companies=list(map(NamedRecord.from_record, client.company_ids)),
                rights=client,
                defaults={
                    name: NamedRecord.from_record(record, "display_name")
                    for name, record in client._get_defaults().items()
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
                    expires_at=to_utc(token.expiration_date),
                    is_replaced=token.state == "replaced",
                ),
            )
        )


class Health(pydantic.BaseModel):
    # The same words as in Odoo's own /web/health
    status: Literal["pass", "warn"] = about(
        _lt("warn: requests are answered, but a scheduled action has stopped."), "pass"
    )
    stopped_actions: list[str] = about(
        _lt("The scheduled actions that are missing or archived."), []
    )


class HealthResponse(Answer):
    data: Health = Health()

    @classmethod
    def from_health(cls, health) -> Self:
        """Return the answer, by ``crm.lead.api.metrics`` with superuser rights."""
        stopped = health._find_stopped_actions()
        status = "warn" if stopped else "pass"
        return cls(data={"status": status, "stopped_actions": stopped})
