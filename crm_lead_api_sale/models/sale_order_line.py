# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


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
