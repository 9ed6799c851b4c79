# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmCustomerPortraitItem(models.Model):
    """A hobby, a pain or a wish: free text, kept as it was said and in its order."""

    _name = "crm.customer.portrait.item"
    _description = "Customer Portrait Item"
    _order = "sequence, id"

    portrait_id = fields.Many2one(
        "crm.customer.portrait", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("hobby", "Hobby"), ("pain_point", "Pain Point"), ("desire", "Desire")],
        required=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, index="trigram")
