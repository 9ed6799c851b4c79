# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.schemas import LeadRequest, Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend
from odoo.addons.crm_lead_api.schemas.value import Line

_lt = LazyTranslate(__name__, default_lang="en_US")


class InsuredLead(Schema):
    """Add the attributes of an insured customer to a lead."""

    insurance_no: Line | None = about(
        _lt("The number of the health insurance card: two letters, thirteen digits."),
        example="DN 4 01 0123456789",
        field="insurance_no",
    )


class CrmLeadApiClient(models.Model):
    _inherit = "crm.lead.api.client"

    def _get_schema(self, schema=LeadRequest):
        if issubclass(schema, LeadRequest):
            schema = extend(schema, InsuredLead)
        return super()._get_schema(schema)
