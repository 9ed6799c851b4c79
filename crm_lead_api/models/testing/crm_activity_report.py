# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class CrmActivityReport(models.Model):
    """Leave the activities of test leads out of Odoo's own report."""

    _inherit = "crm.activity.report"

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain) & Domain("lead_id.is_lead_api_test", "=", False)
        return super()._search(domain, *args, **kwargs)
