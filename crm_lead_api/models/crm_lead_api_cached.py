# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache


class CrmLeadApiCached(models.AbstractModel):
    """Records that are the same for many calls: of these something is kept between
    calls (``ormcache``). It is forgotten, in all of Odoo's processes, when one of them
    changes."""

    _name = "crm.lead.api.cached"
    _description = "Lead API Cached"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def _write_multi(self, vals_list):
        # What Odoo computes is not written by write().
        result = super()._write_multi(vals_list)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _recall(self):
        """Save Odoo reading the records: it finds the values as they are kept.

        Whoever calls this knows that the user may see them.
        """
        for record in self:
            for name, value in record._get_kept().items():
                self._fields[name]._insert_cache(record, [deepcopy(value)])
        return self

    @ormcache("self.id", "self.env.lang", "self.env.company.id")
    def _get_kept(self):
        """Return the record's values, by field, as Odoo's own cache has them."""
        # sudo: they are the same for all
        record = self.sudo()
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and field.prefetch is True
        ]
        record.fetch(names)
        return {
            name: record._fields[name]._get_cache(record.env)[self.id] for name in names
        }


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "crm.lead.api.cached"]

    @ormcache("self.id", "self.env.lang", "self.env.company.id")
    def _get_kept(self):
        # Odoo reads it from the contact; see res.partner.
        return {**super()._get_kept(), "country_id": self.country_id.id or None}

    @api.model
    @ormcache()
    def _get_main_company_id(self):
        return self._get_main_company().id

    @api.model
    @ormcache()
    def _get_contact_ids(self):
        """Return the ids of all companies' contacts."""
        # sudo: they are the same for all
        return frozenset(self.sudo().search(Domain.TRUE).partner_id.ids)


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "crm.lead.api.cached"]


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "crm.lead.api.cached"]


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "crm.lead.api.cached"]


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        rules = super()._get_applicable_rules(products, date, **kwargs)
        if self.env.context.get("lead_api_put_off"):
            rules._recall()
        return rules


class ProductPricelistItem(models.Model):
    _name = "product.pricelist.item"
    _inherit = ["product.pricelist.item", "crm.lead.api.cached"]


class PropertiesBaseDefinition(models.Model):
    _name = "properties.base.definition"
    _inherit = ["properties.base.definition", "crm.lead.api.cached"]
