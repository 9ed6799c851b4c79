# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# Of one red point
IMAGE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLv"
    "AAAAAElFTkSuQmCC"
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    neighbour_note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("image_1920", IMAGE)
        partners = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", partners)
        for partner in partners:
            partner.write({"neighbour_note": f"Noted: {partner.name}"})
        return partners

    def write(self, vals):
        self.env["crm.lead.api.neighbour.trace"]._trace("write", self)
        return super().write(vals)

    def message_post(self, **kwargs):
        self.env["crm.lead.api.neighbour.trace"]._trace("message_post", self)
        return super().message_post(**kwargs)
