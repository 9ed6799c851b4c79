# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..text import fold_accents

KINDS = [("hobby", "Hobby"), ("pain_point", "Pain Point"), ("desire", "Desire")]


class CrmCustomerPortraitTag(models.Model):
    """A hobby, a pain or a wish that customers share, whatever way it was written."""

    _name = "crm.customer.portrait.tag"
    _inherit = ["folded.name.mixin"]
    _description = "Customer Portrait Tag"
    _order = "kind, name, id"

    kind = fields.Selection(KINDS, required=True)
    name = fields.Char(required=True)
    item_ids = fields.One2many("crm.customer.portrait.item", "tag_id")
    portrait_count = fields.Integer("Portraits", compute="_compute_portrait_count")

    # A hash, for a text may be longer than an index can hold.
    _name_unique = models.UniqueIndex(
        "(kind, md5(folded_name))", "There is already a tag with this name."
    )

    @api.depends("item_ids.portrait_id")
    def _compute_portrait_count(self):
        counts = dict(
            self.env["crm.customer.portrait.item"]._read_group(
                [("tag_id", "in", self.ids)],
                ["tag_id"],
                ["portrait_id:count_distinct"],
            )
        )
        for tag in self:
            tag.portrait_count = counts.get(tag, 0)

    @api.model
    def name_create(self, name):
        kind = self.env.context.get("default_kind")
        if not kind:
            return super().name_create(name)  # which says what is missing
        tag = self._get_by_texts([(kind, name)])
        return tag.id, tag.display_name

    @api.model
    def _get_by_texts(self, texts):
        """Return a tag for each text, made where there is none yet.

        :param texts: pairs of a kind and a text
        :raise SerializationFailure: somebody else made one of them in the same instant;
            Odoo runs the request again
        """
        pairs = [(kind, fold_accents(text)) for kind, text in texts]
        found = self.search_fetch(
            [
                ("kind", "in", [kind for kind, _key in pairs]),
                ("folded_name", "in", [key for _kind, key in pairs]),
            ],
            ["kind", "folded_name"],
        )
        tags = {(tag.kind, tag.folded_name): tag.id for tag in found}
        # As it was written first.
        new = dict(zip(reversed(pairs), reversed(texts), strict=True))
        new = {pair: text for pair, text in new.items() if pair not in tags}
        if new:
            self.env["crm.lead.api.lock"]._lock(" ".join(pair) for pair in new)
            # sudo: whoever may write a portrait may say a new word
            made = self.sudo().create(
                [{"kind": kind, "name": name} for kind, name in new.values()]
            )
            tags |= dict(zip(new, made.ids, strict=True))
        return self.browse(tags[pair] for pair in pairs)

    @api.autovacuum
    def _gc_unused(self):
        """Forget what no portrait says any more: it was somebody's word. What was made
        today may be of a portrait that is not saved yet."""
        self.search([("item_ids", "=", False), ("create_date", "<", "today")]).unlink()
