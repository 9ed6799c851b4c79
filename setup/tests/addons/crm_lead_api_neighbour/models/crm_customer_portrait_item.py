# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import ValidationError

REFUSED_WORD = "cấm"


class CrmCustomerPortraitItem(models.Model):
    _inherit = "crm.customer.portrait.item"

    @api.constrains("name")
    def _check_neighbour_name(self):
        if any(item.name == REFUSED_WORD for item in self):
            raise ValidationError("The neighbour refuses this word.")
