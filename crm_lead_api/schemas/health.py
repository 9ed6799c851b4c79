# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .base import Answer

_lt = LazyTranslate(__name__, default_lang="en_US")


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
