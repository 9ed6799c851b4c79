# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Customer, LeadRequest, Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend

from ..schemas import StoredPhoneCall
from .crm_lead_api_phone_call_reader import MAX_CALLS

_lt = LazyTranslate(__name__, default_lang="en_US")


class CallingCustomer(Schema):
    """Add the phone calls to a customer."""

    phone_calls: list[StoredPhoneCall] = about(
        _lt("The %(max)s newest phone calls that the client may read.", max=MAX_CALLS),
        default=[],
        is_part=True,
    )


class CrmLeadApiClient(models.Model):
    _inherit = "crm.lead.api.client"

    def _get_schema(self, schema=LeadRequest):
        if issubclass(schema, Customer):
            schema = extend(schema, CallingCustomer)
        return super()._get_schema(schema)
