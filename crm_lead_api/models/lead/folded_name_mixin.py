# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ...tools.text import fold_accents


class FoldedNameMixin(models.AbstractModel):
    """Find names without regard to case, spaces and accents: Vietnamese is often typed
    without accents. The inheriting model has a required ``name``."""

    _name = "folded.name.mixin"
    _description = "Name Found without Accents"
    _rec_names_search = ["folded_name"]

    folded_name = fields.Char(
        "Name without Accents",
        compute="_compute_folded_name",
        store=True,
        precompute=True,
        index="trigram",
    )

    @api.depends("name")
    def _compute_folded_name(self):
        for record in self:
            record.folded_name = fold_accents(record.name or "")

    @api.model
    def _search_display_name(self, operator, value):
        if isinstance(value, str):
            value = fold_accents(value)
        elif operator in ("in", "not in"):
            value = [fold_accents(v) if isinstance(v, str) else v for v in value]
        return super()._search_display_name(operator, value)
