# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_lead_api.tools.fields import PROPOSED


class CrmBookingService(models.Model):
    """Hold a service of a booking, with its price and its minutes."""

    _name = "crm.booking.service"
    _inherit = ["crm.lead.service.mixin"]
    _description = "Service of a Booking"

    booking_id = fields.Many2one(
        "crm.booking", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, precompute=True, index=True
    )
    duration = fields.Integer(
        "Minutes", compute="_compute_duration", help="For one unit.", **PROPOSED
    )
    # kept as given, with a price that is not the lead's
    currency_id = fields.Many2one(readonly=False)
    price_unit = fields.Float(
        help="That of the lead, or else from the lead's price list."
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of a service must be positive."
    )

    @api.depends("product_id")
    def _compute_duration(self):
        for line in self:
            line.duration = line.product_id.booking_duration

    @api.depends("product_id", "quantity", "booking_id.lead_id")
    def _compute_price_unit(self):
        # A price list reads the prices of all products of a group at once.
        groups = self.grouped(lambda line: (line.booking_id.lead_id, line.quantity))
        for (lead, quantity), lines in groups.items():
            services = dict.fromkeys(lines.product_id, quantity)
            # sudo: who may book a lead's services may see their prices
            prices, lines.currency_id = lead.sudo()._get_booking_prices(services)
            for line in lines:
                line.price_unit = prices.get(line.product_id.id, 0)
