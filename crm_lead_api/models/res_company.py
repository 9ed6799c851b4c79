# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "crm.lead.api.cached"]

    # Odoo reads it from the company's contact, of which nothing is kept.
    @ormcache("self.id")
    def _get_kept_country_id(self):
        # sudo: it is the same for all
        return self.sudo().country_id.id or None

    @api.model
    @ormcache()
    def _get_main_company_id(self):
        return self._get_main_company().id

    @api.model
    @ormcache()
    def _get_contact_ids(self):
        """Return the ids of all companies' contacts."""
        # sudo: as above
        return frozenset(self.sudo().search(Domain.TRUE).partner_id.ids)
