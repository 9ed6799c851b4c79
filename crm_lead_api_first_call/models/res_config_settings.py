# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResConfigSettings(models.TransientModel):
    """Keep Odoo's rules off the leads of teams that give theirs out."""

    _inherit = "res.config.settings"

    def set_values(self):
        result = super().set_values()
        if self.crm_use_auto_assignment:
            # sudo: who sets Odoo's rules may not see all teams
            teams = self.env["crm.team"].sudo()
            teams.search([("gives_leads_out", "=", True)])._check_gives_leads_out()
        return result
