# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Answer
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.stored_lead import Service

_lt = LazyTranslate(__name__, default_lang="en_US")


class QuoteData(pydantic.BaseModel):
    services: list[Service] = about(
        _lt("The services with their prices, in the order of the request."), default=...
    )
    total: float = about(_lt("The sum of all services."), default=...)
    currency: str = about(_lt("The currency of the price list."), default=...)


class QuoteResponse(Answer):
    """The price of services."""

    data: QuoteData

    @classmethod
    def from_services(cls, services: list[Service], currency) -> Self:
        """Return the answer for services with prices, of a ``res.currency``."""
        total = currency.round(sum(service.price_subtotal for service in services))
        return cls(
            data=QuoteData(services=services, total=total, currency=currency.name)
        )
