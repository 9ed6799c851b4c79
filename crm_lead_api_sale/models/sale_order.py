# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Command


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.onchange("opportunity_id")
    def _onchange_opportunity_id(self):
        """Start a new quotation with the services of its lead."""
        services = self.opportunity_id.service_ids
        if self._origin or self.order_line or not services:
            return
        self.order_line = [
            Command.create(
                {
                    "sequence": service.sequence,
                    "product_id": service.product_id.id,
                    "product_uom_qty": service.quantity,
                }
            )
            for service in services
        ]
        for line, service in zip(self.order_line, services, strict=True):
            line._take_price(service)
