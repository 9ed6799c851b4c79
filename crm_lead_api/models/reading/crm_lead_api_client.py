# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...schemas import (
    Customer,
    CustomersQuery,
    CustomersResponse,
    LeadRequest,
    MeResponse,
    Rights,
)


class CrmLeadApiClient(models.Model):
    """Give customers the parts, and clients the rights, of all installed addons."""

    _inherit = "crm.lead.api.client"

    def _get_schema(self, schema=LeadRequest):
        if issubclass(schema, CustomersQuery):
            return schema.with_words(self._get_schema(Customer).get_parts())
        if issubclass(schema, CustomersResponse):
            return schema.describe_customers(self._get_schema(Customer))
        if issubclass(schema, MeResponse):
            return schema.with_rights(self._get_schema(Rights))
        return super()._get_schema(schema)
