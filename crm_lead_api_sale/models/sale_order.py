# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Command


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.onchange("opportunity_id")
    def _onchange_opportunity_id(self):
        """Start a new quotation with the services of its lead."""
        services = self.opportunity_id.service_ids._filter_of_company(self.company_id)
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

    def _apply_onchange_methods(self, field_name, result):
        # The default template, of Odoo's app for sales, would replace the services.
        is_new = self.env.context.get("sale_onchange_first_call")
        is_of_lead = self.order_line and self.opportunity_id.service_ids
        if is_new and is_of_lead and field_name == "sale_order_template_id":
            return
        super()._apply_onchange_methods(field_name, result)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _take_price(self, service):
        """Take the price that was named to the customer, where Odoo makes another one
        of the price list: it was typed in, or the price list has changed since.

        :param service: ``crm.lead.service``
        """
        currency = self.order_id.currency_id
        price = self.price_unit * (1 - self.discount / 100)
        is_other = currency.compare_amounts(price, service.price_unit)
        if is_other and currency == service.currency_id:
            # Odoo keeps what differs from its own technical_price_unit.
            self.price_unit = service.price_unit
            self.discount = 0.0
