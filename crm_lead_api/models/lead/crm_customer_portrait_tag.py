# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...tools.mode import ALL, MODE
from ...tools.text import fold_accents

KINDS = [("hobby", "Hobby"), ("pain_point", "Pain Point"), ("desire", "Desire")]


class CrmCustomerPortraitTag(models.Model):
    """Unite the spellings of a hobby, pain point or desire that customers share."""

    _name = "crm.customer.portrait.tag"
    _inherit = ["folded.name.mixin"]
    _description = "Customer Portrait Tag"
    _order = "kind, name, id"
    _has_texts_of_clients = True

    kind = fields.Selection(KINDS, required=True)
    name = fields.Char(required=True)
    item_ids = fields.One2many("crm.customer.portrait.item", "tag_id")
    portrait_count = fields.Integer("Portraits", compute="_compute_portrait_count")

    # A hash, because a text may be longer than an index can hold.
    _name_unique = models.UniqueIndex(
        "(kind, md5(folded_name))", "There is already a tag with this name."
    )

    @api.depends("item_ids.portrait_id")
    def _compute_portrait_count(self):
        counts = dict(
            self.env["crm.customer.portrait.item"]._read_group(
                [
                    ("tag_id", "in", self.ids),
                    ("portrait_id.is_lead_api_test", "=", False),
                ],
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
            return super().name_create(name)  # raises that the kind is missing
        tag = self._get_by_texts([(kind, name)])
        return tag.id, tag.display_name

    @api.model
    def _get_by_texts(self, texts):
        """Return a tag for each text, and create missing tags.

        :param texts: pairs of a kind and a text
        :raise SerializationFailure: another transaction made one of the tags in the
            same instant; Odoo runs the request again
        """
        texts = list(texts)
        tags, new = self._find_by_texts(texts)
        self.env["crm.lead.api.lock"]._lock(self._get_lock_keys(new))
        tags |= self._create_by_texts(new)
        return self.browse(tags[_get_key(*each)].id for each in texts)

    @api.model
    def _find_by_texts(self, texts):
        """Return the tags of texts, and the texts that have no tag.

        :param texts: pairs of a kind and a text
        :return: tags by (kind, text without accents); and by the same key the pairs
            without a tag, of equal pairs the first
        """
        texts = {_get_key(*each): each for each in reversed(texts)}
        tags = {}
        if texts:
            found = self.search_fetch(
                [
                    ("kind", "in", [kind for kind, _name in texts]),
                    ("folded_name", "in", [name for _kind, name in texts]),
                ],
                ["kind", "folded_name", "is_lead_api_test"],
            )
            tags = {(tag.kind, tag.folded_name): tag for tag in found}
        new = {key: text for key, text in texts.items() if key not in tags}
        return tags, new

    @api.model
    def _get_lock_keys(self, new):
        """Return the keys to lock while the tags are created."""
        return [" ".join(key) for key in new]

    @api.model
    def _create_by_texts(self, new):
        """Create the tags that :meth:`_find_by_texts` did not find, by the same key."""
        # sudo: a user who may write a portrait may use new words
        made = self.sudo().create(
            [{"kind": kind, "name": name} for kind, name in new.values()]
        )
        return dict(zip(new, made.with_env(self.env), strict=True))

    @api.autovacuum
    def _gc_unused(self):
        """Delete tags that no portrait uses any more: they are words of a person. Keep
        today's tags, whose portrait may not be saved yet."""
        tags = self.with_context(**{MODE: ALL})
        tags.search([("item_ids", "=", False), ("create_date", "<", "today")]).unlink()


def _get_key(kind, text):
    return kind, fold_accents(text)
