# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_list


class ResConfigSettings(models.TransientModel):
    """Keep Odoo's rules off the leads of teams that give theirs out, and name these."""

    _inherit = "res.config.settings"

    first_call_teams = fields.Char(compute="_compute_first_call_teams")

    @api.depends("company_id")
    def _compute_first_call_teams(self):
        teams = self.env["crm.team"].search([("gives_leads_out", "=", True)])
        self.first_call_teams = format_list(self.env, teams.mapped("name"))

    def set_values(self):
        result = super().set_values()
        if self.crm_use_auto_assignment:
            # sudo: who sets Odoo's rules may not see all teams
            teams = self.env["crm.team"].sudo()
            teams.search([("gives_leads_out", "=", True)])._check_gives_leads_out()
        return result
