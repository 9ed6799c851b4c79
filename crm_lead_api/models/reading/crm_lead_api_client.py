# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ...schemas import (
    Customer,
    CustomersQuery,
    CustomersResponse,
    LeadRequest,
    MeResponse,
    Rights,
)
from ...schemas.base import extend


class CrmLeadApiClient(models.Model):
    """Choose the services in a client's list, and give customers the parts, and clients
    the rights, of all installed addons."""

    _inherit = "crm.lead.api.client"

    service_category_id = fields.Many2one(
        "product.category",
        string="Category of Services",
        ondelete="restrict",
        tracking=True,
        help="The client's list of services has the products for sale of this category "
        "and of the categories below it. Without a category the list has the products "
        "for sale of the type Service.",
    )

    def _get_schema(self, schema=LeadRequest):
        if issubclass(schema, CustomersQuery):
            return schema.with_words(self._get_schema(Customer).get_parts())
        if issubclass(schema, CustomersResponse):
            return schema.with_data(customers=list[self._get_schema(Customer)])
        if issubclass(schema, MeResponse):
            return schema.with_data(rights=self._get_schema(Rights))
        if issubclass(schema, Customer):
            models = self.env["crm.lead.api.record.mixin"]._get_record_models()
            for model in reversed(models):  # as in released documents
                if model._customer_schema:
                    schema = extend(schema, model._customer_schema)
        return super()._get_schema(schema)
