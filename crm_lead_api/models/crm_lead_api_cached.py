# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy

from odoo import api, models
from odoo.tools import ormcache

from ..context import is_recalling


class CrmLeadApiCached(models.AbstractModel):
    """Records that are the same for many calls: they are kept between calls, and so is
    what follows from them (``ormcache``). It is forgotten, in all of Odoo's processes,
    when one of them changes.

    Only in a call (see ``context.RECALL``) they are taken from there. Which of them the
    user may see is for those to check who search them.
    """

    _name = "crm.lead.api.cached"
    _description = "Lead API Cached"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._forget()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._forget()
        return result

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        # What Odoo computes is not written by write().
        super()._write_multi(vals_list)
        self._forget()

    def unlink(self):
        result = super().unlink()
        self._forget()
        return result

    def _forget(self):
        clear_cache = self.env.registry.clear_cache
        clear_cache()
        # Until the commit others still read what was before.
        self.env.cr.postcommit.add(clear_cache)

    def _fetch_field(self, field):
        """Take what is kept instead of reading it, in a call."""
        if not (is_recalling(self.env) and self._is_kept(field)):
            return super()._fetch_field(field)
        for record in self._origin:
            kept = record._get_kept()
            if field.name in kept:  # else there is no such record
                field._insert_cache(record, [deepcopy(kept[field.name])])
        return None

    @ormcache("self.id", "self.env.lang")
    def _get_kept(self):
        """Return the record's values, by field, as Odoo's own cache has them."""
        # sudo: they are the same for all
        record = self.sudo().with_context(lead_api_recall=False)
        fields = [field for field in self._fields.values() if self._is_kept(field)]
        record.fetch([field.name for field in fields])
        caches = {field.name: field._get_cache(record.env) for field in fields}
        return {
            name: cache[self.id] for name, cache in caches.items() if self.id in cache
        }

    def _is_kept(self, field):
        if not (field.store and field.column_type and field.prefetch is True):
            return False
        if field.type == "many2one" and field.ondelete == "set null":
            # PostgreSQL empties it when the other record goes.
            return hasattr(self.env[field.comodel_name], "_get_kept")
        return not field.company_dependent
