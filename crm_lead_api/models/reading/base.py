# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..access.crm_lead_api_attribute import TAKEN_FIELDS
from ..lead.crm_customer_portrait import HOUR_FIELDS, TEXT_FIELDS

# Records of which clients read something with a lead, by model: the path from the lead,
# and the fields
READ_WITH_LEADS = {
    "crm.customer.portrait": ("portrait_id", {*TEXT_FIELDS, *HOUR_FIELDS}),
    "crm.lost.reason": ("lost_reason_id", {"name"}),
    "crm.stage": ("stage_id", {"lead_api_state"}),
    "crm.team": ("team_id", {"name"}),
    "product.attribute.value": (
        "service_ids.product_id.product_template_attribute_value_ids"
        ".product_attribute_value_id",
        {"name"},
    ),
    "product.pricelist": ("pricelist_id", {"currency_id"}),
    "product.product": ("service_ids.product_id", {"default_code"}),
    "product.template": ("service_ids.product_id.product_tmpl_id", {"name"}),
    "res.currency": ("service_ids.currency_id", {"name"}),
    "res.partner": ("user_id.partner_id", {"name", "email"}),
}


class Base(models.AbstractModel):
    """Note the leads whose bodies for clients change with another record."""

    _inherit = "base"

    def write(self, vals):
        path, names = READ_WITH_LEADS.get(self._name, ("", set()))
        if not names.isdisjoint(vals):
            self.env["crm.lead"]._note_change(path, self.ids)
        return super().write(vals)

    def unlink(self):
        leads = self.env["crm.lead"].sudo()  # sudo: as PostgreSQL empties the links
        links = [
            field.name
            for field in leads._fields.values()
            if field.comodel_name == self._name and field.store
            if field.type == "many2one"
            or (field.type == "many2many" and field.name not in TAKEN_FIELDS)
        ]
        if links:
            leads._note_change("id", leads._find_linked(links, self).ids)
        return super().unlink()
