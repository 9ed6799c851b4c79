# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .crm_customer_portrait_tag import KINDS


class CrmCustomerPortraitItem(models.Model):
    """A hobby, a pain or a wish, kept as it was said and in its order."""

    _name = "crm.customer.portrait.item"
    _description = "Customer Portrait Item"
    _order = "sequence, id"

    portrait_id = fields.Many2one(
        "crm.customer.portrait", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True)
    sequence = fields.Integer(default=10)
    tag_id = fields.Many2one(
        "crm.customer.portrait.tag",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', kind)]",
        help="What is typed here is found again without regard to case and accents.",
    )
    name = fields.Char(
        "Said",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="In the customer's or the caller's own words.",
    )

    @api.depends("tag_id")
    def _compute_name(self):
        for item in self:
            item.name = item.tag_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """Find the tags of what is said without one."""
        vals_list = [dict(vals) for vals in vals_list]
        said = [v for v in vals_list if v.get("name") and not v.get("tag_id")]
        kind = self.env.context.get("default_kind")
        tags = self.env["crm.customer.portrait.tag"]._get_by_texts(
            [(vals.get("kind", kind), vals["name"]) for vals in said]
        )
        for vals, tag in zip(said, tags, strict=True):
            vals["tag_id"] = tag.id
        return super().create(vals_list)

    def write(self, vals):
        if "name" in vals and "tag_id" not in vals:
            for kind, items in self.grouped("kind").items():
                tag = self.env["crm.customer.portrait.tag"]._get_by_texts(
                    [(kind, vals["name"])]
                )
                super(CrmCustomerPortraitItem, items).write({**vals, "tag_id": tag.id})
            return True
        return super().write(vals)
