# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CrmLeadApiCached(models.AbstractModel):
    """Records of which something is kept between calls (``ormcache``): it is forgotten,
    in all of Odoo's processes, when one of them changes."""

    _name = "crm.lead.api.cached"
    _description = "Lead API Cached"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self._is_kept(vals.keys()):
            self.env.registry.clear_cache()
        return result

    def _is_kept(self, names):
        """Say whether anything is kept that depends on one of the fields."""
        return True

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
