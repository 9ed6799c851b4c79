# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.crm_lead_api.schemas import Customer, LeadRequest, Schema
from odoo.addons.crm_lead_api.schemas.about import about
from odoo.addons.crm_lead_api.schemas.base import extend

_lt = LazyTranslate(__name__, default_lang="en_US")


class InsuredCustomer(Schema):
    """Add the numbers of health insurance cards to a customer."""

    insurance_nos: list[str] = about(
        _lt("The numbers of the customer's health insurance cards."),
        default=[],
        is_part=True,
    )


class CrmLeadApiClient(models.Model):
    _inherit = "crm.lead.api.client"

    def _get_schema(self, schema=LeadRequest):
        if issubclass(schema, Customer):
            schema = extend(schema, InsuredCustomer)
        return super()._get_schema(schema)


class CrmLeadApiCustomerReader(models.AbstractModel):
    _inherit = "crm.lead.api.customer.reader"

    def _read_parts(self, partners, words):
        parts = super()._read_parts(partners, words)
        if "insurance_nos" in words:
            # As superuser; the domain has only leads that the client may read.
            leads, domain = self.env["crm.lead.api.reader"]._get_leads()
            domain &= Domain("partner_id", "in", partners.ids)
            domain &= Domain("insurance_no", "!=", False)
            groups = leads._read_group(
                domain, ["partner_id"], ["insurance_no:array_agg_distinct"]
            )
            parts["insurance_nos"] = {
                partner.id: sorted(numbers) for partner, numbers in groups
            }
        return parts
