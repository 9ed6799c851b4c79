# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timezone
from typing import Literal

import pydantic
from typing_extensions import Self

from odoo.tools.translate import LazyTranslate

from .about import about
from .answer import Answer

_lt = LazyTranslate(__name__, default_lang="en_US")


class Health(pydantic.BaseModel):
    # The same words as in Odoo's own /web/health
    status: Literal["pass", "warn"] = about(
        _lt(
            "warn: requests are answered, but the work that follows the answers waits."
        ),
        default="pass",
    )
    stopped_actions: list[str] = about(
        _lt("The scheduled actions that are missing or archived."), default=[]
    )
    follow_up_since: datetime | None = about(
        _lt(
            "The oldest lead that waits for its notes and notices; null: no lead waits."
        )
    )


class HealthResponse(Answer):
    data: Health = Health()

    @classmethod
    def from_health(cls, health) -> Self:
        """Return the answer.

        :param health: ``crm.lead.api.health``, with superuser rights
        """
        stopped = health._find_stopped_actions()
        _count, date = health._find_backlog()
        is_good = not stopped and not health._is_late(date)
        return cls(
            data=Health(
                status="pass" if is_good else "warn",
                stopped_actions=stopped,
                follow_up_since=date and date.replace(tzinfo=timezone.utc) or None,
            )
        )
