# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmLeadApiClient(models.Model):
    """Choose the services that a client finds in its list."""

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
