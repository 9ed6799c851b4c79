# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models

from ...tools.mode import ALL, MODE
from .customer_profile_mixin import PHONE_KEY_FIELDS


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.profile.mixin"]
    _has_texts_of_clients = True

    # Customers are found by e-mail together with their name.
    _email_normalized_index = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    portrait_ids = fields.One2many(
        "crm.customer.portrait",
        "partner_id",
        string="Portraits",
        context={MODE: ALL},
        groups="sales_team.group_sale_salesman",
    )
    portrait_count = fields.Integer(
        compute="_compute_portrait_count", groups="sales_team.group_sale_salesman"
    )

    @api.depends("portrait_ids")
    def _compute_portrait_count(self):
        counts = dict(
            self.env["crm.customer.portrait"]
            ._with_tests_of(self)
            ._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        )
        for partner in self:
            partner.portrait_count = counts.get(partner._origin, 0)

    def unlink(self):
        # As for leads. sudo: no user may see pending work
        follow_ups = self.env["crm.lead.api.follow.up"].sudo()
        follow_ups.search([("partner_id", "in", self.ids)]).unlink()
        # sudo: a user who may delete a contact deletes its portraits with it
        self.sudo().portrait_ids.unlink()
        return super().unlink()

    def _address_fields(self):
        return [*super()._address_fields(), "district_id"]

    def _prepare_display_address(self, without_company=False):
        """Put the district on a line of its own, above the line of the city."""
        address_format, args = super()._prepare_display_address(without_company)
        if self.district_id:
            args["district_name"] = self.district_id.name
            address_format = re.sub(
                r"^(?=.*%\(city\)s)",
                "%(district_name)s\n",
                address_format,
                count=1,
                flags=re.MULTILINE,
            )
        return address_format, args

    def action_view_portraits(self):
        """Open all portraits of the contact, the newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_api.crm_customer_portrait_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    def _has_phone_key(self, key):
        """Tell whether any of the contact's phones has the key."""
        return any(self[name] == key for name in PHONE_KEY_FIELDS)
