# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models

from ..rows import can_insert, insert

CALL_FIELDS = {"lead_id", "product_id", "sequence", "quantity"}


class CrmLeadService(models.Model):
    """A service that the customer of a lead asks for, with its price."""

    _name = "crm.lead.service"
    _description = "Lead Service"
    _order = "sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True, index=True
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        index=True,
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    price_unit = fields.Float(
        "Unit Price",
        compute="_compute_price_unit",
        store=True,
        precompute=True,
        readonly=False,
        min_display_digits="Product Price",
        help="From the lead's price list, in its currency.",
    )
    price_subtotal = fields.Monetary(
        "Subtotal", compute="_compute_price_subtotal", store=True, precompute=True
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of a service must be positive."
    )

    @api.depends("lead_id.pricelist_id.currency_id", "lead_id.company_id.currency_id")
    def _compute_currency_id(self):
        for service in self:
            service.currency_id = self._get_currency(service.lead_id)

    @api.model
    def _get_currency(self, lead):
        company = lead.company_id or self.env.company
        return lead.pricelist_id.currency_id or company.currency_id

    # Not by the quantity: a price that staff typed in must survive a change of it.
    @api.depends("product_id", "lead_id.pricelist_id")
    def _compute_price_unit(self):
        prices = self._get_prices(
            [
                (s.lead_id.pricelist_id, s.currency_id, s.product_id, s.quantity)
                for s in self
            ]
        )
        for service, price in zip(self, prices, strict=True):
            service.price_unit = price

    @api.model
    def _get_prices(self, lines):
        """Return the unit prices of lines (price list, currency, product, quantity)."""
        # The price list asks the database once for all products of a group.
        products, prices = defaultdict(set), {}
        for pricelist, currency, product, quantity in lines:
            products[pricelist, currency, quantity].add(product.id)
        for group, ids in products.items():
            pricelist, currency, quantity = group
            prices[group] = pricelist._get_products_price(
                self.env["product.product"].browse(sorted(ids)),
                quantity=quantity,
                currency=currency,
            )
        return [
            prices[pricelist, currency, quantity].get(product.id, 0)
            for pricelist, currency, product, quantity in lines
        ]

    @api.model_create_multi
    def create(self, vals_list):
        if can_insert(self, vals_list, CALL_FIELDS):
            return self._insert(vals_list)
        return super().create(vals_list)

    @api.model
    def _insert(self, vals_list):
        """Create the services of leads that are just being made."""
        leads = self.env["crm.lead"].browse(vals["lead_id"] for vals in vals_list)
        currencies = [self._get_currency(lead) for lead in leads]
        products = self.env["product.product"]
        prices = self._get_prices(
            [
                (
                    lead.pricelist_id,
                    currency,
                    products.browse(vals["product_id"]),
                    vals["quantity"],
                )
                for lead, currency, vals in zip(
                    leads, currencies, vals_list, strict=True
                )
            ]
        )
        return insert(
            self,
            [
                {
                    **vals,
                    "quantity": float(vals["quantity"]),
                    "company_id": lead.company_id.id or None,
                    "currency_id": currency.id,
                    "price_unit": price,
                    "price_subtotal": currency.round(price * vals["quantity"]),
                }
                for vals, lead, currency, price in zip(
                    vals_list, leads, currencies, prices, strict=True
                )
            ],
        )

    @api.depends("price_unit", "quantity", "currency_id")
    def _compute_price_subtotal(self):
        for service in self:
            service.price_subtotal = service.price_unit * service.quantity
