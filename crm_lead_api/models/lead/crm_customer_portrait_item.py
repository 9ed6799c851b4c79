# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...tools.text import fold_accents
from .crm_customer_portrait_tag import KINDS


class CrmCustomerPortraitItem(models.Model):
    """Keep a hobby, pain point or desire in the customer's words and order."""

    _name = "crm.customer.portrait.item"
    _description = "Customer Portrait Item"
    _order = "sequence, id"
    _has_texts_of_clients = True

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
        help="A search for this text ignores case and accents.",
    )
    name = fields.Char(
        "Said",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="In the words of the customer, or of the person who phoned.",
    )

    @api.depends("tag_id")
    def _compute_name(self):
        for item in self:
            before = item._origin
            item.name = before.name if before._is_own() else item.tag_id.name

    def _is_own(self):
        """Tell whether the words differ from the tag's name."""
        return bool(self.name) and fold_accents(self.name) != self.tag_id.folded_name

    @api.model_create_multi
    def create(self, vals_list):
        """Find, or create, the tags of items that have a name but no tag."""
        vals_list = [dict(vals) for vals in vals_list]
        said = []
        for vals in vals_list:
            kind = vals.get("kind", self.env.context.get("default_kind"))
            if not vals.get("name"):
                vals.pop("name", None)  # computed from the tag
            elif kind and not vals.get("tag_id"):
                said.append((kind, vals))
        tags = self.env["crm.customer.portrait.tag"]._get_by_texts(
            [(kind, vals["name"]) for kind, vals in said]
        )
        for (_kind, vals), tag in zip(said, tags, strict=True):
            vals["tag_id"] = tag.id
        return super().create(vals_list)

    def write(self, vals):
        """Keep words and tag in step, but preserve the customer's own words."""
        if not vals.keys() & {"name", "tag_id"}:
            return super().write(vals)
        tags = self.env["crm.customer.portrait.tag"]
        for item in self:
            tag = tags.browse(vals.get("tag_id", item.tag_id.id))
            name = vals.get("name", item._is_own() and item.name)
            if name and "tag_id" not in vals and not item._is_own():
                tag = tags._get_by_texts([(item.kind, name)])
            super(CrmCustomerPortraitItem, item).write(
                {**vals, "tag_id": tag.id, "name": name or tag.name}
            )
        return True
