# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..routers import router


class FastapiEndpoint(models.Model):
    _inherit = "fastapi.endpoint"

    app = fields.Selection(
        selection_add=[("lead_bench", "Leads")], ondelete={"lead_bench": "cascade"}
    )

    def _get_fastapi_routers(self):
        if self.app == "lead_bench":
            return [router]
        return super()._get_fastapi_routers()
