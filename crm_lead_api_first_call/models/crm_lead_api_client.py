# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Literal, get_args

from odoo import fields, models

from odoo.addons.crm_lead_api.schemas import Event, LeadRequest
from odoo.addons.crm_lead_api.schemas.base import extend

from ..schemas import RECALLED, FirstCallEventData


class CrmLeadApiClient(models.Model):
    """Tell a client of its leads that were taken back."""

    _inherit = "crm.lead.api.client"

    webhook_recalled = fields.Boolean(
        "Recalled",
        default=True,
        help="Nobody called the customer in time, and the lead went to somebody else.",
    )

    def _get_schema(self, schema=LeadRequest):
        result = super()._get_schema(schema)
        if schema is not Event:
            return result
        attributes = result.model_fields
        return extend(
            result,
            type=Literal[(*get_args(attributes["type"].annotation), RECALLED)],
            data=extend(attributes["data"].annotation, FirstCallEventData),
        )

    def _get_webhook_events(self, is_test=False):
        events = super()._get_webhook_events(is_test)
        is_told = self.webhook_recalled and self._get_webhook_url(is_test)
        return events | {RECALLED} if is_told else events
