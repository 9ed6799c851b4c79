# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import ValidationError

SURCHARGE = 7
MAX_QUANTITY = 5


class CrmLeadService(models.Model):
    _inherit = "crm.lead.service"

    def _compute_price_unit(self):
        super()._compute_price_unit()
        for service in self:
            service.price_unit += SURCHARGE

    @api.constrains("quantity")
    def _check_neighbour_quantity(self):
        if any(service.quantity > MAX_QUANTITY for service in self):
            raise ValidationError("The neighbour refuses so many of a service.")

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        self.env["crm.lead.api.neighbour.trace"]._trace("create", services)
        return services
