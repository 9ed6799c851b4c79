# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_lead_api.schemas import LeadRequest, StoredLead
from odoo.addons.crm_lead_api.schemas.base import extend

from ..schemas import AdvertisedLead


class CrmLeadApiClient(models.Model):
    """Show clients what connections have added to leads."""

    _inherit = "crm.lead.api.client"

    connection_ids = fields.One2many("crm.lead.api.connection", "client_id")

    def _get_schema(self, schema=LeadRequest):
        if issubclass(schema, StoredLead):
            schema = extend(schema, AdvertisedLead)
        return super()._get_schema(schema)

    @api.model
    def _cron_watch(self):
        """Watch connections, too."""
        self.env["crm.lead.api.connection"]._watch()
        self.env["crm.lead.api.message"]._refuse_archived()
        return super()._cron_watch()
