# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Answer
from odoo.addons.crm_lead_api.schemas.about import about

from .booking import FreeStart

_lt = LazyTranslate(__name__, default_lang="en_US")


class SlotsData(pydantic.BaseModel):
    slots: list[FreeStart] = about(
        _lt("The free starts, with times in the branch's zone."), default=...
    )


class SlotsResponse(Answer):
    """The free starts of a branch."""

    data: SlotsData

    @classmethod
    def from_slots(cls, slots) -> Self:
        """Return the answer for free starts of the model."""
        free = list(map(FreeStart.from_slot, slots))
        return cls.model_construct(data=SlotsData.model_construct(slots=free))
