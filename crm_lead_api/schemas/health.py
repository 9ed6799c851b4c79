# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal

import pydantic

from .answer import Answer


class Health(pydantic.BaseModel):
    # As Odoo's own /web/health says it
    status: Literal["pass"] = "pass"


class HealthResponse(Answer):
    data: Health = Health()
