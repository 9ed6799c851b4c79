# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal

import pydantic

from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.lead import Owner

_lt = LazyTranslate(__name__, default_lang="en_US")
RECALLED = "lead.recalled"


class FirstCallEventData(pydantic.BaseModel):
    """Why a lead was assigned, and from whom it was taken back."""

    reason: Literal["agent", "owner", "share", "unskilled", "leader", "hand"] | None = (
        about(
            _lt(
                "Of an assigned lead: agent (named by the request), owner (knows the "
                "customer), share (next by weight), unskilled (the same, without the "
                "skills), leader (of the team), hand (chosen by staff), null (the team "
                "gives no leads out)."
            )
        )
    )
    former_owner: Owner | None = about(
        _lt("Of a recalled lead: the salesperson who did not call in time.")
    )
