# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...tools.search_path import search_path


class CrmLead(models.Model):
    """Price the services of a lead, and expect their sum as revenue."""

    _inherit = "crm.lead"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        check_company=True,
        help="The prices of the services come from this price list; choosing another "
        "price list sets them anew.",
    )
    service_ids = fields.One2many(
        "crm.lead.service", "lead_id", string="Services", copy=True
    )
    service_product_ids = fields.Many2many(
        "product.product",
        string="Services Asked For",
        compute="_compute_service_product_ids",
        search="_search_service_product_ids",
    )
    service_amount = fields.Monetary(
        "Services Total",
        compute="_compute_service_amount",
        store=True,
        currency_field="company_currency",
        help="In the company's currency, at the rate of the day the lead came in.",
    )
    service_revenue = fields.Monetary(
        "Expected Revenue from Services",
        compute="_compute_expected_revenue",
        store=True,
        copy=True,
        currency_field="company_currency",
        help="The sum of the services when the expected revenue was last set from it; "
        "an expected revenue that differs was typed in.",
    )
    expected_revenue = fields.Monetary(
        compute="_compute_expected_revenue", store=True, readonly=False, default=None
    )

    @api.depends("service_ids.price_subtotal", "service_ids.currency_id", "company_id")
    def _compute_service_amount(self):
        for lead in self:
            company = lead.company_id or self.env.company
            date = fields.Date.to_date(lead.create_date) or fields.Date.today()
            lead.service_amount = sum(
                service.currency_id._convert(
                    service.price_subtotal, company.currency_id, company, date
                )
                for service in lead.service_ids
            )

    @api.depends("service_amount")
    def _compute_expected_revenue(self):
        for lead in self:
            if lead._has_typed_revenue():
                lead.expected_revenue = lead.expected_revenue
                lead.service_revenue = lead.service_revenue
            else:
                lead.expected_revenue = lead.service_amount
                lead.service_revenue = lead.service_amount

    @api.depends("service_ids.product_id")
    def _compute_service_product_ids(self):
        for lead in self:
            lead.service_product_ids = lead.service_ids.product_id

    def _has_typed_revenue(self):
        """Tell whether staff have typed in the expected revenue."""
        self.ensure_one()
        return self.expected_revenue != self.service_revenue

    def _search_service_product_ids(self, operator, value):
        return search_path("service_ids.product_id", operator, value)
